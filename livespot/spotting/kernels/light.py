"""The light of two panels, found and evened out by blocks of 4 x 4 px.

wide_blur        a Gaussian blur of any width at the same cost: shrunk, blurred, enlarged
masked_means     the mean of every block of both panels, only of the pixels that are seen
enlarged         values by blocks at every pixel of a window
lit              a window of a picture times such values
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.runtime import Map

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
    mask = np.asarray(seen.view(np.uint8))
    share = _block_means(mask.astype(np.float32))[..., None]
    one, two = (_block_means(cv2.copyTo(p, mask).astype(np.float32)) for p in (a, b))
    return np.concatenate([one, share], axis=2), np.concatenate([two, share], axis=2)


def _block_means(values: Map) -> Map:
    """The mean of every block of (h, w) or (h, w, c) values."""
    height, width = values.shape[:2]
    rows, columns = -(-height // BLOCK), -(-width // BLOCK)
    more_y, more_x = rows * BLOCK - height, columns * BLOCK - width
    if not more_y and not more_x:
        return np.asarray(cv2.resize(values, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)
    whole = _block_means(np.asarray(cv2.copyMakeBorder(values, 0, more_y, 0, more_x, cv2.BORDER_CONSTANT), np.float32))
    whole[-1] *= BLOCK / (BLOCK - more_y)
    whole[:, -1] *= BLOCK / (BLOCK - more_x)
    return whole


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


def lit(picture: Image, gain: Map, white: Map, block: int, window: Window) -> Map:
    """A window (x0, y0, x1, y1) of a picture (h, w, 3) uint8 times `gain`, (gh, gw, 3) float32 as of enlarged.

    white: (gh, gw, 3), white_of the gain, where it is cut off, as lit_difference does.
    """
    x0, y0, x1, y1 = window
    bright = cv2.multiply(picture[y0:y1, x0:x1], enlarged(gain, block, window), dtype=cv2.CV_32F)
    return np.asarray(cv2.min(bright, enlarged(white, block, window)), np.float32)


def white_of(gain: Map) -> Map:
    """Grey levels from where on one of two panels that such gains bring together may be burnt out, and neither says
    any more.

    What the light has made brighter reaches white sooner by that, and shortly below it is already pressed together by
    the sensor; the more so the further the panels are apart, down to SHOULDER of white.
    """
    darker = np.minimum(gain, 1 / np.maximum(gain, np.float32(1e-3)))
    return np.asarray(255 * darker * np.maximum(darker, np.float32(SHOULDER)), np.float32)
