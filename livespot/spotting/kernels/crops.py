"""Numbers of the small crops that regions are told and measured by: sums over masks, in one call instead of twenty.

edge_levels        a map beside a mask and in it
region_numbers     what a candidate's measures are made of, for _measures.py
correlation        of two fields where a mask is
"""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import Map, f32, helper, kernel, mirrored

Mask = NDArray[np.uint8]

INSIDE, NEAR, RING, BESIDE, AROUND = (np.uint8(1 << i) for i in range(5))  # bits of a crop's labels


@helper
def _select(values: Any, wanted: Any) -> Any:
    """Values put in such an order that `wanted` of them are none above and the others none below the one there."""
    first, last = 0, values.shape[0] - 1
    while first < last:
        middle = values[(first + last) // 2]
        i, j = first, last
        while i <= j:
            while values[i] < middle:
                i += 1
            while values[j] > middle:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if wanted <= j:
            last = j
        elif wanted >= i:
            first = i
        else:
            break
    return values[wanted]


@helper
def _median(values: Any) -> Any:
    """np.median at a fifth of its cost; one value at least."""
    some, half = values.copy(), values.shape[0] // 2
    upper = _select(some, half)
    if values.shape[0] % 2 == 1:
        return float(upper)
    lower = some[0]
    for i in range(1, half):
        lower = max(lower, some[i])
    return 0.5 * (float(lower) + float(upper))


def edge_levels(part: Map, inside: Mask) -> tuple[float, float]:
    """The median of a part of a map (h, w) 2 or 3 px beside a mask, and in it; -1 for what has no pixels.

    inside: (h, w) uint8, 0 or 1.
    """
    ring = cv2.dilate(inside, np.ones((7, 7), np.uint8)) - cv2.dilate(inside, np.ones((3, 3), np.uint8))
    beside, own = (float(np.median(part[m > 0])) if m.any() else -1.0 for m in (ring, inside))
    return beside, own


class RegionNumbers(NamedTuple):
    """Of a candidate. inside, around, beside_median, inside_median: of the map over its threshold, in the candidate and
    around it (0 where there is nothing around it; -1 for the median).
    """

    inside: float
    around: float
    inside_median: float
    beside_median: float
    difference: float  # mean of the map inside, grey levels
    energy_a: float  # mean squared gradient in it and near it, (grey levels a px)²
    energy_b: float
    bright: float  # share of it that is nearly white in one panel
    bias: tuple[float, float, float]  # mean of a - b inside, by channel
    size: tuple[float, float, float]  # mean of |a - b| inside, by channel
    correlation: float  # of both panels' grey in it and around it
    close: float  # of both panels' grey in it and near it


def numbers_of(out: NDArray[np.float64]) -> RegionNumbers:
    """What `region_numbers` left in the first 16 values, named."""
    n = [float(v) for v in out]
    return RegionNumbers(
        n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], (n[8], n[9], n[10]), (n[11], n[12], n[13]), n[14], n[15]
    )


@helper
def _energy(grey: Any, y: Any, x: Any) -> Any:
    """The squared Sobel gradient at a pixel."""
    h, w = grey.shape
    up, down, left, right = y - 1, y + 1, x - 1, x + 1
    if up < 0 or down >= h or left < 0 or right >= w:
        up, down, left, right = mirrored(up, h), mirrored(down, h), mirrored(left, w), mirrored(right, w)
    across = grey[up, right] - grey[up, left] + grey[down, right] - grey[down, left]
    across += 2 * (grey[y, right] - grey[y, left])
    along = grey[down, left] - grey[up, left] + grey[down, right] - grey[up, right]
    along += 2 * (grey[down, x] - grey[up, x])
    return (across * across + along * along) * f32(1 / 64)


@kernel
def correlation(a: Any, b: Any, labels: Any, bits: Any, noise: Any) -> Any:
    h, w = labels.shape
    count, sum_a, sum_b = 0, 0.0, 0.0
    for y in range(h):
        for x in range(w):
            if labels[y, x] & bits != 0:
                count += 1
                sum_a += a[y, x]
                sum_b += b[y, x]
    if count == 0:
        return 0.0
    mean_a, mean_b = sum_a / count, sum_b / count
    aa, bb, ab = 0.0, 0.0, 0.0
    for y in range(h):
        for x in range(w):
            if labels[y, x] & bits != 0:
                p, q = a[y, x] - mean_a, b[y, x] - mean_b
                aa += p * p
                bb += q * q
                ab += p * q
    return ab / (np.sqrt(aa * bb) + noise)


@kernel
def region_numbers(
    a: Any, b: Any, grey_a: Any, grey_b: Any, difference: Any, high: Any, labels: Any, white: Any, out: Any
) -> None:
    h, w = labels.shape
    ratios, besides = np.empty(h * w, np.float32), np.empty(h * w, np.float32)
    inside, near, ring, beside, bright = 0, 0, 0, 0, 0
    around, difference_sum, energy_a, energy_b, ratio_sum = 0.0, 0.0, 0.0, 0.0, 0.0
    bias, size = np.zeros(3, np.float64), np.zeros(3, np.float64)
    for y in range(h):
        for x in range(w):
            label = labels[y, x]
            if label == 0:
                continue
            ratio = difference[y, x] / high[y, x]
            if label & INSIDE != 0:
                ratios[inside] = ratio
                inside += 1
                ratio_sum += ratio
                difference_sum += difference[y, x]
                for k in range(3):
                    signed = a[y, x, k] - b[y, x, k]
                    bias[k] += signed
                    size[k] += abs(signed)
                darkest_a = min(min(a[y, x, 0], a[y, x, 1]), a[y, x, 2])
                darkest_b = min(min(b[y, x, 0], b[y, x, 1]), b[y, x, 2])
                bright += 1 if max(darkest_a, darkest_b) > white else 0
            if label & NEAR != 0:
                near += 1
                energy_a += _energy(grey_a, y, x)
                energy_b += _energy(grey_b, y, x)
            if label & RING != 0:
                ring += 1
                around += ratio
            if label & BESIDE != 0:
                besides[beside] = ratio
                beside += 1
    out[0], out[4], out[7] = ratio_sum / inside, difference_sum / inside, bright / inside
    out[1] = around / ring if ring > 0 else 0.0
    out[2] = _median(ratios[:inside])
    out[3] = _median(besides[:beside]) if beside > 0 else -1.0
    out[5], out[6] = energy_a / near, energy_b / near
    for k in range(3):
        out[8 + k], out[11 + k] = bias[k] / inside, size[k] / inside
    out[14] = correlation(grey_a, grey_b, labels, AROUND, 100.0)
    out[15] = correlation(grey_a, grey_b, labels, NEAR, 100.0)


# ---- kinds -----------------------------------------------------------------------------------------------------------
