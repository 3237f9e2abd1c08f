"""What happened to a region: added, removed, changed, recoloured.

In: both panels under the same light and the region's mask. Out: a Kind. What stands out from its surroundings in one
panel only was added there (or taken from the other); where the outlines stay and the colour goes, it was recoloured.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Box
from livespot.spotting.findings import Kind

CLEARLY = 1.6  # times as far from the surroundings in one panel as in the other
SAME_OUTLINE = 0.6  # share of the gradients' direction that both panels share


def kind_of(a: NDArray[np.float32], b: NDArray[np.float32], box: Box, mask: NDArray[np.bool_]) -> Kind:
    """a, b: (h, w, 3) float32. box: (x, y, width, height). mask: (height, width) bool."""
    height, width = a.shape[:2]
    x, y, w, h = box
    margin = max(4, int(0.25 * max(w, h)))
    x0, y0, x1, y1 = max(0, x - margin), max(0, y - margin), min(width, x + w + margin), min(height, y + h + margin)
    inside = np.zeros((y1 - y0, x1 - x0), np.uint8)
    inside[y - y0 : y - y0 + h, x - x0 : x - x0 + w] = mask
    ring = (cv2.dilate(inside, np.ones((2 * margin + 1,) * 2, np.uint8)) > 0) & (
        cv2.dilate(inside, np.ones((5, 5), np.uint8)) == 0
    )
    where = inside > 0
    part_a, part_b = a[y0:y1, x0:x1], b[y0:y1, x0:x1]
    if ring.any():
        around = 0.5 * (np.median(part_a[ring], axis=0) + np.median(part_b[ring], axis=0))
        out_a = float(np.abs(part_a[where] - around).max(axis=1).mean())
        out_b = float(np.abs(part_b[where] - around).max(axis=1).mean())
    else:
        out_a = out_b = 1.0
    if _outline(part_a, part_b, where) > SAME_OUTLINE:
        return Kind.RECOLOURED
    if out_a > CLEARLY * out_b:
        return Kind.REMOVED
    if out_b > CLEARLY * out_a:
        return Kind.ADDED
    return Kind.CHANGED


def _outline(a: NDArray[np.float32], b: NDArray[np.float32], where: NDArray[np.bool_]) -> float:
    """How much of the stronger gradients' direction, whatever its sign, is the same in both panels: 0 to 1."""
    near = cv2.dilate(where.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    total = shared = 0.0
    grey_a, grey_b = cv2.GaussianBlur(a.mean(axis=2), (0, 0), 0.8), cv2.GaussianBlur(b.mean(axis=2), (0, 0), 0.8)
    ax, ay = cv2.Sobel(grey_a, cv2.CV_32F, 1, 0, scale=0.125), cv2.Sobel(grey_a, cv2.CV_32F, 0, 1, scale=0.125)
    bx, by = cv2.Sobel(grey_b, cv2.CV_32F, 1, 0, scale=0.125), cv2.Sobel(grey_b, cv2.CV_32F, 0, 1, scale=0.125)
    size_a, size_b = np.hypot(ax, ay), np.hypot(bx, by)
    cosine = np.abs(ax * bx + ay * by) / (size_a * size_b + 1.0)
    weight = np.maximum(size_a, size_b) * near
    total, shared = float(weight.sum()), float((weight * cosine * (np.minimum(size_a, size_b) > 2.0)).sum())
    return shared / (total + 1e-6)
