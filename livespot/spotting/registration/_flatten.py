"""A grey picture with its local mean taken away and its local deviation divided out, in two passes.

Mean and deviation come from means by blocks of STEP px, smoothed on that grid.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.light import wide_blur
from livespot.spotting.kernels.runtime import Map, as_kernel_array, f32, helper, in_bands, kernel
from livespot.spotting.registration._lucas_kanade import STEP, around


def quickly_flattened(grey: NDArray[np.uint8], sigma: float, noise: float, *, threads: int = 1) -> Map:
    """(h, w) float32 of a grey picture (h, w), in deviations. sigma: px, of the Gaussian window, however wide.

    noise: grey levels of deviation that are there in any case, so that blank paper stays small.
    """
    if sigma < 1.25 * STEP:
        return flattened(grey, sigma, noise)
    height, width = grey.shape
    rows, columns = -(-height // STEP), -(-width // STEP)
    moments = np.empty((rows, columns, 2), np.float32)
    picture = as_kernel_array(grey, np.uint8)
    in_bands(lambda r0, r1: _moments(picture, moments, r0, r1), rows, columns * STEP * STEP, threads)
    # the blocks and what is interpolated between them blur, too
    rest = float(np.sqrt(sigma * sigma - STEP * STEP / 4)) / STEP
    moments = np.asarray(cv2.GaussianBlur(moments, (0, 0), rest, borderType=cv2.BORDER_REFLECT), np.float32)
    mean, square = moments[..., 0], moments[..., 1]
    over = 1.0 / np.sqrt(np.maximum(square - mean * mean, 0.0) + np.float32(noise * noise))
    grid = np.stack([mean, over], axis=-1)
    result = np.empty((height, width), np.float32)
    in_bands(lambda y0, y1: _flattened(picture, grid, result, y0, y1), height, width, threads)
    return result


def flattened(grey: NDArray[np.uint8], sigma: float, noise: float) -> Map:
    """The same at every pixel: within a tenth of a deviation of it nearly everywhere."""
    # by OpenCV where it can be, which lets other threads run meanwhile
    g = grey.astype(np.float32)
    d = np.asarray(cv2.subtract(g, wide_blur(g, sigma)), np.float32)
    spread = cv2.sqrt(wide_blur(np.asarray(cv2.multiply(d, d), np.float32), sigma) + np.float32(noise * noise))
    return np.asarray(cv2.divide(d, spread), np.float32)


@helper
def _add_row(row: Any, total: Any, squares: Any) -> None:
    for x in range(row.shape[0]):
        value = np.uint32(row[x])
        total[x] += value
        squares[x] += np.uint32(value * value)


@kernel
def _moments(grey: Any, moments: Any, r0: Any, r1: Any) -> None:
    """Means over the blocks of the values and of their squares; of a block that the border cuts, of what is inside."""
    height, width = grey.shape
    total, squares = np.empty(width, np.uint32), np.empty(width, np.uint32)
    for r in range(r0, r1):
        total[:] = 0
        squares[:] = 0
        top, bottom = r * STEP, min(height, (r + 1) * STEP)
        for y in range(top, bottom):
            _add_row(grey[y], total, squares)
        for c in range(moments.shape[1]):
            left, right = c * STEP, min(width, (c + 1) * STEP)
            one, two = f32(0), f32(0)
            for x in range(left, right):
                one += f32(total[x])
                two += f32(squares[x])
            part = f32(1) / f32((right - left) * (bottom - top))
            moments[r, c, 0], moments[r, c, 1] = one * part, two * part


@helper
def _flat_row(grey: Any, wide: Any, share: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        mean = wide[0, x] + share * (wide[2, x] - wide[0, x])
        over = wide[1, x] + share * (wide[3, x] - wide[1, x])
        o[x] = (f32(grey[x]) - mean) * over


@kernel
def _flattened(grey: Any, grid: Any, result: Any, y0: Any, y1: Any) -> None:
    wide = np.zeros((4, grey.shape[1]), np.float32)
    at = np.int64(-2)
    for y in range(y0, y1):
        at, share = around(grid, y, at, wide)
        _flat_row(grey[y], wide, share, result[y])
