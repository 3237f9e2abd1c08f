"""What the kernels of `spotting.registration` compute, plainly: what they are held to."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.runtime import Map
from livespot.spotting.registration._gradients import compressed
from livespot.spotting.registration._lucas_kanade import STEP, dense


def sampled_reference(picture: Image, x: Map, y: Map) -> Image:
    """The same by OpenCV: within 1, as a place is rounded to 1 / PHASES px."""
    return np.asarray(cv2.remap(picture, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def gradient_products_reference(a: Map, b: Map, half: float) -> tuple[Map, Map]:
    """The same by OpenCV and NumPy."""
    (ax, ay), (bx, by) = compressed(a, half), compressed(b, half)
    return np.maximum(0.0, 2.0 * (ax * bx + ay * by)), ax * ax + ay * ay + bx * bx + by * by


def remap_maps_reference(homography: NDArray[np.float64], grid: Map | None, size: tuple[int, int]) -> tuple[Map, Map]:
    """remap_maps in plain NumPy."""
    width, height = size
    warp = np.zeros((height, width, 2), np.float32) if grid is None else dense(grid, size)
    x = warp[..., 0] + np.arange(width)
    y = warp[..., 1] + np.arange(height)[:, None]
    h = homography / homography[2, 2]
    w = h[2, 0] * x + h[2, 1] * y + 1.0
    return (
        np.asarray((h[0, 0] * x + h[0, 1] * y + h[0, 2]) / w, np.float32),
        np.asarray((h[1, 0] * x + h[1, 1] * y + h[1, 2]) / w, np.float32),
    )


def in_bounds_reference(x: Map, y: Map, width: int, height: int) -> NDArray[np.bool_]:
    """within in plain NumPy."""
    return np.asarray((x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1), np.bool_)


def warped_reference(picture: Map, grid: Map) -> tuple[Map, NDArray[np.bool_]]:
    """warped by OpenCV (whose weights are rounded to 1/32 px)."""
    height, width = picture.shape
    x, y = remap_maps_reference(np.eye(3), grid, (width, height))
    moved = cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = (x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1)
    return np.asarray(moved, np.float32), np.asarray(inside, np.bool_)


def normal_equations_reference(a: Map, b: Map, ok: NDArray[np.bool_]) -> Map:
    """normal_equations in plain NumPy."""
    ax, ay, bx, by = (np.zeros(a.shape, np.float32) for _ in range(4))
    for picture, x, y in ((a, ax, ay), (b, bx, by)):
        x[:, 1:-1] = 0.5 * (picture[:, 2:] - picture[:, :-2])
        y[1:-1] = 0.5 * (picture[2:] - picture[:-2])
    gx, gy, t = 0.5 * (ax + bx), 0.5 * (ay + by), b - a
    agree = np.maximum(0.0, 2.0 * (ax * bx + ay * by)) / (ax * ax + ay * ay + bx * bx + by * by + 1e-3)
    weight = agree * agree * ok
    products = np.stack([gx * gx, gx * gy, gy * gy, gx * t, gy * t, t * t], axis=-1) * weight[..., None]
    rows, columns = -(-a.shape[0] // STEP), -(-a.shape[1] // STEP)
    padded = np.zeros((rows * STEP, columns * STEP, 6), np.float32)
    padded[: a.shape[0], : a.shape[1]] = products
    return np.asarray(padded.reshape(rows, STEP, columns, STEP, 6).mean(axis=(1, 3)), np.float32)
