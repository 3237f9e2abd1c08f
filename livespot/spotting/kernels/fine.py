"""The finest print of two aligned pictures, and how far it is the same: sums over cells, in one pass.

What is finer than the mean of the 3 x 3 px around it is the first to go when a camera's focus, a residual of the
registration or a lamp comes between two prints of one picture.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.bands import Map, f32, in_bands, kernel

CELL = 8  # px


def fine_sums(a: Image, b: Image, free: NDArray[np.uint8], wanted: NDArray[np.uint8], *, threads: int = 1) -> Map:
    """(h // CELL, w // CELL, 4) float32 of panels (h, w, 3) uint8, in squared grey levels, over the cell's free pixels.

    Of the print that is finer than 3 px: a squared, b squared, a times b; and how many pixels that is. free: (h, w)
    uint8, 1 for the pixels that count, 0 for the others. wanted: (h // CELL, w // CELL) uint8, 0 for the cells that are
    left 0.
    """
    result = np.zeros((*wanted.shape, 4), np.float32)
    one, two, mask, cells = (np.require(v, np.uint8, ["C", "W"]) for v in (a, b, free, wanted))
    work = int(np.count_nonzero(cells)) * CELL * CELL
    if work > 0:
        a_row = work // len(cells)
        in_bands(lambda r0, r1: _fine_sums(one, two, mask, cells, result, r0, r1), len(cells), a_row, threads)
    return result


def fine_sums_reference(a: Image, b: Image, free: NDArray[np.uint8], wanted: NDArray[np.uint8]) -> Map:
    """The same in NumPy and OpenCV."""
    fine = []
    for picture in (a, b):
        blue, green, red = (picture[..., i].astype(np.int32) for i in range(3))
        grey = ((29 * blue + 150 * green + 77 * red + 128) >> 8).astype(np.float32)
        box = cv2.boxFilter(grey, -1, (3, 3), normalize=False, borderType=cv2.BORDER_REPLICATE)
        fine.append((9 * grey - box).astype(np.float64) / 9 * free)
    rows, columns = wanted.shape
    maps = (fine[0] * fine[0], fine[1] * fine[1], fine[0] * fine[1], free.astype(np.float64))
    cells = [m[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL).sum(axis=(1, 3)) for m in maps]
    return np.asarray(np.stack(cells, axis=-1) * (wanted > 0)[..., None], np.float32)


@kernel
def _grey_row(picture: Any, x0: Any, o: Any) -> None:
    """Grey levels of a row (w, 3) from x0 - 1 on; beyond its ends the first and the last once more."""
    width = picture.shape[0]
    first, last = max(0, 1 - x0), min(o.shape[0], width + 1 - x0)
    for i in range(first, last):
        x = x0 - 1 + i
        blue, green, red = np.int32(picture[x, 0]), np.int32(picture[x, 1]), np.int32(picture[x, 2])
        o[i] = np.int16((np.int32(29) * blue + np.int32(150) * green + np.int32(77) * red + np.int32(128)) >> 8)
    if first > 0:
        o[0] = o[1]
    if last < o.shape[0]:
        o[last] = o[last - 1]


@kernel
def _fine_row(above: Any, own: Any, below: Any, column: Any, o: Any) -> None:
    """Nine times what is finer than the 3 x 3 mean."""
    for x in range(column.shape[0]):
        column[x] = above[x] + own[x] + below[x]
    for x in range(o.shape[0]):
        box = np.int32(column[x]) + np.int32(column[x + 1]) + np.int32(column[x + 2])
        o[x] = np.int32(9) * np.int32(own[x + 1]) - box


@kernel
def _add_products(a: Any, b: Any, free: Any, squares_a: Any, squares_b: Any, both: Any, count: Any) -> None:
    for x in range(a.shape[0]):
        one, two = a[x] * np.int32(free[x]), b[x] * np.int32(free[x])
        squares_a[x] += one * one
        squares_b[x] += two * two
        both[x] += one * two
        count[x] += np.int32(free[x])


@kernel
def _fine_sums(a: Any, b: Any, free: Any, wanted: Any, result: Any, r0: Any, r1: Any) -> None:
    columns = wanted.shape[1]
    for r in range(r0, r1):
        c = 0
        while c < columns:
            if wanted[r, c] == 0:
                c += 1
                continue
            end = c + 1
            while end < columns and wanted[r, end] > 0:
                end += 1
            _cells(a, b, free, result[r, c:end], r * CELL, c * CELL)
            c = end


@kernel
def _cells(a: Any, b: Any, free: Any, result: Any, y0: Any, x0: Any) -> None:
    """Of the cells (n, 4) that lie side by side from x0 on, in the rows from y0 on."""
    height, width = free.shape[0], result.shape[0] * CELL
    greys = np.empty((2, 3, width + 2), np.int16)  # of each panel the rows above, at and below
    column = np.empty(width + 2, np.int16)
    fine = np.empty((2, width), np.int32)
    total = np.zeros((4, width), np.int32)
    for side, picture in ((0, a), (1, b)):
        _grey_row(picture[max(0, y0 - 1)], x0, greys[side, (y0 - 1) % 3])
        _grey_row(picture[y0], x0, greys[side, y0 % 3])
    for y in range(y0, y0 + CELL):
        for side, picture in ((0, a), (1, b)):
            _grey_row(picture[min(height - 1, y + 1)], x0, greys[side, (y + 1) % 3])
            _fine_row(greys[side, (y - 1) % 3], greys[side, y % 3], greys[side, (y + 1) % 3], column, fine[side])
        row = free[y, x0 : x0 + width]
        _add_products(fine[0], fine[1], row, total[0], total[1], total[2], total[3])
    for c in range(result.shape[0]):
        for k in range(4):
            one = f32(0)
            for x in range(c * CELL, (c + 1) * CELL):
                one += f32(total[k, x])
            result[c, k] = one if k == 3 else one * f32(1.0 / 81.0)
