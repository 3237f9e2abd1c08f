"""Lucas-Kanade: the sums that say how a residual warp must change, weighted by what both pictures have in common."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import Map, as_kernel_array, f32, helper, in_bands, kernel
from livespot.spotting.registration.warping import STEP


def normal_equations(a: Map, b: Map, ok: NDArray[np.bool_], *, threads: int = 1) -> Map:
    """Means over STEP x STEP cells of the weighted products xx, xy, yy, xt, yt, tt: (gh, gw, 6) float32.

    a, b: (h, w) float32. x, y: the mean gradient of both, t: b - a. The weight of a pixel is the squared share of the
    gradients that both have in common; pixels outside `ok` weigh nothing.
    """
    height, width = a.shape
    rows, columns = -(-height // STEP), -(-width // STEP)
    out = np.zeros((rows, columns, 6), np.float32)
    one, two = as_kernel_array(a, np.float32), as_kernel_array(b, np.float32)
    mask = as_kernel_array(ok, np.bool_).view(np.uint8)

    def work(first: int, end: int) -> None:
        _normal_equations(one, two, mask, out, first, end)

    in_bands(work, rows, columns * STEP * STEP, threads)
    return out


STRIP = 256  # columns computed together, so that all scratch stays in the nearest cache
_P = STRIP + 16  # pitch of the scratch rows


@helper
def _strip_row(a: Any, x0: Any, n: Any, o: Any) -> None:
    """Columns x0 - 1 to x0 + n + 1 of a row; beyond an edge what makes the edge's own gradient 0."""
    width = a.shape[0]
    for x in range(n):
        o[x + 1] = a[x0 + x]
    o[0] = a[x0 - 1] if x0 > 0 else a[min(1, width - 1)]
    o[n + 1] = a[x0 + n] if x0 + n < width else a[max(width - 2, 0)]


@helper
def _add_products(a: Any, b: Any, start: Any, ok: Any, s: Any) -> None:
    """The products of one row, onto the six rows of s. a, b: three rows one after the other from `start`, one column
    more left.
    """
    start = min(max(start, 0), 1 << 30)  # no index counts from the end
    half, tiny, none = f32(0.5), f32(1e-3), f32(0)
    for x in range(STRIP):
        i = start + x
        ax, ay = half * (a[i + _P + 2] - a[i + _P]), half * (a[i + 2 * _P + 1] - a[i + 1])
        bx, by = half * (b[i + _P + 2] - b[i + _P]), half * (b[i + 2 * _P + 1] - b[i + 1])
        common = max(ax * bx + ay * by, none)
        share = (common + common) / (ax * ax + ay * ay + bx * bx + by * by + tiny)
        weight = share * share * ok[x]
        gx, gy, t = half * (ax + bx), half * (ay + by), b[i + _P + 1] - a[i + _P + 1]
        wx, wy, wt = weight * gx, weight * gy, weight * t
        s[x] += wx * gx
        s[x + _P] += wx * gy
        s[x + 2 * _P] += wy * gy
        s[x + 3 * _P] += wx * t
        s[x + 4 * _P] += wy * t
        s[x + 5 * _P] += wt * t


@helper
def _as_float(values: Any, o: Any) -> None:
    for x in range(values.shape[0]):
        o[x] = f32(values[x])


@helper
def _by_cells(s: Any, scale: Any, o: Any) -> None:
    """The six rows of s, summed over STEP columns each."""
    for c in range(o.shape[0]):
        for k in range(6):
            i = k * _P + c * STEP
            one, two = s[i] + s[i + 1] + s[i + 2] + s[i + 3], s[i + 4] + s[i + 5] + s[i + 6] + s[i + 7]
            o[c, k] = (one + two) * scale


@kernel
def _normal_equations(a: Any, b: Any, ok: Any, out: Any, first: Any, end: Any) -> None:
    height, width = a.shape
    scale = f32(1.0 / (STEP * STEP))
    # the rows of a cell with one more above and below, then three alike for the picture's edge
    rows_a, rows_b = np.zeros((STEP + 5) * _P, np.float32), np.zeros((STEP + 5) * _P, np.float32)
    mask, s = np.zeros(_P, np.float32), np.zeros(6 * _P, np.float32)
    edge = (STEP + 2) * _P
    for x0 in range(0, width, STRIP):
        n = min(STRIP, width - x0)
        mask[:] = 0
        for r in range(first, end):
            s[:] = 0
            top, bottom = r * STEP, min(height, (r + 1) * STEP)
            for y in range(max(top - 1, 0), min(bottom + 1, height)):
                _strip_row(a[y], x0, n, rows_a[(y - top + 1) * _P :])
                _strip_row(b[y], x0, n, rows_b[(y - top + 1) * _P :])
            for y in range(top, bottom):
                start = (y - top) * _P
                if y == 0 or y == height - 1:  # no gradient across the edge
                    start = edge
                    for k in range(3):
                        _strip_row(a[y], x0, n, rows_a[edge + k * _P :])
                        _strip_row(b[y], x0, n, rows_b[edge + k * _P :])
                _as_float(ok[y, x0 : x0 + n], mask)
                _add_products(rows_a, rows_b, start, mask, s)
            _by_cells(s, scale, out[r, x0 // STEP : x0 // STEP - (-n // STEP)])
