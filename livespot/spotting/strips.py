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
