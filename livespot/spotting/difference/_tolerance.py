"""How far a pixel lies outside the range of the other picture's small neighbourhood.

Comes in: two pictures of one size, uint8, uint16 or float32. Goes out: a float32 map in grey levels.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from livespot.spotting.kernels.arguments import output, pair
from livespot.spotting.kernels.runtime import Map, as_kernel_array, f32, helper, in_bands, kernel


def tolerant_difference(
    a: ArrayLike,
    b: ArrayLike,
    radius: float | Map = 1.0,
    *,
    unit: float = 1.0,
    threads: int = 1,
    out: Map | None = None,
) -> Map:
    """How far each pixel lies outside the range of the other picture's neighbourhood, grey levels, (h, w) float32.

    A pixel of A counts by as much as it lies outside [minimum, maximum] of the (2r + 1) x (2r + 1) pixels of B around
    it, and the other way round; the largest over both directions and the channels. Symmetric in a and b.
    a, b: (h, w) or (h, w, c), both uint8, both uint16, or both float. unit: what a grey level is in them.
    radius: 0 to 2 px, one number or an (h, w) float32 map; between whole radii the two maps are interpolated.
    Raises ValueError for shapes that do not fit.
    """
    first, second = pair(a, b, fixed=True)
    height, width = first.shape[:2]
    channels = 1 if first.ndim == 2 else first.shape[2]
    if isinstance(radius, np.ndarray):
        if radius.shape != (height, width):
            raise ValueError(f"the radius map is {radius.shape}, the pictures are {(height, width)}: give one size")
        radii = as_kernel_array(radius, np.float32)
    else:
        radii = np.full((1, width), radius, np.float32)
    result = output(out, height, width)
    flat_a, flat_b = first.reshape(height, width * channels), second.reshape(height, width * channels)
    level = f32(1 / unit)

    def work(y0: int, y1: int) -> None:
        _tolerant(flat_a, flat_b, radii, result, channels, level, y0, y1)

    in_bands(work, height, width, threads)
    return result


@helper
def _lowest3(e: Any, f: Any, g: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        v = f[x] if f[x] < e[x] else e[x]
        o[x] = g[x] if g[x] < v else v


@helper
def _highest3(e: Any, f: Any, g: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        v = f[x] if f[x] > e[x] else e[x]
        o[x] = g[x] if g[x] > v else v


@helper
def _lowest5(e: Any, f: Any, g: Any, h: Any, k: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        v = f[x] if f[x] < e[x] else e[x]
        w = h[x] if h[x] < g[x] else g[x]
        v = w if w < v else v
        o[x] = k[x] if k[x] < v else v


@helper
def _highest5(e: Any, f: Any, g: Any, h: Any, k: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        v = f[x] if f[x] > e[x] else e[x]
        w = h[x] if h[x] > g[x] else g[x]
        v = w if w > v else v
        o[x] = k[x] if k[x] > v else v


@kernel
def _outside(u: Any, low: Any, high: Any, o: Any) -> None:
    """How far u lies outside [low, high]; one of the two terms is 0."""
    for x in range(o.shape[0]):
        top = u[x] if u[x] > high[x] else high[x]
        bottom = u[x] if u[x] < low[x] else low[x]
        o[x] = (top - high[x]) + (low[x] - bottom)


@helper
def _over_channels(e: Any, g: Any, channels: Any, level: Any, o: Any) -> None:
    """The larger of e and g, then the largest over the channels of each pixel, times `level`."""
    if channels == 1:
        for x in range(o.shape[0]):
            o[x] = f32(e[x] if e[x] > g[x] else g[x]) * level
        return
    for x in range(e.shape[0]):
        e[x] = e[x] if e[x] > g[x] else g[x]
    if channels == 3:
        for x in range(o.shape[0]):
            v = e[3 * x] if e[3 * x] > e[3 * x + 1] else e[3 * x + 1]
            o[x] = f32(v if v > e[3 * x + 2] else e[3 * x + 2]) * level
    else:
        for x in range(o.shape[0]):
            v = e[channels * x]
            for c in range(1, channels):
                v = v if v > e[channels * x + c] else e[channels * x + c]
            o[x] = f32(v) * level


@helper
def _between(levels: Any, radii: Any, o: Any) -> None:
    d0, d1, d2 = levels[0], levels[1], levels[2]
    for x in range(o.shape[0]):
        r = min(max(radii[x], f32(0)), f32(2))
        near, far = min(r, f32(1)), max(r - f32(1), f32(0))
        o[x] = d0[x] + (d1[x] - d0[x]) * near + (d2[x] - d1[x]) * far


@helper
def _edges(row: Any, n: Any, c: Any) -> None:
    """Repeat the outermost pixels of a row of n values, c a pixel, that starts at 2c: two pixels on each side."""
    for i in range(2 * c):
        row[i] = row[2 * c + i % c]
        row[2 * c + n + i] = row[c + n + i % c]


@helper
def _range_of(v: Any, y: Any, c: Any, r: Any, low: Any, high: Any) -> None:
    """Lowest and highest of the (2r + 1) x (2r + 1) pixels around each of row y's, r 1 or 2, into low[0], high[0].

    low[r], high[r] hold the columns' ranges with two pixels repeated on each side; for r = 2 those of r = 1 are used.
    """
    h, n = v.shape
    above, below = v[max(y - r, 0)], v[min(y + r, h - 1)]
    inner = slice(2 * c, 2 * c + n)
    if r == 1:
        _lowest3(above, v[y], below, low[1, inner])
        _highest3(above, v[y], below, high[1, inner])
    else:
        _lowest3(above, low[1, inner], below, low[2, inner])
        _highest3(above, high[1, inner], below, high[2, inner])
    s, t = low[r], high[r]
    _edges(s, n, c)
    _edges(t, n, c)
    if r == 1:
        _lowest3(s[c:], s[2 * c :], s[3 * c :], low[0, :n])
        _highest3(t[c:], t[2 * c :], t[3 * c :], high[0, :n])
    else:
        _lowest5(s, s[c:], s[2 * c :], s[3 * c :], s[4 * c :], low[0, :n])
        _highest5(t, t[c:], t[2 * c :], t[3 * c :], t[4 * c :], high[0, :n])


@helper
def _extremes(row: Any) -> Any:
    low, high = row[0], row[0]
    for x in range(row.shape[0]):
        low, high = min(low, row[x]), max(high, row[x])
    return low, high


@kernel
def _tolerant(a: Any, b: Any, radii: Any, out: Any, c: Any, level: Any, y0: Any, y1: Any) -> None:
    n = a.shape[1]
    la, ha = np.empty((3, n + 4 * c), a.dtype), np.empty((3, n + 4 * c), a.dtype)
    lb, hb = np.empty((3, n + 4 * c), a.dtype), np.empty((3, n + 4 * c), a.dtype)
    e, g = np.zeros(n, a.dtype), np.zeros(n, a.dtype)
    levels = np.zeros((3, out.shape[1]), np.float32)
    for y in range(y0, y1):
        radius = radii[min(y, radii.shape[0] - 1)]
        smallest, largest = _extremes(radius)
        # only the whole radii that this row needs
        low = int(np.floor(min(max(smallest, f32(0)), f32(2))))
        high = int(np.ceil(min(max(largest, f32(0)), f32(2))))
        for r in range(min(low, 1), high + 1):
            if r == 0:
                _outside(a[y], b[y], b[y], e)
                g[:] = 0
            else:
                _range_of(a, y, c, r, la, ha)
                _range_of(b, y, c, r, lb, hb)
                if r < low:
                    continue
                _outside(a[y], lb[0, :n], hb[0, :n], e)
                _outside(b[y], la[0, :n], ha[0, :n], g)
            _over_channels(e, g, c, level, out[y] if low == high else levels[r])
        if low < high:
            _between(levels, radius, out[y])
