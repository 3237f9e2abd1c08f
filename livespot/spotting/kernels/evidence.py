"""Evidence: one more sample taken into what is known of a panel."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.bands import Map, in_bands, kernel

THREADS = 2


def gather(
    picture: NDArray[np.uint8],
    off: NDArray[np.uint8],
    seen: NDArray[np.bool_],
    share: float,
    contradicts: float,
    memory: float,
    mean: Map,
    weight: Map,
    other: Map,
    other_weight: Map,
) -> None:
    """Take a sample (h, w, 3) uint8 into two hypotheses a pixel, in place.

    off: (h, w) uint8, how far the sample lies from `mean` nearby, grey levels. share: the sample's weight. A pixel that
    is within `contradicts` moves the mean, another one the other hypothesis; the heavier of the two becomes the mean.
    mean, other: (h, w, 3) float32; weight, other_weight: (h, w) float32, at most `memory`.
    """
    height, width = seen.shape
    numbers = np.float32(share), np.float32(contradicts), np.float32(memory)

    def work(y0: int, y1: int) -> None:
        _gather(picture, off, seen, *numbers, mean, weight, other, other_weight, y0, y1)

    in_bands(work, height, width, THREADS)


@kernel
def _gather(
    picture: Any, off: Any, seen: Any, share: Any, contradicts: Any, memory: Any, mean: Any, weight: Any, other: Any,
    other_weight: Any, y0: Any, y1: Any,
) -> None:  # fmt: skip
    width = picture.shape[1]
    for y in range(y0, y1):
        for x in range(width):
            if not seen[y, x]:
                continue
            had = weight[y, x]
            if had <= 0 or off[y, x] < contradicts:
                rate = share / (had + share)
                for c in range(3):
                    mean[y, x, c] += rate * (np.float32(picture[y, x, c]) - mean[y, x, c])
                weight[y, x] = min(had + share, memory)
                if had > 0:
                    other_weight[y, x] *= np.float32(0.8)
                continue
            against = other_weight[y, x]
            rate = share / (against + share)
            for c in range(3):
                other[y, x, c] += rate * (np.float32(picture[y, x, c]) - other[y, x, c])
            other_weight[y, x] = min(against + share, memory)
            if other_weight[y, x] > had:
                for c in range(3):
                    mean[y, x, c], other[y, x, c] = other[y, x, c], mean[y, x, c]
                weight[y, x], other_weight[y, x] = other_weight[y, x], had


def gather_reference(
    picture: NDArray[np.uint8],
    off: NDArray[np.uint8],
    seen: NDArray[np.bool_],
    share: float,
    contradicts: float,
    memory: float,
    mean: Map,
    weight: Map,
    other: Map,
    other_weight: Map,
) -> None:
    """gather in plain NumPy."""

    def blend(into: Map, total: Map, where: NDArray[np.bool_]) -> None:
        rate = (share / (total[where] + share))[:, None]
        into[where] += rate * (picture[where] - into[where])
        total[where] = np.minimum(total[where] + share, memory)

    fresh = weight <= 0
    agrees = seen & ((off < contradicts) | fresh)
    against = seen & ~agrees
    other_weight[agrees & ~fresh] *= 0.8
    blend(mean, weight, agrees)
    blend(other, other_weight, against)
    swap = against & (other_weight > weight)
    mean[swap], other[swap] = other[swap], mean[swap].copy()
    weight[swap], other_weight[swap] = other_weight[swap], weight[swap].copy()
