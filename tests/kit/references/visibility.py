"""What the kernels of `spotting.visibility` compute, plainly: what they are held to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def lowest_channel_reference(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same, plainly."""
    return np.asarray(picture.min(axis=2), np.uint8)
