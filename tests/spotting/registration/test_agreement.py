"""Where two pictures laid onto each other agree."""

import numpy as np

from livespot.spotting.registration.agreement import agreement

SIGMA = 3.0


def test_the_same_picture_agrees_and_its_negative_does_not() -> None:
    stripes = np.tile(100.0 + 50.0 * np.sin(np.arange(200) / 3.0), (160, 1)).astype(np.float32)
    assert agreement(stripes, stripes.copy(), SIGMA)[0].min() > 0.95
    assert agreement(stripes, 200.0 - stripes, SIGMA)[0][20:-20, 20:-20].max() < 0.05


def test_flat_pictures_are_no_reason_to_fail() -> None:
    flat = np.full((40, 50), 128, np.float32)
    assert np.isfinite(agreement(flat, flat, SIGMA)[0]).all()
