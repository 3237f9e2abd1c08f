"""From a difference map to regions: its noise by blocks of 4 x 4 px, levels, components.

quiet_moments    count, sum and sum of squares of a map's quiet pixels in every block
above            where a map lies above a level
strong_parts     hysteresis and trimming over labelled components
island_masks     parts of a mask that nothing can join, each with its window
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.bands import Map, f32, in_bands, kernel
from livespot.spotting.kernels.light import BLOCK


def quiet_moments(difference: Map, seen: NDArray[np.bool_], low: Map, cap: float, *, threads: int = 1) -> Map:
    """(gh, gw, 3) float32 by blocks: share of quiet pixels, mean of their values and of their squares over the block.

    Quiet is what is seen and below `low`, (gh, gw), in its block; values above `cap` count as `cap`.
    """
    height, width = difference.shape
    result = np.empty((-(-height // BLOCK), -(-width // BLOCK), 3), np.float32)
    mask = np.require(seen, np.bool_, ["C", "W"]).view(np.uint8)
    levels = np.require(low, np.float32, ["C", "W"])
    values = np.require(difference, np.float32, ["C", "W"])

    def work(r0: int, r1: int) -> None:
        _quiet_moments(values, mask, levels, f32(cap), result, r0, r1)

    in_bands(work, result.shape[0], width * BLOCK, threads)
    return result


def quiet_moments_reference(difference: Map, seen: NDArray[np.bool_], low: Map, cap: float) -> Map:
    """The same, plainly."""
    height, width = difference.shape
    rows, columns = -(-height // BLOCK), -(-width // BLOCK)
    full = np.repeat(np.repeat(low, BLOCK, axis=0), BLOCK, axis=1)[:height, :width]
    quiet = (seen & (difference < full)).astype(np.float64)
    value = np.minimum(difference, cap)
    moments = np.zeros((rows * BLOCK, columns * BLOCK, 3))
    moments[:height, :width] = np.stack([quiet, quiet * value, quiet * value * value], axis=-1)
    return np.asarray(moments.reshape(rows, BLOCK, columns, BLOCK, 3).mean(axis=(1, 3)), np.float32)


@kernel
def _quiet_moments(d: Any, seen: Any, low: Any, cap: Any, result: Any, r0: Any, r1: Any) -> None:
    h, w = d.shape
    columns = result.shape[1]
    count, total = np.empty(columns * 4, np.float32), np.empty(columns * 4, np.float32)
    square = np.empty(columns * 4, np.float32)
    levels = np.empty(w, np.float32)
    part = f32(1 / 16)
    for r in range(r0, r1):
        for x in range(w):
            levels[x] = low[r, x >> 2]
        count[:] = 0
        total[:] = 0
        square[:] = 0
        for y in range(4 * r, min(4 * r + 4, h)):
            _add_quiet(d[y], seen[y], levels, cap, count, total, square)
        for c in range(columns):
            i = 4 * c
            result[r, c, 0] = (count[i] + count[i + 1] + count[i + 2] + count[i + 3]) * part
            result[r, c, 1] = (total[i] + total[i + 1] + total[i + 2] + total[i + 3]) * part
            result[r, c, 2] = (square[i] + square[i + 1] + square[i + 2] + square[i + 3]) * part


@kernel
def _add_quiet(d: Any, seen: Any, levels: Any, cap: Any, count: Any, total: Any, square: Any) -> None:
    for x in range(d.shape[0]):
        quiet = f32(1) if (d[x] < levels[x]) & (seen[x] != 0) else f32(0)
        value = min(d[x], cap) * quiet
        count[x] += quiet
        total[x] += value
        square[x] += value * value


def above(difference: Map, level: Map, seen: NDArray[np.bool_], *, threads: int = 1) -> NDArray[np.uint8]:
    """Where the map lies above the level and is seen, (h, w) uint8 0 or 1."""
    result = np.empty(difference.shape, np.uint8)
    mask = np.require(seen, np.bool_, ["C", "W"]).view(np.uint8)
    values, levels = (np.require(m, np.float32, ["C", "W"]) for m in (difference, level))
    height, width = difference.shape
    in_bands(lambda y0, y1: _above(values, levels, mask, result, y0, y1), height, width, threads)
    return result


@kernel
def _above_row(d: Any, level: Any, seen: Any, o: Any) -> None:
    for x in range(d.shape[0]):
        o[x] = np.uint8((d[x] > level[x]) & (seen[x] != 0))


@kernel
def _above(d: Any, level: Any, seen: Any, o: Any, y0: Any, y1: Any) -> None:
    for y in range(y0, y1):
        _above_row(d[y], level[y], seen[y], o[y])


def strong_parts(label: NDArray[np.int32], count: int, difference: Map, high: Map, trim: float) -> NDArray[np.uint8]:
    """Hysteresis and trimming: (h, w) uint8, 1 in components that reach the high level somewhere, where the map is at
    least `trim` of the component's peak.

    label: (h, w) int32 with `count` labels, as cv2.connectedComponents gives them; 0 is what is not considered.
    """
    result = np.zeros(label.shape, np.uint8)
    values, levels = (np.require(m, np.float32, ["C", "W"]) for m in (difference, high))
    _strong_parts(np.require(label, np.int32, ["C", "W"]), count, values, levels, f32(trim), result)
    return result


def strong_parts_reference(
    label: NDArray[np.int32], count: int, difference: Map, high: Map, trim: float
) -> NDArray[np.uint8]:
    """The same, plainly."""
    result = np.zeros(label.shape, np.uint8)
    for i in range(1, count):
        inside = label == i
        if inside.any() and (difference[inside] >= high[inside]).any():
            result[inside & (difference >= np.float32(trim) * difference[inside].max())] = 1
    return result


@kernel
def _strong_parts(label: Any, count: Any, difference: Any, high: Any, trim: Any, result: Any) -> None:
    h, w = label.shape
    peak, strong = np.zeros(count, np.float32), np.zeros(count, np.uint8)
    for y in range(h):
        for x in range(w):
            i = label[y, x]
            if i > 0:
                peak[i] = max(peak[i], difference[y, x])
                if difference[y, x] >= high[y, x]:
                    strong[i] = 1
    for y in range(h):
        for x in range(w):
            i = label[y, x]
            if i > 0 and strong[i] != 0 and difference[y, x] >= trim * peak[i]:
                result[y, x] = 1


def island_masks(kept: NDArray[np.uint8], reach: int) -> list[tuple[tuple[int, int, int, int], NDArray[np.uint8]]]:
    """Parts of `kept` with no two nearer than `reach` px: window (x, y, width, height), and the part in it, uint8.

    kept: (h, w) uint8, 0 or 1. What joins parts nearer than `reach` px (a closing, say) can then be done in each window
    alone. Windows may overlap.
    """
    height, width = kept.shape
    cell = 8
    rows, columns = -(-height // cell), -(-width // cell)
    padded = cv2.copyMakeBorder(kept, 0, rows * cell - height, 0, columns * cell - width, cv2.BORDER_CONSTANT, value=0)
    cells = np.asarray(cv2.resize(padded * np.uint8(255), (columns, rows), interpolation=cv2.INTER_AREA) > 0, np.uint8)
    span = -(-reach // cell) + 1
    near = cv2.dilate(cells, np.ones((span + 1, span + 1), np.uint8))
    count, label, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    result = []
    for i in range(1, count):
        cx, cy, cw, ch = (int(v) for v in stats[i, :4])
        own = np.repeat(np.repeat(label[cy : cy + ch, cx : cx + cw] == i, cell, axis=0), cell, axis=1)
        x, y = cx * cell, cy * cell
        right, bottom = min(width, x + cw * cell), min(height, y + ch * cell)
        part = kept[y:bottom, x:right] * own[: bottom - y, : right - x]
        if part.any():
            result.append(((x, y, right - x, bottom - y), np.ascontiguousarray(part, np.uint8)))
    return result
