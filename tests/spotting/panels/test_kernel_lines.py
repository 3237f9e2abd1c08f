"""Means along lines are what plain NumPy says."""

from __future__ import annotations

import numpy as np
import pytest
from kit.references.panels import line_means_reference

from livespot.spotting.panels._lines import line_means


@pytest.mark.parametrize("size", [(2, 1), (72, 9), (33, 140)], ids=str)
def test_means_along_lines(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(2)
    one, two = (rng.normal(size=size).astype(np.float32) for _ in range(2))
    middle, slope = np.arange(0, size[1], 2, dtype=np.int32), np.arange(-12, 13, 3, dtype=np.int32)
    found, expected = line_means(one, two, middle, slope), line_means_reference(one, two, middle, slope)
    for mine, plain in zip(found, expected, strict=True):
        assert mine.shape == (len(middle), len(slope))
        # a depth that lies half way between two may be rounded either way: one place in many
        assert np.abs(mine - plain).mean() < 0.02


def test_a_line_drawn_across_the_band_is_the_best_one() -> None:
    band = np.zeros((72, 60), np.float32)
    at = np.rint(30 + 10 * np.linspace(-0.5, 0.5, 72)).astype(int)
    band[np.arange(72), at] = 1
    middle, slope = np.arange(60, dtype=np.int32), np.arange(-20, 21, 2, dtype=np.int32)
    mean, _ = line_means(band, band, middle, slope)
    best = np.unravel_index(int(np.argmax(mean)), mean.shape)
    assert (middle[best[0]], slope[best[1]]) == (30, 10)
    assert mean.max() > 0.95
