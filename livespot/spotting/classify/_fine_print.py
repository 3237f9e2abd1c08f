"""The finest print of two aligned pictures, and how far it is the same: sums over cells, in one pass.

What is finer than the mean of the 3 x 3 px around it is the first to go when a camera's focus, a residual of the
registration or a lamp comes between two prints of one picture.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.runtime import Map, as_kernel_array, f32, grey_row, helper, in_bands, kernel

CELL = 8  # px


def fine_sums(a: Image, b: Image, free: NDArray[np.uint8], wanted: NDArray[np.uint8], *, threads: int = 1) -> Map:
    """(h // CELL, w // CELL, 4) float32 of panels (h, w, 3) uint8, in squared grey levels, over the cell's free pixels.

    Of the print that is finer than 3 px: a squared, b squared, a times b; and how many pixels that is. free: (h, w)
    uint8, 1 for the pixels that count, 0 for the others. wanted: (h // CELL, w // CELL) uint8, 0 for the cells that are
    left 0.
    """
    result = np.zeros((*wanted.shape, 4), np.float32)
    one, two, mask, cells = (as_kernel_array(v, np.uint8) for v in (a, b, free, wanted))
    work = int(np.count_nonzero(cells)) * CELL * CELL
    if work > 0:
        a_row = work // len(cells)
        in_bands(lambda r0, r1: _fine_sums(one, two, mask, cells, result, r0, r1), len(cells), a_row, threads)
    return result


@helper
def _column_sums(above: Any, own: Any, below: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        o[x] = above[x] + own[x] + below[x]


@helper
def _fine_row(own: Any, column: Any, free: Any, o: Any) -> None:
    """Nine times what is finer than the 3 x 3 mean, where it counts."""
    for x in range(o.shape[0]):
        o[x] = (f32(9) * own[x + 1] - (column[x] + column[x + 1] + column[x + 2])) * f32(free[x])


@helper
def _add_product(a: Any, b: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        o[x] += a[x] * b[x]


@kernel
def _add(a: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        o[x] += f32(a[x])


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


@helper
def _grey_beside(picture: Any, y: Any, x0: Any, o: Any) -> None:
    """Grey levels of a row (w, 3) from x0 - 1 on; beyond its ends the first and the last once more."""
    row, width = picture[y].reshape(-1), picture.shape[1]
    first, last = max(0, 1 - x0), min(o.shape[0], width + 1 - x0)
    grey_row(row[3 * (x0 - 1 + first) : 3 * (x0 - 1 + last)], o[first:last])
    if first > 0:
        o[0] = o[1]
    if last < o.shape[0]:
        o[last] = o[last - 1]


@kernel
def _cells(a: Any, b: Any, free: Any, result: Any, y0: Any, x0: Any) -> None:
    """Of the cells (n, 4) that lie side by side from x0 on, in the rows from y0 on."""
    height, width = free.shape[0], result.shape[0] * CELL
    greys = np.empty((2, 3, width + 2), np.float32)  # of each panel the rows above, at and below
    column = np.empty(width + 2, np.float32)
    fine = np.empty((2, width), np.float32)
    total = np.zeros((4, width), np.float32)
    for side, picture in ((0, a), (1, b)):
        _grey_beside(picture, max(0, y0 - 1), x0, greys[side, (y0 - 1) % 3])
        _grey_beside(picture, y0, x0, greys[side, y0 % 3])
    for y in range(y0, y0 + CELL):
        row = free[y, x0 : x0 + width]
        for side, picture in ((0, a), (1, b)):
            own, below = greys[side, y % 3], greys[side, (y + 1) % 3]
            _grey_beside(picture, min(height - 1, y + 1), x0, below)
            _column_sums(greys[side, (y - 1) % 3], own, below, column)
            _fine_row(own, column, row, fine[side])
        _add_product(fine[0], fine[0], total[0])
        _add_product(fine[1], fine[1], total[1])
        _add_product(fine[0], fine[1], total[2])
        _add(row, total[3])
    for c in range(result.shape[0]):
        for k in range(4):
            one = f32(0)
            for x in range(c * CELL, (c + 1) * CELL):
                one += total[k, x]
            result[c, k] = one if k == 3 else one * f32(1.0 / 81.0)
