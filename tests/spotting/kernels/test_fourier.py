"""Transforms are NumPy's, and so is what two masked crops differ by at every shift."""

from __future__ import annotations

import numpy as np
import pytest
from kit.crops import SIZES, colours, mask

from livespot.spotting.kernels import fourier as fast


@pytest.mark.parametrize("n", [4, 6, 9, 16, 24, 54, 64, 72, 96])
def test_transformed(n: int) -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(n, 5)) + 1j * rng.normal(size=(n, 5))
    re, im = values.real.astype(np.float32).reshape(-1), values.imag.astype(np.float32).reshape(-1)
    re2, im2 = np.empty_like(re), np.empty_like(im)
    if fast.transformed(re, im, n, 5, fast.turns_of(n), re2, im2):
        re, im = re2, im2
    got = (re + 1j * im).reshape(n, 5)
    np.testing.assert_allclose(got, np.fft.fft(values, axis=0), atol=1e-4)


@pytest.mark.parametrize(("n", "length"), [(1, 4), (5, 6), (64, 64), (65, 72), (97, 108)])
def test_lengths(n: int, length: int) -> None:
    assert fast.length_of(n) == length


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_differences(size: tuple[int, int]) -> None:
    a, b, near = colours(size, 1), colours(size, 2), mask(size, 0, 0.7)
    apart, count = fast.differences(a, b, near)
    assert apart.shape[0] >= 2 * size[0]
    assert apart.shape[1] >= 2 * size[1]
    expected = fast.differences_reference(a, b, near, *apart.shape)
    np.testing.assert_allclose(apart, expected[0], atol=2e-6 * np.abs(expected[0]).max() + 1e-2)
    np.testing.assert_allclose(count, expected[1], atol=1e-3)
