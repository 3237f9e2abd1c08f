"""Boxes with a mask: how far two lie apart, what they share, whether they are the same, and several as one.

A box is (x, y, width, height) px, its mask (height, width) bool.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Box

Mask = NDArray[np.bool_]

SAME = 2  # px


def gap(one: Box, two: Box) -> int:
    """How far apart two boxes lie, across or down, whichever is more, px; 0 where they meet."""
    across = max(one[0], two[0]) - min(one[0] + one[2], two[0] + two[2])
    down = max(one[1], two[1]) - min(one[1] + one[3], two[1] + two[3])
    return max(across, down, 0)


def intersection(one: Box, two: Box) -> float:
    """The area that two boxes share, px²."""
    width = min(one[0] + one[2], two[0] + two[2]) - max(one[0], two[0])
    height = min(one[1] + one[3], two[1] + two[3]) - max(one[1], two[1])
    return float(max(0, width) * max(0, height))


def overlap(one: Box, two: Box) -> float:
    """Intersection over union."""
    common = intersection(one, two)
    return common / max(1.0, one[2] * one[3] + two[2] * two[3] - common)


def with_margin(box: Box, margin: int, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """x0, y0, x1, y1 of a box with `margin` px around it, x1 and y1 not in it, as far as a picture (h, w) reaches."""
    x, y, w, h = box
    return max(0, x - margin), max(0, y - margin), min(shape[1], x + w + margin), min(shape[0], y + h + margin)


def crop_around(
    box: Box, mask: Mask, margin: int, shape: tuple[int, ...]
) -> tuple[tuple[int, int, int, int], NDArray[np.uint8]]:
    """with_margin of a box, and its mask in that window, (y1 - y0, x1 - x0) uint8, 0 or 1."""
    x, y, w, h = box
    x0, y0, x1, y1 = with_margin(box, margin, shape)
    inside = np.zeros((y1 - y0, x1 - x0), np.uint8)
    inside[y - y0 : y - y0 + h, x - x0 : x - x0 + w] = mask
    return (x0, y0, x1, y1), inside


def boxes_nearly_equal(one: Box, two: Box) -> bool:
    """Whether two boxes are one, seen twice: each of position and size within SAME px."""
    return max(abs(v - w) for v, w in zip(one, two, strict=True)) <= SAME


def united(boxes: Sequence[Box], masks: Sequence[Mask]) -> tuple[Box, Mask]:
    """The box around all of them, and what any of the masks holds."""
    x, y = min(b[0] for b in boxes), min(b[1] for b in boxes)
    right, bottom = max(b[0] + b[2] for b in boxes), max(b[1] + b[3] for b in boxes)
    mask = np.zeros((bottom - y, right - x), np.bool_)
    for (left, top, w, h), own in zip(boxes, masks, strict=True):
        mask[top - y : top - y + h, left - x : left - x + w] |= own
    return (x, y, right - x, bottom - y), mask
