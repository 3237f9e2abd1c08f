"""The light of both panels made equal, without letting a difference even itself out.

In: two aligned panels. Out: the same two with a smooth gain per channel shared out between them (half each, so that
neither panel is the reference), and the pixels that glare hides. Photographs of one page differ in gain, up to
threefold across a panel; an additive term did not help.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image

SIGMA = 0.03  # of the panel's longer side: how fast the light may change
MOST_GAIN = 4.0
DARK = 6.0  # grey levels added before dividing: black has no gain
REDUCE = 4  # the gain is smooth, so it is found on a grid this much coarser


def smooth_gain(a: Image, b: Image, seen: NDArray[np.bool_], reach: float = SIGMA) -> NDArray[np.float32]:
    """(gh, gw, 3) float32: what b must be multiplied by to look like a, on the reduced grid; only `seen` pixels count."""
    height, width = seen.shape
    size = (max(1, -(-width // REDUCE)), max(1, -(-height // REDUCE)))
    weight = seen.astype(np.float32)
    small_weight = cv2.resize(weight, size, interpolation=cv2.INTER_AREA)
    sigma = reach * max(size)

    def smoothed(picture: Image) -> NDArray[np.float32]:
        small = cv2.resize(picture.astype(np.float32) * weight[..., None], size, interpolation=cv2.INTER_AREA)
        near = cv2.GaussianBlur(small, (0, 0), sigma)
        # far from anything seen the mean of a much larger window stands in
        far = cv2.GaussianBlur(small, (0, 0), 6.0 * sigma)
        return np.asarray(near + 0.02 * far, np.float32)

    total = smoothed(a), smoothed(b)
    share = cv2.GaussianBlur(small_weight, (0, 0), sigma) + 0.02 * cv2.GaussianBlur(small_weight, (0, 0), 6.0 * sigma)
    dark = DARK * share[..., None] + 1e-6
    gain = (total[0] + dark) / (total[1] + dark)
    return np.asarray(np.clip(gain, 1.0 / MOST_GAIN, MOST_GAIN), np.float32)


def balanced(
    a: Image, b: Image, seen: NDArray[np.bool_], reach: float = SIGMA
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Both panels (h, w, 3) float32, grey levels, under the same light; reach: of the longer side, how far it is smooth."""
    height, width = seen.shape
    root = np.sqrt(smooth_gain(a, b, seen, reach))
    full = cv2.resize(root, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(a / full, np.float32), np.asarray(b * full, np.float32)
