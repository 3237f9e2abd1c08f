"""What many frames together say about one panel: a picture better than any of them.

In: the panel sampled onto the canonical grid, frame after frame, with the pixels that were really seen. Out: the picture
as it most often was. Each pixel keeps two hypotheses with the weight behind them: what it is held to be, and what
contradicts that. A finger or a moving glare gathers less weight than the paper it hides, unless it stays longer.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image

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
        new = picture.astype(np.float32)
        off = np.abs(cv2.GaussianBlur(new - self.picture, (0, 0), 1.2)).max(axis=2)
        fresh = self.weight <= 0
        agrees = (off < CONTRADICTS) | fresh
        share = np.where(seen & agrees, weight, 0.0).astype(np.float32)
        self._blend(self.picture, self.weight, new, share)
        # what agrees wears the contradiction down
        self._other_weight[seen & agrees & ~fresh] *= 0.8
        against = np.where(seen & ~agrees, weight, 0.0).astype(np.float32)
        self._blend(self._other, self._other_weight, new, against)
        swap = self._other_weight > self.weight
        if swap.any():
            self.picture[swap], self._other[swap] = self._other[swap], self.picture[swap].copy()
            self.weight[swap], self._other_weight[swap] = self._other_weight[swap], self.weight[swap].copy()

    @staticmethod
    def _blend(
        mean: NDArray[np.float32], total: NDArray[np.float32], new: NDArray[np.float32], share: NDArray[np.float32]
    ) -> None:
        sum_ = total + share
        rate = np.where(sum_ > 0, share / np.maximum(sum_, 1e-6), 0.0).astype(np.float32)
        mean += rate[..., None] * (new - mean)
        np.minimum(sum_, MEMORY, out=total)

    @property
    def seen(self) -> NDArray[np.bool_]:
        """(h, w) bool: pixels with anything behind them."""
        return np.asarray(self.weight > 0.05, np.bool_)

    def image(self) -> Image:
        """(h, w, 3) uint8."""
        return np.clip(np.round(self.picture), 0, 255).astype(np.uint8)


def glare(picture: Image) -> NDArray[np.bool_]:
    """(h, w) bool: pixels of a panel (h, w, 3) uint8 that a reflection burns out, with the soft rim around them."""
    lowest = picture.min(axis=2)
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
    reach = 2 * int(round(0.02 * length)) + 1
    spread = cv2.dilate(is_glare[label].astype(np.uint8), np.ones((reach, reach), np.uint8))
    return np.asarray(spread > 0, np.bool_)


def sharpness(grey: NDArray[np.uint8]) -> float:
    """Mean squared Laplacian of a grey picture (h, w), without what single-pixel noise adds."""
    smooth = cv2.GaussianBlur(grey, (0, 0), 1.0)
    return float(np.mean(np.square(cv2.Laplacian(smooth, cv2.CV_32F))))
