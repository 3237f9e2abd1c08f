"""Where two pictures laid onto each other agree."""

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.registration.agreement import agreement, weakest_agreement

SIGMA = 3.0


def lines_of_text(seed: int) -> NDArray[np.float32]:
    """(160, 200) float32: lines at the same places whatever the seed, of other letters."""
    rng = np.random.default_rng(seed)
    page = np.full((160, 200), 235, np.uint8)
    for y in range(12, 155, 9):
        line = "".join(rng.choice(list("abcdehiklmnorstuvw"), 36))
        cv2.putText(page, line, (4, y), cv2.FONT_HERSHEY_SIMPLEX, 0.3, 30, 1, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(page, (0, 0), 1.0), np.float32)


def test_lines_of_other_text_agree_along_them_only() -> None:
    one, two = lines_of_text(1), lines_of_text(2)
    share, _ = agreement(one, two, SIGMA)
    inner = np.s_[20:140, 20:160]
    assert np.median(share[inner]) > 0.45  # which is what a panel needs
    assert np.median(weakest_agreement(one, two, SIGMA)[inner]) < 0.4


def test_the_same_picture_agrees_in_every_direction() -> None:
    one = lines_of_text(1)
    assert weakest_agreement(one, one, SIGMA).min() > 0.95


def test_gradients_of_one_direction_agree_across_it() -> None:
    stripes = np.tile(100.0 + 50.0 * np.sin(np.arange(200) / 3.0), (160, 1)).astype(np.float32)
    assert weakest_agreement(stripes, stripes.copy(), SIGMA).min() > 0.95
    assert weakest_agreement(stripes, 200.0 - stripes, SIGMA)[20:-20, 20:-20].max() < 0.0


def test_flat_pictures_are_no_reason_to_fail() -> None:
    flat = np.full((40, 50), 128, np.float32)
    assert np.isfinite(weakest_agreement(flat, flat, SIGMA)).all()
