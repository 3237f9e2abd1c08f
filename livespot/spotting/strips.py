"""Long thin runs along the rim: what lies beside the panel, where an extent is a little too large or a side bows.

In: the mask of what stands out. Out: the mask of such runs. Each side's band is unrolled: at every place along the
side, how deep the run that begins at the rim reaches. What reaches deeper is a difference; it neither ends a strip nor
goes with it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

NEAR, DEEP, LONG = 0.012, 0.045, 0.12  # of the panel's size: where a run begins, how deep it may reach, its length
FILLED = 0.6  # share of its length at which a strip must stand out
BRIDGED = 0.03  # of the panel's size: gaps in a strip


def rim_strips(over: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(h, w) uint8, 0 or 1: the pixels of `over`, (h, w) uint8 0 or 1, that belong to runs along the rim."""
    height, width = over.shape
    length = float(np.sqrt(height * width))
    result = np.zeros(over.shape, np.uint8)
    # views: what is marked in a band is marked in the result
    sides = (
        (over, result),
        (over[::-1], result[::-1]),
        (over.T, result.T),
        (over.T[::-1], result.T[::-1]),
    )
    for picture, marked in sides:
        _mark(picture, marked, length)
    return result


def _mark(over: NDArray[np.uint8], marked: NDArray[np.uint8], length: float) -> None:
    """The strip along the first row of `over`, (depth, along)."""
    near, deep = max(2, round(NEAR * length)), max(3, round(DEEP * length))
    band = over[: deep + near + 2] > 0
    if len(band) < deep + near + 2:
        return
    if np.count_nonzero(band[: near + 1].any(axis=0)) < LONG * length:
        return  # too little begins at the rim
    first = np.where(band[: near + 1].any(axis=0), band[: near + 1].argmax(axis=0), len(band))
    depth = np.arange(len(band))[:, None]
    # a run goes on over a gap of one pixel
    solid = band | (np.roll(band, 1, axis=0) & np.roll(band, -1, axis=0))
    end = np.where(~solid & (depth > first), depth, len(band)).min(axis=0)
    begins = first < len(band)
    thin = begins & (end - first <= deep)
    thick = begins & ~thin
    bridge = max(1, round(BRIDGED * length))
    kernel = np.ones((1, 2 * bridge + 1), np.uint8)
    runs = cv2.morphologyEx((thin | thick).astype(np.uint8)[None], cv2.MORPH_CLOSE, kernel)[0]
    edges = np.flatnonzero(np.diff(np.concatenate([[0], runs, [0]]).astype(np.int8)))
    for begin, stop in edges.reshape(-1, 2):
        there, deeper = int(thin[begin:stop].sum()), int(thick[begin:stop].sum())
        if there >= LONG * length and there >= FILLED * (stop - begin - deeper):
            marked[: len(band), begin:stop] |= band[:, begin:stop] & thin[begin:stop] & (depth < end[begin:stop])


DEEPEST = 0.35  # of the panel's depth: lines of text that a side has taken in
LETTERS, LETTER = 20, 0.2  # so many parts at least, each no longer than this share of the side
PIECES, FULL = 8, 6  # a side is looked at in so many pieces; text stands in so many of them
SPACING = 0.06  # of the panel's depth: from line to line
DENSER = 5.0  # times as many parts in the band as in as much of the rest


def text_bands(over: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(h, w) uint8, 0 or 1: bands along the sides with many small parts all along, and few beyond: text, no picture.

    over: (h, w) uint8 0 or 1, what stands out.
    """
    height, width = over.shape
    result = np.zeros(over.shape, np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(over)
    if count <= LETTERS:
        return result
    x, y, w, h = stats[1:, :4].T
    near = NEAR * float(np.sqrt(height * width))  # what is nearer to a side is the rim's
    free = (x > near) & (y > near) & (x + w < width - near) & (y + h < height - near)
    x, y, w, h = (values[free] for values in (x, y, w, h))
    for first, last, along, size, length, marked in (
        (y, y + h, x + w / 2, w, (height, width), result),
        (height - y - h, height - y, x + w / 2, w, (height, width), result[::-1]),
        (x, x + w, y + h / 2, h, (width, height), result.T),
        (width - x - w, width - x, y + h / 2, h, (width, height), result.T[::-1]),
    ):
        marked[: _band_depth(first, last, along, size, length)] = 1
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
