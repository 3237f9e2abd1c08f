"""What many frames together say about one panel: a picture better than any of them.

In: the panel sampled onto the canonical grid, frame after frame, with the pixels that were really seen. Out: the
picture as it most often was. Each pixel keeps two hypotheses with the weight behind them: what it is held to be, and
what contradicts that. A finger or a moving glare gathers less weight than the paper it hides, unless it stays longer.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.evidence import gather

MEMORY = 16.0  # the weight a pixel's history has at most, in frames of full sharpness
CONTRADICTS = 26.0  # grey levels off that make a second hypothesis
SATURATED = 250  # grey level from which a pixel may be glare
GLARE_SOFT = 10.0  # grey levels a px: glare fades out, printed white ends at an edge


class Evidence:
    """One panel's accumulated picture."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.picture = np.zeros((*shape, 3), np.float32)
        self.weight = np.zeros(shape, np.float32)
        self._other = np.zeros((*shape, 3), np.float32)
        self._other_weight = np.zeros(shape, np.float32)

    def add(self, picture: Image, seen: NDArray[np.bool_], weight: float) -> None:
        """Take in one sample (h, w, 3) uint8; `seen` (h, w) bool; weight: 0 to 1, the frame's sharpness."""
        off = cv2.absdiff(cv2.GaussianBlur(picture, (0, 0), 1.2), cv2.GaussianBlur(self.image(), (0, 0), 1.2))
        worst = np.asarray(cv2.max(cv2.max(off[..., 0], off[..., 1]), off[..., 2]), np.uint8)
        gather(
            np.require(picture, np.uint8, ["C", "W"]), worst, np.require(seen, np.bool_, ["C", "W"]), weight,
            CONTRADICTS, MEMORY, self.picture, self.weight, self._other, self._other_weight,
        )  # fmt: skip

    @property
    def seen(self) -> NDArray[np.bool_]:
        """(h, w) bool: pixels with anything behind them."""
        return np.asarray(self.weight > 0.05, np.bool_)

    def image(self) -> Image:
        """(h, w, 3) uint8."""
        return np.asarray(cv2.convertScaleAbs(self.picture), np.uint8)


def glare(picture: Image) -> NDArray[np.bool_]:
    """(h, w) bool: pixels of a panel (h, w, 3) uint8 that a reflection burns out, with the soft rim around them."""
    lowest = np.asarray(cv2.min(cv2.min(picture[..., 0], picture[..., 1]), picture[..., 2]), np.uint8)
    burnt = (lowest >= SATURATED).astype(np.uint8)
    if not burnt.any():
        return np.zeros(lowest.shape, np.bool_)
    length = float(np.sqrt(lowest.size))
    burnt = np.asarray(cv2.morphologyEx(burnt, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)
    count, label, stats, _ = cv2.connectedComponentsWithStats(burnt)
    grey = lowest.astype(np.float32)
    slope = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0, scale=0.125), cv2.Sobel(grey, cv2.CV_32F, 0, 1, scale=0.125))
    rim = (cv2.dilate(burnt, np.ones((7, 7), np.uint8)) > 0) & (burnt == 0)
    nearest = cv2.dilate(label.astype(np.float32), np.ones((7, 7), np.uint8)).astype(np.int64)
    total = np.bincount(nearest[rim], minlength=count)
    steep = np.bincount(nearest[rim], weights=(slope[rim] > GLARE_SOFT).astype(np.float64), minlength=count)
    is_glare = np.zeros(count, np.bool_)
    for i in range(1, count):
        is_glare[i] = stats[i, cv2.CC_STAT_AREA] > 2e-4 * length * length and steep[i] < 0.35 * total[i]
    if not is_glare.any():
        return np.zeros(lowest.shape, np.bool_)
    reach = 2 * round(0.02 * length) + 1
    spread = cv2.dilate(is_glare[label].astype(np.uint8), np.ones((reach, reach), np.uint8))
    return np.asarray(spread > 0, np.bool_)


def sharpness(grey: NDArray[np.uint8]) -> float:
    """Mean squared Laplacian of a grey picture (h, w), without what single-pixel noise adds."""
    smooth = cv2.GaussianBlur(grey, (0, 0), 1.0)
    return float(np.mean(np.square(cv2.Laplacian(smooth, cv2.CV_32F))))
