"""A mask grown by squares is what OpenCV makes of it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from kit.crops import blob

from livespot.spotting.kernels.masks import widened_on


@pytest.mark.parametrize("reach", [1, 4, 70])
def test_widened(reach: int) -> None:
    mask = blob((31, 44), 3)
    grown = np.empty_like(mask)
    widened_on(mask, 0, reach, grown)
    np.testing.assert_array_equal(grown, cv2.dilate(mask, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)))


@pytest.mark.parametrize("edge", [0, 6])
def test_widened_in_two_steps_is_widened_at_once(edge: int) -> None:
    mask = blob((31, 44), 3)[edge:, edge:].copy()
    first, second, at_once = np.empty_like(mask), np.empty_like(mask), np.empty_like(mask)
    widened_on(mask, 0, 2, first)
    widened_on(first, 2, 9, second)
    widened_on(mask, 0, 9, at_once)
    np.testing.assert_array_equal(second, at_once)
