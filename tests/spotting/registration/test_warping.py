"""Where the pixels of a panel lie in a picture, and a picture moved."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from livespot.spotting.registration.warping import STEP, dense, in_bounds, remap_maps, sampled, warped

SIZES = [(16, 16), (37, 50), (130, 301)]  # (h, w)
POSE = np.array([[1.03, 0.04, 12.0], [-0.02, 0.97, 30.0], [1e-4, -5e-5, 1.0]])


def bend(size: tuple[int, int], seed: int, most: float = 3.0) -> NDArray[np.float32]:
    """A smooth residual warp of up to `most` px."""
    rng = np.random.default_rng(seed)
    grid = rng.uniform(-most, most, (-(-size[0] // STEP), -(-size[1] // STEP), 2)).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(grid, (0, 0), 1.0), np.float32)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_where_a_pixel_lies_that_the_warp_moves(size: tuple[int, int]) -> None:
    grid = bend(size, 1)
    x, y = remap_maps(POSE, grid, (size[1], size[0]))
    moved = dense(grid, (size[1], size[0]))
    for v, u in ((0, 0), (size[0] // 2, size[1] // 3), (size[0] - 1, size[1] - 1)):
        place = POSE @ [u + moved[v, u, 0], v + moved[v, u, 1], 1.0]
        assert (x[v, u], y[v, u]) == pytest.approx(tuple(place[:2] / place[2]), abs=1e-3)  # px: float32 of hundreds


def test_without_a_warp_it_is_the_homography_alone() -> None:
    x, y = remap_maps(POSE, None, (50, 37))
    corner = POSE @ [49, 36, 1]
    assert (x[36, 49], y[36, 49]) == pytest.approx(tuple(corner[:2] / corner[2]), abs=1e-3)


def test_a_homography_may_have_any_scale() -> None:
    grid = bend((40, 60), 2)
    one, two = remap_maps(POSE, grid, (60, 40)), remap_maps(-7 * POSE, grid, (60, 40))
    assert np.allclose(one, two, atol=1e-4)


def test_the_outermost_pixel_centres_are_inside_a_picture() -> None:
    x, y = np.float32([[0, 9, 9, 9.01, -0.01]]), np.float32([[0, 7, 7.01, 7, 3]])
    assert in_bounds(x, y, 10, 8)[0].tolist() == [True, True, False, False, False]


def test_a_picture_moved_along_a_slope_follows_it() -> None:
    """Of a slope of 3 levels a px any place can be told: bilinear as exact as float32, bicubic to 1/32 px."""
    slope = np.tile(np.arange(60, dtype=np.float32) * 3, (40, 1))
    grid = bend((40, 60), 4)
    moved, inside = warped(slope, grid)
    expected = 3 * (np.arange(60) + dense(grid, (60, 40))[..., 0])
    assert np.abs(moved - expected)[inside].max() < 1e-3
    x, y = remap_maps(np.eye(3), grid, (60, 40))
    colour = sampled(np.dstack([slope.astype(np.uint8)] * 3), x, y)
    assert np.abs(colour[..., 0] - expected)[5:-5, 5:-5].max() < 1.0


def test_a_picture_that_does_not_move_stays_what_it_is() -> None:
    rng = np.random.default_rng(5)
    picture = rng.normal(0, 3, (40, 50)).astype(np.float32)
    moved, inside = warped(picture, np.zeros((5, 7, 2), np.float32))
    assert np.array_equal(moved, picture)
    assert inside.all()
    colours = rng.integers(0, 256, (40, 50, 3)).astype(np.uint8)
    assert np.array_equal(sampled(colours, *remap_maps(np.eye(3), None, (50, 40))), colours)


def test_places_that_lie_nowhere_are_no_error() -> None:
    picture = np.full((30, 40, 3), 80, np.uint8)
    x, y = remap_maps(np.eye(3), None, (20, 10))
    x[0, 3], y[-1, 0], x[4, 0] = np.nan, np.inf, -np.inf
    assert sampled(picture, x, y).shape == (10, 20, 3)
