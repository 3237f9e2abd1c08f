"""The noise of a difference map by blocks of 4 x 4 px, and the levels above which it stands out.

Levels follow the local mean and root mean square of what is quiet: seen, and below the low level found before.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.light import BLOCK, wide_blur
from livespot.spotting.kernels.runtime import Map

ROUNDS = 3  # each leaves out what stands out of the levels found before
WIDER, LITTLE = 4.0, 0.05  # times the window, and its share: it stands in where nothing near is quiet


class Noise(NamedTuple):
    """How levels come from noise. cap: grey levels, what values above it count as. sigma: blocks, of the window.
    factor: by so much coarser is the grid on which it is reckoned. floors: grey levels, the least of high and low
    level. times: of the root mean square, above the mean.
    """

    cap: float
    sigma: float
    factor: int
    floors: tuple[float, float]
    times: tuple[float, float]
    sensitivity: float  # what both levels are divided by


def noise_levels(difference: Map, seen: NDArray[np.bool_], noise: Noise) -> tuple[Map, Map]:
    """The high and the low level of a map (h, w) by blocks, (gh, gw) float32 each. seen: (h, w), what may be quiet."""
    shape = -(-difference.shape[0] // BLOCK), -(-difference.shape[1] // BLOCK)
    coarse = max(1, round(shape[1] / noise.factor)), max(1, round(shape[0] / noise.factor))
    high, low = np.zeros(shape, np.float32), np.full(shape, np.inf, np.float32)
    for _ in range(ROUNDS):
        moments = quiet_moments(difference, seen, low, noise.cap)
        moments = np.asarray(cv2.resize(moments, coarse, interpolation=cv2.INTER_AREA), np.float32)
        sigma = noise.sigma / noise.factor
        moments = wide_blur(moments, sigma) + np.float32(LITTLE) * wide_blur(moments, WIDER * sigma)
        total = moments[..., 0] + np.float32(1e-6)
        mean = moments[..., 1] / total
        rms = np.sqrt(np.maximum(moments[..., 2] / total - mean * mean, 0.0))
        high, low = (
            np.asarray(
                cv2.resize(
                    np.maximum(floor, mean + times * rms) / np.float32(noise.sensitivity),
                    shape[::-1],
                    interpolation=cv2.INTER_LINEAR,
                )
            )
            for floor, times in zip(noise.floors, noise.times, strict=True)
        )
    return high, low


def quiet_moments(difference: Map, seen: NDArray[np.bool_], low: Map, cap: float) -> Map:
    """Of the pixels that are seen and below `low`, (gh, gw), in their block: their share of it, and the means over it
    of their values, at most `cap`, and of their squares; (gh, gw, 3) float32.
    """
    height, width = difference.shape
    rows, columns = low.shape
    full = cv2.resize(low, (columns * BLOCK, rows * BLOCK), interpolation=cv2.INTER_NEAREST)[:height, :width]
    quiet = (seen & (difference < full)).astype(np.float32)
    value = np.minimum(difference, np.float32(cap)) * quiet
    moments = cv2.copyMakeBorder(
        cv2.merge([quiet, value, value * value]),
        0, rows * BLOCK - height, 0, columns * BLOCK - width, cv2.BORDER_CONSTANT,
    )  # fmt: skip
    return np.asarray(cv2.resize(moments, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)
