"""An object that one panel shows larger is found in the other, smaller."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from livespot.spotting.classify.resized import explained_by_a_resizing

Pair = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.uint8]]


def bottle(size: float, foot: tuple[int, int] = (20, 36)) -> NDArray[np.float32]:
    """A bottle that stands on a table, (40, 40, 3)."""
    picture = np.full((40, 40, 3), (190, 200, 210), np.float32)
    x, y = foot
    w, h = round(9 * size), round(24 * size)
    cv2.rectangle(picture, (x - w, y - h), (x + w, y), (40, 120, 60), -1)
    cv2.rectangle(picture, (x - w // 2, y - round(30 * size)), (x + w // 2, y - h), (30, 30, 30), -1)
    cv2.rectangle(picture, (x - w, y - h // 2), (x + w, y - h // 4), (240, 240, 240), -1)
    return picture


def pair(a: NDArray[np.float32], b: NDArray[np.float32]) -> Pair:
    return a, b, (cv2.absdiff(a, b).max(axis=2) > 20).astype(np.uint8)


def test_a_resizing_explains_what_is_larger_in_one_panel() -> None:
    a, b, inside = pair(bottle(1.0), bottle(0.78))
    assert explained_by_a_resizing(a, b, inside) > 0.8
    assert explained_by_a_resizing(b, a, inside) == pytest.approx(explained_by_a_resizing(a, b, inside))


@pytest.mark.parametrize(
    ("a", "b"), [(bottle(0.8), bottle(0.8, (27, 36))), (bottle(0.9), bottle(0.0, (60, 60)))], ids=["moved", "removed"]
)
def test_and_not_what_moved_or_went(a: NDArray[np.float32], b: NDArray[np.float32]) -> None:
    assert explained_by_a_resizing(*pair(a, b)) < 0.65


def test_nothing_explains_nothing() -> None:
    assert explained_by_a_resizing(bottle(1.0), bottle(1.0), np.zeros((40, 40), np.uint8)) == 0.0
