"""The difference stage's fast steps say what their plain references say."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from livespot.spotting import kernels_difference as fast

SIZES = [(8, 8), (37, 50), (41, 43), (3, 2), (130, 301)]


def pictures(size: tuple[int, int], seed: int = 0) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    rng = np.random.default_rng(seed)
    a, b = (rng.integers(0, 256, (*size, 3)).astype(np.uint8) for _ in range(2))
    return a, b


def blobs(size: tuple[int, int], seed: int) -> NDArray[np.float32]:
    """A map of 0 to about 40 grey levels with soft blobs."""
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.random(size, np.float32), (0, 0), 2.0)
    return np.asarray(40 * (noise - noise.min()) / (np.ptp(noise) + 1e-6), np.float32)


@pytest.mark.parametrize("sigma", [1.0, 6.5, 20.0, 61.0, 300.0], ids="sigma {}".format)
@pytest.mark.parametrize("size", [(120, 180), (97, 53)], ids=str)
def test_wide_blur_is_the_full_blur(size: tuple[int, int], sigma: float) -> None:
    values = blobs(size, 1)
    values[: size[0] // 3] += 60  # an edge
    expected = fast.wide_blur_reference(values, sigma)
    assert np.abs(fast.wide_blur(values, sigma) - expected).max() <= 0.02 * np.ptp(values)


def test_wide_blur_keeps_what_is_even() -> None:
    assert fast.wide_blur(np.full((50, 70), 7, np.float32), 40.0) == pytest.approx(7)


@pytest.mark.parametrize("share", [1.0, 0.5, 0.0], ids="seen {:.0%}".format)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_means_by_blocks(size: tuple[int, int], share: float) -> None:
    a, b = pictures(size)
    seen = np.random.default_rng(1).random(size) < share
    for got, picture in zip(fast.masked_means(a, b, seen, threads=2), (a, b), strict=True):
        assert np.abs(got - fast.masked_means_reference(picture, seen)).max() <= 1e-3  # float32 of grey levels


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_one_light(size: tuple[int, int]) -> None:
    a, b = pictures(size)
    grid = np.random.default_rng(2).uniform(0.25, 4, (-(-size[0] // 4), -(-size[1] // 4), 3)).astype(np.float32)
    got = fast.under_one_light(a, b, grid, threads=2)
    for one, two in zip(got, fast.under_one_light_reference(a, b, grid), strict=True):
        # half a unit of rounding, and float32 in the interpolation of up to 1020 grey levels
        assert np.abs(one / fast.FIXED - np.minimum(two, 65535 / fast.FIXED)).max() <= 0.5 / fast.FIXED + 2e-3


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_values_by_blocks_at_every_pixel(size: tuple[int, int]) -> None:
    grid = np.random.default_rng(3).uniform(0, 30, (-(-size[0] // 4), -(-size[1] // 4))).astype(np.float32)
    expected = fast.enlarged_reference(grid, (size[1], size[0]))
    assert np.abs(fast.enlarged(grid, (size[1], size[0]), threads=2) - expected).max() <= 1e-4


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_quiet_moments(size: tuple[int, int]) -> None:
    difference = blobs(size, 4)
    rng = np.random.default_rng(4)
    seen = rng.random(size) < 0.8
    low = rng.uniform(5, 35, (-(-size[0] // 4), -(-size[1] // 4))).astype(np.float32)
    got = fast.quiet_moments(difference, seen, low, 24.0, threads=2)
    expected = fast.quiet_moments_reference(difference, seen, low, 24.0)
    assert got == pytest.approx(expected, rel=1e-5, abs=1e-5)


def test_nothing_is_quiet_above_no_level() -> None:
    none = np.full((2, 2), -np.inf, np.float32)
    assert fast.quiet_moments(blobs((8, 8), 5), np.ones((8, 8), np.bool_), none, 24.0).max() == 0


def test_above() -> None:
    difference = blobs((61, 77), 6)
    seen = np.random.default_rng(6).random(difference.shape) < 0.7
    level = np.full_like(difference, 20)
    assert np.array_equal(fast.above(difference, level, seen, threads=2) > 0, (difference > level) & seen)


@pytest.mark.parametrize("trim", [0.0, 0.2, 0.9], ids="trim {}".format)
@pytest.mark.parametrize("seed", range(3))
def test_strong_parts(seed: int, trim: float) -> None:
    difference = blobs((60, 80), seed)
    count, label = cv2.connectedComponents((difference > 22).astype(np.uint8))
    high = np.full_like(difference, 28)
    got = fast.strong_parts(np.asarray(label, np.int32), count, difference, high, trim)
    assert np.array_equal(got, fast.strong_parts_reference(np.asarray(label, np.int32), count, difference, high, trim))
    assert 0 < got.sum() < (label > 0).sum() or trim == 0


@pytest.mark.parametrize("reach", [2, 9, 30], ids="reach {}".format)
@pytest.mark.parametrize("seed", range(3))
def test_islands_hold_everything_once_and_lie_apart(seed: int, reach: int) -> None:
    rng = np.random.default_rng(seed)
    kept = np.zeros((150, 211), np.uint8)
    for _ in range(12):
        row, column = rng.integers(0, 145), rng.integers(0, 205)
        kept[row : row + rng.integers(1, 9), column : column + rng.integers(1, 9)] = 1
    owner = np.zeros(kept.shape, np.int32)
    for number, ((x, y, w, h), part) in enumerate(fast.island_masks(kept, reach), start=1):
        assert not (owner[y : y + h, x : x + w][part > 0]).any()
        owner[y : y + h, x : x + w][part > 0] = number
    assert np.array_equal(owner > 0, kept > 0)
    for island in range(1, int(owner.max()) + 1):
        others = ((owner > 0) & (owner != island)).astype(np.uint8)
        near = cv2.dilate((owner == island).astype(np.uint8), np.ones((2 * reach + 1,) * 2, np.uint8))
        assert not (others & near).any()


def test_threads_do_not_change_a_bit() -> None:
    a, b = pictures((401, 333), 7)
    seen = np.random.default_rng(7).random((401, 333)) < 0.9
    difference = blobs((401, 333), 7)
    grid = np.random.default_rng(8).uniform(0.5, 2, (101, 84, 3)).astype(np.float32)

    def everything(t: int) -> list[NDArray[np.generic]]:
        return [
            *fast.masked_means(a, b, seen, threads=t),
            *fast.under_one_light(a, b, grid, threads=t),
            fast.enlarged(grid[..., 0], (333, 401), threads=t),
            fast.quiet_moments(difference, seen, grid[..., 0] * 10, 24.0, threads=t),
            fast.above(difference, difference[::-1], seen, threads=t),
        ]

    assert all(np.array_equal(p, q) for p, q in zip(everything(1), everything(3), strict=True))
