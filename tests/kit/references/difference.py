"""What the kernels of `spotting.difference` compute, plainly: what they are held to."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from livespot.frame import Image
from livespot.spotting.difference._fused import CELL, REACH, smoothing
from livespot.spotting.difference._ssim import BOX_COVARIANCE, C1, C2, Window
from livespot.spotting.kernels.light import white_of
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


def tolerant_difference_reference(
    a: ArrayLike, b: ArrayLike, radius: float | NDArray[np.float32] = 1.0
) -> NDArray[np.float64]:
    """The tolerant difference map in plain NumPy and OpenCV: what the kernel is held to."""
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


def lit_difference_reference(a: Image, b: Image, root: Map, radius: Map, block: int, sigma: float) -> tuple[Map, Map]:
    """The same in float, plainly."""
    height, width = a.shape[:2]

    def full(grid: NDArray[Any]) -> Map:
        rows, columns = grid.shape[:2]
        large = cv2.resize(grid, (columns * block, rows * block), interpolation=cv2.INTER_LINEAR)
        return np.asarray(large[:height, :width], np.float32)

    def extended(values: NDArray[Any]) -> Map:
        return np.asarray(cv2.copyMakeBorder(values, *(REACH,) * 4, cv2.BORDER_REPLICATE), np.float32)

    white = full(white_of(root))
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
