"""Where two pictures laid onto each other agree: gradients of the same direction and strength.

In: grey pictures on one grid. Out: the share of the gradients that both have in common. Texture in either counts, so
that a caption under one panel speaks against it.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.downscale import downscale
from livespot.spotting.registration.gradients import gradient_products
from livespot.spotting.registration.residual_warp import Registration

Field = NDArray[np.float32]

GRADIENT = 3.0  # grey levels a px: half strength
TEXTURE = 0.1  # of 2: less gradient says nothing
COMMON = 0.55  # share of the gradients' energy that two prints of one picture have in common; real pages have 0.75 on
NOISY = 0.45  # the same in a webcam's worst noise: with less there is nothing to compare
CLEAR = 0.92  # the same where the learned map is in doubt: words that repeat and a picture alone have 0.88 at most


def agreement(a: Field, b: Field, sigma: float) -> tuple[Field, Field]:
    """Share (0 to 1) of the gradients that a and b (h, w) have in common nearby, and how much there is (0 to 2).

    Gradients are compressed, so that a black frame does not speak for the paper around it.
    """
    common, energy = (_nearby(p, sigma) for p in gradient_products(a, b, GRADIENT))
    return np.asarray(common / (energy + np.float32(1e-6)), np.float32), energy


def _nearby(values: NDArray[np.floating[Any]], sigma: float) -> Field:
    """The mean of (h, w) values around each pixel, sigma px."""
    width = max(3, int(2.0 * sigma) | 1)
    return np.asarray(cv2.blur(cv2.blur(values, (width, width)), (width, width)), np.float32)


def softened(picture: NDArray[np.uint8]) -> Field:
    """A picture (h, w[, 3]) uint8 as `common_share` takes it: grey, (h // 2, w // 2) float32.

    Half the levels at half the size: gradients a pixel stay what they were.
    """
    small = downscale(picture, 2)
    if small.ndim == 3:
        small = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
    return np.asarray(cv2.GaussianBlur(small * np.float32(0.5), (0, 0), 0.75), np.float32)


def common_share(reference: Field, other: Field, where: NDArray[np.bool_]) -> float:
    """Share (0 to 1) of the gradients' energy two aligned pictures, both `softened`, have in common.

    where: (h, w) bool, what is judged.
    """
    share, energy = agreement(reference, other, 3.0)
    # running sums of zeros end a little below zero
    weight = np.sqrt(np.maximum(energy, 0.0)) * where[::2, ::2][: energy.shape[0], : energy.shape[1]]
    return float((share * weight).sum() / (weight.sum() + 1e-6))


def agrees(registration: Registration, image_a: Image, image_b: Image, asked: float = COMMON) -> bool:
    """Whether two registered pictures (H, W, 3) have as much print in common as two prints of one picture have.

    asked: share of the gradients' energy, 0 to 1.
    """
    one, two = softened(registration.sample_a(image_a)), softened(registration.sample_b(image_b))
    return common_share(one, two, registration.inside(image_a.shape, image_b.shape)) >= asked


def disc(diameter: float) -> NDArray[np.uint8]:
    """A round structuring element, `diameter` px wide, 3 at least."""
    width = max(3, int(diameter) | 1)
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width)), np.uint8)
