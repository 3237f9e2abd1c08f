"""What `registration._bicubic` computes, plainly: what its kernels are held to."""

from __future__ import annotations

import cv2
import numpy as np

from livespot.frame import Image
from livespot.spotting.kernels.runtime import Map


def sampled_reference(picture: Image, x: Map, y: Map) -> Image:
    """The same by OpenCV: within 1, as a place is rounded to 1 / PHASES px."""
    return np.asarray(cv2.remap(picture, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8)
