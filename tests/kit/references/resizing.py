"""What `classify._resizing` computes, plainly: what its kernels are held to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.crops import Mask
from livespot.spotting.kernels.runtime import Map


def resize_explains_reference(
    a: Map, b: Map, inside: Mask, weight: Map, places: NDArray[np.float32], factor: float, level: float
) -> float:
    """The same in NumPy."""
    (height, width), (ys, xs) = inside.shape, np.nonzero(inside)
    most = 0.0
    for x, y in places:
        for times in (np.float32(factor), np.float32(1) / np.float32(factor)):
            apart = np.full(len(xs), np.inf, np.float32)
            for own, other, scale in ((a, b, times), (b, a, np.float32(1) / times)):
                u = np.clip(np.floor(x + (xs.astype(np.float32) - x) * scale + np.float32(0.5)), 0, width - 1)
                v = np.clip(np.floor(y + (ys.astype(np.float32) - y) * scale + np.float32(0.5)), 0, height - 1)
                there = other[v.astype(np.int64), u.astype(np.int64)]
                apart = np.minimum(apart, np.abs(own[ys, xs] - there).max(axis=1))
            most = max(most, float(weight[ys, xs][apart < level].sum(dtype=np.float64)))
    return most
