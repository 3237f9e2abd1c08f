"""Weighted points projected onto an axis at many angles: how sharply they fall onto lines across it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import as_kernel_array, f32, kernel

Floats = NDArray[np.float32]


def sharpness_by_angle(x: Floats, y: Floats, across: Floats, down: Floats, radians: Floats) -> NDArray[np.float64]:
    """(A,) for each angle: squared differences of neighbouring lines, 1 px wide, across the axis that it turns x to.

    x, y: (N,) px. across, down: (N,) a vector at each point, which counts by how much of it lies along the axis. All
    float32. Each point is shared out between two lines, and three lines are smoothed, as pixels lie on a grid, too.
    """
    result = np.zeros(len(radians), np.float64)
    if len(x):
        reach = float(np.ceil(np.hypot(np.abs(x).max(), np.abs(y).max()))) + 2.0
        points = (as_kernel_array(p, np.float32) for p in (x, y, across, down))
        _sharpness(*points, np.cos(radians), np.sin(radians), f32(reach), result)
    return result


@kernel
def _sharpness(x: Any, y: Any, across: Any, down: Any, cos: Any, sin: Any, reach: Any, o: Any) -> None:
    size = 2 * int(reach) + 6
    lines = np.zeros(size, np.float64)
    for i in range(cos.shape[0]):
        c, s = cos[i], sin[i]
        lines[:] = 0
        for k in range(x.shape[0]):
            at = x[k] * c + y[k] * s + reach
            weight = abs(across[k] * c + down[k] * s)
            low = int(at)
            part = weight * (at - f32(low))
            lines[low] += weight - part
            lines[low + 1] += part
        before, total = 0.0, 0.0
        for k in range(1, size - 1):
            smooth = 0.25 * lines[k - 1] + 0.5 * lines[k] + 0.25 * lines[k + 1]
            total += (smooth - before) ** 2
            before = smooth
        o[i] = total + before * before
