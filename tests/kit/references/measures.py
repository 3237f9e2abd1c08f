"""What `classify._measures` computes, plainly: what its kernels are held to."""

from __future__ import annotations

import cv2
import numpy as np
from kit.references.crops import region_numbers_reference
from kit.references.light import enlarged_reference, scaled_window_reference
from kit.references.shifts import shifted_difference_reference

from livespot.geometry import Box
from livespot.spotting.classify._measures import Compared, Measures
from livespot.spotting.kernels.crops import (
    NEAR,
    Mask,
)
from livespot.spotting.kernels.light import (
    Window,
)


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
