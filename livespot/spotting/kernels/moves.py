"""One crop of both panels shifted against itself, over every shift at once and then by the best of them.

explained       the share of what differs that the best shift explains, in one call
move_explains   what differs that one shift explains
best_shifts     the shifts that stand out in the masked squared difference over all of them
"""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np

from livespot.spotting.kernels.bands import Map, f32, kernel
from livespot.spotting.kernels.crops import Mask
from livespot.spotting.kernels.fourier import differences, differences_reference, length_of
from livespot.spotting.kernels.silhouette import widened


class Search(NamedTuple):
    """tried: so many of the best shifts. least: px, of a shift that counts. overlap: share of the mask that must meet
    itself shifted. alike: of the mean difference, so near in colour are the two ends of a move.
    """

    tried: int
    least: int
    overlap: float
    alike: float


def explained(a: Map, b: Map, inside: Mask, away: tuple[int, int] | None, how: Search) -> float:
    """The share of what differs that the best shift explains, 0 to 1.

    a, b: (h, w, 3) float32, one crop of both panels. inside: (h, w) uint8, 1 where they differ. away: (dx, dy), about
    which way an object of A must have gone; None for any.
    """
    one, two = (np.require(p, np.float32, ["C", "W"]) for p in (a, b))
    dx, dy = (0, 0) if away is None else away
    mask = np.require(inside, np.uint8, ["C", "W"])
    return float(_explained(one, two, mask, dx, dy, how.tried, how.least, f32(how.overlap), f32(how.alike)))


def explained_reference(a: Map, b: Map, inside: Mask, away: tuple[int, int] | None, how: Search) -> float:
    """The same in NumPy and OpenCV."""
    near = np.asarray(cv2.dilate(inside, np.ones((3, 3), np.uint8)), np.uint8)
    x, y, w, h = cv2.boundingRect(near)  # both ends of a move lie in it
    part = np.s_[y : y + h, x : x + w]
    a, b, inside, near = a[part], b[part], inside[part], near[part]
    weight = np.asarray(np.abs(a - b).max(axis=2) * inside, np.float32)
    total = float(weight.sum()) if w > 0 else 0.0
    if total <= 0.0:
        return 0.0
    level = how.alike * total / float(np.count_nonzero(inside))
    apart, count = differences_reference(a, b, near, length_of(2 * h), length_of(2 * w))
    shifts = best_shifts_reference(apart, count, how.overlap, how.least, how.tried)
    shifts = [s for s in shifts if away is None or s[0] * away[0] + s[1] * away[1] > 0]
    return max((move_explains_reference(a, b, near, weight, s, level) / total for s in shifts), default=0.0)


@kernel
def _explained(
    a: Any, b: Any, inside: Any, away_x: Any, away_y: Any, tried: Any, least: Any, overlap: Any, alike: Any
) -> Any:
    rows, columns = inside.shape
    wide = np.empty((rows, columns), np.uint8)
    widened(inside, np.int64(1), wide)
    # both ends of a move lie in what is near
    top, bottom, left, right = rows, 0, columns, 0
    for y in range(rows):
        for x in range(columns):
            if wide[y, x] != 0:
                top, bottom, left, right = min(top, y), max(bottom, y + 1), min(left, x), max(right, x + 1)
    if bottom <= top:
        return 0.0
    h, w = bottom - top, right - left
    one, two = np.empty((h, w, 3), np.float32), np.empty((h, w, 3), np.float32)
    near, weight = np.empty((h, w), np.uint8), np.zeros((h, w), np.float32)
    total, count = 0.0, 0
    for y in range(h):
        for x in range(w):
            near[y, x] = wide[top + y, left + x]
            worst = f32(0)
            for k in range(3):
                one[y, x, k], two[y, x, k] = a[top + y, left + x, k], b[top + y, left + x, k]
                worst = max(worst, abs(one[y, x, k] - two[y, x, k]))
            if inside[top + y, left + x] != 0:
                weight[y, x] = worst
                total += float(worst)
                count += 1
    if total <= 0.0:
        return 0.0
    level = f32(alike * total / count)
    apart, meeting = differences(one, two, near)
    found = np.empty((tried, 2), np.int64)
    best = 0.0
    for i in range(best_shifts(apart, meeting, overlap, least, found)):
        dx, dy = found[i, 0], found[i, 1]
        if (away_x == 0 and away_y == 0) or dx * away_x + dy * away_y > 0:
            best = max(best, move_explains(one, two, near, weight, dx, dy, level) / total)
    return best


def move_explains_reference(a: Map, b: Map, near: Mask, weight: Map, shift: tuple[int, int], level: float) -> float:
    """The sum of `weight` (h, w) over the pixels that are one end of a move by `shift` (dx, dy) px.

    a, b: (h, w, 3) float32. near: (h, w) uint8, where both ends must lie. level: grey levels, so near are they.
    """
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
def move_explains(a: Any, b: Any, near: Any, weight: Any, dx: Any, dy: Any, level: Any) -> Any:
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


def best_shifts_reference(apart: Map, count: Map, share: float, least: int, tried: int) -> list[tuple[int, int]]:
    """The `tried` shifts (dx, dy) at which most pixels look alike, best first; none next to a better one.

    apart, count: (rows, columns) float32, of every shift, negative ones from the end: the summed squared difference of
    the pixels that meet, and how many meet. share: of all pixels, how many must meet. least: px, of a
    shift that counts.
    """
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
def best_shifts(apart: Any, count: Any, share: Any, least: Any, found: Any) -> Any:
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
