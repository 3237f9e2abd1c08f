"""A panel's place in a frame is put right to a fraction of a pixel, at half its size as at its own."""

import cv2
import numpy as np
import pytest
from kit.puzzles import scene

from livespot import geometry
from livespot.spotting.kernels.downscale import downscale
from livespot.spotting.registration.residual_warp import at_points, node_points, nodes
from livespot.spotting.temporal.accumulator import Evidence
from livespot.spotting.temporal.pose_refinement import FINE, Grid, large, view_of

SIZE = (480, 360)
LIES = np.array([[1.02, 0.03, 60.0], [-0.02, 0.99, 45.0], [1e-5, 0.0, 1.0]])  # canonical px -> frame px


def known() -> tuple[np.ndarray, Evidence]:
    """A frame, and the evidence of the panel that lies in it at LIES."""
    panel = scene(3, SIZE)
    evidence = Evidence((SIZE[1], SIZE[0]))
    evidence.add(panel, np.ones((SIZE[1], SIZE[0]), np.bool_), 1.0)
    frame = cv2.warpPerspective(panel, LIES, (640, 480), flags=cv2.INTER_CUBIC, borderValue=(200, 200, 200))
    return np.asarray(frame, np.uint8), evidence


def none() -> np.ndarray:
    return np.zeros((*nodes(SIZE), 2), np.float32)


@pytest.mark.parametrize("going_on", [False, True], ids=["in full", "at half the size"])
def test_a_pose_that_is_a_little_off_is_put_right(going_on: bool) -> None:
    frame, evidence = known()
    off = LIES @ np.array([[1.002, 0.0, 1.1], [0.001, 1.0, -0.8], [0.0, 0.0, 1.0]])
    grey = np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8)
    view = view_of(frame, downscale(grey, 2) if going_on else grey, Grid(off, none(), SIZE), evidence, going_on, 2)
    assert view is not None
    sampled, inside, to = view
    assert inside.mean() > 0.95
    corners = geometry.rectangle(*SIZE)
    # a fifth of a pixel is what boxes are drawn to
    assert np.abs(geometry.apply(to, corners) - geometry.apply(LIES, corners)).max() < 0.2
    assert np.abs(sampled.astype(int) - evidence.image()).mean() < 6.0


def test_another_page_is_not_taken_for_it() -> None:
    _, evidence = known()
    other = np.asarray(cv2.resize(scene(9, SIZE)[:, ::-1], (640, 480)), np.uint8)
    grey = np.asarray(cv2.cvtColor(other, cv2.COLOR_BGR2GRAY), np.uint8)
    assert view_of(other, grey, Grid(LIES, none(), SIZE), evidence, False, 2) is None


def test_half_the_size_holds_the_same_places() -> None:
    rng = np.random.default_rng(0)
    smooth = np.asarray(cv2.GaussianBlur(rng.normal(0, 20, none().shape).astype(np.float32), (0, 0), 6.0), np.float32)
    grid = Grid(LIES, smooth, SIZE)
    half = grid.halved()
    at = node_points(half.size)[: 5 * nodes(half.size)[1]]
    # px of half the size lie at twice their place and half a px more
    whole = geometry.apply(grid.to, 2 * at + 0.5 + at_points(grid.warp, 2 * at + 0.5))
    assert geometry.apply(half.to, at + at_points(half.warp, at)) * 2 + 0.5 == pytest.approx(whole, abs=0.05)
    inner = np.s_[2:-2, 2:-2]
    assert grid.doubled(half.warp)[inner] == pytest.approx(smooth[inner], abs=0.25)


def test_only_a_large_panel_is_halved() -> None:
    assert large((3 * FINE, 2 * FINE))
    assert not large((3 * FINE, 2 * FINE - 1))
