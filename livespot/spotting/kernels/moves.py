"""One crop of both panels shifted against itself, over every shift at once or by one.

move_explains   what differs that one shift explains
shift_fields    what the masked squared difference over all shifts is transformed from
best_shifts     and the shifts that stand out in it
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.bands import Map, f32, kernel, ready
from livespot.spotting.kernels.crops import Mask


def move_explains(a: Map, b: Map, near: Mask, weight: Map, shift: tuple[int, int], level: float) -> float:
    """The sum of `weight` (h, w) over the pixels that are one end of a move by `shift` (dx, dy) px.

    a, b: (h, w, 3) float32. near: (h, w) uint8, where both ends must lie. level: grey levels, so near are they.
    """
    one, two, weights = (ready(p, np.float32) for p in (a, b, weight))
    mask = ready(near, np.uint8)
    return float(_move_explains(one, two, mask, weights, shift[0], shift[1], f32(level)))


def move_explains_reference(a: Map, b: Map, near: Mask, weight: Map, shift: tuple[int, int], level: float) -> float:
    """The same in NumPy."""
    (dx, dy), (height, width) = shift, near.shape
    if abs(dx) >= width or abs(dy) >= height:
        return 0.0
    start = np.s_[max(0, -dy) : min(height, height - dy), max(0, -dx) : min(width, width - dx)]
    end = np.s_[max(0, dy) : min(height, height + dy), max(0, dx) : min(width, width + dx)]
    same = (np.abs(a[start] - b[end]).max(axis=2) < level) & (near[start] > 0) & (near[end] > 0)
    result = np.zeros(near.shape, np.bool_)
    result[start] |= same
    result[end] |= same
    return float(weight[result].sum())


@kernel
def _move_explains(a: Any, b: Any, near: Any, weight: Any, dx: Any, dy: Any, level: Any) -> Any:
    h, w = near.shape
    ends = np.zeros((h, w), np.uint8)
    for y in range(max(0, -dy), min(h, h - dy)):
        for x in range(max(0, -dx), min(w, w - dx)):
            if near[y, x] == 0 or near[y + dy, x + dx] == 0:
                continue
            worst = f32(0)
            for k in range(3):
                worst = max(worst, abs(a[y, x, k] - b[y + dy, x + dx, k]))
            if worst < level:
                ends[y, x] = 1
                ends[y + dy, x + dx] = 1
    total = 0.0
    for y in range(h):
        for x in range(w):
            if ends[y, x] != 0:
                total += weight[y, x]
    return total


def shift_fields(a: Map, b: Map, near: Mask, rows: int, columns: int) -> NDArray[np.float32]:
    """(5, rows, columns) float32, zero beyond the crop: the mask, the squared values of A and of B, and those values:
    of the channel in which A and B differ most, less their mean and only in the mask.

    a, b: (h, w, 3) float32. near: (h, w) uint8, not empty, 1 where a pixel counts.
    """
    fields = np.zeros((5, rows, columns), np.float32)
    one, two = (ready(p, np.float32) for p in (a, b))
    _shift_fields(one, two, ready(near, np.uint8), fields)
    return fields


def shift_fields_reference(a: Map, b: Map, near: Mask, rows: int, columns: int) -> NDArray[np.float32]:
    """The same in NumPy."""
    height, width = near.shape
    channel = int(np.argmax(np.abs(a - b)[near > 0].sum(axis=0, dtype=np.float64)))
    one, two = a[..., channel], b[..., channel]
    mean = 0.5 * (one[near > 0].mean(dtype=np.float64) + two[near > 0].mean(dtype=np.float64))
    one, two = (one - mean) * near, (two - mean) * near
    fields = np.zeros((5, rows, columns), np.float32)
    fields[:, :height, :width] = np.stack([near, one * one, two * two, one, two])
    return fields


@kernel
def _shift_fields(a: Any, b: Any, near: Any, o: Any) -> None:
    h, w = near.shape
    mean, apart, count = np.zeros(3, np.float64), np.zeros(3, np.float64), 0
    for y in range(h):
        for x in range(w):
            if near[y, x] != 0:
                count += 1
                for k in range(3):
                    mean[k] += a[y, x, k] + b[y, x, k]
                    apart[k] += abs(a[y, x, k] - b[y, x, k])
    most = np.argmax(apart)
    middle = mean[most] / (2 * count)
    for y in range(h):
        for x in range(w):
            if near[y, x] != 0:
                p, q = f32(a[y, x, most] - middle), f32(b[y, x, most] - middle)
                o[0, y, x], o[1, y, x], o[2, y, x], o[3, y, x], o[4, y, x] = 1, p * p, q * q, p, q


def best_shifts(apart: Map, count: Map, share: float, least: int, tried: int) -> list[tuple[int, int]]:
    """The `tried` shifts (dx, dy) at which most pixels look alike, best first; none next to a better one.

    apart, count: (rows, columns) float32, of every shift, negative ones from the end: the summed squared difference of
    the pixels that meet, and how many meet. share: of all pixels, how many must meet. least: px, of a
    shift that counts.
    """
    found = np.empty((tried, 2), np.int64)
    maps = (ready(m, np.float32) for m in (apart, count))
    number = _best_shifts(*maps, f32(share), least, found)
    return [(int(x), int(y)) for x, y in found[:number]]


def best_shifts_reference(apart: Map, count: Map, share: float, least: int, tried: int) -> list[tuple[int, int]]:
    """The same in NumPy."""
    (rows, columns), area = count.shape, float(count[0, 0])
    usual = max(float(apart[0, 0]) / area, 1.0)
    gain = np.where(count > share * area, count - apart / usual, -np.inf)
    close = list(range(1 - least, least))
    gain[np.ix_(close, close)] = -np.inf
    result = []
    for _ in range(tried):
        y, x = divmod(int(np.argmax(gain)), columns)
        if gain[y, x] <= 0.0:
            break
        result.append((x - columns if 2 * x > columns else x, y - rows if 2 * y > rows else y))
        gain[np.ix_([(y - 1) % rows, y, (y + 1) % rows], [(x - 1) % columns, x, (x + 1) % columns])] = -np.inf
    return result


@kernel
def _best_shifts(apart: Any, count: Any, share: Any, least: Any, found: Any) -> Any:
    rows, columns = count.shape
    area = count[0, 0]
    per = f32(1) / max(apart[0, 0] / area, f32(1))
    few = share * area
    gain = np.empty((rows, columns), np.float32)
    for y in range(rows):
        for x in range(columns):
            gain[y, x] = count[y, x] - apart[y, x] * per if count[y, x] > few else f32(-1)
    for dy in range(1 - least, least):
        for dx in range(1 - least, least):
            gain[dy % rows, dx % columns] = -1
    for i in range(found.shape[0]):
        best, at = f32(0), -1
        for y in range(rows):
            for x in range(columns):
                if gain[y, x] > best:
                    best, at = gain[y, x], y * columns + x
        if at < 0:
            return i
        y, x = at // columns, at % columns
        found[i, 0] = x - columns if 2 * x > columns else x
        found[i, 1] = y - rows if 2 * y > rows else y
        for dy in range(-1, 2):
            for dx in range(-1, 2):
                gain[(y + dy) % rows, (x + dx) % columns] = -1
    return found.shape[0]
