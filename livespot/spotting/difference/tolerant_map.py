"""How far a pixel lies outside the range of the other picture's small neighbourhood.

Comes in: two pictures of one size, uint8, uint16 or float32. Goes out: a float32 map in grey levels.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from livespot.spotting.kernels.arguments import pair
from livespot.spotting.kernels.channels import highest_channel
from livespot.spotting.kernels.runtime import Map, in_bands

WIDEST = 2  # px


def tolerant_difference(a: ArrayLike, b: ArrayLike, radius: float | Map = 1.0, *, threads: int = 1) -> Map:
    """How far each pixel lies outside the range of the other picture's neighbourhood, grey levels, (h, w) float32.

    A pixel of A counts by as much as it lies outside [minimum, maximum] of the (2r + 1) x (2r + 1) pixels of B around
    it, and the other way round; the largest over both directions and the channels. Symmetric in a and b.
    a, b: (h, w) or (h, w, c), both uint8, both uint16, or both float.
    radius: 0 to 2 px, one number or an (h, w) float32 map; between whole radii the two maps are interpolated.
    Raises ValueError for shapes that do not fit.
    """
    first, second = pair(a, b, fixed=True)
    height, width = first.shape[:2]
    if isinstance(radius, np.ndarray) and radius.shape != (height, width):
        raise ValueError(f"the radius map is {radius.shape}, the pictures are {(height, width)}: give one size")
    radii = np.clip(radius, 0, WIDEST).astype(np.float32)
    low, high = int(np.floor(radii.min())), int(np.ceil(radii.max()))
    levels = [_at_radius(first, second, r, threads) for r in range(low, high + 1)]
    result = levels[0]
    for r, level in enumerate(levels[1:], low):
        result = result + (level - result) * np.clip(radii - np.float32(r), 0, 1)
    return np.asarray(result, np.float32)


def _at_radius(a: NDArray[Any], b: NDArray[Any], radius: int, threads: int) -> Map:
    """The map for one whole radius."""
    height, width = a.shape[:2]
    result = np.empty((height, width), np.float32)

    def work(y0: int, y1: int) -> None:
        top, bottom = max(0, y0 - radius), min(height, y1 + radius)
        part_a, part_b = a[top:bottom], b[top:bottom]
        apart = cv2.max(_outside(part_a, part_b, radius), _outside(part_b, part_a, radius))
        # OpenCV leaves a single channel's axis out
        result[y0:y1] = highest_channel(apart.reshape(*apart.shape[:2], -1))[y0 - top : y1 - top]

    in_bands(work, height, width, threads)
    return result


def _outside(own: NDArray[Any], other: NDArray[Any], radius: int) -> NDArray[Any]:
    """How far each value lies outside the range of the other picture's values around it, 0 inside."""
    square = np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
    above, below = cv2.subtract(own, cv2.dilate(other, square)), cv2.subtract(cv2.erode(other, square), own)
    # whole numbers end at 0 by themselves
    return np.maximum(cv2.max(above, below), 0)
