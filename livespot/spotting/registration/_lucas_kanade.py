"""Alignment: pictures moved by a residual warp, and the sums that say how it must change.

remap_maps         where each canonical pixel, moved by the residual warp, lies in a picture
    within             which of these places are inside it
warped             a picture moved by a residual warp
normal_equations   the weighted Lucas-Kanade sums of each cell of the warp's grid
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import Map, as_kernel_array, f32, helper, in_bands, kernel

STEP = 8  # canonical px between the nodes of the residual warp


def dense(grid: Map, size: tuple[int, int]) -> Map:
    """A grid of node values (gh, gw, n) at every pixel of a canonical (width, height), bilinear."""
    rows, columns = grid.shape[:2]
    full = cv2.resize(grid, (columns * STEP, rows * STEP), interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(full[: size[1], : size[0]], np.float32)


# ---- where pixels lie ------------------------------------------------------------------------------------------------


def remap_maps(
    homography: NDArray[np.float64], grid: Map | None, size: tuple[int, int], *, threads: int = 1
) -> tuple[Map, Map]:
    """x, y (h, w) float32 for cv2.remap: homography(p + warp(p)) for every canonical pixel p.

    grid: (gh, gw, 2) float32, the warp at the nodes, px; None for none. size: (width, height).
    """
    width, height = size
    x, y = np.empty((height, width), np.float32), np.empty((height, width), np.float32)
    h = np.ascontiguousarray(homography / homography[2, 2], np.float64)
    warp = np.zeros((1, 1, 2), np.float32) if grid is None else as_kernel_array(grid, np.float32)

    def work(y0: int, y1: int) -> None:
        _remap_maps(h, warp, x, y, y0, y1)

    in_bands(work, height, width, threads)
    return x, y


@kernel
def _spread(nodes: Any, dx: Any, dy: Any) -> None:
    """A row of nodes (columns, 2) at every pixel of a row."""
    last = nodes.shape[0] - 1
    for x in range(dx.shape[0]):
        at = (f32(x) + f32(0.5)) / f32(STEP) - f32(0.5)
        left = int(np.floor(at))
        share = at - f32(left)
        first, second = min(max(left, 0), last), min(max(left + 1, 0), last)
        dx[x] = nodes[first, 0] + share * (nodes[second, 0] - nodes[first, 0])
        dy[x] = nodes[first, 1] + share * (nodes[second, 1] - nodes[first, 1])


@kernel
def around(grid: Any, y: Any, at: Any, wide: Any) -> Any:
    """The node rows above and below pixel row y in wide[0:2] and wide[2:4], at every pixel; which, and y between them.

    at: the row that `wide` already holds. The nodes are spread along the row only once in STEP rows.
    """
    position = (f32(y) + f32(0.5)) / f32(STEP) - f32(0.5)
    upper = int(np.floor(position))
    if upper != at:
        last = grid.shape[0] - 1
        _spread(grid[min(max(upper, 0), last)], wide[0], wide[1])
        _spread(grid[min(max(upper + 1, 0), last)], wide[2], wide[3])
    return upper, position - f32(upper)


@helper
def _mapped_row(h: Any, wide: Any, share: Any, y: Any, out_x: Any, out_y: Any) -> None:
    for x in range(out_x.shape[0]):
        px = float(x) + (wide[0, x] + share * (wide[2, x] - wide[0, x]))
        py = y + (wide[1, x] + share * (wide[3, x] - wide[1, x]))
        w = 1.0 / (h[2, 0] * px + h[2, 1] * py + 1.0)
        out_x[x] = (h[0, 0] * px + h[0, 1] * py + h[0, 2]) * w
        out_y[x] = (h[1, 0] * px + h[1, 1] * py + h[1, 2]) * w


@kernel
def _remap_maps(h: Any, grid: Any, out_x: Any, out_y: Any, y0: Any, y1: Any) -> None:
    wide = np.zeros((4, out_x.shape[1]), np.float32)
    at = np.int64(-2)
    for y in range(y0, y1):
        at, share = around(grid, y, at, wide)
        _mapped_row(h, wide, share, float(y), out_x[y], out_y[y])


def in_bounds(x: Map, y: Map, width: int, height: int) -> NDArray[np.bool_]:
    """Where positions x, y (h, w) lie between the outermost pixel centres of a picture."""
    out = np.empty(x.shape, np.bool_)
    _within(x.reshape(-1), y.reshape(-1), f32(width - 1), f32(height - 1), out.reshape(-1))
    return out


@kernel
def _within(x: Any, y: Any, right: Any, bottom: Any, o: Any) -> None:
    for i in range(o.shape[0]):
        o[i] = (x[i] >= f32(0)) & (y[i] >= f32(0)) & (x[i] <= right) & (y[i] <= bottom)


# ---- a picture moved -------------------------------------------------------------------------------------------------


def warped(picture: Map, grid: Map, *, threads: int = 1) -> tuple[Map, NDArray[np.bool_]]:
    """`picture` (h, w >= 2) float32 sampled at p + warp(p), bilinear, and where that lies inside it."""
    height, width = picture.shape
    out = np.empty((height, width), np.float32)
    inside = np.empty((height, width), np.bool_)
    source = as_kernel_array(picture, np.float32).reshape(-1)
    warp = as_kernel_array(grid, np.float32)

    def work(y0: int, y1: int) -> None:
        _warped(source, warp, out, inside, y0, y1)

    in_bands(work, height, width, threads)
    return out, inside


@helper
def _places(wide: Any, share: Any, y: Any, right: Any, bottom: Any, px: Any, py: Any, inside: Any) -> None:
    """Where each pixel of row y goes, held inside the picture, and whether it was inside."""
    for x in range(px.shape[0]):
        u = f32(x) + (wide[0, x] + share * (wide[2, x] - wide[0, x]))
        v = y + (wide[1, x] + share * (wide[3, x] - wide[1, x]))
        inside[x] = (u >= f32(0)) & (v >= f32(0)) & (u <= right) & (v <= bottom)
        px[x], py[x] = min(max(u, f32(0)), right), min(max(v, f32(0)), bottom)


@kernel
def _sampled(source: Any, pitch: Any, last_x: Any, last_y: Any, px: Any, py: Any, o: Any) -> None:
    """The flat `source` of `pitch` columns at each place, bilinear. Unsigned numbers: no index counts from the end."""
    for x in range(o.shape[0]):
        ix, iy = min(np.uint32(px[x]), last_x), min(np.uint32(py[x]), last_y)
        fx, fy = px[x] - f32(ix), py[x] - f32(iy)
        at = iy * pitch + ix
        top = source[at] + fx * (source[at + np.uint32(1)] - source[at])
        at += pitch
        low = source[at] + fx * (source[at + np.uint32(1)] - source[at])
        o[x] = top + fy * (low - top)


@kernel
def _warped(source: Any, grid: Any, out: Any, inside: Any, y0: Any, y1: Any) -> None:
    height, width = out.shape
    wide = np.zeros((4, width), np.float32)
    px, py = np.empty(width, np.float32), np.empty(width, np.float32)
    right, bottom = f32(width - 1), f32(height - 1)
    at = np.int64(-2)
    for y in range(y0, y1):
        at, share = around(grid, y, at, wide)
        _places(wide, share, f32(y), right, bottom, px, py, inside[y])
        _sampled(source, np.uint32(width), np.uint32(width - 2), np.uint32(height - 2), px, py, out[y])


# ---- Lucas-Kanade ----------------------------------------------------------------------------------------------------


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
