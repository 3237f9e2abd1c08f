"""From map to regions: the fast steps say what their plain references say."""

import cv2
import numpy as np
import pytest
from kit.crops import blobs
from kit.references.difference import cell_peaks, strong_parts_reference
from numpy.typing import NDArray

from livespot.spotting.difference import _components as fast
from livespot.spotting.kernels.light import enlarged


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
    got = fast.strong_parts(difference, cell_peaks(difference), seen, high, low, block, trim)
    levels = full(high, block, size), full(low, block, size)
    assert np.array_equal(got, strong_parts_reference(difference, seen, *levels, trim))
    assert got.any()


def test_looking_only_where_a_cell_is_high_gives_the_same_as_looking_everywhere() -> None:
    difference, seen = blobs((130, 301), 9), np.ones((130, 301), np.bool_)
    low, high = np.full((17, 38), 22, np.float32), np.full((17, 38), 28, np.float32)
    peaks = cell_peaks(difference)
    everywhere = np.full_like(peaks, np.inf)
    assert (peaks < 28).mean() > 0.3  # or nothing would be skipped
    some, all_ = (fast.strong_parts(difference, p, seen, high, low, 8, 0.2) for p in (peaks, everywhere))
    assert np.array_equal(some, all_)
    assert some.any()
