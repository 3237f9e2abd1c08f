"""How well two pictures agree when one is shifted by a few pixels against the other."""

from __future__ import annotations

from typing import Any

import numpy as np

from livespot.spotting.kernels.runtime import helper, kernel

LANES = 64  # sums side by side


@kernel
def _apart(row: Any, other: Any, weight: Any, offset: Any, total: Any) -> Any:
    offset = min(max(offset, 0), 1 << 40)  # no index counts from the end
    total[:] = 0
    for start in range(0, row.shape[0], LANES):
        at = min(max(start, 0), 1 << 40)
        for i in range(LANES):
            total[i] += abs(row[at + i] - other[offset + at + i]) * weight[at + i]
    result = 0.0
    for i in range(LANES):
        result += total[i]
    return result


@helper
def _best_shift(a: Any, b: Any, wide_a: Any, wide_b: Any, weight: Any, pitch: Any, reach: Any) -> Any:
    total = np.zeros(LANES, np.float32)
    unshifted = _apart(a, wide_b, weight, reach * pitch + reach, total)
    best = unshifted
    for dy in range(2 * reach + 1):
        for dx in range(2 * reach + 1):
            one = _apart(a, wide_b, weight, dy * pitch + dx, total)
            if one < best:  # else the worse of the two is no better either
                back = (2 * reach - dy) * pitch + 2 * reach - dx
                best = min(best, max(one, _apart(b, wide_a, weight, back, total)))
    return unshifted, best


@kernel
def shifted_difference(a: Any, b: Any, labels: Any, bit: Any, top: Any, left: Any, h: Any, w: Any, reach: Any) -> Any:
    """The mean difference unshifted, and the least under a shift, of h x w px of a crop where the labels have this bit.

    The pictures are laid out in rows as long as the widened ones', so that a shift is one offset.
    """
    pitch = w + 2 * reach
    length = (h * pitch + LANES - 1) // LANES * LANES
    one, two, weight = np.zeros(length, np.float32), np.zeros(length, np.float32), np.zeros(length, np.float32)
    wide = length + 2 * reach * (pitch + 1)
    wide_a, wide_b = np.zeros(wide, np.float32), np.zeros(wide, np.float32)
    count = 0
    for y in range(-reach, h + reach):
        v = top + min(max(y, 0), h - 1)
        for x in range(-reach, w + reach):
            u = left + min(max(x, 0), w - 1)
            at = (y + reach) * pitch + x + reach
            wide_a[at], wide_b[at] = a[v, u], b[v, u]
            if 0 <= y < h and 0 <= x < w:
                i = y * pitch + x
                one[i], two[i] = a[v, u], b[v, u]
                if labels[v, u] & bit != 0:
                    weight[i] = 1
                    count += 1
    unshifted, best = _best_shift(one, two, wide_a, wide_b, weight, pitch, reach)
    return unshifted / count, best / count
