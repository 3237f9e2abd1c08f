"""From map to regions: the fast steps say what their plain references say."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from livespot.spotting.kernels import regions as fast
from livespot.spotting.kernels.light import enlarged
from livespot.spotting.kernels.lit import cell_peaks

SIZES = [(8, 8), (37, 50), (41, 43), (3, 2), (130, 301)]


def blobs(size: tuple[int, int], seed: int) -> NDArray[np.float32]:
    """A map of 0 to about 40 grey levels with soft blobs."""
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.random(size, np.float32), (0, 0), 2.0)
    return np.asarray(40 * (noise - noise.min()) / (np.ptp(noise) + 1e-6), np.float32)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_quiet_moments(size: tuple[int, int]) -> None:
    difference = blobs(size, 4)
    rng = np.random.default_rng(4)
    seen = rng.random(size) < 0.8
    low = rng.uniform(5, 35, (-(-size[0] // 4), -(-size[1] // 4))).astype(np.float32)
    got = fast.Quiet(difference, seen, 24.0, threads=2).moments(low)
    expected = fast.quiet_moments_reference(difference, seen, low, 24.0)
    assert got == pytest.approx(expected, rel=1e-5, abs=1e-5)


def test_nothing_is_quiet_above_no_level() -> None:
    none = np.full((2, 2), -np.inf, np.float32)
    assert fast.Quiet(blobs((8, 8), 5), np.ones((8, 8), np.bool_), 24.0).moments(none).max() == 0


def full(grid: NDArray[np.float32], block: int, size: tuple[int, int]) -> NDArray[np.float32]:
    return enlarged(grid, block, (0, 0, size[1], size[0]))


@pytest.mark.parametrize("trim", [0.0, 0.2, 0.9], ids="trim {}".format)
@pytest.mark.parametrize("block", [4, 8])
@pytest.mark.parametrize("seed", range(4))
def test_strong_parts(seed: int, block: int, trim: float) -> None:
    size = ((60, 80), (61, 83), (8, 9), (121, 40))[seed]
    difference = blobs(size, seed)
    rng = np.random.default_rng(seed)
    seen = cv2.blur(rng.random(size), (5, 5)) < 0.6
    low = rng.uniform(18, 24, (-(-size[0] // block), -(-size[1] // block))).astype(np.float32)
    high = low + 6
    got, cells = fast.strong_parts(difference, cell_peaks(difference), seen, high, low, block, trim)
    levels = full(high, block, size), full(low, block, size)
    assert np.array_equal(got, fast.strong_parts_reference(difference, seen, *levels, trim))
    assert np.array_equal(cells, cell_peaks(got.astype(np.float32)))
    assert got.any()


def test_looking_only_where_a_cell_is_high_gives_the_same_as_looking_everywhere() -> None:
    difference, seen = blobs((130, 301), 9), np.ones((130, 301), np.bool_)
    low, high = np.full((17, 38), 22, np.float32), np.full((17, 38), 28, np.float32)
    peaks = cell_peaks(difference)
    everywhere = np.full_like(peaks, np.inf)
    assert (peaks < 28).mean() > 0.3  # or nothing would be skipped
    some, all_ = (fast.strong_parts(difference, p, seen, high, low, 8, 0.2) for p in (peaks, everywhere))
    assert all(np.array_equal(p, q) for p, q in zip(some, all_, strict=True))
    assert some[0].any()


@pytest.mark.parametrize("block", [1, 4, 8])
def test_the_peak_over_the_level(block: int) -> None:
    difference = blobs((61, 83), 2)
    high = np.random.default_rng(2).uniform(5, 35, (-(-61 // block), -(-83 // block))).astype(np.float32)
    inside = np.random.default_rng(1).random((20, 31)) < 0.3
    values = difference[41:61, 52:83]
    got = fast.peak_over(values, inside, (52, 41), high, block)
    assert got == pytest.approx(fast.peak_over_reference(values, inside, (52, 41), high, block), rel=1e-5)


def test_threads_do_not_change_a_bit() -> None:
    seen = np.random.default_rng(7).random((401, 333)) < 0.9
    difference = blobs((401, 333), 7)
    low = np.random.default_rng(8).uniform(5, 20, (101, 84)).astype(np.float32)

    one, three = (fast.Quiet(difference, seen, 24.0, threads=t).moments(low) for t in (1, 3))
    assert np.array_equal(one, three)
