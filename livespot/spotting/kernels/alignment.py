"""Alignment: pictures moved by a residual warp, and the sums that say how it must change.

remap_maps         where each canonical pixel, moved by the residual warp, lies in a picture
warped             a picture moved by a residual warp
normal_equations   the weighted Lucas-Kanade sums of each cell of the warp's grid
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.bands import Map, in_bands, kernel

STEP = 8  # canonical px between the nodes of the residual warp
THREADS = 2


def dense(grid: Map, size: tuple[int, int]) -> Map:
    """A grid of node values (gh, gw, n) at every pixel of a canonical (width, height), bilinear."""
    rows, columns = grid.shape[:2]
    full = cv2.resize(grid, (columns * STEP, rows * STEP), interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(full[: size[1], : size[0]], np.float32)


# ---- where pixels lie ------------------------------------------------------------------------------------------------


def remap_maps(homography: NDArray[np.float64], grid: Map | None, size: tuple[int, int]) -> tuple[Map, Map]:
    """x, y (h, w) float32 for cv2.remap: homography(p + warp(p)) for every canonical pixel p.

    grid: (gh, gw, 2) float32, the warp at the nodes, px; None for none. size: (width, height).
    """
    width, height = size
    x, y = np.empty((height, width), np.float32), np.empty((height, width), np.float32)
    h = np.ascontiguousarray(homography / homography[2, 2], np.float64)
    warp = np.zeros((1, 1, 2), np.float32) if grid is None else np.require(grid, np.float32, ["C", "W"])

    def work(y0: int, y1: int) -> None:
        _remap_maps(h, warp, x, y, y0, y1)

    in_bands(work, height, width, THREADS)
    return x, y


def remap_maps_reference(homography: NDArray[np.float64], grid: Map | None, size: tuple[int, int]) -> tuple[Map, Map]:
    """remap_maps in plain NumPy."""
    width, height = size
    warp = np.zeros((height, width, 2), np.float32) if grid is None else dense(grid, size)
    x = warp[..., 0] + np.arange(width)
    y = warp[..., 1] + np.arange(height)[:, None]
    h = homography / homography[2, 2]
    w = h[2, 0] * x + h[2, 1] * y + 1.0
    return (
        np.asarray((h[0, 0] * x + h[0, 1] * y + h[0, 2]) / w, np.float32),
        np.asarray((h[1, 0] * x + h[1, 1] * y + h[1, 2]) / w, np.float32),
    )


@kernel
def _blend_rows(grid: Any, y: Any, row: Any) -> None:
    """The grid's nodes at the height of pixel row y."""
    rows, columns = grid.shape[0], grid.shape[1]
    at = (y + np.float32(0.5)) / np.float32(STEP) - np.float32(0.5)
    lower = int(np.floor(at))
    share = at - np.float32(lower)
    first, second = min(max(lower, 0), rows - 1), min(max(lower + 1, 0), rows - 1)
    for i in range(columns):
        row[i, 0] = grid[first, i, 0] + share * (grid[second, i, 0] - grid[first, i, 0])
        row[i, 1] = grid[first, i, 1] + share * (grid[second, i, 1] - grid[first, i, 1])


@kernel
def _spread_row(row: Any, dx: Any, dy: Any) -> None:
    """A row of nodes at every pixel."""
    columns = row.shape[0]
    for x in range(dx.shape[0]):
        at = (np.float32(x) + np.float32(0.5)) / np.float32(STEP) - np.float32(0.5)
        left = int(np.floor(at))
        share = at - np.float32(left)
        first, second = min(max(left, 0), columns - 1), min(max(left + 1, 0), columns - 1)
        dx[x] = row[first, 0] + share * (row[second, 0] - row[first, 0])
        dy[x] = row[first, 1] + share * (row[second, 1] - row[first, 1])


@kernel
def _remap_maps(h: Any, grid: Any, out_x: Any, out_y: Any, y0: Any, y1: Any) -> None:
    width = out_x.shape[1]
    row = np.zeros((grid.shape[1], 2), np.float32)
    dx, dy = np.zeros(width, np.float32), np.zeros(width, np.float32)
    for y in range(y0, y1):
        _blend_rows(grid, np.float32(y), row)
        _spread_row(row, dx, dy)
        for x in range(width):
            px, py = float(x) + dx[x], float(y) + dy[x]
            w = 1.0 / (h[2, 0] * px + h[2, 1] * py + 1.0)
            out_x[y, x] = (h[0, 0] * px + h[0, 1] * py + h[0, 2]) * w
            out_y[y, x] = (h[1, 0] * px + h[1, 1] * py + h[1, 2]) * w


# ---- a picture moved -------------------------------------------------------------------------------------------------


def warped(picture: Map, grid: Map) -> tuple[Map, NDArray[np.bool_]]:
    """`picture` (h, w) float32 sampled at p + warp(p), bilinear, and where that lies inside it."""
    height, width = picture.shape
    out = np.empty((height, width), np.float32)
    inside = np.empty((height, width), np.bool_)
    source, warp = np.require(picture, np.float32, ["C", "W"]), np.require(grid, np.float32, ["C", "W"])

    def work(y0: int, y1: int) -> None:
        _warped(source, warp, out, inside, y0, y1)

    in_bands(work, height, width, THREADS)
    return out, inside


def warped_reference(picture: Map, grid: Map) -> tuple[Map, NDArray[np.bool_]]:
    """warped by OpenCV (whose weights are rounded to 1/32 px)."""
    height, width = picture.shape
    x, y = remap_maps_reference(np.eye(3), grid, (width, height))
    moved = cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = (x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1)
    return np.asarray(moved, np.float32), np.asarray(inside, np.bool_)


@kernel
def _warped(source: Any, grid: Any, out: Any, inside: Any, y0: Any, y1: Any) -> None:
    height, width = source.shape
    row = np.zeros((grid.shape[1], 2), np.float32)
    dx, dy = np.zeros(width, np.float32), np.zeros(width, np.float32)
    right, bottom = np.float32(width - 1), np.float32(height - 1)
    for y in range(y0, y1):
        _blend_rows(grid, np.float32(y), row)
        _spread_row(row, dx, dy)
        for x in range(width):
            px, py = np.float32(x) + dx[x], np.float32(y) + dy[x]
            inside[y, x] = (px >= 0) and (py >= 0) and (px <= right) and (py <= bottom)
            px, py = min(max(px, np.float32(0)), right), min(max(py, np.float32(0)), bottom)
            ix, iy = min(int(px), width - 2), min(int(py), height - 2)
            fx, fy = px - np.float32(ix), py - np.float32(iy)
            top = source[iy, ix] + fx * (source[iy, ix + 1] - source[iy, ix])
            low = source[iy + 1, ix] + fx * (source[iy + 1, ix + 1] - source[iy + 1, ix])
            out[y, x] = top + fy * (low - top)


# ---- Lucas-Kanade ----------------------------------------------------------------------------------------------------


def normal_equations(a: Map, b: Map, ok: NDArray[np.bool_]) -> Map:
    """Means over STEP x STEP cells of the weighted products xx, xy, yy, xt, yt, tt: (gh, gw, 6) float32.

    a, b: (h, w) float32. x, y: the mean gradient of both, t: b - a. The weight of a pixel is the squared share of the
    gradients that both have in common; pixels outside `ok` weigh nothing.
    """
    height, width = a.shape
    rows, columns = -(-height // STEP), -(-width // STEP)
    out = np.zeros((rows, columns, 6), np.float32)
    one, two = np.require(a, np.float32, ["C", "W"]), np.require(b, np.float32, ["C", "W"])
    mask = np.require(ok, np.bool_, ["C", "W"])

    def work(first: int, end: int) -> None:
        _normal_equations(one, two, mask, out, first, end)

    in_bands(work, rows, columns * STEP * STEP, THREADS)
    return out


def normal_equations_reference(a: Map, b: Map, ok: NDArray[np.bool_]) -> Map:
    """normal_equations in plain NumPy."""
    ax, ay, bx, by = (np.zeros(a.shape, np.float32) for _ in range(4))
    for picture, x, y in ((a, ax, ay), (b, bx, by)):
        x[:, 1:-1] = 0.5 * (picture[:, 2:] - picture[:, :-2])
        y[1:-1] = 0.5 * (picture[2:] - picture[:-2])
    gx, gy, t = 0.5 * (ax + bx), 0.5 * (ay + by), b - a
    agree = np.maximum(0.0, 2.0 * (ax * bx + ay * by)) / (ax * ax + ay * ay + bx * bx + by * by + 1e-3)
    weight = agree * agree * ok
    products = np.stack([gx * gx, gx * gy, gy * gy, gx * t, gy * t, t * t], axis=-1) * weight[..., None]
    rows, columns = -(-a.shape[0] // STEP), -(-a.shape[1] // STEP)
    padded = np.zeros((rows * STEP, columns * STEP, 6), np.float32)
    padded[: a.shape[0], : a.shape[1]] = products
    return np.asarray(padded.reshape(rows, STEP, columns, STEP, 6).mean(axis=(1, 3)), np.float32)


@kernel
def _normal_equations(a: Any, b: Any, ok: Any, out: Any, first: Any, end: Any) -> None:
    height, width = a.shape
    half, tiny = np.float32(0.5), np.float32(1e-3)
    scale = np.float32(1.0 / (STEP * STEP))
    for r in range(first, end):
        for y in range(r * STEP, min(height, (r + 1) * STEP)):
            for c in range(out.shape[1]):
                xx = xy = yy = xt = yt = tt = np.float32(0)
                for x in range(c * STEP, min(width, (c + 1) * STEP)):
                    if not ok[y, x]:
                        continue
                    ax = ay = bx = by = np.float32(0)
                    if 0 < x < width - 1:
                        ax = half * (a[y, x + 1] - a[y, x - 1])
                        bx = half * (b[y, x + 1] - b[y, x - 1])
                    if 0 < y < height - 1:
                        ay = half * (a[y + 1, x] - a[y - 1, x])
                        by = half * (b[y + 1, x] - b[y - 1, x])
                    common = ax * bx + ay * by
                    if common <= 0:
                        continue
                    share = (common + common) / (ax * ax + ay * ay + bx * bx + by * by + tiny)
                    weight = share * share
                    gx, gy, t = half * (ax + bx), half * (ay + by), b[y, x] - a[y, x]
                    xx += weight * gx * gx
                    xy += weight * gx * gy
                    yy += weight * gy * gy
                    xt += weight * gx * t
                    yt += weight * gy * t
                    tt += weight * t * t
                out[r, c, 0] += xx * scale
                out[r, c, 1] += xy * scale
                out[r, c, 2] += yy * scale
                out[r, c, 3] += xt * scale
                out[r, c, 4] += yt * scale
                out[r, c, 5] += tt * scale
