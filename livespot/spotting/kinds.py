"""What happened to a region: added, removed, changed, recoloured, moved.

In: both panels under the same light and the region's mask. Out: a Kind. An object that only one panel has brings its
own outline, texture and colours, where the other panel shows what is all around; one that was recoloured keeps its
pattern; one that moved within the region is found again in the other panel (see moved). Everything is measured on a
crop of at most SIZE px, and the same both ways round: exchanging the panels exchanges added and removed.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Box
from livespot.spotting.findings import Kind
from livespot.spotting.kernels.crops import correlation, strangeness
from livespot.spotting.moved import explained_by_a_move
from livespot.spotting.photometry import Lit

# fitted on the project's own puzzles of seeds below 500, where the five kinds come apart on these three numbers
ONE_SIDED = 0.2  # how much more of an object one panel has than the other, 0 to 1
SAME_PATTERN = 0.7  # correlation of the two panels inside the region
SAME_OUTLINE = 0.9  # correlation of the gradients' strength in and around it: what is of one colour has no pattern
MOVED = 0.5  # share of what differs that one shift explains, and more the more one-sided it is

SIZE = 48  # px, longer side of the crop that is looked at
MARGIN = 0.25  # of the region's longer side, around it
NOISE = 4.0  # grey levels (a px): what weighs nothing
UNCORRELATED = 30.0  # grey levels squared of variance that are noise
COLOURS = 80  # pixels that stand for all
MEAN, SUM = np.full((1, 3), 1 / 3, np.float32), np.ones((1, 3), np.float32)  # of the channels


@dataclass(frozen=True, eq=False)
class Crop:
    """One region in both panels. a, b: (h, w, 3) float32. inside: (h, w) uint8, 1 where they differ. scale: <= 1."""

    a: NDArray[np.float32]
    b: NDArray[np.float32]
    inside: NDArray[np.uint8]
    scale: float

    @functools.cached_property
    def gradients(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Of either panel, (h, w) float32 grey levels a px."""
        return _gradient(self.a), _gradient(self.b)


def kind_of(lit: Lit, box: Box, mask: NDArray[np.bool_]) -> Kind:
    """box: (x, y, width, height) px of the panels. mask: (height, width) bool."""
    crop = crop_of(lit, box, mask)
    if not crop.inside.any():
        return Kind.CHANGED
    if _common_pattern(crop) > SAME_PATTERN:
        return Kind.RECOLOURED
    side = one_sidedness(crop)
    if abs(side) > ONE_SIDED:
        return Kind.REMOVED if side > 0 else Kind.ADDED
    if _common_outline(crop) > SAME_OUTLINE:
        return Kind.RECOLOURED
    if explained_by_a_move(crop.a, crop.b, crop.inside) > MOVED + abs(side):
        return Kind.MOVED
    return Kind.CHANGED


def crop_of(lit: Lit, box: Box, mask: NDArray[np.bool_]) -> Crop:
    """The region with a margin around it, made smaller when it is large."""
    height, width = lit.a.shape[:2]
    x, y, w, h = box
    margin = max(5, int(MARGIN * max(w, h)))
    x0, y0, x1, y1 = max(0, x - margin), max(0, y - margin), min(width, x + w + margin), min(height, y + h + margin)
    inside = np.zeros((y1 - y0, x1 - x0), np.uint8)
    inside[y - y0 : y - y0 + h, x - x0 : x - x0 + w] = mask
    part_a, part_b = lit.window((x0, y0, x1, y1))
    scale = min(1.0, SIZE / max(inside.shape))
    if scale == 1.0:
        return Crop(part_a, part_b, inside, scale)
    size = (max(8, round(inside.shape[1] * scale)), max(8, round(inside.shape[0] * scale)))
    small_a, small_b, share = (
        np.asarray(cv2.resize(p, size, interpolation=cv2.INTER_AREA), np.float32)
        for p in (part_a, part_b, inside.astype(np.float32))
    )
    # a thin region must not vanish
    return Crop(small_a, small_b, (share >= min(0.35, float(share.max()))).astype(np.uint8), scale)


def one_sidedness(crop: Crop) -> float:
    """Whether one panel alone has an object: near 1 when it is A, near -1 when it is B, 0 when both are alike."""
    reach = max(1, round(2 * crop.scale))
    around = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    whole, outline = _silhouette(crop.inside)
    strength_a, strength_b = crop.gradients
    edge = _balance(*(cv2.mean(cv2.dilate(s, around), outline)[0] for s in (strength_a, strength_b)))
    texture = _balance(*(cv2.mean(s, whole)[0] for s in (strength_a, strength_b)))
    grown = cv2.dilate(whole, np.ones((2 * reach + 7, 2 * reach + 7), np.uint8))
    beside = np.asarray(grown - cv2.dilate(whole, around), np.uint8)
    if not beside.any():
        return 0.5 * (edge + texture)
    return (edge + texture + _balance(*strangeness(crop.a, crop.b, crop.inside, beside, COLOURS))) / 3.0


def _silhouette(inside: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The region without holes and gaps, and its outline; (h, w) uint8."""
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    shorter = min(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    k = max(3, int(0.15 * shorter) * 2 + 1)
    padded = cv2.copyMakeBorder(inside, k, k, k, k, cv2.BORDER_CONSTANT)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (k, k)))
    contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    whole, outline = np.zeros_like(closed), np.zeros_like(closed)
    cv2.drawContours(whole, contours, -1, 1, -1)
    cv2.drawContours(outline, contours, -1, 1, 1)
    return np.asarray(whole[k:-k, k:-k], np.uint8), np.asarray(outline[k:-k, k:-k], np.uint8)


def _gradient(part: NDArray[np.float32]) -> NDArray[np.float32]:
    """(h, w) float32 grey levels a px, over the three channels."""
    smooth = cv2.GaussianBlur(part, (0, 0), 0.7)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=0.125)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=0.125)
    squares = cv2.add(cv2.multiply(across, across), cv2.multiply(down, down))
    return np.asarray(cv2.sqrt(cv2.transform(squares, SUM)), np.float32)


def _balance(one: float, two: float) -> float:
    """Which of two strengths is larger: 1 only the first, -1 only the second."""
    return (one - two) / (one + two + NOISE)


def _common_pattern(crop: Crop) -> float:
    """Correlation of the two panels' brightness inside the region."""
    grey_a, grey_b = (np.asarray(cv2.transform(p, MEAN), np.float32) for p in (crop.a, crop.b))
    return correlation(grey_a, grey_b, crop.inside, UNCORRELATED * float(np.count_nonzero(crop.inside)))


def _common_outline(crop: Crop) -> float:
    """Correlation of the two panels' gradients in the region and around it."""
    reach = max(1, round(2 * crop.scale))
    near = np.asarray(cv2.dilate(crop.inside, np.ones((2 * reach + 3, 2 * reach + 3), np.uint8)), np.uint8)
    return correlation(*crop.gradients, near, NOISE * float(np.count_nonzero(near)))
