"""Agreement under a shift is what plain NumPy says."""

from __future__ import annotations

import numpy as np
import pytest

from livespot.spotting.kernels.shifts import shifted_difference, shifted_difference_reference


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
