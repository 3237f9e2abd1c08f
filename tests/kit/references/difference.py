"""What the kernels of `spotting.difference` compute, plainly: what they are held to."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from kit.references.kernels import white_of
from numpy.typing import ArrayLike, NDArray

from livespot.bench.classic import tolerant_difference_reference
from livespot.frame import Image
from livespot.geometry import Box
from livespot.spotting.difference._fused import CELL, REACH, smoothing
from livespot.spotting.difference._ssim import BOX_COVARIANCE, C1, C2, Window
from livespot.spotting.kernels.light import enlarged
from livespot.spotting.kernels.runtime import Map


def strong_parts_reference(
    difference: Map, seen: NDArray[np.bool_], high: Map, low: Map, trim: float
) -> NDArray[np.uint8]:
    """The same, plainly, of levels at every pixel (h, w)."""
    over = (difference > low) & seen
    count, label = cv2.connectedComponents(over.astype(np.uint8), connectivity=8)
    result = np.zeros(label.shape, np.uint8)
    for i in range(1, count):
        inside = label == i
        if (difference[inside] >= high[inside]).any():
            result[inside & (difference >= np.float32(trim) * difference[inside].max())] = 1
    return result


def peak_over_reference(
    values: Map, inside: NDArray[np.bool_], corner: tuple[int, int], high: Map, block: int
) -> float:
    """The same, plainly."""
    (x, y), (h, w) = corner, inside.shape
    return float((values / enlarged(high, block, (x, y, x + w, y + h)))[inside].max())


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


def islands_reference(kept: NDArray[np.uint8], reach: int) -> list[tuple[Box, int, NDArray[np.bool_]]]:
    """The same, plainly, in any order."""
    count, label, stats, _ = cv2.connectedComponentsWithStats(kept, connectivity=8)
    groups = [{i} for i in range(1, count)]

    def between(i: int, j: int) -> int:
        first, size = stats[[i, j], :2], stats[[i, j], 2:4]
        return int((first.max(axis=0) - (first + size).min(axis=0)).max())

    for i in range(1, count):
        near = [g for g in groups if any(between(i, j) <= reach for j in g)]
        groups = [g for g in groups if g not in near] + [set().union(*near)]
    result = []
    for g in groups:
        inside = np.isin(label, list(g))
        rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
        y, x, bottom, right = int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1
        result.append(((x, y, right - x, bottom - y), len(g), inside[y:bottom, x:right]))
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
