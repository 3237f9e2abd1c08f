"""Objects that grew or shrank: found again in the other panel, larger or smaller.

In: one crop of both panels and where they differ. Out: how much of that one resizing explains. What stands on a ground
or hangs from something is resized about its foot or its top, all else about its middle.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.classify.moved import weights_of
from livespot.spotting.kernels.runtime import Map

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
    return max(_explained(a, b, inside, weight, at, level, f) for at in places for f in (FACTOR, 1 / FACTOR)) / total


def _explained(
    a: Map, b: Map, inside: NDArray[np.uint8], weight: Map, fixed: Map, level: float, factor: float
) -> float:
    """The sum of `weight` over the mask's pixels that look like the other panel's when that is resized about `fixed`.

    factor: by which one panel's thing is larger than the other's. level: grey levels, so near are they.
    """
    shape, (ys, xs) = np.array(inside.shape)[:, None], np.nonzero(inside)
    places = np.stack([ys, xs]).astype(np.float32)
    apart = np.full(len(xs), np.inf, np.float32)
    for own, other, scale in ((a, b, factor), (b, a, 1 / factor)):
        about = fixed[::-1, None]
        v, u = np.clip(np.floor(about + (places - about) * np.float32(scale) + 0.5), 0, shape - 1).astype(np.intp)
        apart = np.minimum(apart, np.abs(own[ys, xs] - other[v, u]).max(axis=1))
    return float(weight[ys, xs][apart < level].sum(dtype=np.float64))
