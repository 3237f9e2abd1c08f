"""What `difference._components` computes, plainly: what its kernels are held to."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

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
