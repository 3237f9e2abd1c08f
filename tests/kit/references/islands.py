"""What `difference._islands` computes, plainly: what its kernels are held to."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Box


def islands_reference(kept: NDArray[np.uint8], reach: int) -> list[tuple[Box, int, NDArray[np.bool_]]]:
    """The same, plainly, in any order."""
    count, label, stats, _ = cv2.connectedComponentsWithStats(kept, connectivity=8)
    groups = [{i} for i in range(1, count)]

    def between(i: int, j: int) -> int:
        first, size = stats[[i, j], :2], stats[[i, j], 2:4]
        return int((first.max(axis=0) - (first + size).min(axis=0)).max())

    for i in range(1, count):
        near = [g for g in groups if any(between(i, j) <= reach for j in g)]
        groups = [g for g in groups if g not in near] + [set().union(*near)]
    result = []
    for g in groups:
        inside = np.isin(label, list(g))
        rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
        y, x, bottom, right = int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1
        result.append(((x, y, right - x, bottom - y), len(g), inside[y:bottom, x:right]))
    return result
