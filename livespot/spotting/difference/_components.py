"""From a difference map to what stands out of it: hysteresis and trimming, only where a cell's peak is high enough."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.difference._fused_rows import CELL
from livespot.spotting.kernels.runtime import Map, as_kernel_array, f32, helper, kernel

MOST = (1 << 20) - 1  # columns: a place is kept as its row and 20 bits of its column


def strong_parts(
    difference: Map, peaks: Map, seen: NDArray[np.bool_], high: Map, low: Map, block: int, trim: float
) -> NDArray[np.uint8]:
    """Hysteresis and trimming: (h, w) uint8, 1 in components of what is seen and above `low` that reach `high`
    somewhere, where the map is at least `trim` of the component's peak.

    difference: (h, w), peaks: its cells'. high, low: (gh, gw) by blocks of `block` px, interpolated. A component is
    grown from its first high pixel, so the cost is that of the cells whose peak is high and of what is found.
    """
    height, width = difference.shape
    result = np.zeros((height, width), np.uint8)
    values, tops, highs, lows = (as_kernel_array(m, np.float32) for m in (difference, peaks, high, low))
    mask = as_kernel_array(seen, np.bool_).view(np.uint8)
    _strong_parts(values, tops, mask, highs, lows, block, f32(trim), result)
    return result


@helper
def _between_blocks(block: Any, start: Any, at: Any, next_: Any, share: Any, count: Any) -> None:
    """For each position from `start` on the blocks whose middles it lies between, and how far on it is, 0 to 1."""
    for i in range(at.shape[0]):
        double = 2 * (start + i) + 1 - block
        block_ = double // (2 * block)
        at[i], next_[i], share[i] = block_, block_ + 1, f32(double - 2 * block * block_) / f32(2 * block)
        if block_ < 0 or block_ >= count - 1:
            at[i] = next_[i] = min(max(block_, 0), count - 1)


@helper
def _value_at(grid: Any, r: Any, s: Any, down: Any, c: Any, d: Any, right: Any) -> Any:
    top = grid[r, c] + (grid[r, d] - grid[r, c]) * right
    low = grid[s, c] + (grid[s, d] - grid[s, c]) * right
    return top + (low - top) * down


@helper
def _least_near(grid: Any, first_row: Any, end_row: Any, first: Any, end: Any) -> Any:
    least = grid[first_row, first]
    for r in range(first_row, end_row):
        for c in range(first, end):
            least = min(least, grid[r, c])
    return least


@helper
def _most(grid: Any) -> Any:
    most = grid[0, 0]
    for r in range(grid.shape[0]):
        for c in range(grid.shape[1]):
            most = max(most, grid[r, c])
    return most


@kernel
def _strong_parts(d: Any, peaks: Any, seen: Any, high: Any, low: Any, block: Any, trim: Any, result: Any) -> None:
    h, w = d.shape
    gh, gw = high.shape
    upper, lower, down = np.empty(h, np.int32), np.empty(h, np.int32), np.empty(h, np.float32)
    left, right, on = np.empty(w, np.int32), np.empty(w, np.int32), np.empty(w, np.float32)
    _between_blocks(block, np.int64(0), upper, lower, down, gh)
    _between_blocks(block, np.int64(0), left, right, on, gw)
    none = np.int32(0)
    # most values lie above all low levels, or below all of them: only for the others the level there is reckoned
    bottom, top = _least_near(low, none, low.shape[0], none, low.shape[1]), _most(low)
    least_high = _least_near(high, none, gh, none, gw)
    found = np.empty(h * w, np.int64)  # all that was ever reached; untouched memory costs nothing
    waiting = np.empty(h * (w + 1) + 2, np.int64)  # row, first and last column to look at: two a run
    end = 0
    for r in range(peaks.shape[0]):
        y0, y1 = r * CELL, min(r * CELL + CELL, h)
        for c in range(peaks.shape[1]):
            if not peaks[r, c] >= least_high:
                continue
            x0, x1 = c * CELL, min(c * CELL + CELL, w)
            near = _least_near(high, upper[y0], lower[y1 - 1] + 1, left[x0], right[x1 - 1] + 1)
            if not peaks[r, c] >= near:
                continue
            for y in range(y0, y1):
                for x in range(x0, x1):
                    if result[y, x] != 0 or seen[y, x] == 0 or not d[y, x] >= near:
                        continue
                    level = _value_at(high, upper[y], lower[y], down[y], left[x], right[x], on[x])
                    least = _value_at(low, upper[y], lower[y], down[y], left[x], right[x], on[x])
                    if not (d[y, x] >= level and d[y, x] > least):
                        continue
                    # grow run by run: a pixel is asked after from its own row and from those beside it, three times
                    # and not nine; what is reached is noted in `found` and marked 2
                    begin_found, peak = end, d[y, x]
                    waiting[0], left_over = y << 40 | x << 20 | x, 1
                    while left_over > 0:
                        left_over -= 1
                        at = waiting[left_over]
                        v, first, last = at >> 40, at >> 20 & MOST, at & MOST
                        begin = first
                        while begin >= 0:
                            value = d[v, begin]
                            if result[v, begin] != 0 or seen[v, begin] == 0 or not value > bottom:
                                break
                            if value <= top and not value > _value_at(
                                low, upper[v], lower[v], down[v], left[begin], right[begin], on[begin]
                            ):
                                break
                            found[end], result[v, begin], peak = v << 20 | begin, 2, max(peak, value)
                            end += 1
                            begin -= 1
                        begin, u, within = begin + 1, first + 1, begin < first
                        while within or u <= last:
                            own = False
                            if u < w and result[v, u] == 0 and seen[v, u] != 0:
                                value = d[v, u]
                                own = value > bottom and (
                                    value > top
                                    or value > _value_at(low, upper[v], lower[v], down[v], left[u], right[u], on[u])
                                )
                            if own:
                                found[end], result[v, u], peak = v << 20 | u, 2, max(peak, value)
                                end += 1
                                begin, within = begin if within else u, True
                            elif within:
                                within = False
                                for beside in (v - 1, v + 1):
                                    if 0 <= beside < h:
                                        waiting[left_over] = beside << 40 | max(begin - 1, 0) << 20 | min(u, w - 1)
                                        left_over += 1
                            u += 1
                    for i in range(begin_found, end):
                        py, px = found[i] >> 20, found[i] & MOST
                        if d[py, px] >= trim * peak:
                            result[py, px] = 1
    for i in range(end):
        py, px = found[i] >> 20, found[i] & MOST
        if result[py, px] == 2:
            result[py, px] = 0
