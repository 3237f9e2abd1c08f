"""The turn of a page: found to the degree it was made by, none where there is nothing to tell it by."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from livespot.demo.opening import page_picture
from livespot.spotting.panels.upright import turn_of

SHAPE = (300, 400)


def _turned(degrees: float) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Panel A of a drawn page, turned about its middle, and where it lies."""
    page = page_picture("harbour")
    (x0, y0), (x1, y1) = np.round(page.a.min(axis=0)).astype(int), np.round(page.a.max(axis=0)).astype(int)
    panel = cv2.cvtColor(page.image[y0:y1, x0:x1], cv2.COLOR_BGR2GRAY)
    height, width = panel.shape
    scale = 0.6 * min(SHAPE[0] / height, SHAPE[1] / width)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, scale)
    matrix[:, 2] += np.array([SHAPE[1] - width, SHAPE[0] - height]) / 2
    size = SHAPE[::-1]
    where = cv2.warpAffine(np.ones_like(panel), matrix, size, flags=cv2.INTER_NEAREST)
    laid = cv2.warpAffine(cv2.GaussianBlur(panel, (0, 0), 1.0), matrix, size, borderValue=(240,))
    return np.asarray(laid, np.float32), where > 0


@pytest.mark.parametrize("degrees", [-41, -13, 0, 4, 28])
def test_the_turn_is_found(degrees: float) -> None:
    panel, seen = _turned(degrees)
    assert turn_of(panel, panel, seen) == pytest.approx((degrees, degrees), abs=1.0)


def test_rows_and_columns_that_lean_apart_are_told_apart() -> None:
    panel, seen = _turned(3)
    sheared = np.array([[1, np.tan(np.radians(7)), -20], [0, 1, 0]], np.float64)
    size = SHAPE[::-1]
    leaning = np.asarray(cv2.warpAffine(panel, sheared, size, borderValue=(240,)), np.float32)
    where = cv2.warpAffine(seen.view(np.uint8), sheared, size) > 0
    assert turn_of(leaning, leaning, where, 12.0) == pytest.approx((3, -4), abs=1.0)


def test_what_only_one_panel_shows_says_nothing() -> None:
    panel, seen = _turned(28)
    other = np.full(SHAPE, 240, np.float32)
    assert turn_of(panel, other, seen) == (0.0, 0.0)
    assert turn_of(panel, panel, np.zeros(SHAPE, np.bool_)) == (0.0, 0.0)
