"""Lines of text that an extent has taken in along a side, told from differences by their many small parts.

In: the mask of what stands out. Out: the mask of the bands the text stands in. Columns of text beside the panels keep
the same lines, so that text lies on text there; its letters differ nearly everywhere.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.strips import NEAR

DEEPEST = 0.35  # of the panel's depth: lines of text that a side has taken in
LETTERS, LETTER = 20, 0.2  # so many parts at least, each no longer than this share of the side
PIECES, FULL = 8, 6  # a side is looked at in so many pieces; text stands in so many of them
SPACING = 0.06  # of the panel's depth: from line to line
DENSER = 5.0  # times as many parts in the band as in as much of the rest
COVERED = 0.06  # of the band, that stands out at least: small differences scattered over it are no text


def text_bands(over: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(h, w) uint8, 0 or 1: bands along the sides with many small parts all along, and few beyond: text, no picture.

    over: (h, w) uint8 0 or 1, what stands out.
    """
    height, width = over.shape
    result = np.zeros(over.shape, np.uint8)
    # outlines of parts and of holes: a tenth of the time that numbering all pixels takes
    outlines, tree = cv2.findContours(over, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if len(outlines) < LETTERS:
        return result
    parts = [cv2.boundingRect(one) for one, relatives in zip(outlines, tree[0], strict=True) if relatives[3] < 0]
    if len(parts) < LETTERS:
        return result
    x, y, w, h = np.array(parts, np.int32).T
    near = NEAR * float(np.sqrt(height * width))  # what is nearer to a side is the rim's
    free = (x > near) & (y > near) & (x + w < width - near) & (y + h < height - near)
    x, y, w, h = (values[free] for values in (x, y, w, h))
    for first, last, along, size, length, turned, marked in (
        (y, y + h, x + w / 2, w, (height, width), over, result),
        (height - y - h, height - y, x + w / 2, w, (height, width), over[::-1], result[::-1]),
        (x, x + w, y + h / 2, h, (width, height), over.T, result.T),
        (width - x - w, width - x, y + h / 2, h, (width, height), over.T[::-1], result.T[::-1]),
    ):
        deep = _band_depth(first, last, along, size, length)
        if deep and np.count_nonzero(turned[:deep]) >= COVERED * deep * length[1]:
            marked[:deep] = 1
    return result


def _band_depth(
    first: NDArray[np.int32],
    last: NDArray[np.int32],
    along: NDArray[np.float64],
    size: NDArray[np.int32],
    length: tuple[int, int],
) -> int:
    """How deep the band of text along a side reaches; 0 when there is none.

    Of each part: where it begins and ends, as a depth; its middle and size along the side. length: depth and side, px.
    """
    deepest = DEEPEST * length[0]
    letter = (size <= LETTER * length[1]) & (last <= deepest)
    piece = np.minimum((along / length[1] * PIECES).astype(int), PIECES - 1)
    # lines follow each other closely; what lies apart from them is the picture's
    order = np.argsort(first, kind="stable")
    reached = 0.0
    for part in order[letter[order]]:
        if first[part] > reached + SPACING * length[0]:
            break
        reached = max(reached, float(last[part]))
    letter &= last <= reached
    found = 0
    for deep in np.unique(last[letter]):
        inside = letter & (last <= deep)
        number = int(inside.sum())
        if number < LETTERS or (np.bincount(piece[inside], minlength=PIECES) >= 2).sum() < FULL:
            continue
        beyond = int((first >= deep).sum()) / max(length[0] - deep, 1)
        if number / deep >= DENSER * beyond:
            found = int(deep)
    return min(length[0], found + 2) if found else 0
