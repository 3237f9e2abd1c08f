"""Alignment's kernels say what plain NumPy and OpenCV say."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from kit.references.registration import (
    in_bounds_reference,
    normal_equations_reference,
    remap_maps_reference,
    warped_reference,
)
from numpy.typing import NDArray

from livespot.spotting.registration import _lucas_kanade as fast

SIZES = [(16, 16), (37, 50), (130, 301), (301, 43)]  # (h, w); the last two take two threads
POSE = np.array([[1.03, 0.04, 12.0], [-0.02, 0.97, 30.0], [1e-4, -5e-5, 1.0]])


def bend(size: tuple[int, int], seed: int, most: float = 3.0) -> NDArray[np.float32]:
    """A smooth residual warp of up to `most` px."""
    rng = np.random.default_rng(seed)
    grid = rng.uniform(-most, most, (-(-size[0] // fast.STEP), -(-size[1] // fast.STEP), 2)).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(grid, (0, 0), 1.0), np.float32)


def textured(size: tuple[int, int], seed: int) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    return np.asarray(cv2.GaussianBlur(rng.normal(0, 3, size).astype(np.float32), (0, 0), 1.5), np.float32)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_where_pixels_lie(size: tuple[int, int]) -> None:
    grid = bend(size, 1)
    got = fast.remap_maps(POSE, grid, (size[1], size[0]))
    for one, two in zip(got, remap_maps_reference(POSE, grid, (size[1], size[0])), strict=True):
        assert np.abs(one - two).max() <= 1e-3  # px: float32 of a few hundred, and OpenCV's weights


def test_without_a_warp_it_is_the_homography_alone() -> None:
    x, y = fast.remap_maps(POSE, None, (50, 37))
    corner = POSE @ [49, 36, 1]
    assert (x[36, 49], y[36, 49]) == pytest.approx(tuple(corner[:2] / corner[2]), abs=1e-3)


def test_a_homography_may_have_any_scale() -> None:
    grid = bend((40, 60), 2)
    one, two = fast.remap_maps(POSE, grid, (60, 40)), fast.remap_maps(-7 * POSE, grid, (60, 40))
    assert np.allclose(one, two, atol=1e-4)


def test_which_places_are_inside_a_picture() -> None:
    rng = np.random.default_rng(9)
    x, y = (rng.uniform(-3, 12, (60, 70)).astype(np.float32) for _ in range(2))
    x[0, :4], y[0, :4] = (0, 9, 9, 9.01), (0, 7, 7.01, 7)  # the outermost pixel centres are inside
    got = fast.in_bounds(x, y, 10, 8)
    assert np.array_equal(got, in_bounds_reference(x, y, 10, 8))
    assert got[0, :4].tolist() == [True, True, False, False]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_picture_moved(size: tuple[int, int]) -> None:
    picture, grid = textured(size, 3), bend(size, 4)
    got, inside = fast.warped(picture, grid)
    expected, there = warped_reference(picture, grid)
    # OpenCV rounds its weights to 1/32 px: what that can make out of the steepest step between neighbours
    steepest = max(float(np.abs(np.diff(picture, axis=axis)).max()) for axis in (0, 1))
    assert np.abs(got - expected).max() <= 2 * steepest / 32
    assert (inside != there).mean() < 0.002  # pixels that fall onto the very edge


def test_a_picture_that_does_not_move_stays_what_it_is() -> None:
    picture = textured((40, 50), 5)
    moved, inside = fast.warped(picture, np.zeros((5, 7, 2), np.float32))
    assert np.abs(moved - picture).max() <= 1e-5  # the share of a neighbour is 1 - 1 in float32
    assert inside.all()


@pytest.mark.parametrize("share", [1.0, 0.6, 0.0], ids="seen {:.0%}".format)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_sums_of_each_cell(size: tuple[int, int], share: float) -> None:
    a, b = textured(size, 6), textured(size, 6) + 0.3 * textured(size, 7)
    seen = np.random.default_rng(8).random(size) < share
    got, expected = fast.normal_equations(a, b, seen), normal_equations_reference(a, b, seen)
    assert got == pytest.approx(expected, rel=1e-3, abs=1e-5)
