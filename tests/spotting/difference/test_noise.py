"""The levels of a map follow its noise, and not what stands out of it."""

import cv2
import numpy as np
import pytest
from kit.crops import blobs

from livespot.spotting.difference import noise

NOISE = noise.Noise(cap=24.0, sigma=6.0, factor=1, floors=(9.0, 5.0), times=(4.0, 2.0), sensitivity=1.0)


def test_noisier_places_have_higher_levels_and_a_difference_does_not_raise_them() -> None:
    rng = np.random.default_rng(1)
    spread = np.repeat([2.0, 8.0], 200)
    map_ = np.abs(rng.normal(0.0, spread, (300, 400))).astype(np.float32)
    seen = np.ones(map_.shape, np.bool_)
    high, low = noise.noise_levels(map_, seen, NOISE)
    assert high.shape == low.shape == (75, 100)
    assert np.all(low <= high)
    assert high[:, 80:].mean() > 2.0 * high[:, :20].mean()
    map_[100:140, 40:80] = 200.0
    again = noise.noise_levels(map_, seen, NOISE)[0]
    assert np.abs(again / high - 1.0).max() < 0.25


def test_moments_are_those_of_the_quiet_pixels_of_each_block() -> None:
    map_, seen = blobs((13, 18), 4), np.random.default_rng(4).random((13, 18)) < 0.8
    low = np.full((4, 5), 9.0, np.float32)
    got = noise.quiet_moments(map_, seen, low, 6.0)
    for r in range(4):
        for c in range(5):
            part = np.s_[4 * r : 4 * r + 4, 4 * c : 4 * c + 4]
            quiet = np.minimum(map_[part][seen[part] & (map_[part] < 9.0)].astype(np.float64), 6.0)
            expected = [len(quiet) / 16, quiet.sum() / 16, (quiet**2).sum() / 16]
            assert got[r, c] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("size", [(8, 8), (37, 50), (3, 2)], ids=str)
def test_a_lower_sensitivity_asks_for_more(size: tuple[int, int]) -> None:
    map_ = cv2.GaussianBlur(blobs(size, 4), (0, 0), 1)
    seen = np.ones(size, np.bool_)
    usual = noise.noise_levels(map_, seen, NOISE)[0]
    less = noise.noise_levels(map_, seen, NOISE._replace(sensitivity=0.5))[0]
    assert np.all(less > usual)


def test_nothing_seen_has_the_least_levels() -> None:
    high, low = noise.noise_levels(blobs((40, 40), 5), np.zeros((40, 40), np.bool_), NOISE)
    assert np.all(high == 9.0)
    assert np.all(low == 5.0)
