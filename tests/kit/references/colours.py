"""What `panels._colours` computes, plainly: what its kernels are held to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import Map


def rows_with_reference(
    band: Map, usable: NDArray[np.bool_], colours: Map, light: float, tint: float
) -> NDArray[np.float64]:
    """The same, plainly."""
    apart = band[None] - colours[:, None, None]
    common = apart.mean(axis=3)
    same = (np.abs(common) < light) & (np.abs(apart - common[..., None]).max(axis=3) < tint)
    return np.asarray((same & usable).any(axis=2).mean(axis=1), np.float64)
