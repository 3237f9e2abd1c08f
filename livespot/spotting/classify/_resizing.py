"""One crop of both panels held against the other made larger and smaller, in one call."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.crops import Mask
from livespot.spotting.kernels.runtime import Map, as_kernel_array, f32, helper, kernel


def resize_explains(
    a: Map, b: Map, inside: Mask, weight: Map, places: NDArray[np.float32], factor: float, level: float
) -> float:
    """The largest sum of `weight` (h, w) over the mask's pixels that look like the other panel's when it is resized.

    a, b: (h, w, 3) float32. inside: (h, w) uint8. places: (n, 2) float32, x and y about which it may be. factor: 0
    to 1, by which A is smaller than B, or B than A. level: grey levels, so near are they. The nearest pixel is taken.
    """
    one, two, weights = (as_kernel_array(p, np.float32) for p in (a, b, weight))
    mask, fixed = as_kernel_array(inside, np.uint8), as_kernel_array(places, np.float32)
    return float(_resize_explains(one, two, mask, weights, fixed, f32(factor), f32(level)))


@helper
def _resized(at: Any, fixed: Any, scale: Any, n: Any) -> Any:
    """Which of n pixels pixel `at` comes from."""
    return min(max(int(np.floor(fixed + (f32(at) - fixed) * scale + f32(0.5))), 0), n - 1)


@kernel
def _apart(p: Any, q: Any) -> Any:
    return max(max(abs(p[0] - q[0]), abs(p[1] - q[1])), abs(p[2] - q[2]))


@kernel
def _resize_explains(a: Any, b: Any, inside: Any, weight: Any, places: Any, factor: Any, level: Any) -> Any:
    h, w = inside.shape
    wider, narrower = np.empty(w, np.int64), np.empty(w, np.int64)
    most = 0.0
    for i in range(places.shape[0]):
        for way in range(2):
            scale = factor if way == 0 else f32(1) / factor
            back = f32(1) / scale
            for x in range(w):
                wider[x] = _resized(x, places[i, 0], scale, w)
                narrower[x] = _resized(x, places[i, 0], back, w)
            total = 0.0
            for y in range(h):
                up, down = _resized(y, places[i, 1], scale, h), _resized(y, places[i, 1], back, h)
                for x in range(w):
                    if inside[y, x] == 0:
                        continue
                    if _apart(a[y, x], b[up, wider[x]]) < level or _apart(b[y, x], a[down, narrower[x]]) < level:
                        total += weight[y, x]
            most = max(most, total)
    return most
