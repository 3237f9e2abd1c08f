"""Gradients of a picture, and what two pictures laid onto each other have of them in common."""

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import Map


def gradients(picture: Map | NDArray[np.uint8]) -> tuple[Map, Map]:
    """Horizontal and vertical gradient of (h, w) or (h, w, c), levels a px."""
    x = cv2.Sobel(picture, cv2.CV_32F, 1, 0, scale=0.125)
    y = cv2.Sobel(picture, cv2.CV_32F, 0, 1, scale=0.125)
    return np.asarray(x, np.float32), np.asarray(y, np.float32)


def compressed(picture: Map, half: float) -> tuple[Map, Map]:
    """The same, below 1: a gradient of `half` levels a px becomes 1/2."""
    x, y = gradients(picture)
    size = np.sqrt(x * x + y * y) + np.float32(half)
    return x / size, y / size


def gradient_products(a: Map, b: Map, half: float) -> tuple[Map, Map]:
    """Twice the product of both pictures' compressed gradients, 0 where they point apart, and the sum of their squares.

    a, b: (h, w) float32. half: levels a px, as of `compressed`.
    """
    (ax, ay), (bx, by) = compressed(a, half), compressed(b, half)
    return np.maximum(0.0, 2.0 * (ax * bx + ay * by)), ax * ax + ay * ay + bx * bx + by * by
