"""A grey picture with its local mean taken away and its local deviation divided out."""

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.light import wide_blur
from livespot.spotting.kernels.runtime import Map


def flattened(grey: NDArray[np.uint8], sigma: float, noise: float) -> Map:
    """(h, w) float32 of a grey picture (h, w), in deviations. sigma: px, of the Gaussian window, however wide.

    noise: grey levels of deviation that are there in any case, so that blank paper stays small.
    """
    g = grey.astype(np.float32)
    d = np.asarray(cv2.subtract(g, wide_blur(g, sigma)), np.float32)
    spread = cv2.sqrt(wide_blur(np.asarray(cv2.multiply(d, d), np.float32), sigma) + np.float32(noise * noise))
    return np.asarray(cv2.divide(d, spread), np.float32)
