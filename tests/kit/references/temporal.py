"""What the kernels of `spotting.temporal` compute, plainly: what they are held to."""

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import Map


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
