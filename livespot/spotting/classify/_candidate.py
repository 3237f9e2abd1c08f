"""Everything a candidate is measured by, from its mask on: one call, in which other threads go on.

Its surroundings labelled, the numbers of _measures.py, how thick it is, how far it stands out of a wider blur, where
the rim is, what the map and the finest print are like around it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Box
from livespot.spotting.classify._measures import Compared, Measures, measures_into
from livespot.spotting.difference._fused_rows import CELL
from livespot.spotting.kernels.crops import AROUND, BESIDE, INSIDE, NEAR, RING, Mask, _select, numbers_of
from livespot.spotting.kernels.masks import copied, widened_on
from livespot.spotting.kernels.runtime import Map, as_kernel_array, f32, helper, kernel, mirrored

Cells = tuple[int, int, int, int]  # first and end row, first and end column

WIDE = 2.5  # px, sigma of the wider blur
TAPS = 10  # of it, each way
SURROUNDED = 10  # cells around a candidate
STRAIGHT, DIAGONAL = f32(0.955), f32(1.3693)  # px: how long OpenCV takes a step to be (Borgefors)


class Panels(NamedTuple):
    """What all candidates of two panels share. claimed: (h, w) uint8, 1 where there is one. seen: (h, w) uint8, what is
    on both. peaks: of the map, by cells of CELL px. fine: (gh, gw, 4) of fine_sums.
    """

    compared: Compared
    claimed: Mask
    seen: Mask
    peaks: Map
    fine: Map


class Reach(NamedTuple):
    """margin: px around a candidate that are looked at, 4 at least. rim: px, from where on the rim is far away.
    white: of region_numbers. shift: px, tried each way.
    """

    margin: int
    rim: float
    white: float
    shift: int


class Numbers(NamedTuple):
    """thickness: px, the largest inscribed circle's radius. wide: the peak of the wider blur over the level. nearest,
    furthest: px of its pixels to a place that is not on both panels, anything above `rim` if further than that. usual:
    what the map reaches in every tenth cell around it. fine: sums over its cells.
    """

    measures: Measures
    pixels: int
    thickness: float
    wide: float
    nearest: float
    furthest: float
    usual: float
    fine: tuple[float, float, float, float]


def numbers_of_candidate(panels: Panels, box: Box, mask: NDArray[np.bool_], cells: Cells, reach: Reach) -> Numbers:
    """box: (x, y, width, height) px. mask: (height, width), not empty. cells: of the finest print around it."""
    c = panels.compared
    a, b = (as_kernel_array(p, np.uint8) for p in c.panels)
    maps = [as_kernel_array(v, np.float32) for v in (*c.roots, c.difference, c.high, panels.peaks, panels.fine)]
    masks = [as_kernel_array(m, np.uint8) for m in (panels.claimed, panels.seen, mask.view(np.uint8))]
    out = np.zeros(30, np.float64)
    _candidate(
        a, b, *maps, *masks, c.block, c.high_block, *box, *cells,
        reach.margin, f32(reach.rim), f32(reach.white), reach.shift, out,
    )  # fmt: skip
    n = [float(v) for v in out[16:]]
    measured = Measures(numbers_of(out), n[0], n[1], n[2])
    return Numbers(measured, int(n[3]), n[4], n[5], n[6], n[7], n[8], (n[9], n[10], n[11], n[12]))


@helper
def _add_times(row: Any, weight: Any, o: Any) -> None:
    """o += weight * row."""
    for x in range(o.shape[0]):
        o[x] += row[x] * weight


@helper
def _distances(known: Any, o: Any) -> None:
    """How far each pixel is from the nearest 0, px, in steps straight and diagonal; o: (h, w) float32."""
    h, w = known.shape
    far = f32(1e6)
    for y in range(h):
        for x in range(w):
            least = far
            if known[y, x] == 0:
                least = f32(0)
            else:
                if x > 0:
                    least = min(least, o[y, x - 1] + STRAIGHT)
                if y > 0:
                    least = min(least, o[y - 1, x] + STRAIGHT)
                    if x > 0:
                        least = min(least, o[y - 1, x - 1] + DIAGONAL)
                    if x < w - 1:
                        least = min(least, o[y - 1, x + 1] + DIAGONAL)
            o[y, x] = least
    for y in range(h - 1, -1, -1):
        for x in range(w - 1, -1, -1):
            least = o[y, x]
            if x < w - 1:
                least = min(least, o[y, x + 1] + STRAIGHT)
            if y < h - 1:
                least = min(least, o[y + 1, x] + STRAIGHT)
                if x < w - 1:
                    least = min(least, o[y + 1, x + 1] + DIAGONAL)
                if x > 0:
                    least = min(least, o[y + 1, x - 1] + DIAGONAL)
            o[y, x] = least


@helper
def _thickness(mask: Any) -> Any:
    h, w = mask.shape
    known, distance = np.zeros((h + 2, w + 2), np.uint8), np.empty((h + 2, w + 2), np.float32)
    copied(mask, known[1 : h + 1, 1 : w + 1])
    _distances(known, distance)
    most = f32(0)
    for y in range(1, h + 1):
        for x in range(1, w + 1):
            most = max(most, distance[y, x])
    return most


@helper
def _to_the_rim(seen: Any, mask: Any, x: Any, y: Any, most: Any) -> Any:
    """How far the mask's nearest pixel and its furthest one are from what is not on both panels, px."""
    height, width = seen.shape
    h, w = mask.shape
    margin = int(most) + 2
    x0, y0, x1, y1 = x - margin, y - margin, x + w + margin, y + h + margin
    free = x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height
    if free:
        for v in range(y0, y1):
            for u in range(x0, x1):
                free &= seen[v, u] != 0
    if free:
        return most + f32(1), most + f32(1)
    known, distance = np.zeros((y1 - y0, x1 - x0), np.uint8), np.empty((y1 - y0, x1 - x0), np.float32)
    for v in range(max(0, y0), min(height, y1)):
        for u in range(max(0, x0), min(width, x1)):
            known[v - y0, u - x0] = seen[v, u]
    _distances(known, distance)
    nearest, furthest = most + f32(1), f32(0)
    for v in range(h):
        for u in range(w):
            if mask[v, u] != 0:
                own = min(distance[v + margin, u + margin], most + f32(1))
                nearest, furthest = min(nearest, own), max(furthest, own)
    return nearest, furthest


@helper
def _wide_peak(d: Any, mask: Any, x0: Any, y0: Any, level: Any, top: Any, left: Any) -> Any:
    """The highest of the map, blurred more widely, over its level where the mask is; (top, left) of it in `level`."""
    height, width = d.shape
    h, w = mask.shape
    taps, total = np.empty(TAPS + 1, np.float32), 0.0
    for i in range(TAPS + 1):
        taps[i] = np.exp(-0.5 * (i / WIDE) ** 2)
        total += taps[i] if i == 0 else 2 * taps[i]
    for i in range(TAPS + 1):
        taps[i] = f32(taps[i] / total)
    line, smooth = np.empty(w + 2 * TAPS, np.float32), np.empty(w, np.float32)
    first, end = max(x0 - TAPS, 0), min(x0 + w + TAPS, width)
    at = first - (x0 - TAPS)
    peak = f32(0)
    for y in range(h):
        line[:] = 0
        inner = line[at : at + end - first]
        for i in range(-TAPS, TAPS + 1):
            _add_times(d[mirrored(y0 + y + i, height), first:end], taps[abs(i)], inner)
        for x in range(at):
            line[x] = line[mirrored(x0 - TAPS + x, width) - x0 + TAPS]
        for x in range(at + end - first, w + 2 * TAPS):
            line[x] = line[mirrored(x0 - TAPS + x, width) - x0 + TAPS]
        smooth[:] = 0
        for i in range(2 * TAPS + 1):
            _add_times(line[i : i + w], taps[abs(i - TAPS)], smooth)
        for x in range(w):
            if mask[y, x] != 0:
                peak = max(peak, smooth[x] / level[top + y, left + x])
    return peak


@helper
def _usual_peak(peaks: Any, x: Any, y: Any, w: Any, h: Any) -> Any:
    """What the map reaches in every tenth cell around a box, the box and what touches it left out."""
    rows, columns = peaks.shape
    left, top, right, bottom = x // CELL, y // CELL, (x + w - 1) // CELL + 1, (y + h - 1) // CELL + 1
    y0, x0 = max(0, top - SURROUNDED), max(0, left - SURROUNDED)
    y1, x1 = min(rows, bottom + SURROUNDED), min(columns, right + SURROUNDED)
    values, count = np.empty((y1 - y0) * (x1 - x0), np.float32), 0
    for v in range(y0, y1):
        for u in range(x0, x1):
            if not (top - 1 <= v < bottom + 1 and left - 1 <= u < right + 1):
                values[count] = peaks[v, u]
                count += 1
    if count == 0:
        return f32(0)
    return _select(values[:count], count - 1 - count // 10)


@kernel
def _labelled(inside: Any, claimed: Any, x0: Any, y0: Any, margin: Any, labels: Any) -> None:
    rows, columns = inside.shape
    grown, near, edge = np.empty_like(inside), np.empty_like(inside), np.empty_like(inside)
    start, close, further = np.int64(0), np.int64(2), np.int64(4)
    widened_on(inside, start, close, near)
    widened_on(near, close, further, edge)
    widened_on(edge, further, margin, grown)
    for v in range(rows):
        for u in range(columns):
            label = inside[v, u] * INSIDE | near[v, u] * NEAR | grown[v, u] * AROUND
            # neither near nor another candidate's; what is another candidate's is around it, too
            if near[v, u] == 0 and claimed[y0 + v, x0 + u] == 0:
                label |= grown[v, u] * RING | edge[v, u] * BESIDE
            labels[v, u] = label


@kernel
def _candidate(
    a: Any, b: Any, root_a: Any, root_b: Any, difference: Any, high: Any, peaks: Any, fine: Any,
    claimed: Any, seen: Any, mask: Any, block: Any, high_block: Any, x: Any, y: Any, w: Any, h: Any,
    first_row: Any, end_row: Any, first_column: Any, end_column: Any,
    margin: Any, rim: Any, white: Any, shift: Any, out: Any,
) -> None:  # fmt: skip
    height, width = difference.shape
    x0, y0, x1, y1 = max(0, x - margin), max(0, y - margin), min(width, x + w + margin), min(height, y + h + margin)
    rows, columns = y1 - y0, x1 - x0
    inside, labels = np.zeros((rows, columns), np.uint8), np.empty((rows, columns), np.uint8)
    pixels = 0
    for v in range(h):
        for u in range(w):
            inside[y - y0 + v, x - x0 + u] = mask[v, u]
            pixels += mask[v, u]
    _labelled(inside, claimed, x0, y0, margin, labels)
    level = np.empty((rows, columns), np.float32)
    measures_into(
        a, b, root_a, root_b, difference, high, block, high_block,
        x0, y0, x1, y1, x, y, w, h, labels, white, shift, level, out,
    )  # fmt: skip
    out[19], out[20] = pixels, _thickness(mask)
    out[21] = _wide_peak(difference, mask, x, y, level, y - y0, x - x0)
    out[22], out[23] = _to_the_rim(seen, mask, x, y, rim)
    out[24] = _usual_peak(peaks, x, y, w, h)
    for r in range(first_row, end_row):
        for c in range(first_column, end_column):
            for k in range(4):
                out[25 + k] += fine[r, c, k]
