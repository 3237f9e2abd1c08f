"""Reductions over the three channels of a picture."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray


def lowest_channel(picture: NDArray[Any]) -> NDArray[Any]:
    """The lowest of each pixel's channels, (h, w) of (h, w, 3): how far it is from having burnt out."""
    blue, green, red = cv2.split(picture)
    return np.asarray(cv2.min(cv2.min(blue, green), red))


def highest_channel(picture: NDArray[Any]) -> NDArray[Any]:
    """The highest of each pixel's channels, (h, w) of (h, w, c)."""
    first, *others = cv2.split(picture)
    for other in others:
        first = cv2.max(first, other)
    return np.asarray(first)
