"""All that a candidate is measured by, in one call that leaves other threads alone meanwhile.

Both panels under one light in a candidate's window, their grey, the level, and the numbers of crops and shifts.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np

from livespot.frame import Image
from livespot.geometry import Box
from livespot.spotting.kernels.bands import Map, f32, grey_row, kernel
from livespot.spotting.kernels.crops import (
    NEAR,
    Mask,
    RegionNumbers,
    _median,
    numbers_of,
    region_numbers,
    region_numbers_reference,
)
from livespot.spotting.kernels.light import (
    Window,
    _scaled_window,
    enlarged_reference,
    scaled_window_reference,
)
from livespot.spotting.kernels.regions import _between_blocks, _value_at
from livespot.spotting.kernels.shifts import shifted_difference, shifted_difference_reference


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


def measures(seen: Compared, window: Window, box: Box, labels: Mask, white: float, reach: int) -> Measures:
    """Of the candidate in `box` (x, y, width, height), looked at in `window` (x0, y0, x1, y1).

    labels: (y1 - y0, x1 - x0) uint8, as of region_numbers_reference. white: as there. reach: px, of the shifts tried.
    """
    out = np.empty(19, np.float64)
    a, b = (np.require(p, np.uint8, ["C", "W"]) for p in seen.panels)
    maps = [np.require(v, np.float32, ["C", "W"]) for v in (*seen.roots, seen.difference, seen.high)]
    mask = np.require(labels, np.uint8, ["C", "W"])
    _measures(a, b, *maps, seen.block, seen.high_block, *window, *box, mask, f32(white), reach, out)
    return Measures(numbers_of(out), float(out[16]), float(out[17]), float(out[18]))


def measures_reference(seen: Compared, window: Window, box: Box, labels: Mask, white: float, reach: int) -> Measures:
    """The same of the single references."""
    (x0, y0, x1, y1), (x, y, w, h) = window, box
    difference, level = seen.difference, enlarged_reference(seen.high, seen.high_block, window)
    a, b = (scaled_window_reference(p, r, seen.block, window) for p, r in zip(seen.panels, seen.roots, strict=True))
    grey_a, grey_b = (np.asarray(cv2.cvtColor(p, cv2.COLOR_BGR2GRAY), np.float32) for p in (a, b))
    numbers = region_numbers_reference(a, b, grey_a, grey_b, difference[y0:y1, x0:x1], level, labels, white)
    around = 2 + reach
    near = np.s_[max(0, y - y0 - around) : y - y0 + h + around, max(0, x - x0 - around) : x - x0 + w + around]
    where = np.asarray((labels[near] & NEAR) > 0, np.uint8)
    shifts = shifted_difference_reference(grey_a[near], grey_b[near], where, reach)
    return Measures(numbers, *shifts, float(np.median(level[y - y0 : y - y0 + h, x - x0 : x - x0 + w])))


@kernel
def _levels(high: Any, block: Any, x0: Any, y0: Any, o: Any) -> None:
    h, w = o.shape
    upper, lower, down = np.empty(y0 + h, np.int32), np.empty(y0 + h, np.int32), np.empty(y0 + h, np.float32)
    left, right, on = np.empty(x0 + w, np.int32), np.empty(x0 + w, np.int32), np.empty(x0 + w, np.float32)
    _between_blocks(block, upper, lower, down, high.shape[0])
    _between_blocks(block, left, right, on, high.shape[1])
    for v in range(h):
        y = y0 + v
        for u in range(w):
            x = x0 + u
            o[v, u] = _value_at(high, upper[y], lower[y], down[y], left[x], right[x], on[x])


@kernel
def _measures(
    a: Any, b: Any, root_a: Any, root_b: Any, difference: Any, high: Any, block: Any, high_block: Any,
    x0: Any, y0: Any, x1: Any, y1: Any, x: Any, y: Any, w: Any, h: Any, labels: Any, white: Any, reach: Any, out: Any,
) -> None:  # fmt: skip
    rows, columns = y1 - y0, x1 - x0
    lit_a, lit_b = np.empty((rows, columns, 3), np.float32), np.empty((rows, columns, 3), np.float32)
    _scaled_window(a, root_a, block, x0, y0, lit_a)
    _scaled_window(b, root_b, block, x0, y0, lit_b)
    grey_a, grey_b = np.empty((rows, columns), np.float32), np.empty((rows, columns), np.float32)
    grey_row(lit_a.reshape(-1), grey_a.reshape(-1))
    grey_row(lit_b.reshape(-1), grey_b.reshape(-1))
    level = np.empty((rows, columns), np.float32)
    _levels(high, high_block, x0, y0, level)
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
