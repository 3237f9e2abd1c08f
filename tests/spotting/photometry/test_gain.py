"""Both panels under one light, and differences that stay."""

import numpy as np
import pytest
from kit.puzzles import BOXES, changed, everywhere, scene
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.light import BLOCK
from livespot.spotting.params import fitted_params
from livespot.spotting.photometry.gain import GainCorrectedPair, smooth_gain


def under(picture: Image, light: NDArray[np.float64]) -> Image:
    return np.clip(picture * light, 0, 255).astype(np.uint8)


def balanced(a: Image, b: Image) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Both panels under one light."""
    return GainCorrectedPair(a, b, np.sqrt(smooth_gain(a, b, everywhere(a), SIGMA)), BLOCK).whole()


SIGMA = fitted_params().photometry.sigma
SLOPE = np.linspace(0.9, 0.4, 320)[None, :, None]
TINT = np.array([0.6, 0.8, 0.9])


@pytest.mark.parametrize("light", [np.full((1, 1, 1), 0.5), SLOPE, SLOPE * TINT], ids=["even", "slope", "tinted"])
def test_uneven_light_goes_away(light: NDArray[np.float64]) -> None:
    a = scene(0)
    b = under(a, light)
    before = float(np.abs(a.astype(np.float64) - b).mean())
    flat_a, flat_b = balanced(a, b)
    after = float(np.abs(flat_a - flat_b).mean())
    assert after < 0.1 * before


def test_gain_is_what_b_lacks() -> None:
    a = scene(1)
    gain = smooth_gain(a, under(a, np.full((1, 1, 1), 0.5)), everywhere(a), SIGMA)
    assert np.median(gain) == pytest.approx(2.0, abs=0.25)  # dark places have less of it


def test_a_difference_does_not_even_itself_out() -> None:
    a = scene(2)
    b = under(changed(a), SLOPE)
    flat_a, flat_b = balanced(a, b)
    apart = np.abs(flat_a - flat_b).max(axis=2)
    rest = np.ones(apart.shape, bool)
    for x, y, w, h in BOXES:
        rest[y - 8 : y + h + 8, x - 8 : x + w + 8] = False
    for x, y, w, h in BOXES:
        assert np.median(apart[y + 5 : y + h - 5, x + 5 : x + w - 5]) > 5 * np.median(apart[rest])


def test_what_is_not_seen_has_no_say() -> None:
    a = scene(3)
    b = a.copy()
    b[:, 160:] = 0  # a hand over half of it
    seen = everywhere(a)
    seen[:, 160:] = False
    gain = smooth_gain(a, b, seen, SIGMA)
    assert np.abs(gain[:, :40] - 1.0).max() < 0.02


def test_neither_panel_is_the_reference() -> None:
    a = scene(4)
    b = under(changed(a), SLOPE)
    one, two = balanced(a, b)
    other, again = balanced(b, a)
    # half a grey level: between blocks, one over the gain is not quite the gain's own interpolation
    assert np.abs(one - again).max() <= 0.5
    assert np.abs(two - other).max() <= 0.5


def test_without_a_gain_the_panels_are_as_they_are() -> None:
    a, b = scene(6), changed(scene(6))
    assert all(np.array_equal(p, q) for p, q in zip(GainCorrectedPair(a, b).whole(), (a, b), strict=True))
