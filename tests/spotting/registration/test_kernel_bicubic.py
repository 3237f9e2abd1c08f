"""Colours at any places are those of OpenCV."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from kit.references.registration import sampled_reference
from numpy.typing import NDArray

from livespot.spotting.registration import _bicubic as fast


def places(size: tuple[int, int], far: float) -> tuple[NDArray[np.float32], ...]:
    """x, y (40, 50) px in and around a picture of (height, width)."""
    rng = np.random.default_rng(3)
    x, y = (rng.uniform(-far, n - 1 + far, (40, 50)).astype(np.float32) for n in reversed(size))
    return x, y


@pytest.mark.parametrize("far", [0.0, 9.0], ids=["inside", "beyond the border"])
@pytest.mark.parametrize("size", [(60, 80), (5, 7), (3, 2), (1, 1)], ids=str)
def test_colours_are_those_of_opencv(size: tuple[int, int], far: float) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (*size, 3)).astype(np.uint8)
    smooth = cv2.GaussianBlur(picture, (0, 0), 1.0)
    x, y = places(size, far)
    off = np.abs(fast.sampled(smooth, x, y).astype(int) - sampled_reference(smooth, x, y))
    assert off.max() <= 1  # a place is rounded to 1/1024 px
    assert off.mean() < 0.05


def test_whole_pixels_stay_what_they_are() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (40, 50, 3)).astype(np.uint8)
    x, y = (np.ascontiguousarray(v, np.float32) for v in np.meshgrid(np.arange(50), np.arange(40)))
    assert np.array_equal(fast.sampled(picture, x, y), picture)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30, -1e30])
def test_no_place_is_too_far(value: float) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (40, 50, 3)).astype(np.uint8)
    x = np.full((3, 4), value, np.float32)
    assert fast.sampled(picture, x, x).shape == (3, 4, 3)


def test_threads_do_not_change_a_bit() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (300, 400, 3)).astype(np.uint8)
    x, y = (np.tile(v, (8, 8)) for v in places((300, 400), 3.0))
    one, two = (fast.sampled(picture, x, y, threads=n) for n in (1, 2))
    assert np.array_equal(one, two)
