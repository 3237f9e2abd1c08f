"""What `panels._lines` computes, plainly: what its kernels are held to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import Map
from livespot.spotting.panels._lines import Whole


def line_means_reference(one: Map, two: Map, middle: Whole, slope: Whole) -> tuple[NDArray[np.float64], ...]:
    """The same, plainly."""
    places, depths = one.shape
    along = np.linspace(-0.5, 0.5, places)
    at = middle[:, None, None] + slope[:, None] * along
    index = np.clip(np.floor(at + 0.5), 0, depths - 1).astype(np.int64)
    return tuple(values[np.arange(places), index].mean(axis=2, dtype=np.float64) for values in (one, two))
