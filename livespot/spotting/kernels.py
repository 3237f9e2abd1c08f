"""The per-pixel kernels, compiled by numba, each beside a readable reference that a test holds it to.

Comes in: two pictures of one size, uint8 or float32 in grey levels 0 to 255. Goes out: float32 maps.
    ssim_map              structural similarity (Wang et al. 2004, doi:10.1109/TIP.2003.819861) as scikit-image has it:
                          `structural_similarity(full=True, data_range=255)`, borders mirrored
    tolerant_difference   how far a pixel lies outside the range of the other picture's small neighbourhood
The kernels release the GIL and work on bands of rows, on threads of their own pool: the same bits whatever the number
of threads, and safe from any thread (numba's own parallel layer aborts when two threads use it without libgomp).
How the inner loops are written follows what LLVM vectorises: one row a call, few arrays, offsets known when compiled.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import cv2
import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

Map = NDArray[np.float32]
Window = Literal["box7", "gaussian11"]

C1 = (0.01 * 255) ** 2
C2 = (0.03 * 255) ** 2
BOX_COVARIANCE = 49 / 48  # scikit-image's default: the sample covariance; the Gaussian window has none, as in the paper
SMALL = 1 << 16  # px; below this a second thread costs more than it gives

# No reassociation: the order of the sums, outermost taps first, is what keeps the error under 5e-5.
_fast: dict[str, Any] = {
    "nogil": True, "cache": True, "error_model": "numpy", "fastmath": {"contract", "nsz", "arcp", "nnan", "ninf"},
}  # fmt: skip
_kernel: Callable[[Any], Any] = numba.njit(**_fast)
_inline: Callable[[Any], Any] = numba.njit(inline="always", **_fast)

f32, i32, i16 = np.float32, np.int32, np.int16
_C1, _C2, _HALF, _ONE, _LEVEL = f32(C1), f32(C2), f32(0.5), f32(1), f32(127.5)
_BOX_C1, _BOX_C2 = f32(C1 * 49 * 49), f32(C2 * 49 * 49)

STRIP = 256  # columns computed together, so that all scratch stays in the nearest cache
BLOCK = 32  # rows computed together
_R5, _P5 = 5, STRIP + 16  # radius of the Gaussian window; pitch of its scratch rows, a multiple of 16
_R3, _P3 = 3, STRIP + 16
_weights = np.exp(-0.5 * (np.arange(6) / 1.5) ** 2)
_weights /= _weights[0] + 2 * _weights[1:].sum()
_G0, _G1, _G2, _G3, _G4, _G5 = (f32(w) for w in _weights)
_SEVENTH = f32(1 / 7)


# ---- threads ---------------------------------------------------------------------------------------------------------

_pools: dict[int, ThreadPoolExecutor] = {}
_pools_lock = threading.Lock()


def in_bands(work: Callable[[int, int], None], height: int, width: int, threads: int) -> None:
    """Call work(first_row, end_row) for `threads` bands that cover `height` rows, one of them on this thread."""
    threads = max(1, min(threads, height)) if height * width >= SMALL else 1
    if threads == 1:
        work(0, height)
        return
    with _pools_lock:
        pool = _pools.setdefault(threads, ThreadPoolExecutor(threads - 1, thread_name_prefix="livespot-kernel"))
    edges = [height * i // threads for i in range(threads + 1)]
    others = [pool.submit(work, edges[i], edges[i + 1]) for i in range(1, threads)]
    work(edges[0], edges[1])
    for other in others:
        other.result()


@_kernel
def _mirror(i: Any, n: Any) -> Any:
    """Row or column i of a picture of n that is mirrored at its edges: d c b a | a b c d | d c b a."""
    i %= 2 * n
    return 2 * n - 1 - i if i >= n else i


# ---- structural similarity -------------------------------------------------------------------------------------------
# With p = a + b and d = a - b: 2 ab = (p² - d²) / 2 and a² + b² = (p² + d²) / 2, so that
#     SSIM = (1 - E[d]² / L) (1 - var d / V),   L = (E[p]² + E[d]²) / 2 + C1,   V = (var p + var d) / 2 + C2.
# The four sums are those of p, d, p², d². Where the pictures agree d is small, and so is its rounding error: float32 is
# enough, and two equal pictures give exactly 1. p is shifted to around 0, which its variance does not feel.


def ssim_map(
    a: ArrayLike,
    b: ArrayLike,
    window: Window = "box7",
    *,
    threads: int = 1,
    lowest: bool = False,
    out: Map | None = None,
) -> Map:
    """Structural similarity at every pixel, -1 to 1.

    a, b: (h, w) or (h, w, c), both uint8, or both float in 0 to 255. Any size from 1 x 1.
    window: "box7" (sample covariance, as scikit-image's default) or "gaussian11" (sigma 1.5, as in the paper).
    lowest: for (h, w, c), the lowest over the channels, (h, w). Else a map for each channel, (h, w, c).
    out: an (h, w) float32 array to write into; not for a map for each channel.
    Within 5e-5 of scikit-image. Raises ValueError for shapes that do not fit.
    """
    first, second = _pair(a, b)
    height, width = first.shape[:2]
    planes = [(first, second)] if first.ndim == 2 else list(zip(_planes(first), _planes(second), strict=True))
    if first.ndim == 3 and not lowest:
        maps = [ssim_map(p, q, window, threads=threads) for p, q in planes]
        return np.ascontiguousarray(np.stack(maps, axis=-1))
    result = _output(out, height, width)
    kernel = _ssim_gauss if window == "gaussian11" else _ssim_box if first.dtype == np.uint8 else _ssim_box_float

    def work(y0: int, y1: int) -> None:
        for number, (p, q) in enumerate(planes):
            kernel(p, q, result, y0, y1, number > 0)

    in_bands(work, height, width, threads)
    return result


def ssim_map_reference(a: ArrayLike, b: ArrayLike, window: Window = "box7") -> NDArray[np.float64]:
    """ssim_map in plain SciPy, float64: (h, w) or (h, w, c)."""
    from scipy import ndimage

    x, y = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if x.ndim == 3:
        return np.stack([ssim_map_reference(x[..., c], y[..., c], window) for c in range(x.shape[2])], axis=-1)

    def mean(picture: NDArray[np.float64]) -> NDArray[np.float64]:
        if window == "gaussian11":
            return np.asarray(ndimage.gaussian_filter(picture, 1.5, truncate=3.5, mode="reflect"))
        return np.asarray(ndimage.uniform_filter(picture, 7, mode="reflect"))

    scale = 1.0 if window == "gaussian11" else BOX_COVARIANCE
    ux, uy = mean(x), mean(y)
    vx, vy, vxy = (scale * (mean(p) - q) for p, q in ((x * x, ux * ux), (y * y, uy * uy), (x * y, ux * uy)))
    return np.asarray(((2 * ux * uy + C1) * (2 * vxy + C2)) / ((ux**2 + uy**2 + C1) * (vx + vy + C2)))


@_kernel
def _lower(s: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        o[x] = s[x] if s[x] < o[x] else o[x]


@_kernel
def _box_start(ra: Any, rb: Any, cp: Any, cd: Any, cpp: Any, cdd: Any) -> None:
    for x in range(ra.shape[0]):
        p, d = i32(ra[x]) + i32(rb[x]), i32(ra[x]) - i32(rb[x])
        cp[x] += i16(p)
        cd[x] += i16(d)
        cpp[x] += i32(p * p)
        cdd[x] += i32(d * d)


@_kernel
def _box_step(an: Any, bn: Any, ao: Any, bo: Any, cp: Any, cd: Any, cpp: Any, cdd: Any) -> None:
    """Move the seven-row column sums one row down: the new row in, the old row out. Exact in integers."""
    for x in range(an.shape[0]):
        pn, dn = i16(an[x]) + i16(bn[x]), i16(an[x]) - i16(bn[x])
        po, do = i16(ao[x]) + i16(bo[x]), i16(ao[x]) - i16(bo[x])
        e, g = pn - po, dn - do
        cp[x] += i16(e)
        cd[x] += i16(g)
        cpp[x] += i32(e * (pn + po))
        cdd[x] += i32(g * (dn + do))


@_inline
def _seven(c: Any, x: Any) -> Any:
    return c[x] + c[x + 1] + c[x + 2] + c[x + 3] + c[x + 4] + c[x + 5] + c[x + 6]


@_kernel
def _box_row(cp: Any, cd: Any, cpp: Any, cdd: Any, o: Any) -> None:
    scale = f32(BOX_COVARIANCE)
    for x in range(o.shape[0]):
        sp, sd = i32(_seven(cp, x)), i32(_seven(cd, x))
        sp2, sd2 = i32(sp * sp), i32(sd * sd)
        md, vd = f32(sd2), scale * f32(i32(i32(49) * i32(_seven(cdd, x)) - sd2))
        vp = scale * f32(i32(i32(49) * i32(_seven(cpp, x)) - sp2))
        lum, var = _HALF * (f32(sp2) + md) + _BOX_C1, _HALF * (vp + vd) + _BOX_C2
        s = _ONE - (md * var + vd * (lum - md)) / (lum * var)
        o[x] = s


@_kernel
def _ssim_box(a: Any, b: Any, out: Any, y0: Any, y1: Any, keep: Any) -> None:
    """Box 7 on uint8, rows y0 to y1: running column sums in exact integers."""
    h, w = a.shape
    cp, cd = np.zeros(w + 6, np.int16), np.zeros(w + 6, np.int16)
    cpp, cdd = np.zeros(w + 6, np.int32), np.zeros(w + 6, np.int32)
    row = np.empty(w, np.float32)
    for k in range(-3, 4):
        y = _mirror(y0 + k, h)
        _box_start(a[y], b[y], cp[3:], cd[3:], cpp[3:], cdd[3:])
    for y in range(y0, y1):
        if y > y0:
            new, old = _mirror(y + 3, h), _mirror(y - 4, h)
            _box_step(a[new], b[new], a[old], b[old], cp[3:], cd[3:], cpp[3:], cdd[3:])
        for k in range(3):
            left, right = 3 + _mirror(-1 - k, w), 3 + _mirror(w + k, w)
            cp[2 - k], cd[2 - k], cpp[2 - k], cdd[2 - k] = cp[left], cd[left], cpp[left], cdd[left]
            cp[w + 3 + k], cd[w + 3 + k], cpp[w + 3 + k], cdd[w + 3 + k] = cp[right], cd[right], cpp[right], cdd[right]
        _box_row(cp, cd, cpp, cdd, row if keep else out[y])
        if keep:
            _lower(row, out[y])


@_kernel
def _sum_and_difference(ra: Any, rb: Any, p: Any, d: Any) -> None:
    for x in range(ra.shape[0]):
        u, v = f32(ra[x]), f32(rb[x])
        p[x] = (u - _LEVEL) + (v - _LEVEL)
        d[x] = u - v


@_kernel
def _fill(a: Any, b: Any, p: Any, d: Any, first: Any, rows: Any, x0: Any, columns: Any, r: Any, pitch: Any) -> None:
    """p and d of `rows` rows from `first` and of the columns x0 - r to x0 + columns + r, mirrored at the edges."""
    h, w = a.shape
    start = x0 - r
    low, high = max(0, start), min(w, x0 + columns + r)
    for k in range(rows):
        y, base = _mirror(first + k, h), k * pitch
        at = base + low - start
        _sum_and_difference(a[y, low:high], b[y, low:high], p[at : at + high - low], d[at : at + high - low])
        for i in range(2 * r):  # the columns outside the picture, if any
            x = start + i if i < r else x0 + columns + i - r
            if x < low or x >= high:
                m = _mirror(x, w)
                u, v = f32(a[y, m]), f32(b[y, m])
                p[base + x - start] = (u - _LEVEL) + (v - _LEVEL)
                d[base + x - start] = u - v


@_kernel
def _gauss_columns(p: Any, d: Any, v: Any) -> None:
    """Down the columns: the weighted sums of p, p², d, d² of eleven rows, one after the other in v."""
    for x in range(_P5):
        e, f = p[x], p[x + 10 * _P5]
        s, q = _G5 * (e + f), _G5 * (e * e + f * f)
        e, f = p[x + _P5], p[x + 9 * _P5]
        s, q = s + _G4 * (e + f), q + _G4 * (e * e + f * f)
        e, f = p[x + 2 * _P5], p[x + 8 * _P5]
        s, q = s + _G3 * (e + f), q + _G3 * (e * e + f * f)
        e, f = p[x + 3 * _P5], p[x + 7 * _P5]
        s, q = s + _G2 * (e + f), q + _G2 * (e * e + f * f)
        e, f = p[x + 4 * _P5], p[x + 6 * _P5]
        s, q = s + _G1 * (e + f), q + _G1 * (e * e + f * f)
        e = p[x + 5 * _P5]
        v[x], v[x + _P5] = s + _G0 * e, q + _G0 * (e * e)
        e, f = d[x], d[x + 10 * _P5]
        s, q = _G5 * (e + f), _G5 * (e * e + f * f)
        e, f = d[x + _P5], d[x + 9 * _P5]
        s, q = s + _G4 * (e + f), q + _G4 * (e * e + f * f)
        e, f = d[x + 2 * _P5], d[x + 8 * _P5]
        s, q = s + _G3 * (e + f), q + _G3 * (e * e + f * f)
        e, f = d[x + 3 * _P5], d[x + 7 * _P5]
        s, q = s + _G2 * (e + f), q + _G2 * (e * e + f * f)
        e, f = d[x + 4 * _P5], d[x + 6 * _P5]
        s, q = s + _G1 * (e + f), q + _G1 * (e * e + f * f)
        e = d[x + 5 * _P5]
        v[x + 2 * _P5], v[x + 3 * _P5] = s + _G0 * e, q + _G0 * (e * e)


@_inline
def _eleven(v: Any, i: Any) -> Any:
    return (
        _G5 * (v[i] + v[i + 10])
        + _G4 * (v[i + 1] + v[i + 9])
        + _G3 * (v[i + 2] + v[i + 8])
        + _G2 * (v[i + 3] + v[i + 7])
        + _G1 * (v[i + 4] + v[i + 6])
        + _G0 * v[i + 5]
    )


@_inline
def _similarity(mp: Any, qp: Any, md: Any, qd: Any, scale: Any) -> Any:
    vp, md2 = max(qp - mp * mp, f32(0)), md * md
    vd = scale * max(qd - md2, f32(0))
    mp = mp + f32(255)
    lum, var = _HALF * (mp * mp + md2) + _C1, _HALF * (scale * vp + vd) + _C2
    return _ONE - (md2 * var + vd * (lum - md2)) / (lum * var)


@_kernel
def _gauss_row(v: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        s = _similarity(_eleven(v, x), _eleven(v, x + _P5), _eleven(v, x + 2 * _P5), _eleven(v, x + 3 * _P5), f32(1))
        o[x] = s


@_kernel
def _ssim_gauss(a: Any, b: Any, out: Any, y0: Any, y1: Any, keep: Any) -> None:
    """Gaussian 11, sigma 1.5, rows y0 to y1, in strips and blocks that stay in cache."""
    w = a.shape[1]
    p, d = np.zeros((BLOCK + 10) * _P5, np.float32), np.zeros((BLOCK + 10) * _P5, np.float32)
    v, row = np.empty(4 * _P5, np.float32), np.empty(STRIP, np.float32)
    for x0 in range(0, w, STRIP):
        n = min(STRIP, w - x0)
        for first in range(y0, y1, BLOCK):
            m = min(BLOCK, y1 - first)
            _fill(a, b, p, d, first - 5, m + 10, x0, n, 5, _P5)
            for k in range(m):
                _gauss_columns(p[k * _P5 :], d[k * _P5 :], v)
                o = out[first + k, x0 : x0 + n]
                _gauss_row(v, row[:n] if keep else o)
                if keep:
                    _lower(row, o)


@_kernel
def _box_columns(p: Any, v: Any, at: Any) -> None:
    for x in range(_P3):
        e0, e1, e2, e3 = p[x], p[x + _P3], p[x + 2 * _P3], p[x + 3 * _P3]
        e4, e5, e6 = p[x + 4 * _P3], p[x + 5 * _P3], p[x + 6 * _P3]
        v[x + at] = (e0 + e1 + e2 + e3 + e4 + e5 + e6) * _SEVENTH
        v[x + at + _P3] = (e0 * e0 + e1 * e1 + e2 * e2 + e3 * e3 + e4 * e4 + e5 * e5 + e6 * e6) * _SEVENTH


@_kernel
def _box_float_row(v: Any, o: Any) -> None:
    scale = f32(BOX_COVARIANCE)
    for x in range(o.shape[0]):
        s = _similarity(
            _seven(v, x) * _SEVENTH,
            _seven(v, x + _P3) * _SEVENTH,
            _seven(v, x + 2 * _P3) * _SEVENTH,
            _seven(v, x + 3 * _P3) * _SEVENTH,
            scale,
        )
        o[x] = s


@_kernel
def _ssim_box_float(a: Any, b: Any, out: Any, y0: Any, y1: Any, keep: Any) -> None:
    """Box 7 on float32, rows y0 to y1: no running sums, which would drift."""
    w = a.shape[1]
    p, d = np.zeros((BLOCK + 6) * _P3, np.float32), np.zeros((BLOCK + 6) * _P3, np.float32)
    v, row = np.empty(4 * _P3, np.float32), np.empty(STRIP, np.float32)
    for x0 in range(0, w, STRIP):
        n = min(STRIP, w - x0)
        for first in range(y0, y1, BLOCK):
            m = min(BLOCK, y1 - first)
            _fill(a, b, p, d, first - 3, m + 6, x0, n, 3, _P3)
            for k in range(m):
                _box_columns(p[k * _P3 :], v, 0)
                _box_columns(d[k * _P3 :], v, 2 * _P3)
                o = out[first + k, x0 : x0 + n]
                _box_float_row(v, row[:n] if keep else o)
                if keep:
                    _lower(row, o)


# ---- tolerant difference ---------------------------------------------------------------------------------------------


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
    first, second = _pair(a, b, fixed=True)
    height, width = first.shape[:2]
    channels = 1 if first.ndim == 2 else first.shape[2]
    if isinstance(radius, np.ndarray):
        if radius.shape != (height, width):
            raise ValueError(f"the radius map is {radius.shape}, the pictures are {(height, width)}: give one size")
        radii = np.require(radius, np.float32, ["C", "W"])
    else:
        radii = np.full((1, width), radius, np.float32)
    result = _output(out, height, width)
    flat_a, flat_b = first.reshape(height, width * channels), second.reshape(height, width * channels)
    level = f32(1 / unit)

    def work(y0: int, y1: int) -> None:
        _tolerant(flat_a, flat_b, radii, result, channels, level, y0, y1)

    in_bands(work, height, width, threads)
    return result


def tolerant_difference_reference(a: ArrayLike, b: ArrayLike, radius: float | Map = 1.0) -> NDArray[np.float64]:
    """tolerant_difference in plain NumPy and OpenCV."""
    x, y = (np.atleast_3d(np.asarray(picture, np.float32)) for picture in (a, b))

    def outside(u: NDArray[np.float32], v: NDArray[np.float32], r: int) -> NDArray[np.float32]:
        block = np.ones((2 * r + 1, 2 * r + 1), np.uint8)
        low = np.asarray(cv2.erode(v, block)).reshape(v.shape)
        high = np.asarray(cv2.dilate(v, block)).reshape(v.shape)
        return np.asarray(np.maximum(np.maximum(u - high, low - u), 0), np.float32)

    whole = [np.maximum(outside(x, y, r), outside(y, x, r)).max(axis=2) for r in range(3)]
    levels = np.stack(whole).astype(np.float64)
    r = np.broadcast_to(np.clip(np.asarray(radius, np.float64), 0, 2), levels.shape[1:])
    below = np.minimum(np.floor(r).astype(int), 1)
    lower, upper = np.take_along_axis(levels, below[None], 0)[0], np.take_along_axis(levels, below[None] + 1, 0)[0]
    return np.asarray(lower + (upper - lower) * (r - below))


@_kernel
def _lowest3(e: Any, f: Any, g: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        v = f[x] if f[x] < e[x] else e[x]
        o[x] = g[x] if g[x] < v else v


@_kernel
def _highest3(e: Any, f: Any, g: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        v = f[x] if f[x] > e[x] else e[x]
        o[x] = g[x] if g[x] > v else v


@_kernel
def _lowest5(e: Any, f: Any, g: Any, h: Any, k: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        v = f[x] if f[x] < e[x] else e[x]
        w = h[x] if h[x] < g[x] else g[x]
        v = w if w < v else v
        o[x] = k[x] if k[x] < v else v


@_kernel
def _highest5(e: Any, f: Any, g: Any, h: Any, k: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        v = f[x] if f[x] > e[x] else e[x]
        w = h[x] if h[x] > g[x] else g[x]
        v = w if w > v else v
        o[x] = k[x] if k[x] > v else v


@_kernel
def _outside(u: Any, low: Any, high: Any, o: Any) -> None:
    """How far u lies outside [low, high]; one of the two terms is 0."""
    for x in range(o.shape[0]):
        top = u[x] if u[x] > high[x] else high[x]
        bottom = u[x] if u[x] < low[x] else low[x]
        o[x] = (top - high[x]) + (low[x] - bottom)


@_kernel
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


@_kernel
def _between(levels: Any, radii: Any, o: Any) -> None:
    d0, d1, d2 = levels[0], levels[1], levels[2]
    for x in range(o.shape[0]):
        r = min(max(radii[x], f32(0)), f32(2))
        near, far = min(r, f32(1)), max(r - f32(1), f32(0))
        o[x] = d0[x] + (d1[x] - d0[x]) * near + (d2[x] - d1[x]) * far


@_kernel
def _edges(row: Any, n: Any, c: Any) -> None:
    """Repeat the outermost pixels of a row of n values, c a pixel, that starts at 2c: two pixels on each side."""
    for i in range(2 * c):
        row[i] = row[2 * c + i % c]
        row[2 * c + n + i] = row[c + n + i % c]


@_kernel
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


@_kernel
def _extremes(row: Any) -> Any:
    low, high = row[0], row[0]
    for x in range(row.shape[0]):
        low, high = min(low, row[x]), max(high, row[x])
    return low, high


@_kernel
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


# ---- shared ----------------------------------------------------------------------------------------------------------


def warm_up() -> None:
    """Compile every kernel, or load it from its cache: seconds the first time, a fraction of one later."""
    for dtype in (np.uint8, np.float32):
        grey, colour = np.zeros((8, 9), dtype), np.zeros((8, 9, 3), dtype)
        for window in ("box7", "gaussian11"):
            ssim_map(grey, grey, window)
        tolerant_difference(colour, colour, np.ones((8, 9), np.float32))
    fixed = np.zeros((8, 9, 3), np.uint16)
    tolerant_difference(fixed, fixed, np.ones((8, 9), np.float32))


def _pair(a: ArrayLike, b: ArrayLike, fixed: bool = False) -> tuple[NDArray[Any], NDArray[Any]]:
    """Both pictures contiguous, writeable (numba compiles read-only arrays apart) and of one type.

    fixed: uint16 stays what it is; else what is not uint8 becomes float32.
    """
    x, y = np.asarray(a), np.asarray(b)
    if x.shape != y.shape:
        raise ValueError(f"pictures of one size are compared, not {x.shape} and {y.shape}: resize one of them")
    if x.ndim not in (2, 3) or x.size == 0:
        raise ValueError(f"a picture is (h, w) or (h, w, c) and not empty, not {x.shape}")
    kept = (np.uint8, np.uint16) if fixed else (np.uint8,)
    kind: Any = next((t for t in kept if x.dtype == t and y.dtype == t), np.float32)
    return np.require(x, kind, ["C", "W"]), np.require(y, kind, ["C", "W"])


def _planes(picture: NDArray[Any]) -> list[NDArray[Any]]:
    return [np.asarray(plane) for plane in cv2.split(picture)]


def _output(out: Map | None, height: int, width: int) -> Map:
    if out is None:
        return np.empty((height, width), np.float32)
    if out.shape != (height, width) or out.dtype != np.float32 or not out.flags.c_contiguous:
        raise ValueError(f"out must be contiguous float32 {(height, width)}, not {out.dtype} {out.shape}")
    return out
