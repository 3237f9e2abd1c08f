"""How well two pictures agree when one is shifted by a few pixels against the other."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.bands import Map, kernel


def shifted_difference(a: Map, b: Map, weight: NDArray[np.uint8], reach: int) -> tuple[float, float]:
    """Mean |a - b| where `weight` is, unshifted and at the best whole shift of up to `reach` px each way.

    a, b: (h, w) float32. weight: (h, w) uint8, 0 or 1, with a 1 somewhere. A shift counts as much as the worse of
    shifting b by it and a back by it: the same for a and b exchanged. Borders are repeated.
    """
    around = (reach, reach, reach, reach, cv2.BORDER_REPLICATE)
    wide_a, wide_b = (np.asarray(cv2.copyMakeBorder(p, *around), np.float32) for p in (a, b))
    one, two = np.require(a, np.float32, ["C", "W"]), np.require(b, np.float32, ["C", "W"])
    mask = np.require(weight, np.float32, ["C", "W"])
    unshifted, best = _shifted_difference(one, two, wide_a, wide_b, mask, reach)
    total = float(mask.sum())
    return float(unshifted) / total, float(best) / total


def shifted_difference_reference(a: Map, b: Map, weight: NDArray[np.uint8], reach: int) -> tuple[float, float]:
    """The same, plainly."""
    around = ((reach, reach), (reach, reach))
    x, y = np.pad(a.astype(np.float64), around, mode="edge"), np.pad(b.astype(np.float64), around, mode="edge")
    height, width = a.shape
    inside = weight > 0
    found = []
    for dy in range(2 * reach + 1):
        for dx in range(2 * reach + 1):
            part = np.s_[dy : dy + height, dx : dx + width]
            back = np.s_[2 * reach - dy :, 2 * reach - dx :]
            moved = x[back][:height, :width]
            found.append(max(np.abs(a - y[part])[inside].mean(), np.abs(b - moved)[inside].mean()))
    return float(np.abs(a.astype(np.float64) - b)[inside].mean()), float(min(found))


@kernel
def _add_apart(row: Any, other: Any, weight: Any, total: Any) -> None:
    for x in range(row.shape[0]):
        total[x] += abs(row[x] - other[x]) * weight[x]


@kernel
def _apart(a: Any, wide: Any, weight: Any, dy: Any, dx: Any, total: Any) -> Any:
    total[:] = 0
    for y in range(a.shape[0]):
        _add_apart(a[y], wide[y + dy, dx : dx + a.shape[1]], weight[y], total)
    result = 0.0
    for x in range(total.shape[0]):
        result += total[x]
    return result


@kernel
def _shifted_difference(a: Any, b: Any, wide_a: Any, wide_b: Any, weight: Any, reach: Any) -> Any:
    total = np.zeros(a.shape[1], np.float32)
    unshifted = _apart(a, wide_b, weight, reach, reach, total)
    best = unshifted
    for dy in range(2 * reach + 1):
        for dx in range(2 * reach + 1):
            one = _apart(a, wide_b, weight, dy, dx, total)
            if one < best:  # else the worse of the two is no better either
                best = min(best, max(one, _apart(b, wide_a, weight, 2 * reach - dy, 2 * reach - dx, total)))
    return unshifted, best
