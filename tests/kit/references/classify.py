"""What the kernels of `spotting.classify` compute, plainly: what they are held to."""

from __future__ import annotations

import cv2
import numpy as np
from kit.references.difference import peak_over_reference
from kit.references.kernels import enlarged_reference, region_numbers_reference, scaled_window_reference
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.geometry import Box
from livespot.spotting.classify._candidate import SURROUNDED, WIDE, Cells, Numbers, Panels, Reach
from livespot.spotting.classify._fine_print import CELL as FINE_CELL
from livespot.spotting.classify._measures import Compared, Measures
from livespot.spotting.difference._fused_rows import CELL
from livespot.spotting.kernels.crops import (
    AROUND,
    BESIDE,
    INSIDE,
    NEAR,
    RING,
    Mask,
)
from livespot.spotting.kernels.light import (
    Window,
)
from livespot.spotting.kernels.runtime import Map


def numbers_of_candidate_reference(
    panels: Panels, box: Box, mask: NDArray[np.bool_], cells: Cells, reach: Reach
) -> Numbers:
    """The same in OpenCV and NumPy."""
    compared, (x, y, w, h), margin = panels.compared, box, reach.margin
    height, width = compared.difference.shape
    x0, y0, x1, y1 = max(0, x - margin), max(0, y - margin), min(width, x + w + margin), min(height, y + h + margin)
    inside = np.zeros((y1 - y0, x1 - x0), np.uint8)
    inside[y - y0 : y - y0 + h, x - x0 : x - x0 + w] = mask
    grown, near, edge = (
        np.asarray(cv2.dilate(inside, np.ones((n, n), np.uint8)), np.uint8) for n in (2 * margin + 1, 5, 9)
    )
    free = (near | panels.claimed[y0:y1, x0:x1]) ^ 1  # neither near nor another candidate's
    # what is another candidate's is around it, too
    labels = inside * INSIDE | near * NEAR | (grown & free) * RING | (edge & free) * BESIDE | grown * AROUND
    measured = measures_reference(compared, (x0, y0, x1, y1), box, labels, reach.white, reach.shift)
    padded = cv2.copyMakeBorder(mask.view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    thickness = float(cv2.distanceTransform(padded, cv2.DIST_L2, 3).max())
    known = cv2.copyMakeBorder(panels.seen, 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    to_rim = cv2.distanceTransform(known, cv2.DIST_L2, 3)[1 + y : 1 + y + h, 1 + x : 1 + x + w][mask]
    smooth = np.asarray(cv2.GaussianBlur(compared.difference, (0, 0), WIDE), np.float32)[y : y + h, x : x + w]
    wide = peak_over_reference(smooth, mask, (x, y), compared.high, compared.high_block)
    left, top, right, bottom = x // CELL, y // CELL, (x + w - 1) // CELL + 1, (y + h - 1) // CELL + 1
    at_y, at_x = max(0, top - SURROUNDED), max(0, left - SURROUNDED)
    around = panels.peaks[at_y : bottom + SURROUNDED, at_x : right + SURROUNDED].copy()
    around[max(0, top - 1 - at_y) : bottom + 1 - at_y, max(0, left - 1 - at_x) : right + 1 - at_x] = -1.0
    values = np.sort(around[around >= 0.0])
    usual = float(values[-1 - len(values) // 10]) if len(values) else 0.0
    fine = panels.fine[cells[0] : cells[1], cells[2] : cells[3]].sum(axis=(0, 1), dtype=np.float64)
    return Numbers(
        measured, int(np.count_nonzero(mask)), thickness, wide,
        min(float(to_rim.min()), reach.rim + 1.0), min(float(to_rim.max()), reach.rim + 1.0), usual,
        (float(fine[0]), float(fine[1]), float(fine[2]), float(fine[3])),
    )  # fmt: skip


def fine_sums_reference(a: Image, b: Image, free: NDArray[np.uint8], wanted: NDArray[np.uint8]) -> Map:
    """The same in NumPy and OpenCV."""
    fine = []
    for picture in (a, b):
        grey = cv2.cvtColor(picture.astype(np.float32), cv2.COLOR_BGR2GRAY)
        box = cv2.boxFilter(grey, -1, (3, 3), normalize=False, borderType=cv2.BORDER_REPLICATE)
        fine.append((9 * grey - box).astype(np.float64) / 9 * free)
    rows, columns = wanted.shape
    maps = (fine[0] * fine[0], fine[1] * fine[1], fine[0] * fine[1], free.astype(np.float64))
    cells = [
        m[: rows * FINE_CELL, : columns * FINE_CELL].reshape(rows, FINE_CELL, columns, FINE_CELL).sum(axis=(1, 3))
        for m in maps
    ]
    return np.asarray(np.stack(cells, axis=-1) * (wanted > 0)[..., None], np.float32)


def measures_reference(seen: Compared, window: Window, box: Box, labels: Mask, white: float, reach: int) -> Measures:
    """Of the candidate in `box` (x, y, width, height), looked at in `window` (x0, y0, x1, y1), plainly.

    labels: (y1 - y0, x1 - x0) uint8, as of region_numbers_reference. white: as there. reach: px, of the shifts tried.
    """
    (x0, y0, x1, y1), (x, y, w, h) = window, box
    difference, level = seen.difference, enlarged_reference(seen.high, seen.high_block, window)
    a, b = (scaled_window_reference(p, r, seen.block, window) for p, r in zip(seen.panels, seen.roots, strict=True))
    grey_a, grey_b = (np.asarray(cv2.cvtColor(p, cv2.COLOR_BGR2GRAY), np.float32) for p in (a, b))
    numbers = region_numbers_reference(a, b, grey_a, grey_b, difference[y0:y1, x0:x1], level, labels, white)
    around = 2 + reach
    near = np.s_[max(0, y - y0 - around) : y - y0 + h + around, max(0, x - x0 - around) : x - x0 + w + around]
    where = np.asarray((labels[near] & NEAR) > 0, np.uint8)
    shifts = shifted_difference_reference(grey_a[near], grey_b[near], where, reach)
    return Measures(numbers, *shifts, float(np.median(level[y - y0 : y - y0 + h, x - x0 : x - x0 + w])))


def resize_explains_reference(
    a: Map, b: Map, inside: Mask, weight: Map, places: NDArray[np.float32], factor: float, level: float
) -> float:
    """The same in NumPy."""
    (height, width), (ys, xs) = inside.shape, np.nonzero(inside)
    most = 0.0
    for x, y in places:
        for times in (np.float32(factor), np.float32(1) / np.float32(factor)):
            apart = np.full(len(xs), np.inf, np.float32)
            for own, other, scale in ((a, b, times), (b, a, np.float32(1) / times)):
                u = np.clip(np.floor(x + (xs.astype(np.float32) - x) * scale + np.float32(0.5)), 0, width - 1)
                v = np.clip(np.floor(y + (ys.astype(np.float32) - y) * scale + np.float32(0.5)), 0, height - 1)
                there = other[v.astype(np.int64), u.astype(np.int64)]
                apart = np.minimum(apart, np.abs(own[ys, xs] - there).max(axis=1))
            most = max(most, float(weight[ys, xs][apart < level].sum(dtype=np.float64)))
    return most


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
