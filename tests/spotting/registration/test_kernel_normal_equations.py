"""The Lucas-Kanade sums are those of plain NumPy."""

import cv2
import numpy as np
import pytest
from kit.references.registration import normal_equations_reference
from numpy.typing import NDArray

from livespot.spotting.registration._normal_equations import normal_equations

SIZES = [(16, 16), (37, 50), (130, 301), (301, 43)]  # (h, w); the last two take two threads


def textured(size: tuple[int, int], seed: int) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    return np.asarray(cv2.GaussianBlur(rng.normal(0, 3, size).astype(np.float32), (0, 0), 1.5), np.float32)


@pytest.mark.parametrize("share", [1.0, 0.6, 0.0], ids="seen {:.0%}".format)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_sums_of_each_cell(size: tuple[int, int], share: float) -> None:
    a, b = textured(size, 6), textured(size, 6) + 0.3 * textured(size, 7)
    seen = np.random.default_rng(8).random(size) < share
    got, expected = normal_equations(a, b, seen), normal_equations_reference(a, b, seen)
    assert got == pytest.approx(expected, rel=1e-3, abs=1e-5)
