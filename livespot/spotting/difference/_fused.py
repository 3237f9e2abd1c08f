"""The difference map in one pass over the panels: one light, tolerance, smoothing, and the peak of every cell.

lit_difference   both panels under one light, how far each pixel lies outside the other's neighbourhood, smoothed

All of it is done in strips of columns that stay in the nearest cache, from the top of a band to its bottom: no picture
in between is ever written to memory. Light and tolerance are whole numbers of 16 bits, 1/64 grey level, many at once.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.difference._fused_rows import (
    _D,
    _P,
    AHEAD,
    CELL,
    ROWS,
    STRIP,
    TAPS,
    _along,
    _along5,
    _apart,
    _columns3,
    _columns5,
    _copied,
    _down,
    _fetched,
    _mix,
    _nodes,
    _outside3,
    _outside5,
    _over_channels,
    _peaks_of,
    _place,
    _put,
    _radii_of,
    _range_of,
    _repeated,
    _scaled,
    _slope,
    _spread,
    _widened,
)
from livespot.spotting.kernels.light import FIXED
from livespot.spotting.kernels.runtime import Map, as_kernel_array, f32, in_bands, kernel

REACH = 5  # px around a pixel that its value depends on: 2 of the tolerance, 3 of the smoothing


def lit_difference(
    a: Image, b: Image, root: Map, radius: Map, block: int, sigma: float, *, threads: int = 1
) -> tuple[Map, Map]:
    """The map (h, w) float32, grey levels, and its peaks by cells of 8 x 8 px, (ceil(h / 8), ceil(w / 8)) float32.

    a, b: (h, w, 3) uint8, compared as a / root and b * root, both cut off from where on one of them may be burnt out;
    exchanging them with 1 / root gives the same. root: (gh, gw, 3) float32, 0.5 to 2, by blocks of `block` px,
    interpolated between their middles. radius: (gh, gw) float32, likewise, 0 to 2 px: the tolerance. sigma: of the
    Gaussian that smooths the map, px. Borders are repeated.
    """
    height, width = a.shape[:2]
    map_ = np.empty((height, width), np.float32)
    peaks = np.empty((-(-height // CELL), -(-width // CELL)), np.float32)
    flat_a, flat_b = (as_kernel_array(p, np.uint8).reshape(-1) for p in (a, b))
    gain = as_kernel_array(root, np.float32)
    radii = as_kernel_array(np.clip(radius, 0, 2), np.float32)
    taps = smoothing(sigma).astype(np.float32)
    taps = np.stack([taps / f32(FIXED), taps])

    flat = map_.reshape(-1)

    def work(r0: int, r1: int) -> None:
        y0, y1 = r0 * CELL, min(r1 * CELL, height)
        _lit_difference(flat_a, flat_b, gain, radii, block, taps, flat, peaks, width, y0, y1)

    in_bands(work, peaks.shape[0], width * CELL, threads)
    return map_, peaks


def smoothing(sigma: float) -> NDArray[np.float64]:
    """The Gaussian's weights at 0 to TAPS px, (TAPS + 1,); all of them sum to 1."""
    weights = np.exp(-0.5 * (np.arange(TAPS + 1) / max(sigma, 1e-3)) ** 2)
    return np.asarray(weights / (weights[0] + 2 * weights[1:].sum()), np.float64)


@kernel
def _lit_difference(
    a: Any, b: Any, gain: Any, radius: Any, block: Any, taps: Any, map_: Any, peaks: Any, width: Any, y0: Any, y1: Any
) -> None:
    height = map_.shape[0] // width
    grid_rows, grid_columns = gain.shape[:2]
    rows = np.zeros((ROWS + 4) * 2 * _P, np.uint16)  # under one light
    gains, slopes = np.zeros(6 * _P, np.uint16), np.zeros(3 * _P, np.int16)  # at two rows of blocks; white is the third
    ranges, fives, line = np.zeros(4 * _P, np.uint16), np.zeros(4 * _P, np.uint16), np.zeros(4 * _P, np.uint16)
    worst, levels, radii = np.zeros(_P, np.uint16), np.zeros(4 * _D, np.float32), np.zeros(2 * _D, np.float32)
    smooth, highest = np.zeros((ROWS + 6) * _D, np.float32), np.zeros(STRIP + CELL, np.float32)
    finished = np.zeros(STRIP, np.float32)
    at, share = np.zeros(_D, np.int32), np.zeros(_D, np.float32)
    pitch = 3 * ((STRIP + 2 * REACH) // block + 4)  # of the colours of blocks
    fetched = np.zeros(1, np.uint32)
    nodes = np.zeros(3 * pitch, np.float32)
    spread, part_on = np.zeros(_P + 9 * block, np.float32), np.zeros(_P, np.float32)
    for x0 in range(0, width, STRIP):
        n = min(STRIP, width - x0)
        m = n + 2 * REACH
        first, end = max(REACH - x0, 0), min(m, width - x0 + REACH)  # columns that are inside the picture
        for x in range(m):
            at[x], share[x] = _place(min(max(x0 - REACH + x, 0), width - 1), block, grid_columns)
            part_on[3 * x], part_on[3 * x + 1], part_on[3 * x + 2] = share[x], share[x], share[x]
        # the block that the first column lies in, middle to middle, and the column's place in it
        block0 = (2 * (x0 - REACH) + 1 - block) // (2 * block)
        offset = 3 * (x0 - REACH - block0 * block - block // 2)
        blocks = (offset // 3 + m + 2 * block - 1) // block
        held, held_radius, filled, kept, low, high = -1, -1, 0, 0, 0, 0
        for y in range(y0 - REACH, y1 + REACH):
            within = min(max(y, 0), height - 1)
            row, down = _place(within, block, grid_rows)
            if row != held:
                if row == held + 1 and held >= 0:
                    _copied(gains, 3 * _P, 3 * _P)
                else:
                    _nodes(gain, row, block0, blocks, nodes, pitch)
                    for k in range(3):
                        _spread(nodes, k * pitch, blocks, block, spread)
                        _widened(spread, offset, 3 * block, part_on, 3 * m, gains, k * _P)
                _nodes(gain, min(row + 1, grid_rows - 1), block0, blocks, nodes, pitch)
                for k in range(3):
                    _spread(nodes, k * pitch, blocks, block, spread)
                    _widened(spread, offset, 3 * block, part_on, 3 * m, gains, (k + 3) * _P)
                _slope(gains, slopes)
                held = row
            if filled == ROWS + 4:
                _copied(rows, ROWS * 2 * _P, 8 * _P)
                filled = 4
            base = filled * 2 * _P
            source, count, part = (
                3 * (within * width + x0 - REACH + first),
                3 * (end - first),
                np.int16(down * f32(32768)),
            )
            _fetched(a, b, source + AHEAD * 3 * width, count, fetched)
            _scaled(a, b, source, count, gains, slopes, 3 * first, part, rows, base + 3 * first)
            if first > 0 or end < m:
                _repeated(rows, base, first, end, m)
                _repeated(rows, base + _P, first, end, m)
            filled += 1
            if y < y0 - REACH + 4:
                continue
            base = (filled - 5) * 2 * _P
            row, down = _place(min(max(y - 2, 0), height - 1), block, grid_rows)
            if row != held_radius:
                below = min(row + 1, grid_rows - 1)
                first_node, end_node = at[2], min(at[n + 2 * TAPS + 1] + 2, grid_columns)
                least, most = _range_of(radius, row, first_node, end_node)
                lesser, more = _range_of(radius, below, first_node, end_node)
                low, high = int(np.floor(min(least, lesser))), int(np.ceil(max(most, more)))
                if low < high:
                    _radii_of(radius, row, at, share, n + 2 * TAPS, radii, np.int64(0))
                    _radii_of(radius, below, at, share, n + 2 * TAPS, radii, _D)
                held_radius = row
            if high > 0:
                _columns3(rows, base, ranges)
            for r in range(low, high + 1):
                if r == 0:
                    _apart(rows, base, worst)
                elif r == 1:
                    _outside3(rows, base, ranges, worst)
                else:
                    _columns5(rows, base, ranges, fives)
                    _along5(fives, line)
                    _outside5(rows, base, line, worst)
                _over_channels(worst, levels, r * _D)
            start = low * _D
            if low < high:
                _mix(levels, radii, down)
                start = 3 * _D
            if kept == ROWS + 6:
                _copied(smooth, ROWS * _D, 6 * _D)
                kept = 6
            _along(levels, start, taps, smooth, kept * _D)
            kept += 1
            if y < y0 + REACH:
                continue
            done = y - REACH
            _down(smooth, (kept - 7) * _D, taps, highest, finished)
            _put(finished, n, map_, done * width + x0)
            if (done + 1) % CELL == 0 or done == height - 1:
                _peaks_of(highest, n, peaks, done // CELL, x0 // CELL)
