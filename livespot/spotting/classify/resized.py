"""Objects that grew or shrank: found again in the other panel, larger or smaller.

In: one crop of both panels and where they differ. Out: how much of that one resizing explains. What stands on a ground
or hangs from something is resized about its foot or its top, all else about its middle.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.classify._resizing import resize_explains
from livespot.spotting.classify.moved import weights_of

FACTOR = 0.8  # as large as one that puzzles draw larger or smaller; what is up to a tenth off is still near enough
FIXED = ((0.5, 0.5), (0.5, 1.0), (0.5, 0.0))  # of the region's box: what stays where it is


def explained_by_a_resizing(a: NDArray[np.float32], b: NDArray[np.float32], inside: NDArray[np.uint8]) -> float:
    """The share of what differs that the best resizing explains, 0 to 1; the same with the panels exchanged.

    a, b: (h, w, 3) float32, one crop of both panels. inside: (h, w) uint8, 1 where they differ.
    """
    weight, total, level = weights_of(a, b, inside)
    if total <= 0.0:
        return 0.0
    x, y, w, h = cv2.boundingRect(inside)
    places = np.array([(x + p * (w - 1), y + q * (h - 1)) for p, q in FIXED], np.float32)
    return resize_explains(a, b, inside, weight, places, FACTOR, level) / total
