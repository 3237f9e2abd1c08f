"""What a candidate is measured by in its window, for _candidate.py.

Both panels under one light there, their grey, the level, and the numbers of crops and shifts.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from livespot.frame import Image
from livespot.spotting.classify._shifts import shifted_difference
from livespot.spotting.difference._components import _between_blocks
from livespot.spotting.kernels.crops import NEAR, RegionNumbers, _median, region_numbers
from livespot.spotting.kernels.light import _scaled_window
from livespot.spotting.kernels.runtime import Map, grey_row, helper


class Compared(NamedTuple):
    """What is the same for every candidate of two panels.

    panels: A and B, (h, w, 3) uint8. roots: what each is multiplied by, (gh, gw, 3) float32, by blocks of `block` px.
    difference: (h, w) float32, the map. high: (gh, gw) float32, its level, by blocks of `high_block` px. Blocks are
    interpolated between their middles.
    """

    panels: tuple[Image, Image]
    roots: tuple[Map, Map]
    block: int
    difference: Map
    high: Map
    high_block: int


class Measures(NamedTuple):
    """numbers: of the crop. unshifted, best: mean difference near the candidate, as it is and at the best shift.
    level: the median of the level over its box.
    """

    numbers: RegionNumbers
    unshifted: float
    best: float
    level: float


@helper
def _level_row(upper: Any, lower: Any, down: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        o[x] = upper[x] + (lower[x] - upper[x]) * down


@helper
def levels_in(high: Any, block: Any, x0: Any, y0: Any, o: Any) -> None:
    """A grid by blocks at the pixels (h, w) from (x0, y0) on."""
    h, w = o.shape
    upper, lower, down = np.empty(h, np.int32), np.empty(h, np.int32), np.empty(h, np.float32)
    left, right, on = np.empty(w, np.int32), np.empty(w, np.int32), np.empty(w, np.float32)
    _between_blocks(block, y0, upper, lower, down, high.shape[0])
    _between_blocks(block, x0, left, right, on, high.shape[1])
    above, below = np.empty(w, np.float32), np.empty(w, np.float32)
    held = np.int32(-9)
    for y in range(h):
        if upper[y] + lower[y] != held:
            held = upper[y] + lower[y]
            for x in range(w):
                top, low = high[upper[y], left[x]], high[lower[y], left[x]]
                above[x] = top + (high[upper[y], right[x]] - top) * on[x]
                below[x] = low + (high[lower[y], right[x]] - low) * on[x]
        _level_row(above, below, down[y], o[y])


@helper
def measures_into(
    a: Any, b: Any, root_a: Any, root_b: Any, difference: Any, high: Any, block: Any, high_block: Any,
    x0: Any, y0: Any, x1: Any, y1: Any, x: Any, y: Any, w: Any, h: Any,
    labels: Any, white: Any, reach: Any, level: Any, out: Any,
) -> None:  # fmt: skip
    """As measures_reference: the numbers into the first 16 of `out`, the others into the next three, the level of the
    whole window into `level`.
    """
    rows, columns = y1 - y0, x1 - x0
    lit_a, lit_b = np.empty((rows, columns, 3), np.float32), np.empty((rows, columns, 3), np.float32)
    _scaled_window(a, root_a, block, x0, y0, lit_a)
    _scaled_window(b, root_b, block, x0, y0, lit_b)
    grey_a, grey_b = np.empty((rows, columns), np.float32), np.empty((rows, columns), np.float32)
    grey_row(lit_a.reshape(-1), grey_a.reshape(-1))
    grey_row(lit_b.reshape(-1), grey_b.reshape(-1))
    levels_in(high, high_block, x0, y0, level)
    part = np.empty((rows, columns), np.float32)
    for v in range(rows):
        for u in range(columns):
            part[v, u] = difference[y0 + v, x0 + u]
    region_numbers(lit_a, lit_b, grey_a, grey_b, part, level, labels, white, out)
    around = 2 + reach
    top, left = max(0, y - y0 - around), max(0, x - x0 - around)
    bottom, right = min(rows, y - y0 + h + around), min(columns, x - x0 + w + around)
    out[16], out[17] = shifted_difference(grey_a, grey_b, labels, NEAR, top, left, bottom - top, right - left, reach)
    over_box = np.empty(h * w, np.float32)
    for v in range(h):
        for u in range(w):
            over_box[v * w + u] = level[y - y0 + v, x - x0 + u]
    out[18] = _median(over_box)
