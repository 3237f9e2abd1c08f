"""Many straight lines across a band, each with the mean of what it passes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import Map, as_kernel_array, kernel

Whole = NDArray[np.int32]


def line_means(one: Map, two: Map, middle: Whole, slope: Whole) -> tuple[Map, Map]:
    """Means over a band's places of `one` and of `two` along each line, (M, S) float32 each.

    one, two: (places, depths) float32, the same shape. middle: (M,) the depth of a line in the middle of the band.
    slope: (S,) how much deeper it is at the last place than at the first. Depths are rounded, and held in the band.
    """
    means = np.empty((2, len(middle), len(slope)), np.float32)
    _line_means(as_kernel_array(one, np.float32), as_kernel_array(two, np.float32), middle, slope, means)
    return means[0], means[1]


@kernel
def _line_means(one: Any, two: Any, middle: Any, slope: Any, means: Any) -> None:
    places, depths = one.shape
    for i in range(middle.shape[0]):
        for j in range(slope.shape[0]):
            first = middle[i] - 0.5 * slope[j]
            step = slope[j] / (places - 1.0)
            sum_one, sum_two = 0.0, 0.0
            for s in range(places):
                at = int(np.floor(first + step * s + 0.5))
                at = min(max(at, 0), depths - 1)
                sum_one += one[s, at]
                sum_two += two[s, at]
            means[0, i, j] = sum_one / places
            means[1, i, j] = sum_two / places
