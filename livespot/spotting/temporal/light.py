"""The light on a page from frame to frame: a camera sets its exposure, and the shadow of whoever holds it moves.

In: what is known of the panels, and a new sample of each. Out: both under one light, so that they can be told apart
pixel by pixel. The light that is kept is the mean of all samples': no frame's shadow stays in it.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.temporal.accumulator import Evidence

SPARSE = 6  # px: of so many rows and columns one tells the exposure
DARK, BURNT, FEWEST = 24.0, 240.0, 100  # grey levels: pixels between them tell it, if there are so many
SAME_EXPOSURE = 0.01  # of the levels: no more than noise makes
CELLS = 16  # along the longer side, on which a shadow is told
SAME_LIGHT, DARKEST = 0.04, 0.6  # logarithm of brightness: no shadow yet; what more there is, is none
TOLD = 0.1  # of a cell, at least, is seen in both
BLACK = 4.0  # grey levels added before a ratio is taken


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


def under_one_light(known: Evidence, sample: Image, visible: NDArray[np.bool_], weight: float) -> Image:
    """The sample (h, w, 3) uint8 in the light that what is known is brought to, after each shadow that differs.

    visible: (h, w) bool, what is clear of hands and reflections. weight: 0 to 1, the frame's sharpness.
    """
    now, before = cv2.cvtColor(sample, cv2.COLOR_BGR2GRAY), known.grey()
    told = visible & known.known & (np.maximum(now, before) < BURNT)
    height, width = told.shape
    cell = max(height, width) / CELLS
    size = max(1, round(width / cell)), max(1, round(height / cell))
    share, one, two = (
        cv2.GaussianBlur(cv2.resize(p * told.astype(np.float32), size, interpolation=cv2.INTER_AREA), (0, 0), 0.8)
        for p in (np.float32(1.0), now, before)
    )
    brighter = np.where(share > TOLD, np.log((one + BLACK * share + 1e-3) / (two + BLACK * share + 1e-3)), 0.0)
    brighter = np.sign(brighter) * np.clip(np.abs(brighter) - SAME_LIGHT, 0.0, DARKEST)
    if not brighter.any():
        return sample
    full = cv2.resize(brighter.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    had = float(known.weight[told].mean())
    part = np.float32(weight / (had + weight))
    known.relight(np.exp(part * full)[..., None])
    return np.asarray(cv2.multiply(sample, cv2.merge([np.exp((part - 1.0) * full)] * 3), dtype=cv2.CV_8U), np.uint8)
