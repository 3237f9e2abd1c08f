"""What `registration._gradients` computes, plainly: what its kernels are held to."""

from __future__ import annotations

import numpy as np

from livespot.spotting.kernels.runtime import Map
from livespot.spotting.registration._gradients import compressed


def gradient_products_reference(a: Map, b: Map, half: float) -> tuple[Map, Map]:
    """The same by OpenCV and NumPy."""
    (ax, ay), (bx, by) = compressed(a, half), compressed(b, half)
    return np.maximum(0.0, 2.0 * (ax * bx + ay * by)), ax * ax + ay * ay + bx * bx + by * by
