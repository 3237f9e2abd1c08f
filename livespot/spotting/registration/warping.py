"""Where the pixels of a canonical panel lie in a picture, and the picture there.

dense        the residual warp at every pixel
remap_maps   where each pixel, moved by the residual warp, lies in a picture
in_bounds    which of these places are inside it
sampled      the picture at these places
warped       a picture moved by a residual warp
"""

from __future__ import annotations

import functools

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.runtime import Map

STEP = 8  # canonical px between the nodes of the residual warp


def dense(grid: Map, size: tuple[int, int]) -> Map:
    """A grid of node values (gh, gw, n) at every pixel of a canonical (width, height), bilinear."""
    rows, columns = grid.shape[:2]
    full = cv2.resize(grid, (columns * STEP, rows * STEP), interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(full[: size[1], : size[0]], np.float32)


def remap_maps(homography: NDArray[np.float64], grid: Map | None, size: tuple[int, int]) -> tuple[Map, Map]:
    """x, y (h, w) float32 for cv2.remap: homography(p + warp(p)) for every canonical pixel p.

    grid: (gh, gw, 2) float32, the warp at the nodes, px; None for none. size: (width, height).
    """
    places = _pixels(size) if grid is None else cv2.add(_pixels(size), dense(grid, size))
    x, y = cv2.split(cv2.perspectiveTransform(places, np.asarray(homography / homography[2, 2], np.float64)))
    return np.asarray(x, np.float32), np.asarray(y, np.float32)


@functools.lru_cache(8)
def _pixels(size: tuple[int, int]) -> Map:
    """(h, w, 2), not to be written to: where each pixel is."""
    width, height = size
    places = np.empty((height, width, 2), np.float32)
    places[..., 0], places[..., 1] = np.arange(width), np.arange(height)[:, None]
    return places


def in_bounds(x: Map, y: Map, width: int, height: int) -> NDArray[np.bool_]:
    """Where positions x, y (h, w) lie between the outermost pixel centres of a picture."""
    return np.asarray((x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1), np.bool_)


def sampled(picture: Image, x: Map, y: Map) -> Image:
    """(h, w, 3) uint8: `picture`, (H, W, 3) uint8, at the places x, y (h, w) px, bicubic; its border is repeated."""
    return np.asarray(cv2.remap(picture, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def warped(picture: Map, grid: Map) -> tuple[Map, NDArray[np.bool_]]:
    """`picture` (h, w) float32 sampled at p + warp(p), bilinear, and where that lies inside it."""
    height, width = picture.shape
    places = _pixels((width, height)) + dense(grid, (width, height))
    x, y = places[..., 0], places[..., 1]
    moved = cv2.remap(picture, x.copy(), y.copy(), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.float32), in_bounds(x, y, width, height)
