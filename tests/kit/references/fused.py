"""What `difference._fused` computes, plainly: what its kernels are held to."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from kit.references.light import white_of
from numpy.typing import NDArray

from livespot.bench.classic import tolerant_difference_reference
from livespot.frame import Image
from livespot.spotting.difference._fused import CELL, REACH, smoothing
from livespot.spotting.kernels.runtime import Map


def lit_difference_reference(a: Image, b: Image, root: Map, radius: Map, block: int, sigma: float) -> tuple[Map, Map]:
    """The same in float, plainly."""
    height, width = a.shape[:2]

    def full(grid: NDArray[Any]) -> Map:
        rows, columns = grid.shape[:2]
        large = cv2.resize(grid, (columns * block, rows * block), interpolation=cv2.INTER_LINEAR)
        return np.asarray(large[:height, :width], np.float32)

    def extended(values: NDArray[Any]) -> Map:
        return np.asarray(cv2.copyMakeBorder(values, *(REACH,) * 4, cv2.BORDER_REPLICATE), np.float32)

    white = 255.0 * full(white_of(root))
    one, two = (extended(np.minimum(p, white)) for p in (a * full(1 / root), b * full(root)))
    difference = tolerant_difference_reference(one, two, extended(full(radius)))
    weights = smoothing(sigma)
    line = np.concatenate([weights[:0:-1], weights])
    smooth = cv2.sepFilter2D(difference, cv2.CV_64F, line, line)[REACH:-REACH, REACH:-REACH].astype(np.float32)
    return smooth, cell_peaks(smooth)


def cell_peaks(map_: Map) -> Map:
    """The largest value in every cell of 8 x 8 px of a map (h, w)."""
    height, width = map_.shape
    rows, columns = -(-height // CELL), -(-width // CELL)
    padded = np.full((rows * CELL, columns * CELL), -np.inf, np.float32)
    padded[:height, :width] = map_
    return np.asarray(padded.reshape(rows, CELL, columns, CELL).max(axis=(1, 3)), np.float32)
