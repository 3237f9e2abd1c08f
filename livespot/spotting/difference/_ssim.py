"""The structural similarity of two pictures at every pixel (Wang et al. 2004, doi:10.1109/TIP.2003.819861).

Comes in: two pictures of one size, uint8 or float32 in grey levels 0 to 255. Goes out: float32 maps, as scikit-image
has them: `structural_similarity(full=True, data_range=255)`, borders mirrored.

With p = a + b and d = a - b: 2 ab = (p² - d²) / 2 and a² + b² = (p² + d²) / 2, so that
    SSIM = (1 - E[d]² / L) (1 - var d / V),   L = (E[p]² + E[d]²) / 2 + C1,   V = (var p + var d) / 2 + C2.
The four sums are those of p, d, p², d². Where the pictures agree d is small, and so is its rounding error: float32 is
enough, and two equal pictures give exactly 1. p is shifted to around 0, which its variance does not feel.
"""

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from livespot.spotting.kernels.arguments import output, pair, planes
from livespot.spotting.kernels.runtime import Map, f32, helper, in_bands, inline, kernel

Window = Literal["box7", "gaussian11"]

C1 = (0.01 * 255) ** 2
C2 = (0.03 * 255) ** 2
BOX_COVARIANCE = 49 / 48  # scikit-image's default: the sample covariance; the Gaussian window has none, as in the paper

i32, i16 = np.int32, np.int16
_C1, _C2, _HALF, _ONE, _LEVEL = f32(C1), f32(C2), f32(0.5), f32(1), f32(127.5)
_BOX_C1, _BOX_C2 = f32(C1 * 49 * 49), f32(C2 * 49 * 49)

STRIP = 256  # columns computed together, so that all scratch stays in the nearest cache
ROWS = 32  # rows computed together
_R5, _P5 = 5, STRIP + 16  # radius of the Gaussian window; pitch of its scratch rows, a multiple of 16
_R3, _P3 = 3, STRIP + 16
_weights = np.exp(-0.5 * (np.arange(6) / 1.5) ** 2)
_weights /= _weights[0] + 2 * _weights[1:].sum()
_G0, _G1, _G2, _G3, _G4, _G5 = (f32(w) for w in _weights)
_SEVENTH = f32(1 / 7)


@kernel
def _mirror(i: Any, n: Any) -> Any:
    """Row or column i of a picture of n that is mirrored at its edges: d c b a | a b c d | d c b a."""
    i %= 2 * n
    return 2 * n - 1 - i if i >= n else i


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
    first, second = pair(a, b)
    height, width = first.shape[:2]
    channels = [(first, second)] if first.ndim == 2 else list(zip(planes(first), planes(second), strict=True))
    if first.ndim == 3 and not lowest:
        maps = [ssim_map(p, q, window, threads=threads) for p, q in channels]
        return np.ascontiguousarray(np.stack(maps, axis=-1))
    result = output(out, height, width)
    kernel = _ssim_gauss if window == "gaussian11" else _ssim_box if first.dtype == np.uint8 else _ssim_box_float

    def work(y0: int, y1: int) -> None:
        for number, (p, q) in enumerate(channels):
            kernel(p, q, result, y0, y1, number > 0)

    in_bands(work, height, width, threads)
    return result


@helper
def _lower(s: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        o[x] = s[x] if s[x] < o[x] else o[x]


@helper
def _box_start(ra: Any, rb: Any, cp: Any, cd: Any, cpp: Any, cdd: Any) -> None:
    for x in range(ra.shape[0]):
        p, d = i32(ra[x]) + i32(rb[x]), i32(ra[x]) - i32(rb[x])
        cp[x] += i16(p)
        cd[x] += i16(d)
        cpp[x] += i32(p * p)
        cdd[x] += i32(d * d)


@helper
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


@inline
def _seven(c: Any, x: Any) -> Any:
    return c[x] + c[x + 1] + c[x + 2] + c[x + 3] + c[x + 4] + c[x + 5] + c[x + 6]


@helper
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


@kernel
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


@helper
def _sum_and_difference(ra: Any, rb: Any, p: Any, d: Any) -> None:
    for x in range(ra.shape[0]):
        u, v = f32(ra[x]), f32(rb[x])
        p[x] = (u - _LEVEL) + (v - _LEVEL)
        d[x] = u - v


@kernel
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


@helper
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


@inline
def _eleven(v: Any, i: Any) -> Any:
    return (
        _G5 * (v[i] + v[i + 10])
        + _G4 * (v[i + 1] + v[i + 9])
        + _G3 * (v[i + 2] + v[i + 8])
        + _G2 * (v[i + 3] + v[i + 7])
        + _G1 * (v[i + 4] + v[i + 6])
        + _G0 * v[i + 5]
    )


@inline
def _similarity(mp: Any, qp: Any, md: Any, qd: Any, scale: Any) -> Any:
    vp, md2 = max(qp - mp * mp, f32(0)), md * md
    vd = scale * max(qd - md2, f32(0))
    mp = mp + f32(255)
    lum, var = _HALF * (mp * mp + md2) + _C1, _HALF * (scale * vp + vd) + _C2
    return _ONE - (md2 * var + vd * (lum - md2)) / (lum * var)


@helper
def _gauss_row(v: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        s = _similarity(_eleven(v, x), _eleven(v, x + _P5), _eleven(v, x + 2 * _P5), _eleven(v, x + 3 * _P5), f32(1))
        o[x] = s


@kernel
def _ssim_gauss(a: Any, b: Any, out: Any, y0: Any, y1: Any, keep: Any) -> None:
    """Gaussian 11, sigma 1.5, rows y0 to y1, in strips and blocks that stay in cache."""
    w = a.shape[1]
    p, d = np.zeros((ROWS + 10) * _P5, np.float32), np.zeros((ROWS + 10) * _P5, np.float32)
    v, row = np.empty(4 * _P5, np.float32), np.empty(STRIP, np.float32)
    for x0 in range(0, w, STRIP):
        n = min(STRIP, w - x0)
        for first in range(y0, y1, ROWS):
            m = min(ROWS, y1 - first)
            _fill(a, b, p, d, first - 5, m + 10, x0, n, 5, _P5)
            for k in range(m):
                _gauss_columns(p[k * _P5 :], d[k * _P5 :], v)
                o = out[first + k, x0 : x0 + n]
                _gauss_row(v, row[:n] if keep else o)
                if keep:
                    _lower(row, o)


@helper
def _box_columns(p: Any, v: Any, at: Any) -> None:
    for x in range(_P3):
        e0, e1, e2, e3 = p[x], p[x + _P3], p[x + 2 * _P3], p[x + 3 * _P3]
        e4, e5, e6 = p[x + 4 * _P3], p[x + 5 * _P3], p[x + 6 * _P3]
        v[x + at] = (e0 + e1 + e2 + e3 + e4 + e5 + e6) * _SEVENTH
        v[x + at + _P3] = (e0 * e0 + e1 * e1 + e2 * e2 + e3 * e3 + e4 * e4 + e5 * e5 + e6 * e6) * _SEVENTH


@helper
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


@kernel
def _ssim_box_float(a: Any, b: Any, out: Any, y0: Any, y1: Any, keep: Any) -> None:
    """Box 7 on float32, rows y0 to y1: no running sums, which would drift."""
    w = a.shape[1]
    p, d = np.zeros((ROWS + 6) * _P3, np.float32), np.zeros((ROWS + 6) * _P3, np.float32)
    v, row = np.empty(4 * _P3, np.float32), np.empty(STRIP, np.float32)
    for x0 in range(0, w, STRIP):
        n = min(STRIP, w - x0)
        for first in range(y0, y1, ROWS):
            m = min(ROWS, y1 - first)
            _fill(a, b, p, d, first - 3, m + 6, x0, n, 3, _P3)
            for k in range(m):
                _box_columns(p[k * _P3 :], v, 0)
                _box_columns(d[k * _P3 :], v, 2 * _P3)
                o = out[first + k, x0 : x0 + n]
                _box_float_row(v, row[:n] if keep else o)
                if keep:
                    _lower(row, o)
