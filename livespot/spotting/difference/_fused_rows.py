"""The steps of the difference map, each over a row of a strip of columns: _fused.py calls them from top to bottom.

_nodes to _repeated          both panels under one light, their highlights cut off
_columns3 to _over_channels  how far each pixel lies outside the other panel's neighbourhood
_mix to _radii_of            between two tolerances, smoothed, the peaks of cells
"""

from typing import Any

import numpy as np

from livespot.spotting.kernels.light import SHOULDER
from livespot.spotting.kernels.runtime import f32, helper, inline, kernel

CELL = 8  # px: what is skipped is skipped by cells
TAPS = 3  # of the smoothing, each way
MOST_ROOT = 2.0  # of the gain's root, and 1 over it the least

LINE = 64  # bytes that memory brings at once
AHEAD = 3  # rows
STRIP = 272  # columns computed together, a multiple of CELL
ROWS = 16  # rows between two moves of the scratch rows
_P = 848  # pitch of the scratch rows of colour, >= 3 (STRIP + 2 REACH)
_D = 288  # pitch of the scratch rows of the map, >= STRIP + 2 TAPS
_ONE = 16384.0  # fixed point of the gain's root
_WHITE = 255 * 64

i16, i32, u16, u32 = np.int16, np.int32, np.uint16, np.uint32


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


@helper
def _copied(values: Any, start: Any, n: Any) -> None:
    """The n values from `start` on put at the beginning."""
    start, n = _from(start), _from(n)
    for x in range(n):
        values[x] = values[start + x]


@helper
def _nodes(root: Any, row: Any, first: Any, count: Any, o: Any, pitch: Any) -> None:
    """Of colours first to first + count of a row of blocks, repeated at its ends: the gains of both panels and the
    white, `pitch` values each.
    """
    last = root.shape[1] - 1
    for i in range(count):
        c = min(max(first + i, 0), last)
        for k in range(3):
            kept = min(max(root[row, c, k], f32(1 / MOST_ROOT)), f32(MOST_ROOT))
            other = f32(1) / kept
            darker = min(kept, other)
            o[3 * i + k], o[3 * i + k + pitch] = other, kept
            o[3 * i + k + 2 * pitch] = darker * max(darker, f32(SHOULDER))


@kernel
def _spread(nodes: Any, start: Any, count: Any, block: Any, o: Any) -> None:
    """`count` colours, which begin at `start`, each repeated over its block."""
    start, at = _from(start), 0
    for i in range(count):
        place = start + 3 * i
        blue, green, red = nodes[place], nodes[place + 1], nodes[place + 2]
        for x in range(_from(at), _from(at) + block):
            o[3 * x], o[3 * x + 1], o[3 * x + 2] = blue, green, red
        at += block


@helper
def _widened(spread: Any, start: Any, next_: Any, share: Any, n: Any, o: Any, base: Any) -> None:
    """A row of gains at n places, from the colours at `start` towards those `next_` further on, fixed point."""
    start, next_, base, n = _from(start), _from(next_), _from(base), _from(n)
    for x in range(n):
        value = spread[start + x]
        o[base + x] = u16(i32((value + (spread[start + next_ + x] - value) * share[x]) * f32(_ONE) + f32(0.5)))


@kernel
def _slope(gains: Any, o: Any) -> None:
    """Twice what gains and white grow by from the one row to the next."""
    for x in range(3 * _P):
        step = i16(gains[x + 3 * _P] - gains[x])  # gains are such that it has room
        step = min(max(step, i16(-16383)), i16(16383))
        o[x] = i16(step + step)


@helper
def _fetched(a: Any, b: Any, start: Any, n: Any, o: Any) -> None:
    """Both panels' bytes from `start` on brought near: a strip's next row lies on another page of memory."""
    start = _from(start)
    total = u32(0)
    for x in range(0, min(n, a.shape[0] - start), LINE):
        total += a[start + x] + b[start + x]
    o[0] = total


@inline
def _at_row(gain: Any, slope: Any, x: Any, share: Any) -> Any:
    return u16(gain[x] + u16(i16((i32(slope[x]) * i32(share)) >> i32(16))))


@helper
def _scaled(a: Any, b: Any, at: Any, n: Any, gain: Any, slope: Any, start: Any, share: Any, o: Any, base: Any) -> None:
    """n colours of both panels times their gains, cut off at the white, 1/64 grey level; share: of the slope, 15 bits.

    gain, slope: of A, B and the white, _P values each.
    """
    at, start, base, n = _from(at), _from(start), _from(base), _from(n)
    for x in range(n):
        i = start + x
        white = u16((u32(_at_row(gain, slope, i + 2 * _P, share)) * u32(_WHITE)) >> u32(14))
        one = u16((u32(u16(u16(a[at + x]) << u16(8))) * u32(_at_row(gain, slope, i, share))) >> u32(16))
        two = u16((u32(u16(u16(b[at + x]) << u16(8))) * u32(_at_row(gain, slope, i + _P, share))) >> u32(16))
        o[base + x] = one if one < white else white
        o[base + x + _P] = two if two < white else white


@helper
def _repeated(o: Any, base: Any, first: Any, end: Any, m: Any) -> None:
    """The outermost colours of columns first to end repeated to both sides, over m columns."""
    for x in range(first):
        for k in range(3):
            o[base + 3 * x + k] = o[base + 3 * first + k]
    for x in range(end, m):
        for k in range(3):
            o[base + 3 * x + k] = o[base + 3 * end - 3 + k]


@helper
def _columns3(rows: Any, base: Any, o: Any) -> None:
    """Lowest and highest of rows 1 to 3 of five, both panels."""
    base = _from(base)
    for x in range(2 * _P):
        e, f, g = rows[base + x + 2 * _P], rows[base + x + 4 * _P], rows[base + x + 6 * _P]
        low = e if e < f else f
        high = e if e > f else f
        o[x] = low if low < g else g
        o[x + 2 * _P] = high if high > g else g


@helper
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


@helper
def _outside3(rows: Any, base: Any, v: Any, o: Any) -> None:
    """How far one panel's middle row lies outside the other's range around it: the larger of both ways."""
    base = _from(base)
    for x in range(_P - 12):
        c = rows[base + x + 4 * _P + 6]
        one = _outside(c, _least3(v, x + 3 + _P), _most3(v, x + 3 + 3 * _P))
        c = rows[base + x + 5 * _P + 6]
        two = _outside(c, _least3(v, x + 3), _most3(v, x + 3 + 2 * _P))
        o[x] = one if one > two else two


@helper
def _along5(v: Any, o: Any) -> None:
    """Lowest and highest of five columns, both panels."""
    for x in range(2 * _P - 12):
        e, f = _least3(v, x), v[x + 9] if v[x + 9] < v[x + 12] else v[x + 12]
        o[x] = e if e < f else f
    for x in range(2 * _P, 4 * _P - 12):
        e, f = _most3(v, x), v[x + 9] if v[x + 9] > v[x + 12] else v[x + 12]
        o[x] = e if e > f else f


@helper
def _outside5(rows: Any, base: Any, v: Any, o: Any) -> None:
    """As _outside3, of ranges that are whole already."""
    base = _from(base)
    for x in range(_P - 12):
        one = _outside(rows[base + x + 4 * _P + 6], v[x + _P], v[x + 3 * _P])
        two = _outside(rows[base + x + 5 * _P + 6], v[x], v[x + 2 * _P])
        o[x] = one if one > two else two


@helper
def _over_channels(v: Any, o: Any, base: Any) -> None:
    base = _from(base)
    for x in range(_D - 4):
        e = v[3 * x] if v[3 * x] > v[3 * x + 1] else v[3 * x + 1]
        o[base + x] = f32(e if e > v[3 * x + 2] else v[3 * x + 2])


@helper
def _mix(levels: Any, radii: Any, down: Any) -> None:
    """Between the maps of tolerance 0, 1 and 2 px, by the radius between two rows of blocks; into the fourth."""
    for x in range(_D):
        r = radii[x] + (radii[x + _D] - radii[x]) * down
        near, far = min(r, f32(1)), max(r - f32(1), f32(0))
        d = levels[x] + (levels[x + _D] - levels[x]) * near + (levels[x + 2 * _D] - levels[x + _D]) * far
        levels[x + 3 * _D] = d


@helper
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


@helper
def _peaks_of(highest: Any, n: Any, o: Any, row: Any, column: Any) -> None:
    """The peaks of a row of cells, from what is highest in each of n columns, which is forgotten.

    Halves and quarters of cells are compared all at once: there is room for CELL more columns than STRIP.
    """
    highest[n:] = 0
    for x in range(STRIP):
        highest[x] = max(highest[x], highest[x + 4])
    for x in range(STRIP):
        highest[x] = max(highest[x], highest[x + 2])
    for c in range((n + CELL - 1) // CELL):
        o[row, column + c] = max(highest[c * CELL], highest[c * CELL + 1])
    highest[:] = 0


@helper
def _range_of(radius: Any, r: Any, first: Any, end: Any) -> Any:
    """The least and the greatest radius of a row of blocks, from `first` to `end`."""
    low, high = radius[r, first], radius[r, first]
    for i in range(first, end):
        low, high = min(low, radius[r, i]), max(high, radius[r, i])
    return low, high


@helper
def _radii_of(radius: Any, r: Any, at: Any, share: Any, m: Any, o: Any, base: Any) -> None:
    """Row r of radii at m columns, from the third of `at` on."""
    last = radius.shape[1] - 1
    for x in range(m):
        i = at[x + 2]
        o[base + x] = radius[r, i] + (radius[r, min(i + 1, last)] - radius[r, i]) * share[x + 2]
