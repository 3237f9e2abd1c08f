"""The light of two panels, found and evened out by blocks of 4 x 4 px.

wide_blur        a Gaussian blur of any width at the same cost: shrunk, blurred, enlarged
masked_means     the mean of every block of both panels, only of the pixels that are seen
under_one_light  both panels with a gain shared out between them, in fixed point, for the tolerant difference
enlarged         values by blocks at every pixel
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.bands import Map, f32, in_bands, kernel

BLOCK = 4  # px: light and noise are found on a grid this much coarser
FIXED = 64.0  # fixed point: units a grey level
ENOUGH = 3.0  # px: a blur this wide, on a shrunk picture, is as good as the wide one
LEAST_ACROSS = 8  # px that are left of the shorter side


def wide_blur(values: Map, sigma: float) -> Map:
    """Gaussian blur of (h, w) or (h, w, c <= 4) float32, sigma in px, however wide, borders mirrored.

    Within 2 % of the values' range: shrinking and enlarging blur too, and that much is taken off.
    """
    height, width = values.shape[:2]
    factor = min(int(sigma / ENOUGH), min(height, width) // LEAST_ACROSS)
    if factor < 2:
        return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REFLECT), np.float32)
    small_size = (round(width / factor), round(height / factor))
    own = factor * factor / 4  # variance of shrinking (factor² / 12) and enlarging (factor² / 6), px²
    rest = float(np.sqrt(max(sigma * sigma - own, 0.0))) / factor
    small = cv2.resize(values, small_size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), rest, borderType=cv2.BORDER_REFLECT)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def wide_blur_reference(values: Map, sigma: float) -> Map:
    """The full blur."""
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REFLECT), np.float32)


def masked_means(a: Image, b: Image, seen: NDArray[np.bool_], *, threads: int = 1) -> tuple[Map, Map]:
    """(gh, gw, 4) float32 of each by blocks: the channels' means, unseen pixels counted as 0, and the share seen.

    a, b: (h, w, 3) uint8. seen: (h, w) bool. A block that the border cuts is the mean of what is inside.
    """
    height, width = seen.shape
    rows, columns = -(-height // BLOCK), -(-width // BLOCK)
    results = np.empty((rows, columns, 4), np.float32), np.empty((rows, columns, 4), np.float32)
    mask = np.require(seen, np.bool_, ["C", "W"]).view(np.uint8)
    flat_a, flat_b = (np.require(p, np.uint8, ["C", "W"]).reshape(height, 3 * width) for p in (a, b))

    def work(r0: int, r1: int) -> None:
        _masked_means(flat_a, flat_b, mask, results[0], results[1], r0, r1)

    in_bands(work, rows, columns * BLOCK * BLOCK, threads)
    return results


def masked_means_reference(picture: Image, seen: NDArray[np.bool_]) -> Map:
    """The same of one picture, plainly."""
    height, width = seen.shape
    values = np.dstack([picture * seen[..., None], seen]).astype(np.float64)
    rows, columns = range(0, height, BLOCK), range(0, width, BLOCK)
    blocks = [[values[y : y + BLOCK, x : x + BLOCK].mean(axis=(0, 1)) for x in columns] for y in rows]
    return np.asarray(blocks, np.float32)


@kernel
def _add_masked(row: Any, mask: Any, total: Any) -> None:
    for i in range(row.shape[0]):
        total[i] += np.uint16(row[i] & mask[i])


@kernel
def _masked_means(a: Any, b: Any, seen: Any, mean_a: Any, mean_b: Any, r0: Any, r1: Any) -> None:
    h, w = seen.shape
    columns = mean_a.shape[1]
    # sums of up to four rows, with room for the last block
    sum_a, sum_b = np.zeros(12 * columns, np.uint16), np.zeros(12 * columns, np.uint16)
    share, mask = np.zeros(4 * columns, np.uint16), np.zeros(3 * w, np.uint8)
    for r in range(r0, r1):
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


def under_one_light(
    a: Image, b: Image, gain: Map, *, threads: int = 1
) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """a / gain and b * gain, (h, w, 3) uint16 in 1/64 grey level.

    a, b: (h, w, 3) uint8. gain: (gh, gw, 3) float32 by blocks of 4 px, interpolated between their middles; at most 4.
    """
    height = a.shape[0]
    one, two = np.empty(a.shape, np.uint16), np.empty(a.shape, np.uint16)
    rows = [np.require(p, requirements=["C", "W"]).reshape(height, -1) for p in (a, b, one, two)]
    grid = np.require(gain, np.float32, ["C", "W"])

    def work(y0: int, y1: int) -> None:
        _under_one_light(rows[0], rows[1], grid, rows[2], rows[3], y0, y1)

    in_bands(work, height, a.shape[1], threads)
    return one, two


def under_one_light_reference(a: Image, b: Image, gain: Map) -> tuple[Map, Map]:
    """The same in float grey levels."""
    full = enlarged_reference(gain, (a.shape[1], a.shape[0]))
    return np.asarray(a / full, np.float32), np.asarray(b * full, np.float32)


@kernel
def _scaled_row(a: Any, b: Any, above: Any, below: Any, share: Any, one: Any, two: Any) -> None:
    unit, half, most = f32(FIXED), f32(0.5), f32(65535)
    for i in range(a.shape[0]):
        gain = above[i] + (below[i] - above[i]) * share
        one[i] = np.uint16(min(f32(a[i]) * unit / gain + half, most))
        two[i] = np.uint16(min(f32(b[i]) * unit * gain + half, most))


@kernel
def _under_one_light(a: Any, b: Any, gain: Any, one: Any, two: Any, y0: Any, y1: Any) -> None:
    n = a.shape[1]
    wide = np.empty((2, n), np.float32)
    at = -2
    for y in range(y0, y1):
        row, share = _between_blocks(y, gain.shape[0])
        if row != at:
            _widened(gain[row], wide[0])
            _widened(gain[min(row + 1, gain.shape[0] - 1)], wide[1])
            at = row
        _scaled_row(a[y], b[y], wide[0], wide[1], share, one[y], two[y])


def enlarged(grid: Map, size: tuple[int, int], *, threads: int = 1) -> Map:
    """Values (gh, gw) by blocks of 4 px at every pixel of a (width, height) picture, bilinear between the middles."""
    width, height = size
    result = np.empty((height, width), np.float32)
    levels = np.require(grid, np.float32, ["C", "W"])[..., None]
    in_bands(lambda y0, y1: _enlarged(levels, result, y0, y1), height, width, threads)
    return result


def enlarged_reference(grid: Map, size: tuple[int, int]) -> Map:
    """The same by OpenCV, (gh, gw) or (gh, gw, c)."""
    rows, columns = grid.shape[:2]
    full = cv2.resize(grid, (columns * BLOCK, rows * BLOCK), interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(full[: size[1], : size[0]], np.float32)


@kernel
def _between_blocks(position: Any, count: Any) -> Any:
    """The block whose middle lies before a pixel, and how far on towards the next the pixel is, 0 to 1."""
    at = (position - 2) // 4
    if at < 0:
        return 0, f32(0)
    if at >= count - 1:
        return count - 1, f32(0)
    return at, (f32(position - 4 * at) - f32(1.5)) * f32(0.25)


@kernel
def _widened(row: Any, o: Any) -> None:
    """A row of blocks (gw, c) at every pixel of a row, flat (w * c)."""
    columns, c = row.shape
    for x in range(o.shape[0] // c):
        at, share = _between_blocks(x, columns)
        after = min(at + 1, columns - 1)
        for k in range(c):
            o[x * c + k] = row[at, k] + (row[after, k] - row[at, k]) * share


@kernel
def _mixed(above: Any, below: Any, share: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        o[x] = above[x] + (below[x] - above[x]) * share


@kernel
def _enlarged(grid: Any, result: Any, y0: Any, y1: Any) -> None:
    wide = np.empty((2, result.shape[1]), np.float32)
    at = -2
    for y in range(y0, y1):
        row, share = _between_blocks(y, grid.shape[0])
        if row != at:
            _widened(grid[row], wide[0])
            _widened(grid[min(row + 1, grid.shape[0] - 1)], wide[1])
            at = row
        _mixed(wide[0], wide[1], share, result[y])
