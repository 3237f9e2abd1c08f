"""Gradients of two pictures laid onto each other, multiplied with each other."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from livespot.spotting.kernels.runtime import Map, f32, in_bands, kernel


def gradient_products(a: Map, b: Map, half: float, *, threads: int = 1) -> tuple[Map, Map]:
    """Twice the product of both pictures' gradients, 0 where they point apart, and the sum of their squares.

    a, b: (h, w) float32. The gradients are compressed to below 1; half: what becomes 1/2, levels a px. Borders are
    mirrored, the outermost pixel not repeated.
    """
    height, width = a.shape
    wide_a, wide_b = (np.asarray(cv2.copyMakeBorder(p, 1, 1, 1, 1, cv2.BORDER_REFLECT_101), np.float32) for p in (a, b))
    common, energy = np.empty((height, width), np.float32), np.empty((height, width), np.float32)
    in_bands(
        lambda y0, y1: _gradient_products(wide_a, wide_b, f32(half), common, energy, y0, y1), height, width, threads
    )
    return common, energy


def gradients(picture: Map) -> tuple[Map, Map]:
    """Horizontal and vertical gradient of (h, w), levels a px."""
    x = cv2.Sobel(picture, cv2.CV_32F, 1, 0, scale=0.125)
    y = cv2.Sobel(picture, cv2.CV_32F, 0, 1, scale=0.125)
    return np.asarray(x, np.float32), np.asarray(y, np.float32)


def compressed(picture: Map, half: float) -> tuple[Map, Map]:
    """The same, below 1: a gradient of `half` levels a px becomes 1/2."""
    x, y = gradients(picture)
    size = np.sqrt(x * x + y * y) + np.float32(half)
    return x / size, y / size


@kernel
def _row(a0: Any, a1: Any, a2: Any, b0: Any, b1: Any, b2: Any, half: Any, common: Any, energy: Any) -> None:
    part, none, two = f32(0.125), f32(0), f32(2)
    for x in range(common.shape[0]):
        ax = part * ((a0[x + 2] - a0[x]) + two * (a1[x + 2] - a1[x]) + (a2[x + 2] - a2[x]))
        ay = part * ((a2[x] - a0[x]) + two * (a2[x + 1] - a0[x + 1]) + (a2[x + 2] - a0[x + 2]))
        bx = part * ((b0[x + 2] - b0[x]) + two * (b1[x + 2] - b1[x]) + (b2[x + 2] - b2[x]))
        by = part * ((b2[x] - b0[x]) + two * (b2[x + 1] - b0[x + 1]) + (b2[x + 2] - b0[x + 2]))
        square_a, square_b = ax * ax + ay * ay, bx * bx + by * by
        over_a, over_b = f32(1) / (np.sqrt(square_a) + half), f32(1) / (np.sqrt(square_b) + half)
        common[x] = max(none, two * (ax * bx + ay * by) * over_a * over_b)
        energy[x] = square_a * over_a * over_a + square_b * over_b * over_b


@kernel
def _gradient_products(a: Any, b: Any, half: Any, common: Any, energy: Any, y0: Any, y1: Any) -> None:
    for y in range(y0, y1):
        _row(a[y], a[y + 1], a[y + 2], b[y], b[y + 1], b[y + 2], half, common[y], energy[y])
