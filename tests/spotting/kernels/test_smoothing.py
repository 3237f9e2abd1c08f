"""Wide blurs in one call are those of OpenCV's steps."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from livespot.spotting.kernels import smoothing as fast


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize(
    ("size", "sigma", "enough"),
    [((116, 136), 4.1, 2.0), ((39, 45), 2.1, 3.0), ((30, 90), 14.0, 2.0), ((5, 7), 9.0, 3.0), ((1, 1), 3.0, 2.0)],
    ids=str,
)
def test_smoothed(size: tuple[int, int], sigma: float, enough: float, channels: int) -> None:
    values = np.random.default_rng(1).uniform(0, 255, (*size, channels)).astype(np.float32)
    got = fast.smoothed(values, sigma, enough, 6.0, 0.02)
    expected = fast.smoothed_reference(values, sigma, enough, 6.0, 0.02)
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=5e-3)  # float32, summed in another order


@pytest.mark.parametrize("size", [(48, 40), (97, 21), (33, 9)], ids=str)
def test_smaller(size: tuple[int, int]) -> None:
    values = np.random.default_rng(2).uniform(0, 255, (97, 80, 3)).astype(np.float32)
    got = np.empty((size[0], size[1] * 3), np.float32)
    fast.smaller(values.reshape(97, -1), 3, got)
    expected = cv2.resize(values, size[::-1], interpolation=cv2.INTER_AREA)
    np.testing.assert_allclose(got.reshape(expected.shape), expected, atol=2e-3)
