"""What the kernels of `spotting.kernels` compute, plainly: what they are held to."""

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.light import BLOCK, Window
from livespot.spotting.kernels.runtime import Map


def wide_blur_reference(values: Map, sigma: float) -> Map:
    """The full blur."""
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REFLECT), np.float32)


def masked_means_reference(picture: Image, seen: NDArray[np.bool_]) -> Map:
    """The same of one picture, plainly."""
    height, width = seen.shape
    values = np.dstack([picture * seen[..., None], seen]).astype(np.float64)
    rows, columns = range(0, height, BLOCK), range(0, width, BLOCK)
    blocks = [[values[y : y + BLOCK, x : x + BLOCK].mean(axis=(0, 1)) for x in columns] for y in rows]
    return np.asarray(blocks, np.float32)


def enlarged_reference(grid: Map, block: int, window: Window) -> Map:
    """The same of one value a block, pixel by pixel."""
    x0, y0, x1, y1 = window

    def between(position: int, count: int) -> tuple[int, int, float]:
        at = min(max((position + 0.5) / block - 0.5, 0.0), count - 1.0)
        return int(at), min(int(at) + 1, count - 1), at - int(at)

    result = np.empty((y1 - y0, x1 - x0), np.float32)
    for y in range(y0, y1):
        up, down, v = between(y, grid.shape[0])
        for x in range(x0, x1):
            left, right, u = between(x, grid.shape[1])
            top = grid[up, left] + (grid[up, right] - grid[up, left]) * u
            low = grid[down, left] + (grid[down, right] - grid[down, left]) * u
            result[y - y0, x - x0] = top + (low - top) * v
    return result
