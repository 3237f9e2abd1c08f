"""The difference map in one pass is that of the plain steps."""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from kit.crops import pictures
from kit.references.difference import cell_peaks, lit_difference_reference
from numpy.typing import NDArray

from livespot.spotting.difference import _fused as fast

Grid = NDArray[np.float32]
SIZES = [(8, 8), (37, 50), (41, 243), (3, 2), (130, 301), (70, 500)]


def grids(size: tuple[int, int], block: int, least: float, most: float) -> tuple[Grid, Grid]:
    """A smooth gain's root, and radii between two."""
    rng = np.random.default_rng(1)
    shape = (-(-size[0] // block), -(-size[1] // block))
    uneven = cv2.GaussianBlur(rng.normal(0, 2, (*shape, 3)).astype(np.float32), (0, 0), 2).reshape(*shape, 3)
    return np.clip(np.exp(uneven), 0.5, 2).astype(np.float32), rng.uniform(least, most, shape).astype(np.float32)


@pytest.mark.parametrize("sigma", [0.7, 1.0])
@pytest.mark.parametrize("block", [4, 8])
@pytest.mark.parametrize("radii", [(0, 0), (1, 1), (2, 2), (0.5, 1), (1, 2), (0, 2)], ids=str)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_map_is_that_of_the_plain_steps(
    size: tuple[int, int], radii: tuple[float, float], block: int, sigma: float
) -> None:
    a, b = pictures(size)
    root, radius = grids(size, block, *radii)
    expected, peaks = lit_difference_reference(a, b, root, radius, block, sigma)
    got, tops = fast.lit_difference(a, b, root, radius, block, sigma, threads=2)
    # each panel is rounded down to 1/64 grey level, its gain to 1/16384 of up to 510 grey levels
    assert np.abs(got - expected).max() <= 0.05
    assert np.abs(tops - peaks).max() <= 0.05


def test_the_peaks_are_those_of_the_map() -> None:
    a, b = pictures((130, 301))
    map_, peaks = fast.lit_difference(a, b, *grids((130, 301), 8, 1, 2), 8, 1.0)
    assert np.array_equal(peaks, cell_peaks(map_))


@pytest.mark.parametrize("value", [0, 255])
def test_equal_panels_do_not_differ_at_all(value: int) -> None:
    a = np.full((50, 60, 3), value, np.uint8)
    ones = np.ones((7, 8, 3), np.float32)
    map_, peaks = fast.lit_difference(a, a, ones, ones[..., 0], 8, 1.0)
    assert map_.max() == peaks.max() == 0


def test_the_strongest_difference_under_the_strongest_gain_does_not_overflow() -> None:
    a, b = np.zeros((40, 40, 3), np.uint8), np.full((40, 40, 3), 255, np.uint8)
    map_, _ = fast.lit_difference(a, b, np.full((5, 5, 3), 2, np.float32), np.ones((5, 5), np.float32), 8, 1.0)
    assert map_ == pytest.approx(255 * 0.5 * 0.85, abs=0.1)  # what the other one can still be told from


def test_exchanging_the_panels_gives_the_same_map() -> None:
    a, b = pictures((61, 83))
    root, radius = grids((61, 83), 8, 1, 2)
    there, _ = fast.lit_difference(a, b, root, radius, 8, 1.0)
    back, _ = fast.lit_difference(b, a, 1 / root, radius, 8, 1.0)
    assert np.abs(there - back).max() <= 0.05


def test_threads_do_not_change_a_bit_and_may_call_at_once() -> None:
    a, b = pictures((401, 333), 7)
    arguments = (a, b, *grids((401, 333), 8, 1, 2), 8, 1.0)
    one = fast.lit_difference(*arguments)
    with ThreadPoolExecutor(4) as pool:
        several = list(pool.map(lambda t: fast.lit_difference(*arguments, threads=t), [1, 2, 3, 2, 2, 3]))
    for other in several:
        assert all(np.array_equal(p, q) for p, q in zip(other, one, strict=True))


def test_white_that_is_burnt_out_in_the_brighter_panel_is_no_difference() -> None:
    scene = np.full((64, 64, 3), 100.0)
    scene[16:32, 16:32] = 240.0
    a, b = (np.clip(scene * light, 0, 255).astype(np.uint8) for light in (1.2, 0.9))
    root = np.full((8, 8, 3), np.sqrt(1.2 / 0.9), np.float32)
    assert np.abs(a / root[0, 0] - b * root[0, 0]).max() > 20
    map_, _ = fast.lit_difference(a, b, root, np.ones((8, 8), np.float32), 8, 1.0)
    assert map_.max() < 3
