"""What `classify._candidate` computes, plainly: what its kernels are held to."""

from __future__ import annotations

import cv2
import numpy as np
from kit.references.components import peak_over_reference
from kit.references.measures import measures_reference
from numpy.typing import NDArray

from livespot.geometry import Box
from livespot.spotting.classify._candidate import SURROUNDED, WIDE, Cells, Numbers, Panels, Reach
from livespot.spotting.difference._fused_rows import CELL
from livespot.spotting.kernels.crops import AROUND, BESIDE, INSIDE, NEAR, RING


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
