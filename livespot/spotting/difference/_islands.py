"""Parts of a mask that nothing can join, each with its box and its own mask."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Box
from livespot.spotting.difference._components import MOST
from livespot.spotting.difference._fused_rows import CELL
from livespot.spotting.kernels.runtime import as_kernel_array, helper, kernel


def islands(kept: NDArray[np.uint8], cells: NDArray[np.uint8], reach: int) -> list[tuple[Box, int, NDArray[np.bool_]]]:
    """Parts of a mask that nothing within `reach` px can join: box (x, y, width, height), how many connected
    components it has, and the part in its box, bool.

    kept: (h, w) uint8, 0 or 1; cells: which cells of 8 x 8 px hold a 1. Components belong to one part when their boxes
    have no more than `reach` px between them; what joins parts nearer than that (a closing, say) can then be done in
    each box alone. Boxes may overlap.
    """
    if not cells.any():
        return []
    boxes, counts, starts, masks = _islands(as_kernel_array(kept, np.uint8), cells, reach)
    result = []
    for i, (x0, y0, x1, y1) in enumerate(boxes.tolist()):
        part = masks[starts[i] : starts[i + 1]].reshape(y1 - y0, x1 - x0).view(np.bool_)
        result.append(((x0, y0, x1 - x0, y1 - y0), int(counts[i]), part))
    return result


@helper
def _twice_the_room(room: Any) -> Any:
    larger = np.empty((2 * room.shape[0], room.shape[1]), np.int64)
    for i in range(room.shape[0]):
        for k in range(room.shape[1]):
            larger[i, k] = room[i, k]
    return larger


@kernel
def _islands(kept: Any, cells: Any, reach: Any) -> Any:
    """Of every island the box (x0, y0, x1, y1), the number of components, where its mask begins; and all masks."""
    h, w = kept.shape
    places = np.empty(h * w, np.int64)  # of the components, one after the other; untouched memory costs nothing
    room = np.empty((256, 5), np.int64)  # of each component its box and where its places end
    waiting = np.empty(h * (w + 1) + 2, np.int64)  # row, first and last column to look at: two a run
    count, end = np.int64(0), 0
    for r in range(cells.shape[0]):
        for c in range(cells.shape[1]):
            if cells[r, c] == 0:
                continue
            for y in range(r * CELL, min(r * CELL + CELL, h)):
                for x in range(c * CELL, min(c * CELL + CELL, w)):
                    if kept[y, x] != 1:
                        continue
                    if count == room.shape[0]:
                        room = _twice_the_room(room)
                    waiting[0], left = y << 40 | x << 20 | x, 1
                    x0, y0, x1, y1 = x, y, x, y
                    while left > 0:  # run by run, as in strong_parts
                        left -= 1
                        v, first, last = waiting[left] >> 40, waiting[left] >> 20 & MOST, waiting[left] & MOST
                        begin = first
                        while begin >= 0 and kept[v, begin] == 1:
                            places[end], kept[v, begin] = v << 20 | begin, 2  # 2: reached
                            end += 1
                            begin -= 1
                        begin, u, within = begin + 1, first + 1, begin < first
                        while within or u <= last:
                            if u < w and kept[v, u] == 1:
                                places[end], kept[v, u] = v << 20 | u, 2
                                end += 1
                                begin, within = begin if within else u, True
                            elif within:
                                x0, x1, y0, y1, within = min(x0, begin), max(x1, u - 1), min(y0, v), max(y1, v), False
                                for beside in (v - 1, v + 1):
                                    if 0 <= beside < h:
                                        waiting[left] = beside << 40 | max(begin - 1, 0) << 20 | min(u, w - 1)
                                        left += 1
                            u += 1
                    room[count, 0], room[count, 1], room[count, 2], room[count, 3] = x0, y0, x1 + 1, y1 + 1
                    room[count, 4] = end
                    count += 1
    for i in range(end):
        kept[places[i] >> 20, places[i] & MOST] = 1
    group = _grouped(room, count, reach)
    groups = 0
    for i in range(count):
        groups = max(groups, group[i] + 1)
    boxes, counts, starts = np.empty((groups, 4), np.int64), np.zeros(groups, np.int64), np.zeros(groups + 1, np.int64)
    for i in range(count):
        g = group[i]
        for k in range(4):
            if counts[g] == 0 or (boxes[g, k] > room[i, k] if k < 2 else boxes[g, k] < room[i, k]):
                boxes[g, k] = room[i, k]
        counts[g] += 1
    for g in range(groups):
        starts[g + 1] = starts[g] + (boxes[g, 2] - boxes[g, 0]) * (boxes[g, 3] - boxes[g, 1])
    masks = np.zeros(starts[groups], np.uint8)
    first = 0
    for i in range(count):
        g = group[i]
        for p in range(first, room[i, 4]):
            py, px = places[p] >> 20, places[p] & MOST
            masks[starts[g] + (py - boxes[g, 1]) * (boxes[g, 2] - boxes[g, 0]) + px - boxes[g, 0]] = 1
        first = room[i, 4]
    return boxes, counts, starts, masks


@helper
def _grouped(boxes: Any, count: Any, reach: Any) -> Any:
    """Which group each box (x0, y0, x1, y1) belongs to, from 0 on, when those `reach` px apart or less are in one."""
    group = np.empty(count, np.int64)
    for i in range(count):
        group[i] = -1
    waiting = np.empty(count, np.int64)
    groups = 0
    for first in range(count):
        if group[first] >= 0:
            continue
        group[first], waiting[0], left = groups, first, 1
        while left > 0:
            left -= 1
            i = waiting[left]
            for j in range(count):
                if group[j] >= 0:
                    continue
                across = max(boxes[i, 0], boxes[j, 0]) - min(boxes[i, 2], boxes[j, 2])
                down = max(boxes[i, 1], boxes[j, 1]) - min(boxes[i, 3], boxes[j, 3])
                if max(across, down) <= reach:
                    group[j], waiting[left] = groups, j
                    left += 1
        groups += 1
    return group
