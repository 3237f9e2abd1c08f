"""Agreement under a shift is what plain NumPy says."""

from __future__ import annotations

import numpy as np
import pytest
from kit.references.classify import shifted_difference_reference
from numpy.typing import NDArray

from livespot.spotting.classify import _shifts as fast
from livespot.spotting.kernels.runtime import Map

BIT = np.uint8(2)


def shifted_difference(a: Map, b: Map, weight: NDArray[np.uint8], reach: int) -> tuple[float, float]:
    """Of a crop in the middle of a larger one, other bits set around it."""
    (height, width), labels = weight.shape, np.full(np.add(weight.shape, 4), 5, np.uint8)
    labels[2:-2, 2:-2] = weight * BIT
    wide_a, wide_b = (np.pad(p, 2, constant_values=7.0) for p in (a, b))
    unshifted, best = fast.shifted_difference(wide_a, wide_b, labels, BIT, 2, 2, height, width, reach)
    return float(unshifted), float(best)


@pytest.mark.parametrize("reach", [0, 1, 3], ids="reach {}".format)
@pytest.mark.parametrize("size", [(1, 1), (9, 5), (40, 61)], ids=str)
def test_agreement_under_shifts(size: tuple[int, int], reach: int) -> None:
    rng = np.random.default_rng(1)
    a, b = (rng.uniform(0, 255, size).astype(np.float32) for _ in range(2))
    weight = (rng.random(size) < 0.6).astype(np.uint8)
    weight[0, 0] = 1
    expected = shifted_difference_reference(a, b, weight, reach)
    assert shifted_difference(a, b, weight, reach) == pytest.approx(expected, rel=1e-5)
    assert shifted_difference(b, a, weight, reach) == pytest.approx(expected, rel=1e-5)


def test_stripes_that_are_only_shifted_agree() -> None:
    picture = np.tile(np.array([0, 100], np.float32), (40, 25))
    inner = np.zeros(picture.shape, np.uint8)
    inner[5:-5, 5:-5] = 1
    assert shifted_difference(picture, np.roll(picture, 1, axis=1), inner, 3) == (100, 0)
