"""The tolerant difference is what plain NumPy and OpenCV say, on any picture, on any number of threads."""

import numpy as np
import pytest
from kit.references.difference import tolerant_difference_reference
from numpy.typing import NDArray

from livespot.spotting.difference.tolerant_map import tolerant_difference

Picture = NDArray[np.uint8]


def two_pictures(height: int, width: int) -> tuple[Picture, Picture]:
    rng = np.random.default_rng(0)
    a, b = (rng.integers(0, 256, (height, width)).astype(np.uint8) for _ in range(2))
    return a, b


def test_radius_0_is_the_plain_difference() -> None:
    a, b = two_pictures(50, 60)
    assert np.array_equal(tolerant_difference(a, b, 0), np.abs(a.astype(int) - b))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32], ids=["uint8", "uint16", "float32"])
@pytest.mark.parametrize("radius", [0, 0.3, 1, 1.5, 2, 7], ids="radius {}".format)
@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (31, 47), (20, 19, 3), (17, 5, 1), (9, 12, 2)], ids=str)
def test_tolerant_difference_is_that_of_the_reference(
    shape: tuple[int, ...], radius: float, dtype: type[np.generic]
) -> None:
    rng = np.random.default_rng(3)
    a, b = (rng.integers(0, 256, shape).astype(dtype) for _ in range(2))
    expected = tolerant_difference_reference(a, b, radius)
    # float32 interpolation of grey levels
    assert np.abs(tolerant_difference(a, b, radius) - expected).max() <= 1e-4


@pytest.mark.parametrize(("least", "most"), [(-0.2, 2.2), (1.0, 1.0), (0.2, 0.9), (1.0, 1.6)], ids=str)
def test_tolerance_may_differ_from_pixel_to_pixel(least: float, most: float) -> None:
    rng = np.random.default_rng(4)
    a, b = (rng.integers(0, 256, (40, 70, 3)).astype(np.uint8) for _ in range(2))
    radius = rng.uniform(least, most, (40, 70)).astype(np.float32)
    radius[10:20] = np.clip(radius[10:20], 1, 1.2)  # rows that need other whole radii than their neighbours
    expected = tolerant_difference_reference(a, b, radius)
    assert np.abs(tolerant_difference(a, b, radius) - expected).max() <= 1e-4


def test_a_shift_within_the_tolerance_is_no_difference_and_a_mark_is() -> None:
    rng = np.random.default_rng(5)
    a = np.kron(rng.integers(0, 256, (12, 12)), np.ones((6, 6))).astype(np.uint8)
    b = np.roll(a, 1, axis=1)
    b[:, 0] = a[:, 0]
    assert tolerant_difference(a, b, 1).max() == 0
    b[40:44, 40:44] = np.where(a[38, 38] > 127, 0, 255)
    assert tolerant_difference(a, b, 1)[41:43, 41:43].min() > 60


def test_a_radius_map_of_another_size_is_refused() -> None:
    a, b = two_pictures(10, 10)
    with pytest.raises(ValueError, match="radius map"):
        tolerant_difference(a, b, np.ones((3, 3), np.float32))


def test_pictures_of_two_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="resize"):
        tolerant_difference(np.zeros((4, 5), np.uint8), np.zeros((5, 4), np.uint8))


def test_threads_do_not_change_a_bit() -> None:
    rng = np.random.default_rng(6)
    a, b = (rng.integers(0, 256, (331, 403, 3)).astype(np.uint8) for _ in range(2))
    radius = rng.uniform(0, 2, (331, 403)).astype(np.float32)
    one = tolerant_difference(a, b, radius, threads=1)
    assert all(np.array_equal(tolerant_difference(a, b, radius, threads=threads), one) for threads in (2, 3, 5))
