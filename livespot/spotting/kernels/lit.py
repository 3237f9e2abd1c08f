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
from livespot.spotting.kernels.bands import Map, f32, in_bands, inline, kernel
from livespot.spotting.kernels.light import FIXED, SHOULDER
from livespot.spotting.kernels.tolerance import tolerant_difference_reference

CELL = 8  # px: what is skipped is skipped by cells
MOST_ROOT = 2.0  # of the gain's root, and 1 over it the least
REACH = 5  # px around a pixel that its value depends on: 2 of the tolerance, 3 of the smoothing
TAPS = 3  # of the smoothing, each way

STRIP = 144  # columns computed together, a multiple of CELL
ROWS = 16  # rows between two moves of the scratch rows
_P = 480  # pitch of the scratch rows of colour, >= 3 (STRIP + 2 REACH)
_D = 160  # pitch of the scratch rows of the map, >= STRIP + 2 TAPS
_ONE = 16384.0  # fixed point of the gain's root
_WHITE = 255 * 64

i16, i32, u16, u32 = np.int16, np.int32, np.uint16, np.uint32


def lit_difference(
    a: Image, b: Image, root: Map, radius: Map, block: int, sigma: float, *, threads: int = 1
) -> tuple[Map, Map]:
    """The map (h, w) float32, grey levels, and its peaks by cells of 8 x 8 px, (ceil(h / 8), ceil(w / 8)) float32.

    a, b: (h, w, 3) uint8, compared as a / root and b * root, both cut off at white_of(root): exchanging them with
    1 / root gives the same. root:
    (gh, gw, 3) float32, 0.5 to 2, by blocks of `block` px, interpolated between their middles. radius: (gh, gw)
    float32, likewise, 0 to 2 px: the tolerance. sigma: of the Gaussian that smooths the map, px. Borders are repeated.
    """
    height, width = a.shape[:2]
    map_ = np.empty((height, width), np.float32)
    peaks = np.empty((-(-height // CELL), -(-width // CELL)), np.float32)
    flat_a, flat_b = (np.require(p, np.uint8, ["C", "W"]).reshape(-1) for p in (a, b))
    kept = np.clip(np.asarray(root, np.float32), 1 / MOST_ROOT, MOST_ROOT)
    # a's and b's gains and where both are cut off, side by side
    gain = np.ascontiguousarray(np.stack([1 / kept, kept, white_of(kept)]), np.float32)
    radii = np.require(np.clip(radius, 0, 2), np.float32, ["C", "W"])
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


def white_of(root: Map) -> Map:
    """Of 255, on the common scale: from where on one of the panels may be burnt out, and neither says any more.

    What the light has made brighter reaches white sooner by that, and shortly below it is already pressed together by
    the sensor; the more so the further the panels are apart, down to SHOULDER of white.
    """
    darker = np.minimum(root, 1 / root)
    return np.asarray(darker * np.maximum(darker, SHOULDER), np.float32)


def lit_difference_reference(a: Image, b: Image, root: Map, radius: Map, block: int, sigma: float) -> tuple[Map, Map]:
    """The same in float, plainly."""
    height, width = a.shape[:2]

    def full(grid: NDArray[Any]) -> Map:
        rows, columns = grid.shape[:2]
        large = cv2.resize(grid, (columns * block, rows * block), interpolation=cv2.INTER_LINEAR)
        return np.asarray(large[:height, :width], np.float32)

    def extended(values: NDArray[Any]) -> Map:
        return np.asarray(cv2.copyMakeBorder(values, *(REACH,) * 4, cv2.BORDER_REPLICATE), np.float32)

    white = 255.0 * full(white_of(root))
    one, two = (extended(np.minimum(p, white)) for p in (a * full(1 / root), b * full(root)))
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


# The scratch of both panels lies side by side, _P values each, row after row. Every step is given the whole of its
# arrays and where to begin, as a slice costs more than a short loop. `_from` tells the compiler that no index is below
# 0 (it would count from the end), without which it does not take many values at once.


@inline
def _from(base: Any) -> Any:
    return min(max(base, 0), 1 << 40)


@kernel
def _copied(values: Any, start: Any, n: Any) -> None:
    """The n values from `start` on put at the beginning."""
    start, n = _from(start), _from(n)
    for x in range(n):
        values[x] = values[start + x]


@kernel
def _widened(gain: Any, start: Any, at: Any, next_: Any, share: Any, n: Any, o: Any, base: Any) -> None:
    """A row of gains, from `start` on, at n places between the colours `at` and `next_`, fixed point."""
    start, base, n = _from(start), _from(base), _from(n)
    for x in range(n):
        value = gain[start + u32(at[x])]
        o[base + x] = u16((value + (gain[start + u32(next_[x])] - value) * share[x]) * f32(_ONE) + f32(0.5))


@kernel
def _slope(gains: Any, o: Any) -> None:
    """Twice what gains and white grow by from the one row to the next."""
    for x in range(3 * _P):
        step = i32(i32(gains[x + 3 * _P]) - i32(gains[x])) * i32(2)
        step = step if step < i32(32767) else i32(32767)
        o[x] = i16(step if step > i32(-32767) else i32(-32767))


@kernel
def _scaled(picture: Any, at: Any, n: Any, gain: Any, slope: Any, start: Any, share: Any, o: Any, base: Any) -> None:
    """n colours of a picture times their gain, 1/64 grey level; share: of the slope, 15 bits."""
    at, start, base, n = _from(at), _from(start), _from(base), _from(n)
    for x in range(n):
        g = u16(gain[start + x] + u16(i16((i32(slope[start + x]) * i32(share)) >> i32(16))))
        o[base + x] = u16((u32(u16(u16(picture[at + x]) << u16(8))) * u32(g)) >> u32(16))


@kernel
def _cut(white: Any, slope: Any, start: Any, share: Any, n: Any, o: Any, base: Any) -> None:
    """Both panels' n colours cut off at the white; share: as of _scaled."""
    start, base, n = _from(start), _from(base), _from(n)
    for x in range(n):
        w = u16(white[start + x] + u16(i16((i32(slope[start + x]) * i32(share)) >> i32(16))))
        top = u16((u32(w) * u32(_WHITE)) >> u32(14))
        e, f = o[base + x], o[base + x + _P]
        o[base + x] = e if e < top else top
        o[base + x + _P] = f if f < top else top


@kernel
def _repeated(o: Any, base: Any, first: Any, end: Any, m: Any) -> None:
    """The outermost colours of columns first to end repeated to both sides, over m columns."""
    for x in range(first):
        for k in range(3):
            o[base + 3 * x + k] = o[base + 3 * first + k]
    for x in range(end, m):
        for k in range(3):
            o[base + 3 * x + k] = o[base + 3 * end - 3 + k]


@kernel
def _columns3(rows: Any, base: Any, o: Any) -> None:
    """Lowest and highest of rows 1 to 3 of five, both panels."""
    base = _from(base)
    for x in range(2 * _P):
        e, f, g = rows[base + x + 2 * _P], rows[base + x + 4 * _P], rows[base + x + 6 * _P]
        low = e if e < f else f
        high = e if e > f else f
        o[x] = low if low < g else g
        o[x + 2 * _P] = high if high > g else g


@kernel
def _columns5(rows: Any, base: Any, v: Any, o: Any) -> None:
    """Lowest and highest of all five rows; v: those of the three in the middle."""
    base = _from(base)
    for x in range(2 * _P):
        e, f = rows[base + x], rows[base + x + 8 * _P]
        low = e if e < f else f
        high = e if e > f else f
        o[x] = low if low < v[x] else v[x]
        o[x + 2 * _P] = high if high > v[x + 2 * _P] else v[x + 2 * _P]


@kernel
def _apart(rows: Any, base: Any, o: Any) -> None:
    """How far the middle rows of both panels are apart."""
    base = _from(base)
    for x in range(_P - 12):
        e, f = rows[base + x + 4 * _P + 6], rows[base + x + 5 * _P + 6]
        o[x] = e - f if e > f else f - e


@inline
def _outside(c: Any, low: Any, high: Any) -> Any:
    """How far c lies outside [low, high]; one of the two terms is 0."""
    return u16(u16((c if c > high else high) - high) + u16(low - (c if c < low else low)))


@inline
def _least3(v: Any, x: Any) -> Any:
    e, f, g = v[x], v[x + 3], v[x + 6]
    e = e if e < f else f
    return e if e < g else g


@inline
def _most3(v: Any, x: Any) -> Any:
    e, f, g = v[x], v[x + 3], v[x + 6]
    e = e if e > f else f
    return e if e > g else g


@kernel
def _outside3(rows: Any, base: Any, v: Any, o: Any) -> None:
    """How far one panel's middle row lies outside the other's range around it: the larger of both ways."""
    base = _from(base)
    for x in range(_P - 12):
        c = rows[base + x + 4 * _P + 6]
        one = _outside(c, _least3(v, x + 3 + _P), _most3(v, x + 3 + 3 * _P))
        c = rows[base + x + 5 * _P + 6]
        two = _outside(c, _least3(v, x + 3), _most3(v, x + 3 + 2 * _P))
        o[x] = one if one > two else two


@kernel
def _along5(v: Any, o: Any) -> None:
    """Lowest and highest of five columns, both panels."""
    for x in range(2 * _P - 12):
        e, f = _least3(v, x), v[x + 9] if v[x + 9] < v[x + 12] else v[x + 12]
        o[x] = e if e < f else f
    for x in range(2 * _P, 4 * _P - 12):
        e, f = _most3(v, x), v[x + 9] if v[x + 9] > v[x + 12] else v[x + 12]
        o[x] = e if e > f else f


@kernel
def _outside5(rows: Any, base: Any, v: Any, o: Any) -> None:
    """As _outside3, of ranges that are whole already."""
    base = _from(base)
    for x in range(_P - 12):
        one = _outside(rows[base + x + 4 * _P + 6], v[x + _P], v[x + 3 * _P])
        two = _outside(rows[base + x + 5 * _P + 6], v[x], v[x + 2 * _P])
        o[x] = one if one > two else two


@kernel
def _over_channels(v: Any, o: Any, base: Any) -> None:
    base = _from(base)
    for x in range(_D - 4):
        e = v[3 * x] if v[3 * x] > v[3 * x + 1] else v[3 * x + 1]
        o[base + x] = f32(e if e > v[3 * x + 2] else v[3 * x + 2])


@kernel
def _mix(levels: Any, radii: Any, down: Any) -> None:
    """Between the maps of tolerance 0, 1 and 2 px, by the radius between two rows of blocks; into the fourth."""
    for x in range(_D):
        r = radii[x] + (radii[x + _D] - radii[x]) * down
        near, far = min(r, f32(1)), max(r - f32(1), f32(0))
        d = levels[x] + (levels[x + _D] - levels[x]) * near + (levels[x + 2 * _D] - levels[x + _D]) * far
        levels[x + 3 * _D] = d


@kernel
def _along(d: Any, start: Any, taps: Any, o: Any, base: Any) -> None:
    start, base = _from(start), _from(base)
    w0, w1, w2, w3 = taps[0, 0], taps[0, 1], taps[0, 2], taps[0, 3]
    for x in range(STRIP):
        i = start + x
        total = w0 * d[i + 3] + w1 * (d[i + 2] + d[i + 4]) + w2 * (d[i + 1] + d[i + 5]) + w3 * (d[i] + d[i + 6])
        o[base + x] = total


@kernel
def _down(h: Any, start: Any, taps: Any, highest: Any, row: Any) -> None:
    """A row of the map, and what is highest in its columns so far."""
    start = _from(start)
    w0, w1, w2, w3 = taps[1, 0], taps[1, 1], taps[1, 2], taps[1, 3]
    for x in range(STRIP):
        i = start + x
        value = (
            w0 * h[i + 3 * _D]
            + w1 * (h[i + 2 * _D] + h[i + 4 * _D])
            + w2 * (h[i + _D] + h[i + 5 * _D])
            + w3 * (h[i] + h[i + 6 * _D])
        )
        row[x] = value
        highest[x] = value if value > highest[x] else highest[x]


@kernel
def _put(row: Any, n: Any, o: Any, base: Any) -> None:
    base, n = _from(base), _from(n)
    for x in range(n):
        o[base + x] = row[x]


@kernel
def _peaks_of(highest: Any, n: Any, o: Any, row: Any, column: Any) -> None:
    """The peaks of a row of cells, from what is highest in each of n columns, which is forgotten."""
    for c in range((n + CELL - 1) // CELL):
        value = highest[c * CELL]
        for x in range(c * CELL, min(c * CELL + CELL, n)):
            value = max(value, highest[x])
            highest[x] = 0
        o[row, column + c] = value


@kernel
def _radii_of(radius: Any, r: Any, at: Any, share: Any, m: Any, o: Any, base: Any) -> Any:
    """Row r of radii at m columns, from the third of `at` on; the least and the greatest of them."""
    last = radius.shape[1] - 1
    low, high = radius[r, at[2]], radius[r, at[2]]
    for x in range(m):
        i = at[x + 2]
        value = radius[r, i] + (radius[r, min(i + 1, last)] - radius[r, i]) * share[x + 2]
        o[base + x] = value
        low, high = min(low, value), max(high, value)
    return low, high


@kernel
def _lit_difference(
    a: Any, b: Any, gain: Any, radius: Any, block: Any, taps: Any, map_: Any, peaks: Any, width: Any, y0: Any, y1: Any
) -> None:
    height = map_.shape[0] // width
    grid_rows, grid_columns = gain.shape[1], gain.shape[2]
    flat, across, whole = gain.reshape(-1), grid_columns * 3, grid_rows * grid_columns * 3
    rows = np.zeros((ROWS + 4) * 2 * _P, np.uint16)  # under one light
    gains, slopes = np.zeros(6 * _P, np.uint16), np.zeros(3 * _P, np.int16)  # at two rows of blocks; white is the third
    ranges, fives, line = np.zeros(4 * _P, np.uint16), np.zeros(4 * _P, np.uint16), np.zeros(4 * _P, np.uint16)
    worst, levels, radii = np.zeros(_P, np.uint16), np.zeros(4 * _D, np.float32), np.zeros(2 * _D, np.float32)
    smooth, highest = np.zeros((ROWS + 6) * _D, np.float32), np.zeros(STRIP, np.float32)
    finished = np.zeros(STRIP, np.float32)
    at, share = np.zeros(_D, np.int32), np.zeros(_D, np.float32)
    colour, next_, part_on = np.zeros(_P, np.int32), np.zeros(_P, np.int32), np.zeros(_P, np.float32)
    for x0 in range(0, width, STRIP):
        n = min(STRIP, width - x0)
        m = n + 2 * REACH
        first, end = max(REACH - x0, 0), min(m, width - x0 + REACH)  # columns that are inside the picture
        for x in range(m):
            at[x], share[x] = _place(min(max(x0 - REACH + x, 0), width - 1), block, grid_columns)
            for k in range(3):
                colour[3 * x + k] = 3 * at[x] + k
                next_[3 * x + k], part_on[3 * x + k] = 3 * min(at[x] + 1, grid_columns - 1) + k, share[x]
        held, held_radius, filled, kept, low, high = -1, -1, 0, 0, 0, 0
        for y in range(y0 - REACH, y1 + REACH):
            within = min(max(y, 0), height - 1)
            row, down = _place(within, block, grid_rows)
            if row != held:
                if row == held + 1 and held >= 0:
                    _copied(gains, 3 * _P, 3 * _P)
                else:
                    for k in range(3):
                        _widened(flat, k * whole + row * across, colour, next_, part_on, 3 * m, gains, k * _P)
                below = min(row + 1, grid_rows - 1) * across
                for k in range(3):
                    _widened(flat, k * whole + below, colour, next_, part_on, 3 * m, gains, (k + 3) * _P)
                _slope(gains, slopes)
                held = row
            if filled == ROWS + 4:
                _copied(rows, ROWS * 2 * _P, 8 * _P)
                filled = 4
            base = filled * 2 * _P
            source, count, part = 3 * (within * width + x0 - REACH + first), 3 * (end - first), i16(down * f32(32768))
            _scaled(a, source, count, gains, slopes, 3 * first, part, rows, base + 3 * first)
            _scaled(b, source, count, gains, slopes, _P + 3 * first, part, rows, base + _P + 3 * first)
            _cut(gains, slopes, 2 * _P + 3 * first, part, count, rows, base + 3 * first)
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
                least, most = _radii_of(radius, row, at, share, n + 2 * TAPS, radii, 0)
                lesser, more = _radii_of(radius, below, at, share, n + 2 * TAPS, radii, _D)
                low, high = int(np.floor(min(least, lesser))), int(np.ceil(max(most, more)))
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
