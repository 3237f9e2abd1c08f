"""The noise of a difference map by blocks of 4 x 4 px, and the levels above which it stands out.

Levels follow the local mean and root mean square of what is quiet: seen, and below the low level found before.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.bands import Map, f32, kernel, ready
from livespot.spotting.kernels.light import BLOCK, ENOUGH, wide_blur
from livespot.spotting.kernels.smoothing import add_larger, add_smoothed, smaller

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
    height, width = difference.shape
    values = ready(difference, np.float32)
    mask = ready(seen, np.bool_).view(np.uint8)
    rows, columns = -(-height // BLOCK), -(-width // BLOCK)
    moments, highest = np.empty((rows, columns, 3), np.float32), np.empty((rows, columns), np.float32)
    _all_moments(values, mask, f32(noise.cap), moments, highest)
    coarse = max(1, round(rows / noise.factor)), max(1, round(columns / noise.factor))
    levels = np.zeros((2, rows, columns), np.float32)
    _noise_levels(
        values, mask, moments, highest, f32(noise.cap), noise.sigma / noise.factor, *coarse,
        f32(noise.floors[0]), f32(noise.floors[1]), f32(noise.times[0]), f32(noise.times[1]),
        f32(noise.sensitivity), levels,
    )  # fmt: skip
    return levels[0], levels[1]


def noise_levels_reference(difference: Map, seen: NDArray[np.bool_], noise: Noise) -> tuple[Map, Map]:
    """The same in NumPy and OpenCV."""
    shape = -(-difference.shape[0] // BLOCK), -(-difference.shape[1] // BLOCK)
    coarse = max(1, round(shape[1] / noise.factor)), max(1, round(shape[0] / noise.factor))
    high, low = np.zeros(shape, np.float32), np.full(shape, np.inf, np.float32)
    for _ in range(ROUNDS):
        moments = quiet_moments_reference(difference, seen, low, noise.cap)
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


def quiet_moments_reference(difference: Map, seen: NDArray[np.bool_], low: Map, cap: float) -> Map:
    """Of the pixels that are seen and below `low`, (gh, gw), in their block: their share of it, and the means over it
    of their values, at most `cap`, and of their squares; (gh, gw, 3) float32.
    """
    height, width = difference.shape
    rows, columns = -(-height // BLOCK), -(-width // BLOCK)
    full = np.repeat(np.repeat(low, BLOCK, axis=0), BLOCK, axis=1)[:height, :width]
    quiet = (seen & (difference < full)).astype(np.float64)
    value = np.minimum(difference, cap)
    moments = np.zeros((rows * BLOCK, columns * BLOCK, 3))
    moments[:height, :width] = np.stack([quiet, quiet * value, quiet * value * value], axis=-1)
    return np.asarray(moments.reshape(rows, BLOCK, columns, BLOCK, 3).mean(axis=(1, 3)), np.float32)


@kernel
def _all_moments(d: Any, seen: Any, cap: Any, result: Any, highest: Any) -> None:
    h = d.shape[0]
    columns = result.shape[1]
    count, total = np.empty(columns * 4, np.float32), np.empty(columns * 4, np.float32)
    square, most = np.empty(columns * 4, np.float32), np.empty(columns * 4, np.float32)
    part = f32(1 / 16)
    for r in range(result.shape[0]):
        count[:] = 0
        total[:] = 0
        square[:] = 0
        most[:] = 0
        for y in range(4 * r, min(4 * r + 4, h)):
            _add_seen(d[y], seen[y], cap, count, total, square, most)
        for c in range(columns):
            i = 4 * c
            result[r, c, 0] = (count[i] + count[i + 1] + count[i + 2] + count[i + 3]) * part
            result[r, c, 1] = (total[i] + total[i + 1] + total[i + 2] + total[i + 3]) * part
            result[r, c, 2] = (square[i] + square[i + 1] + square[i + 2] + square[i + 3]) * part
            highest[r, c] = max(max(most[i], most[i + 1]), max(most[i + 2], most[i + 3]))


@kernel
def _add_seen(d: Any, seen: Any, cap: Any, count: Any, total: Any, square: Any, most: Any) -> None:
    for x in range(d.shape[0]):
        known = f32(1) if seen[x] != 0 else f32(0)
        value = min(d[x], cap) * known
        count[x] += known
        total[x] += value
        square[x] += value * value
        most[x] = max(most[x], d[x])


@kernel
def _less_loud(d: Any, seen: Any, low: Any, cap: Any, highest: Any, result: Any) -> None:
    """The moments once more where a block reaches its level."""
    h, w = d.shape
    part = f32(1 / 16)
    for r in range(result.shape[0]):
        for c in range(result.shape[1]):
            if highest[r, c] < low[r, c]:
                continue
            count, total, square = f32(0), f32(0), f32(0)
            for x in range(4 * c, min(4 * c + 4, w)):
                for y in range(4 * r, min(4 * r + 4, h)):
                    if seen[y, x] != 0 and d[y, x] < low[r, c]:
                        value = min(d[y, x], cap)
                        count += f32(1)
                        total += value
                        square += value * value
            result[r, c, 0], result[r, c, 1], result[r, c, 2] = count * part, total * part, square * part


@kernel
def _levels_of(
    moments: Any, floor_high: Any, floor_low: Any, times_high: Any, times_low: Any, sensitivity: Any, levels: Any
) -> None:
    for r in range(moments.shape[0]):
        for c in range(levels.shape[2]):
            total = moments[r, 3 * c] + f32(1e-6)
            mean = moments[r, 3 * c + 1] / total
            rms = np.sqrt(max(moments[r, 3 * c + 2] / total - mean * mean, f32(0)))
            levels[0, r, c] = max(floor_high, mean + times_high * rms) / sensitivity
            levels[1, r, c] = max(floor_low, mean + times_low * rms) / sensitivity


@kernel
def _noise_levels(
    values: Any, seen: Any, moments: Any, highest: Any, cap: Any, sigma: Any, coarse_rows: Any, coarse_columns: Any,
    floor_high: Any, floor_low: Any, times_high: Any, times_low: Any, sensitivity: Any, levels: Any,
) -> None:  # fmt: skip
    rows, columns = highest.shape
    quiet = moments.copy()
    small = np.empty((coarse_rows, 3 * coarse_columns), np.float32)
    smooth, coarse = np.empty_like(small), np.empty((2, coarse_rows, coarse_columns), np.float32)
    for i in range(ROUNDS):
        if i > 0:
            quiet[:] = moments
            _less_loud(values, seen, levels[1], cap, highest, quiet)
        smaller(quiet.reshape(rows, 3 * columns), 3, small)
        smooth[:] = 0
        add_smoothed(small, 3, sigma, ENOUGH, WIDER, f32(LITTLE), smooth)
        _levels_of(smooth, floor_high, floor_low, times_high, times_low, sensitivity, coarse)
        levels[1] = 0
        add_larger(coarse[1], 1, f32(1), levels[1])
    add_larger(coarse[0], 1, f32(1), levels[0])
