"""Where the pixels of a canonical panel lie in a picture, and the picture there.

dense        the residual warp at every pixel
remap_maps   where each pixel, moved by the residual warp, lies in a picture
in_bounds    which of these places are inside it
sampled      the picture at these places
warped       a picture moved by a residual warp
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.runtime import Map
from livespot.spotting.registration._mapped import mapped

STEP = 8  # canonical px between the nodes of the residual warp
SPARE = 16  # px beyond the outermost places: what bicubic takes, and a bend between them


def dense(grid: Map, size: tuple[int, int]) -> Map:
    """A grid of node values (gh, gw) or (gh, gw, n) at every pixel of a canonical (width, height), bilinear."""
    rows, columns = grid.shape[:2]
    full = cv2.resize(grid, (columns * STEP, rows * STEP), interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(full[: size[1], : size[0]], np.float32)


def remap_maps(homography: NDArray[np.float64], grid: Map | None, size: tuple[int, int]) -> tuple[Map, Map]:
    """x, y (h, w) float32 for cv2.remap: homography(p + warp(p)) for every canonical pixel p.

    grid: (gh, gw, 2) float32, the warp at the nodes, px; None for none. size: (width, height).
    """
    dx, dy = _moved(grid, size)
    x, y = np.empty_like(dx), np.empty_like(dy)
    mapped(np.ascontiguousarray(homography / homography[2, 2], np.float64), dx, dy, x, y)
    return x, y


def _moved(grid: Map | None, size: tuple[int, int]) -> tuple[Map, Map]:
    """How far a warp moves every pixel, across and down, (h, w) each."""
    if grid is None or not grid.any():
        return (np.zeros(size[::-1], np.float32),) * 2
    across, down = (dense(np.ascontiguousarray(grid[..., i]), size) for i in (0, 1))
    return across, down


def in_bounds(x: Map, y: Map, width: int, height: int) -> NDArray[np.bool_]:
    """Where positions x, y (h, w) lie between the outermost pixel centres of a picture."""
    return np.asarray((x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1), np.bool_)


def sampled(picture: Image, x: Map, y: Map) -> Image:
    """(h, w, 3) uint8: `picture`, (H, W, 3) uint8, at the places x, y (h, w) px, bicubic; its border is repeated."""
    left, right = _reach(x, picture.shape[1])
    top, bottom = _reach(y, picture.shape[0])
    # OpenCV does it on float32 faster than on bytes, and rounds no weights
    part = picture[top:bottom, left:right].astype(np.float32)
    x, y = x - np.float32(left), y - np.float32(top)
    values = np.asarray(cv2.remap(part, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.float32)
    return np.asarray(cv2.convertScaleAbs(np.maximum(values, 0, out=values)), np.uint8)


def _reach(places: Map, size: int) -> tuple[int, int]:
    """The first and the end pixel, of `size`, that sampling at these places needs; their rim holds the extremes."""
    rim = np.concatenate([places[0], places[-1], places[:, 0], places[:, -1]])
    known = np.clip(np.nan_to_num(rim), 0, size - 1)  # a plane seen from its edge lies nowhere
    return max(int(known.min()) - SPARE, 0), min(int(known.max()) + 1 + SPARE, size)


def warped(picture: Map, grid: Map) -> tuple[Map, NDArray[np.bool_]]:
    """`picture` (h, w) float32 sampled at p + warp(p), bilinear, and where that lies inside it."""
    height, width = picture.shape
    x, y = remap_maps(np.eye(3), grid, (width, height))
    moved = cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.float32), in_bounds(x, y, width, height)
