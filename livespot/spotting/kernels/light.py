"""The light of two panels, found and evened out by blocks of 4 x 4 px.

wide_blur        a Gaussian blur of any width at the same cost: shrunk, blurred, enlarged
masked_means     the mean of every block of both panels, only of the pixels that are seen
enlarged         values by blocks at every pixel of a window
scaled_window    a window of a picture times such values
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.runtime import Map, as_kernel_array, f32, helper, kernel

Window = tuple[int, int, int, int]  # x0, y0, x1, y1 px; the last two not in it

BLOCK = 4  # px: light and noise are found on a grid this much coarser
SHOULDER = 0.85  # of white: from there on a sensor may press highlights together
FIXED = 64.0  # fixed point: units a grey level
ENOUGH = 3.0  # px: a blur this wide, on a shrunk picture, is as good as the wide one
LEAST_ACROSS = 8  # px that are left of the shorter side


def wide_blur(values: Map, sigma: float, enough: float = ENOUGH) -> Map:
    """Gaussian blur of (h, w) or (h, w, c <= 4) float32, sigma in px, however wide, borders mirrored.

    Within 2 % of the values' range: shrinking and enlarging blur too, and that much is taken off. enough: px, how wide
    the blur of the shrunk values is at least; less is faster and less exact.
    """
    height, width = values.shape[:2]
    factor = min(int(sigma / enough), min(height, width) // LEAST_ACROSS)
    if factor < 2:
        return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REFLECT), np.float32)
    small_size = (round(width / factor), round(height / factor))
    own = factor * factor / 4  # variance of shrinking (factor² / 12) and enlarging (factor² / 6), px²
    rest = float(np.sqrt(max(sigma * sigma - own, 0.0))) / factor
    small = cv2.resize(values, small_size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), rest, borderType=cv2.BORDER_REFLECT)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def masked_means(a: Image, b: Image, seen: NDArray[np.bool_]) -> tuple[Map, Map]:
    """(gh, gw, 4) float32 of each by blocks: the channels' means, unseen pixels counted as 0, and the share seen.

    a, b: (h, w, 3) uint8. seen: (h, w) bool. A block that the border cuts is the mean of what is inside.
    """
    height, width = seen.shape
    rows, columns = -(-height // BLOCK), -(-width // BLOCK)
    results = np.empty((rows, columns, 4), np.float32), np.empty((rows, columns, 4), np.float32)
    mask = as_kernel_array(seen, np.bool_).view(np.uint8)
    flat_a, flat_b = (as_kernel_array(p, np.uint8).reshape(height, 3 * width) for p in (a, b))
    _masked_means(flat_a, flat_b, mask, results[0], results[1])
    return results


@helper
def _add_masked(row: Any, mask: Any, total: Any) -> None:
    for i in range(row.shape[0]):
        total[i] += np.uint16(row[i] & mask[i])


@kernel
def _masked_means(a: Any, b: Any, seen: Any, mean_a: Any, mean_b: Any) -> None:
    h, w = seen.shape
    columns = mean_a.shape[1]
    # sums of up to four rows, with room for the last block
    sum_a, sum_b = np.zeros(12 * columns, np.uint16), np.zeros(12 * columns, np.uint16)
    share, mask = np.zeros(4 * columns, np.uint16), np.zeros(3 * w, np.uint8)
    for r in range(mean_a.shape[0]):
        sum_a[:] = 0
        sum_b[:] = 0
        share[:] = 0
        last = min(4 * r + 4, h)
        for y in range(4 * r, last):
            for x in range(w):
                known = np.uint8(255) if seen[y, x] != 0 else np.uint8(0)
                mask[3 * x], mask[3 * x + 1], mask[3 * x + 2] = known, known, known
                share[x] += np.uint16(seen[y, x] != 0)
            _add_masked(a[y], mask, sum_a)
            _add_masked(b[y], mask, sum_b)
        for c in range(columns):
            scale = f32(1) / f32((last - 4 * r) * min(4, w - 4 * c))
            i = 12 * c
            for k in range(3):
                mean_a[r, c, k] = f32(sum_a[i + k] + sum_a[i + 3 + k] + sum_a[i + 6 + k] + sum_a[i + 9 + k]) * scale
                mean_b[r, c, k] = f32(sum_b[i + k] + sum_b[i + 3 + k] + sum_b[i + 6 + k] + sum_b[i + 9 + k]) * scale
            seen_here = f32(share[4 * c] + share[4 * c + 1] + share[4 * c + 2] + share[4 * c + 3]) * scale
            mean_a[r, c, 3], mean_b[r, c, 3] = seen_here, seen_here


def enlarged(grid: Map, block: int, window: Window) -> Map:
    """Values (gh, gw) or (gh, gw, c) by blocks of `block` px at every pixel of a window (x0, y0, x1, y1), x1 and y1 not
    in it; bilinear between the blocks' middles, beyond the outermost middles as there.
    """
    x0, y0, x1, y1 = window
    rows, columns = grid.shape[:2]
    # a block more each way: what a pixel lies between
    left, top = min(max(x0 // block - 1, 0), columns - 1), min(max(y0 // block - 1, 0), rows - 1)
    right, bottom = max(min(-(-x1 // block) + 1, columns), left + 1), max(min(-(-y1 // block) + 1, rows), top + 1)
    part = grid[top:bottom, left:right]
    size = ((right - left) * block, (bottom - top) * block)
    full = cv2.resize(part, size, interpolation=cv2.INTER_LINEAR)
    at_x, at_y = x0 - left * block, y0 - top * block
    more_x, more_y = max(0, at_x + x1 - x0 - size[0]), max(0, at_y + y1 - y0 - size[1])
    if more_x or more_y:
        full = cv2.copyMakeBorder(full, 0, more_y, 0, more_x, cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(full[at_y : at_y + y1 - y0, at_x : at_x + x1 - x0], np.float32)


def scaled_window(picture: Image, grid: Map, block: int, window: Window) -> Map:
    """A window (x0, y0, x1, y1) of a picture (h, w, 3) uint8 times `grid`, (gh, gw, 3) float32 as of enlarged.

    Cut off where one of the two panels that such gains bring together may be burnt out, as lit_difference does.
    """
    x0, y0, x1, y1 = window
    result = np.empty((y1 - y0, x1 - x0, 3), np.float32)
    whole, values = as_kernel_array(picture, np.uint8), as_kernel_array(grid, np.float32)
    _scaled_window(whole, values, block, x0, y0, result)
    return result


@helper
def _gains_of(line: Any, lefts: Any, rights: Any, shares: Any, o: Any) -> None:
    """A row of gains by blocks at every pixel's three colours."""
    for x in range(lefts.shape[0]):
        left, right, on = lefts[x], rights[x], shares[x]
        for k in range(3):
            o[3 * x + k] = line[left + k] + (line[right + k] - line[left + k]) * on


@helper
def _lit_row(row: Any, gains: Any, o: Any) -> None:
    """A row of colours times their gains, cut off at white."""
    for i in range(o.shape[0]):
        gain = gains[i]
        darker = min(gain, f32(1) / max(gain, f32(1e-3)))
        white = f32(255) * darker * max(darker, f32(SHOULDER))
        o[i] = min(f32(row[i]) * gain, white)


@kernel
def _scaled_window(picture: Any, grid: Any, block: Any, x0: Any, y0: Any, result: Any) -> None:
    h, w = result.shape[:2]
    rows, columns = grid.shape[:2]
    line, gains = np.empty(3 * columns, np.float32), np.empty(3 * w, np.float32)
    first, last = max((2 * x0 + 1 - block) // (2 * block), 0), (2 * (x0 + w) - 1 - block) // (2 * block) + 1
    last = min(max(last, 0), columns - 1)
    lefts, rights, shares = np.empty(w, np.int64), np.empty(w, np.int64), np.empty(w, np.float32)
    for x in range(w):
        left = (2 * (x0 + x) + 1 - block) // (2 * block)
        shares[x] = f32(2 * (x0 + x) + 1 - block - 2 * block * left) / f32(2 * block)
        lefts[x], rights[x] = 3 * min(max(left, 0), columns - 1), 3 * min(max(left + 1, 0), columns - 1)
    flat, flat_result = picture.reshape(picture.shape[0], -1), result.reshape(h, -1)
    for y in range(h):
        up = (2 * (y0 + y) + 1 - block) // (2 * block)
        down = f32(2 * (y0 + y) + 1 - block - 2 * block * up) / f32(2 * block)
        low = min(max(up + 1, 0), rows - 1)
        up = min(max(up, 0), rows - 1)
        for c in range(min(first, columns - 1), last + 1):
            for k in range(3):
                line[3 * c + k] = grid[up, c, k] + (grid[low, c, k] - grid[up, c, k]) * down
        _gains_of(line, lefts, rights, shares, gains)
        _lit_row(flat[y0 + y, 3 * x0 : 3 * (x0 + w)], gains, flat_result[y])
