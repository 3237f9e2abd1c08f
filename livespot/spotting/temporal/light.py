"""The light on a page from frame to frame: a camera sets its exposure, and the shadow of whoever holds it moves.

In: what is known of the panels, and a new sample of each. Out: both under one light, so that they can be told apart
pixel by pixel. The exposure is the newest frame's; light and shade are the mean of all frames'.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.registration.agreement import disc
from livespot.spotting.temporal.accumulator import Evidence

SPARSE = 6  # px: of so many rows and columns one tells the exposure
DARK, BURNT, FEWEST = 24.0, 240.0, 100  # grey levels: pixels between them tell it, if there are so many
SAME_EXPOSURE = 0.01  # of the levels: no more than noise makes
CELLS, SMOOTH, TELLING = 16, 0.8, 3  # along the longer side; cells, sigma; px: of so many rows and columns one tells
SAME_LIGHT, DARKEST = 0.04, 0.6  # logarithm of brightness: no shadow yet; what more there is, is none
TOLD = 0.1  # of a cell, at least, is seen in both
BLACK = 4.0  # grey levels added before a ratio is taken
NEAR_LAMP = 0.2  # of a panel: so far a lamp's light reaches around its reflection


def follow_exposure(
    evidence: Sequence[Evidence], samples: Sequence[Image], visible: Sequence[NDArray[np.bool_]]
) -> None:
    """Bring what is known of the panels to the exposure and white balance of a new frame.

    samples: (h, w, 3) uint8, each panel in that frame. visible: (h, w) bool, what is clear of hands and reflections.
    """
    levels = []
    for known, sample, clear in zip(evidence, samples, visible, strict=True):
        where = (clear & known.known)[::SPARSE, ::SPARSE]
        levels.append(np.stack([sample[::SPARSE, ::SPARSE][where], known.image()[::SPARSE, ::SPARSE][where]]))
    now, before = np.concatenate(levels, axis=1).astype(np.float32)
    gain = np.ones(3, np.float32)
    for channel in range(3):
        one, two = now[:, channel], before[:, channel]
        told = (np.minimum(one, two) > DARK) & (np.maximum(one, two) < BURNT)
        if np.count_nonzero(told) >= FEWEST:
            gain[channel] = np.median(one[told] / two[told])
    if np.abs(gain - 1.0).max() > SAME_EXPOSURE:
        for known in evidence:
            known.relight(gain)


def under_one_light(
    known: Evidence, sample: Image, visible: NDArray[np.bool_], lamp: NDArray[np.bool_], weight: float
) -> Image:
    """Bring what is known of a panel, and a sample (h, w, 3) uint8 of it, to the mean of their lights; the sample.

    visible: (h, w) bool, what is clear of hands and reflections. lamp: (h, w) bool, a reflection that is kept out:
    around it what it adds is no light that print has a share of. weight: 0 to 1, the frame's sharpness.
    """
    height, width = visible.shape
    cell = max(height, width) / CELLS
    size = max(1, round(width / cell)), max(1, round(height / cell))
    every = np.s_[::TELLING, ::TELLING]
    now = cv2.cvtColor(np.ascontiguousarray(sample[every]), cv2.COLOR_BGR2GRAY).astype(np.float32)
    before = known.grey()[every].astype(np.float32)
    told = visible[every] & known.known[every] & (np.maximum(now, before) < BURNT)
    if (dazzled := lamp[every]).any():
        told &= cv2.dilate(dazzled.astype(np.uint8), disc(2.0 * NEAR_LAMP * float(np.sqrt(told.size)))) == 0
    share, one, two = (
        cv2.GaussianBlur(cv2.resize(p * told, size, interpolation=cv2.INTER_AREA), (0, 0), SMOOTH)
        for p in (np.ones_like(now), now, before)
    )
    black = BLACK * np.maximum(share, TOLD)
    brighter = np.where(share > TOLD, np.log((one + black) / (two + black)), np.float32(0.0))
    brighter = np.sign(brighter) * np.clip(np.abs(brighter) - SAME_LIGHT, 0.0, DARKEST)
    if not brighter.any():
        return sample
    full = cv2.resize(brighter, (width, height), interpolation=cv2.INTER_LINEAR)
    part = np.float32(weight / (float(known.weight[every][told].mean()) + weight))
    known.relight(np.exp(part * full)[..., None])
    return np.asarray(cv2.multiply(sample, cv2.merge([np.exp((part - 1.0) * full)] * 3), dtype=cv2.CV_8U), np.uint8)
