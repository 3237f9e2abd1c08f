"""What `panels._projections` computes, plainly: what its kernels are held to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.panels._projections import Floats


def sharpness_by_angle_reference(
    x: Floats, y: Floats, across: Floats, down: Floats, radians: Floats
) -> NDArray[np.float64]:
    """The same in NumPy."""
    result = []
    for angle in radians:
        at = x * np.cos(angle) + y * np.sin(angle)
        weight = np.abs(across * np.cos(angle) + down * np.sin(angle))
        at = at - np.floor(at.min()) + 2.0 if len(at) else at
        low = np.floor(at).astype(np.int64)
        size = int(low.max(initial=0)) + 4
        lines = np.bincount(low, weight * (1.0 - (at - low)), size) + np.bincount(low + 1, weight * (at - low), size)
        result.append(float((np.diff(np.convolve(lines, (0.25, 0.5, 0.25))) ** 2).sum()))
    return np.array(result)
