"""The difference map: by how many grey levels two aligned panels differ beyond what misregistration explains.

In: both panels under the same light, and the registration's own error. Out: (h, w) float32 grey levels. A pixel of A
differs by as much as it lies outside the range of B's small neighbourhood, and the other way round; the larger of the
two, the largest of the channels. The neighbourhood's radius follows the local registration error.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

LEAST_RADIUS, MOST_RADIUS = 1.0, 2.0  # px


def tolerance_radius(error: NDArray[np.float32]) -> NDArray[np.float32]:
    """The neighbourhood's radius, px, for a local registration error, px."""
    return np.asarray(np.clip(0.5 + 1.5 * error, LEAST_RADIUS, MOST_RADIUS), np.float32)


def tolerant_difference(
    a: NDArray[np.float32], b: NDArray[np.float32], radius: NDArray[np.float32]
) -> NDArray[np.float32]:
    """a, b: (h, w, 3) float32. radius: (h, w) px. The same when a and b change places."""
    low, high = float(radius.min()), float(radius.max())
    whole = [r for r in (0, 1, 2, 3) if r > low - 1 and r < high + 1]
    result = np.zeros(radius.shape, np.float32)
    for r in whole:
        share = np.clip(1.0 - np.abs(radius - r), 0.0, 1.0)
        if float(share.max()) <= 0:
            continue
        result += share * _outside(a, b, r)
    return result


def _outside(a: NDArray[np.float32], b: NDArray[np.float32], radius: int) -> NDArray[np.float32]:
    if radius == 0:
        return np.asarray(np.abs(a - b).max(axis=2), np.float32)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT if radius == 1 else cv2.MORPH_ELLIPSE, (2 * radius + 1,) * 2)
    worst = np.zeros(a.shape, np.float32)
    for one, other in ((a, b), (b, a)):
        above = one - cv2.dilate(other, kernel)
        below = cv2.erode(other, kernel) - one
        np.maximum(worst, above, out=worst)
        np.maximum(worst, below, out=worst)
    return np.asarray(worst.max(axis=2), np.float32)
