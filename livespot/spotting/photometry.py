"""The light of both panels made equal, without letting a difference even itself out.

In: two aligned panels. Out: the same two with a smooth gain per channel shared out between them (half each, so that
neither panel is the reference), and the pixels that glare hides. Photographs of one page differ in gain, up to
threefold across a panel; an additive term did not help.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.light import masked_means, under_one_light, wide_blur

SIGMA = 0.03  # of the panel's longer side: how fast the light may change
MOST_GAIN = 4.0
DARK = 6.0  # grey levels added before dividing: black has no gain


def smooth_gain(
    a: Image, b: Image, seen: NDArray[np.bool_], reach: float = SIGMA, threads: int = 1
) -> NDArray[np.float32]:
    """(gh, gw, 3) float32 by blocks of 4 px: what b must be multiplied by to look like a; only `seen` pixels count."""
    means = masked_means(a, b, seen, threads=threads)
    sigma = reach * max(means[0].shape[:2])

    def smoothed(values: NDArray[np.float32]) -> NDArray[np.float32]:
        # far from anything seen the mean of a much larger window stands in
        return wide_blur(values, sigma) + np.float32(0.02) * wide_blur(values, 6.0 * sigma)

    one, two = smoothed(means[0]), smoothed(means[1])
    dark = DARK * one[..., 3:] + 1e-6
    gain = (one[..., :3] + dark) / (two[..., :3] + dark)
    return np.asarray(np.clip(gain, 1.0 / MOST_GAIN, MOST_GAIN), np.float32)


def balanced(
    a: Image, b: Image, seen: NDArray[np.bool_], reach: float = SIGMA, threads: int = 1
) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Both panels (h, w, 3) uint16, 1/64 grey level, under the same light.

    reach: of the longer side, how far the gain is smooth.
    """
    root = np.sqrt(smooth_gain(a, b, seen, reach, threads))
    return under_one_light(a, b, root, threads=threads)
