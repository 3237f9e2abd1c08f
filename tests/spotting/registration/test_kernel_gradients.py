"""The products of gradients are those of OpenCV and NumPy."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from kit.references.registration import gradient_products_reference

from livespot.spotting.registration import _gradients as fast


@pytest.mark.parametrize("size", [(310, 271), (20, 31), (2, 9), (7, 2)], ids=str)
def test_gradient_products(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    a, b = (cv2.GaussianBlur(rng.uniform(0, 255, size).astype(np.float32), (0, 0), 1.0) for _ in range(2))
    a[: size[0] // 2] = 9  # nothing there
    for got, expected in zip(fast.gradient_products(a, b, 3.0), gradient_products_reference(a, b, 3.0), strict=True):
        assert got == pytest.approx(expected, abs=1e-4)
