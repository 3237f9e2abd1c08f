"""The silhouette of a region: its mask without gaps and holes, its outline, and masks grown by squares.

silhouette   a closing by an ellipse, its holes filled; and what of it touches the outside
widened      a mask grown by a square
widened_on   and grown on
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.bands import kernel

Mask = NDArray[np.uint8]

OUTSIDE = 2  # in a mask: background that is no hole
GAP = 0.15  # of the region's shorter side, each way: gaps that are closed


def silhouette_reference(inside: Mask) -> tuple[Mask, Mask]:
    """The region (h, w) uint8, 0 or 1, without holes and gaps, and its outline."""
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    shorter = min(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    k = max(3, int(GAP * shorter) * 2 + 1)
    padded = cv2.copyMakeBorder(inside, k, k, k, k, cv2.BORDER_CONSTANT)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (k, k)))
    contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    whole, outline = np.zeros_like(closed), np.zeros_like(closed)
    cv2.drawContours(whole, contours, -1, 1, -1)
    cv2.drawContours(outline, contours, -1, 1, 1)
    return np.asarray(whole[k:-k, k:-k], np.uint8), np.asarray(outline[k:-k, k:-k], np.uint8)


@kernel
def _bounds(mask: Any) -> Any:
    """The first and last row, the first and last column that hold anything."""
    h, w = mask.shape
    top, bottom, left, right = h, -1, w, -1
    for y in range(h):
        for x in range(w):
            if mask[y, x] != 0:
                top, bottom, left, right = min(top, y), y, min(left, x), max(right, x)
    return top, bottom, left, right


@kernel
def _grown_by_ellipse(mask: Any, value: Any, half: Any, o: Any) -> None:
    """Where an ellipse around a pixel of this value reaches, o is given the value.

    half: of the ellipse's rows, how far each reaches. What lies inside reaches no further than what has a neighbour of
    another value, or none: only that is looked at.
    """
    h, w = mask.shape
    reach = half.shape[0] // 2
    for y in range(h):
        for x in range(w):
            if mask[y, x] != value:
                continue
            o[y, x] = value
            if 0 < y < h - 1 and 0 < x < w - 1:
                same = (mask[y - 1, x] == value) and (mask[y + 1, x] == value)
                if same and mask[y, x - 1] == value and mask[y, x + 1] == value:
                    continue
            for i in range(half.shape[0]):
                v = y + i - reach
                if 0 <= v < h:
                    for u in range(max(0, x - half[i]), min(w, x + half[i] + 1)):
                        o[v, u] = value


@kernel
def _reached(mask: Any) -> None:
    """Zeros that the first pixel, which is one, reaches through zeros beside each other become OUTSIDE."""
    h, w = mask.shape
    flat, waiting = mask.reshape(-1), np.empty(mask.size, np.int64)
    waiting[0], left, flat[0] = 0, 1, OUTSIDE
    while left > 0:
        left -= 1
        at = waiting[left]
        y, x = at // w, at % w
        for i in range(4):
            v, u = y + (i == 0) - (i == 1), x + (i == 2) - (i == 3)
            if 0 <= v < h and 0 <= u < w and mask[v, u] == 0:
                mask[v, u] = OUTSIDE
                waiting[left] = v * w + u
                left += 1


@kernel
def silhouette(inside: Any, whole: Any, outline: Any) -> None:
    """As silhouette_reference has them, into `whole` and `outline`; inside: 0 or 1, not empty."""
    top, bottom, left, right = _bounds(inside)
    h, w = bottom - top + 1, right - left + 1
    reach = max(1, int(GAP * min(h, w)))
    half = np.empty(2 * reach + 1, np.int64)
    for i in range(2 * reach + 1):
        dy = i - reach
        half[i] = int(np.rint(reach * np.sqrt(float(reach * reach - dy * dy) / (reach * reach))))
    k = reach + 1  # around what there is, all of it background
    wide, grown = np.zeros((h + 2 * k, w + 2 * k), np.uint8), np.zeros((h + 2 * k, w + 2 * k), np.uint8)
    for y in range(h):
        for x in range(w):
            wide[y + k, x + k] = inside[top + y, left + x]
    _grown_by_ellipse(wide, 1, half, grown)
    wide[:] = 1
    _grown_by_ellipse(grown, 0, half, wide)
    _reached(wide)
    whole[:] = 0
    outline[:] = 0
    for y in range(h):
        for x in range(w):
            v, u = y + k, x + k
            own = wide[v, u] != OUTSIDE
            if own:
                whole[top + y, left + x] = 1
                up, down = wide[v - 1, u] == OUTSIDE, wide[v + 1, u] == OUTSIDE
                if up or down or wide[v, u - 1] == OUTSIDE or wide[v, u + 1] == OUTSIDE:
                    outline[top + y, left + x] = 1


@kernel
def _or_row(row: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        o[x] |= row[x]


@kernel
def widened(mask: Any, reach: Any, o: Any) -> None:
    """A mask (h, w) uint8 of 0 and 1 grown by a square of 2 reach + 1 px, into o."""
    widened_on(mask, np.int64(0), reach, o)


@kernel
def widened_on(mask: Any, has: Any, reach: Any, o: Any) -> None:
    """The same of a mask that has grown by `has` px, to a growth by `reach` px.

    Step by step: what has grown by n px grows by up to n + 1 more when it is put beside itself, also at a border.
    """
    h, w = mask.shape
    o[:] = mask
    before = np.empty_like(mask)
    flat, flat_before = o.reshape(-1), before.reshape(-1)
    done = has
    while done < min(reach, w - 1):
        step = min(done + 1, reach - done, w - 1)
        before[:] = o
        for y in range(h):
            _or_row(before[y, step:], o[y, : w - step])
            _or_row(before[y, : w - step], o[y, step:])
        done += step
    done = has
    while done < min(reach, h - 1):
        step = min(done + 1, reach - done, h - 1)
        before[:] = o
        _or_row(flat_before[step * w :], flat[: (h - step) * w])
        _or_row(flat_before[: (h - step) * w], flat[step * w :])
        done += step
