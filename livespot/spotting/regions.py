"""From a difference map to candidate regions: thresholds that follow the scene, hysteresis, trimming, joining.

In: the difference map, grey levels. Out: the map in units of its local threshold, and labelled candidates. What is
noise here is measured here: the local mean and root mean square of the map outside the candidates.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Box

HIGH_FLOOR, LOW_FLOOR = 14.0, 7.0  # grey levels at sensitivity 1
HIGH_TIMES, LOW_TIMES = 6.0, 3.0  # of the local root mean square, above the local mean
CAP = 24.0  # grey levels: what is above does not raise the measured noise further
NOISE_SIGMA = 0.05  # of the panel's size: the window in which the map's noise is measured
JOIN = 0.012  # of the panel's size: fragments this near are one difference
TRIM = 0.2  # of the peak: what is weaker is the halo of a region
FEWEST_PIXELS = 5
SMOOTH = 1.0  # px, sigma of the blur that takes single-pixel noise out of the map


@dataclass(frozen=True, eq=False)
class Candidate:
    """box: (x, y, width, height). mask: (height, width) bool, what differs. peak: in units of the threshold."""

    box: Box
    mask: NDArray[np.bool_]
    peak: float


@dataclass(frozen=True, eq=False)
class Thresholds:
    """high, low: (h, w) float32 grey levels, of the hysteresis."""

    high: NDArray[np.float32]
    low: NDArray[np.float32]


def local_thresholds(difference: NDArray[np.float32], seen: NDArray[np.bool_], sensitivity: float) -> Thresholds:
    """Hysteresis levels from the map's own noise outside what stands out."""
    height, width = difference.shape
    length = float(np.sqrt(height * width))
    size = (max(1, width // 4), max(1, height // 4))
    sigma = max(NOISE_SIGMA * length / 4, 1.0)
    quiet = seen.copy()
    # a difference that is not yet left out may speak for itself only so loudly
    difference = np.minimum(difference, CAP)
    high = np.full_like(difference, HIGH_FLOOR / sensitivity)
    low = np.full_like(difference, LOW_FLOOR / sensitivity)
    for _ in range(3):
        weight = quiet.astype(np.float32)

        def local(values: NDArray[np.float32]) -> NDArray[np.float32]:
            small = cv2.resize(values, size, interpolation=cv2.INTER_AREA)
            near = cv2.GaussianBlur(small, (0, 0), sigma) + 0.05 * cv2.GaussianBlur(small, (0, 0), 4.0 * sigma)
            return np.asarray(near, np.float32)

        total = local(weight) + 1e-6
        mean = local(difference * weight) / total
        rms = np.sqrt(np.maximum(local(difference * difference * weight) / total - mean * mean, 0.0))
        full = (width, height)
        mean_full = cv2.resize(mean, full, interpolation=cv2.INTER_LINEAR)
        rms_full = cv2.resize(rms, full, interpolation=cv2.INTER_LINEAR)
        high = np.maximum(HIGH_FLOOR, mean_full + HIGH_TIMES * rms_full) / sensitivity
        low = np.maximum(LOW_FLOOR, mean_full + LOW_TIMES * rms_full) / sensitivity
        quiet = seen & (difference < low)
    return Thresholds(np.asarray(high, np.float32), np.asarray(low, np.float32))


def candidates(difference: NDArray[np.float32], thresholds: Thresholds, seen: NDArray[np.bool_]) -> list[Candidate]:
    """Regions where the map rises above the high level, as far as it stays above the low one."""
    height, width = difference.shape
    length = float(np.sqrt(height * width))
    over = (difference > thresholds.low) & seen
    count, label = cv2.connectedComponents(over.astype(np.uint8), connectivity=8)
    if count < 2:
        return []
    flat = label.ravel()
    ratio = (difference / thresholds.high).ravel()
    peak_ratio = np.zeros(count, np.float32)
    np.maximum.at(peak_ratio, flat, ratio)
    peak = np.zeros(count, np.float32)
    np.maximum.at(peak, flat, difference.ravel())
    good = peak_ratio >= 1.0
    good[0] = False
    kept = good[label] & (difference >= TRIM * peak[label])
    reach = max(1, int(round(JOIN * length)))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    padded = cv2.copyMakeBorder(kept.astype(np.uint8), *(4 * [reach]), cv2.BORDER_CONSTANT)
    joined = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, disc)[reach:-reach, reach:-reach]
    number, group, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    result = []
    for i in range(1, number):
        x, y, w, h = (int(v) for v in stats[i, :4])
        part = (group[y : y + h, x : x + w] == i) & kept[y : y + h, x : x + w]
        if int(part.sum()) < FEWEST_PIXELS:
            continue
        rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
        x, y = x + int(columns[0]), y + int(rows[0])
        part = part[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        h, w = part.shape
        inside = difference[y : y + h, x : x + w][part] / thresholds.high[y : y + h, x : x + w][part]
        result.append(Candidate((x, y, w, h), part, float(inside.max())))
    return result
