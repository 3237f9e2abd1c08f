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
    pitch = wide_a.shape[1]
    # the pictures in rows as long as the wide ones', so that a shift is one offset; what is added weighs nothing
    length = -(-a.shape[0] * pitch // LANES) * LANES
    rows = np.zeros((3, length), np.float32)
    for row, part in zip(rows, (a, b, weight), strict=True):
        row[: a.shape[0] * pitch].reshape(a.shape[0], pitch)[:, : a.shape[1]] = part
    flat_a, flat_b = np.zeros((2, length + 2 * reach * (pitch + 1)), np.float32)
    flat_a[: wide_a.size], flat_b[: wide_b.size] = wide_a.reshape(-1), wide_b.reshape(-1)
    unshifted, best = _shifted_difference(rows[0], rows[1], flat_a, flat_b, rows[2], pitch, reach)
    total = float(np.count_nonzero(weight))
    return float(unshifted) / total, float(best) / total


LANES = 64  # sums side by side


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


@kernel
def _shifted_difference(a: Any, b: Any, wide_a: Any, wide_b: Any, weight: Any, pitch: Any, reach: Any) -> Any:
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
