"""The finest print of two aligned pictures, and how far it is the same: sums over cells.

What is finer than the mean of the 3 x 3 px around it is the first to go when a camera's focus, a residual of the
registration or a lamp comes between two prints of one picture.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.runtime import Map

CELL = 8  # px


def fine_sums(a: Image, b: Image, free: NDArray[np.uint8], wanted: NDArray[np.uint8]) -> Map:
    """(h // CELL, w // CELL, 4) float32 of panels (h, w, 3) uint8, in squared grey levels, over the cell's free pixels.

    Of the print that is finer than 3 px: a squared, b squared, a times b; and how many pixels that is. free: (h, w)
    uint8, 1 for the pixels that count, 0 for the others. wanted: (h // CELL, w // CELL) uint8, 0 for the cells that are
    left 0.
    """
    result = np.zeros((*wanted.shape, 4), np.float32)
    if not wanted.any():
        return result
    left, top, columns, rows = cv2.boundingRect(wanted)
    here = np.s_[top * CELL : (top + rows) * CELL, left * CELL : (left + columns) * CELL]
    counted = free[here].astype(np.float32)
    one, two = (_fine(p, here) * counted for p in (a, b))
    for k, values in enumerate((one * one, two * two, one * two, counted)):
        means = cv2.resize(values, (columns, rows), interpolation=cv2.INTER_AREA)
        result[top : top + rows, left : left + columns, k] = means * np.float32(CELL * CELL)
    return result * (wanted > 0)[..., None]


def _fine(picture: Image, here: tuple[slice, slice]) -> Map:
    """What of the grey levels is finer than their 3 x 3 mean, in a part of a picture."""
    y0, x0 = (max(0, s.start - 1) for s in here)
    part = picture[y0 : here[0].stop + 1, x0 : here[1].stop + 1]
    grey = cv2.cvtColor(part.astype(np.float32), cv2.COLOR_BGR2GRAY)
    fine = grey - cv2.blur(grey, (3, 3), borderType=cv2.BORDER_REPLICATE)
    rows, columns = (s.stop - s.start for s in here)
    down, right = here[0].start - y0, here[1].start - x0
    return np.asarray(fine[down : down + rows, right : right + columns], np.float32)
