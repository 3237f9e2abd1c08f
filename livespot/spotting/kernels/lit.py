"""The difference map in one pass over the panels: one light, tolerance, smoothing, and the peak of every cell.

lit_difference   both panels under one light, how far each pixel lies outside the other's neighbourhood, smoothed
cell_peaks       the largest value of a map in every cell of 8 x 8 px

All of it is done in strips of columns that stay in the nearest cache, from the top of a band to its bottom: no picture
in between is ever written to memory. Light and tolerance are whole numbers of 16 bits, 1/64 grey level, many at once.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.bands import Map, f32, in_bands, kernel
from livespot.spotting.kernels.light import FIXED
from livespot.spotting.kernels.tolerance import tolerant_difference_reference

CELL = 8  # px: what is skipped is skipped by cells
MOST_ROOT = 2.0  # of the gain's root, and 1 over it the least
REACH = 5  # px around a pixel that its value depends on: 2 of the tolerance, 3 of the smoothing
TAPS = 3  # of the smoothing, each way

STRIP = 240  # columns computed together, a multiple of CELL
ROWS = 16  # rows between two moves of the scratch rows
_P = 768  # pitch of the scratch rows of colour, >= 3 (STRIP + 2 REACH)
_D = 256  # pitch of the scratch rows of the map, >= STRIP + 2 TAPS
_ONE = 16384.0  # fixed point of the gain's root

i16, i32, u16, u32 = np.int16, np.int32, np.uint16, np.uint32


def lit_difference(
    a: Image, b: Image, root: Map, radius: Map, block: int, sigma: float, *, threads: int = 1
) -> tuple[Map, Map]:
    """The map (h, w) float32, grey levels, and its peaks by cells of 8 x 8 px, (ceil(h / 8), ceil(w / 8)) float32.

    a, b: (h, w, 3) uint8, compared as a / root and b * root: exchanging them with 1 / root gives the same. root:
    (gh, gw, 3) float32, 0.5 to 2, by blocks of `block` px, interpolated between their middles. radius: (gh, gw)
    float32, likewise, 0 to 2 px: the tolerance. sigma: of the Gaussian that smooths the map, px. Borders are repeated.
    """
    height, width = a.shape[:2]
    map_ = np.empty((height, width), np.float32)
    peaks = np.empty((-(-height // CELL), -(-width // CELL)), np.float32)
    flat_a, flat_b = (np.require(p, np.uint8, ["C", "W"]).reshape(height, -1) for p in (a, b))
    kept = np.clip(np.asarray(root, np.float32), 1 / MOST_ROOT, MOST_ROOT)
    # a's and b's gains side by side
    gain = np.ascontiguousarray(np.stack([1 / kept, kept]), np.float32)
    radii = np.require(np.clip(radius, 0, 2), np.float32, ["C", "W"])
    taps = smoothing(sigma).astype(np.float32)
    taps = np.stack([taps / f32(FIXED), taps])

    def work(r0: int, r1: int) -> None:
        _lit_difference(flat_a, flat_b, gain, radii, block, taps, map_, peaks, r0 * CELL, min(r1 * CELL, height))

    in_bands(work, peaks.shape[0], width * CELL, threads)
    return map_, peaks


def smoothing(sigma: float) -> NDArray[np.float64]:
    """The Gaussian's weights at 0 to TAPS px, (TAPS + 1,); all of them sum to 1."""
    weights = np.exp(-0.5 * (np.arange(TAPS + 1) / max(sigma, 1e-3)) ** 2)
    return np.asarray(weights / (weights[0] + 2 * weights[1:].sum()), np.float64)


def lit_difference_reference(a: Image, b: Image, root: Map, radius: Map, block: int, sigma: float) -> tuple[Map, Map]:
    """The same in float, plainly."""
    height, width = a.shape[:2]

    def full(grid: NDArray[Any]) -> Map:
        rows, columns = grid.shape[:2]
        large = cv2.resize(grid, (columns * block, rows * block), interpolation=cv2.INTER_LINEAR)
        return np.asarray(large[:height, :width], np.float32)

    def extended(values: NDArray[Any]) -> Map:
        return np.asarray(cv2.copyMakeBorder(values, *(REACH,) * 4, cv2.BORDER_REPLICATE), np.float32)

    one, two = extended(a * full(1 / root)), extended(b * full(root))
    difference = tolerant_difference_reference(one, two, extended(full(radius)))
    weights = smoothing(sigma)
    line = np.concatenate([weights[:0:-1], weights])
    smooth = cv2.sepFilter2D(difference, cv2.CV_64F, line, line)[REACH:-REACH, REACH:-REACH].astype(np.float32)
    return smooth, cell_peaks(smooth)


def cell_peaks(map_: Map) -> Map:
    """The largest value in every cell of 8 x 8 px of a map (h, w)."""
    height, width = map_.shape
    rows, columns = -(-height // CELL), -(-width // CELL)
    padded = np.full((rows * CELL, columns * CELL), -np.inf, np.float32)
    padded[:height, :width] = map_
    return np.asarray(padded.reshape(rows, CELL, columns, CELL).max(axis=(1, 3)), np.float32)


@kernel
def _place(position: Any, block: Any, count: Any) -> Any:
    """The block whose middle lies at or before a pixel, and how far on towards the next the pixel is, 0 to 1."""
    at = (2 * position + 1 - block) // (2 * block)
    if at < 0:
        return 0, f32(0)
    if at >= count - 1:
        return count - 1, f32(0)
    return at, f32(2 * position + 1 - block - 2 * block * at) / f32(2 * block)


@kernel
def _copied(values: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        o[x] = values[x]


@kernel
def _widened(row: Any, at: Any, share: Any, m: Any, o: Any) -> None:
    """A row of gains (gw, 3) at each of m columns, fixed point."""
    last = row.shape[0] - 1
    for x in range(m):
        i, s = at[x], share[x]
        j = min(i + 1, last)
        o[3 * x] = u16((row[i, 0] + (row[j, 0] - row[i, 0]) * s) * f32(_ONE) + f32(0.5))
        o[3 * x + 1] = u16((row[i, 1] + (row[j, 1] - row[i, 1]) * s) * f32(_ONE) + f32(0.5))
        o[3 * x + 2] = u16((row[i, 2] + (row[j, 2] - row[i, 2]) * s) * f32(_ONE) + f32(0.5))


@kernel
def _slope(above: Any, below: Any, o: Any) -> None:
    for x in range(_P):
        step = 2 * (i32(below[x]) - i32(above[x]))
        o[x] = i16(min(max(step, i32(-32767)), i32(32767)))


@kernel
def _scaled(row: Any, gain: Any, slope: Any, share: Any, o: Any) -> None:
    """A row of colours times its gain, 1/64 grey level; share: of the slope, 15 bits."""
    for x in range(o.shape[0]):
        g = u16(i32(gain[x]) + ((i32(slope[x]) * share) >> i32(16)))
        o[x] = u16((u32(u16(u16(row[x]) << u16(8))) * u32(g)) >> u32(16))


@kernel
def _repeated(o: Any, first: Any, end: Any, m: Any) -> None:
    """The outermost colours of columns first to end repeated to both sides, over m columns."""
    for x in range(first):
        for k in range(3):
            o[3 * x + k] = o[3 * first + k]
    for x in range(end, m):
        for k in range(3):
            o[3 * x + k] = o[3 * end - 3 + k]


@kernel
def _columns3(p: Any, v: Any) -> None:
    """Lowest and highest of rows 1 to 3 of five."""
    for x in range(_P):
        e, f, g = p[x + _P], p[x + 2 * _P], p[x + 3 * _P]
        low = e if e < f else f
        high = e if e > f else f
        v[x] = low if low < g else g
        v[x + _P] = high if high > g else g


@kernel
def _columns5(p: Any, v: Any, o: Any) -> None:
    """Lowest and highest of all five rows; v: those of the three in the middle."""
    for x in range(_P):
        e, f = p[x], p[x + 4 * _P]
        low = e if e < f else f
        high = e if e > f else f
        o[x] = low if low < v[x] else v[x]
        o[x + _P] = high if high > v[x + _P] else v[x + _P]


@kernel
def _apart(u: Any, v: Any, o: Any) -> None:
    for x in range(_P - 12):
        e, f = u[x + 2 * _P + 6], v[x + 2 * _P + 6]
        o[x] = e - f if e > f else f - e


@kernel
def _outside3(u: Any, v: Any, range_u: Any, range_v: Any, o: Any) -> None:
    """How far the middle row of u lies outside v's range around it, or v outside u's: the larger."""
    for x in range(_P - 12):
        e, f, g = range_v[x + 3], range_v[x + 6], range_v[x + 9]
        low = e if e < f else f
        low = low if low < g else g
        e, f, g = range_v[x + 3 + _P], range_v[x + 6 + _P], range_v[x + 9 + _P]
        high = e if e > f else f
        high = high if high > g else g
        c = u[x + 2 * _P + 6]
        one = u16((c if c > high else high) - high) + u16(low - (c if c < low else low))
        e, f, g = range_u[x + 3], range_u[x + 6], range_u[x + 9]
        low = e if e < f else f
        low = low if low < g else g
        e, f, g = range_u[x + 3 + _P], range_u[x + 6 + _P], range_u[x + 9 + _P]
        high = e if e > f else f
        high = high if high > g else g
        c = v[x + 2 * _P + 6]
        two = u16((c if c > high else high) - high) + u16(low - (c if c < low else low))
        o[x] = u16(one) if u16(one) > u16(two) else u16(two)


@kernel
def _lowest5(v: Any, o: Any) -> None:
    for x in range(_P - 12):
        e = v[x] if v[x] < v[x + 3] else v[x + 3]
        f = v[x + 6] if v[x + 6] < v[x + 9] else v[x + 9]
        e = e if e < f else f
        o[x] = e if e < v[x + 12] else v[x + 12]


@kernel
def _highest5(v: Any, o: Any) -> None:
    for x in range(_P - 12):
        e = v[x + _P] if v[x + _P] > v[x + 3 + _P] else v[x + 3 + _P]
        f = v[x + 6 + _P] if v[x + 6 + _P] > v[x + 9 + _P] else v[x + 9 + _P]
        e = e if e > f else f
        o[x] = e if e > v[x + 12 + _P] else v[x + 12 + _P]


@kernel
def _further(u: Any, low: Any, high: Any, o: Any) -> None:
    """o, or how far the middle row of u lies outside [low, high] where that is more."""
    for x in range(_P - 12):
        c = u[x + 2 * _P + 6]
        e = u16(u16((c if c > high[x] else high[x]) - high[x]) + u16(low[x] - (c if c < low[x] else low[x])))
        o[x] = e if e > o[x] else o[x]


@kernel
def _over_channels(v: Any, o: Any) -> None:
    for x in range(_D - 4):
        e = v[3 * x] if v[3 * x] > v[3 * x + 1] else v[3 * x + 1]
        o[x] = f32(e if e > v[3 * x + 2] else v[3 * x + 2])


@kernel
def _mix(levels: Any, above: Any, below: Any, down: Any, o: Any) -> None:
    """Between the maps of tolerance 0, 1 and 2 px, by the radius between two rows of blocks."""
    for x in range(_D):
        r = above[x] + (below[x] - above[x]) * down
        near, far = min(r, f32(1)), max(r - f32(1), f32(0))
        o[x] = levels[x] + (levels[x + _D] - levels[x]) * near + (levels[x + 2 * _D] - levels[x + _D]) * far


@kernel
def _along(d: Any, taps: Any, o: Any) -> None:
    w0, w1, w2, w3 = taps[0], taps[1], taps[2], taps[3]
    for x in range(STRIP):
        o[x] = w0 * d[x + 3] + w1 * (d[x + 2] + d[x + 4]) + w2 * (d[x + 1] + d[x + 5]) + w3 * (d[x] + d[x + 6])


@kernel
def _down(h: Any, taps: Any, o: Any) -> None:
    w0, w1, w2, w3 = taps[0], taps[1], taps[2], taps[3]
    for x in range(o.shape[0]):
        o[x] = (
            w0 * h[x + 3 * _D]
            + w1 * (h[x + 2 * _D] + h[x + 4 * _D])
            + w2 * (h[x + _D] + h[x + 5 * _D])
            + w3 * (h[x] + h[x + 6 * _D])
        )


@kernel
def _raise(row: Any, o: Any) -> None:
    for x in range(row.shape[0]):
        o[x] = row[x] if row[x] > o[x] else o[x]


@kernel
def _peaks_of(highest: Any, n: Any, o: Any) -> None:
    for c in range(o.shape[0]):
        value = highest[c * CELL]
        for x in range(c * CELL + 1, min(c * CELL + CELL, n)):
            value = max(value, highest[x])
        o[c] = value


@kernel
def _radii_of(row: Any, at: Any, share: Any, m: Any, o: Any) -> Any:
    """A row of radii at each of m columns; the least and the greatest of them."""
    last = row.shape[0] - 1
    low, high = row[at[0]], row[at[0]]
    for x in range(m):
        i = at[x]
        r = row[i] + (row[min(i + 1, last)] - row[i]) * share[x]
        o[x] = r
        low, high = min(low, r), max(high, r)
    return low, high


@kernel
def _level(r: Any, u: Any, v: Any, ranges: Any, fives: Any, line: Any, worst: Any, o: Any) -> None:
    """The largest over the channels of how far rows u and v are apart with a tolerance of r px."""
    if r == 0:
        _apart(u, v, worst)
    elif r == 1:
        _outside3(u, v, ranges[0], ranges[1], worst)
    else:
        _columns5(u, ranges[0], fives[0])
        _columns5(v, ranges[1], fives[1])
        worst[:] = 0
        _lowest5(fives[1], line[0])
        _highest5(fives[1], line[1])
        _further(u, line[0], line[1], worst)
        _lowest5(fives[0], line[0])
        _highest5(fives[0], line[1])
        _further(v, line[0], line[1], worst)
    _over_channels(worst, o)


@kernel
def _lit_difference(
    a: Any, b: Any, gain: Any, radius: Any, block: Any, taps: Any, map_: Any, peaks: Any, y0: Any, y1: Any
) -> None:
    height, width = map_.shape
    grid_rows, grid_columns = gain.shape[1], gain.shape[2]
    rows = np.zeros((2, (ROWS + 4) * _P), np.uint16)  # both panels' rows under one light
    gains, slopes = np.zeros((2, 2, _P), np.uint16), np.zeros((2, _P), np.int16)
    ranges, fives = np.zeros((2, 2 * _P), np.uint16), np.zeros((2, 2 * _P), np.uint16)
    line, worst = np.zeros((2, _P), np.uint16), np.zeros(_P, np.uint16)
    levels, mixed, radii = np.zeros(3 * _D, np.float32), np.zeros(_D, np.float32), np.zeros((2, _D), np.float32)
    smooth, highest = np.zeros((ROWS + 6) * _D, np.float32), np.zeros(STRIP, np.float32)
    at, share = np.zeros(_D, np.int32), np.zeros(_D, np.float32)
    for x0 in range(0, width, STRIP):
        n = min(STRIP, width - x0)
        m = n + 2 * REACH
        first, end = max(REACH - x0, 0), min(m, width - x0 + REACH)  # columns that are inside the picture
        for x in range(m):
            i, s = _place(min(max(x0 - REACH + x, 0), width - 1), block, grid_columns)
            at[x], share[x] = i, s
        source = slice(3 * (x0 - REACH + first), 3 * (x0 - REACH + end))
        inner = slice(3 * first, 3 * end)
        held, held_radius, filled, kept, low, high = -1, -1, 0, 0, 0, 0
        highest[:] = 0
        for y in range(y0 - REACH, y1 + REACH):
            within = min(max(y, 0), height - 1)
            row, down = _place(within, block, grid_rows)
            if row != held:
                below = min(row + 1, grid_rows - 1)
                for p in range(2):
                    if row == held + 1 and held >= 0:
                        _copied(gains[p, 1], gains[p, 0])
                    else:
                        _widened(gain[p, row], at, share, m, gains[p, 0])
                    _widened(gain[p, below], at, share, m, gains[p, 1])
                    _slope(gains[p, 0], gains[p, 1], slopes[p])
                held = row
            if filled == ROWS + 4:
                for p in range(2):
                    _copied(rows[p, ROWS * _P :], rows[p, : 4 * _P])
                filled = 4
            base = filled * _P
            for p in range(2):
                o = rows[p, base : base + _P]
                picture = a if p == 0 else b
                _scaled(picture[within, source], gains[p, 0, inner], slopes[p, inner], i32(down * f32(32768)), o[inner])
                _repeated(o, first, end, m)
            filled += 1
            if y < y0 - REACH + 4:
                continue
            u, v = rows[0, (filled - 5) * _P :], rows[1, (filled - 5) * _P :]
            row, down = _place(min(max(y - 2, 0), height - 1), block, grid_rows)
            if row != held_radius:
                least, most = _radii_of(radius[row], at[2:], share[2:], n + 2 * TAPS, radii[0])
                below = min(row + 1, grid_rows - 1)
                lesser, more = _radii_of(radius[below], at[2:], share[2:], n + 2 * TAPS, radii[1])
                low, high = int(np.floor(min(least, lesser))), int(np.ceil(max(most, more)))
                held_radius = row
            if high > 0:
                _columns3(u, ranges[0])
                _columns3(v, ranges[1])
            for r in range(low, high + 1):
                _level(r, u, v, ranges, fives, line, worst, levels[r * _D : r * _D + _D])
            d = levels[low * _D : low * _D + _D]
            if low < high:
                _mix(levels, radii[0], radii[1], down, mixed)
                d = mixed
            if kept == ROWS + 6:
                _copied(smooth[ROWS * _D :], smooth[: 6 * _D])
                kept = 6
            _along(d, taps[0], smooth[kept * _D : kept * _D + STRIP])
            kept += 1
            if y < y0 + REACH:
                continue
            done = y - REACH
            o = map_[done, x0 : x0 + n]
            _down(smooth[(kept - 7) * _D :], taps[1], o)
            _raise(o, highest[:n])
            if (done + 1) % CELL == 0 or done == height - 1:
                _peaks_of(highest, n, peaks[done // CELL, x0 // CELL : (x0 + n + CELL - 1) // CELL])
                highest[:] = 0
