"""What `classify._shifts` computes, plainly: what its kernels are held to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import Map


def shifted_difference_reference(a: Map, b: Map, weight: NDArray[np.uint8], reach: int) -> tuple[float, float]:
    """The same, plainly."""
    around = ((reach, reach), (reach, reach))
    x, y = np.pad(a.astype(np.float64), around, mode="edge"), np.pad(b.astype(np.float64), around, mode="edge")
    height, width = a.shape
    inside = weight > 0
    found = []
    for dy in range(2 * reach + 1):
        for dx in range(2 * reach + 1):
            part = np.s_[dy : dy + height, dx : dx + width]
            back = np.s_[2 * reach - dy :, 2 * reach - dx :]
            moved = x[back][:height, :width]
            found.append(max(np.abs(a - y[part])[inside].mean(), np.abs(b - moved)[inside].mean()))
    return float(np.abs(a.astype(np.float64) - b)[inside].mean()), float(min(found))
