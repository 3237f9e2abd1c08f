"""The levels of a map follow its noise as in plain NumPy and OpenCV."""

from __future__ import annotations

import numpy as np
import pytest
from kit.crops import blobs

from livespot.spotting.kernels import levels as fast

SIZES = [(8, 8), (37, 50), (41, 43), (3, 2), (130, 301)]
NOISE = fast.Noise(cap=24.0, sigma=6.0, factor=1, floors=(9.0, 5.0), times=(4.0, 2.0), sensitivity=1.0)


@pytest.mark.parametrize("noise", [NOISE, NOISE._replace(sensitivity=2.5, sigma=2.0)], ids=["as it is", "sensitive"])
@pytest.mark.parametrize("factor", [1, 3])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_noise_levels(size: tuple[int, int], factor: int, noise: fast.Noise) -> None:
    difference = blobs(size, 4)
    seen = np.random.default_rng(4).random(size) < 0.8
    noise = noise._replace(factor=factor)
    got, expected = (
        fast.noise_levels(difference, seen, noise),
        fast.noise_levels_reference(difference, seen, noise),
    )
    for one, two in zip(got, expected, strict=True):
        assert one == pytest.approx(two, rel=1e-3, abs=1e-3)  # a pixel next to a level may fall on either side of it


def test_nothing_seen_has_the_least_levels() -> None:
    high, low = fast.noise_levels(blobs((40, 40), 5), np.zeros((40, 40), np.bool_), NOISE)
    assert np.all(high == 9.0)
    assert np.all(low == 5.0)
