"""The means of blocks of pixels, for any whole factor: OpenCV is quick at two only."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from livespot.frame import Image
from livespot.spotting.kernels.bands import f32, kernel, ready

MOST = 255  # px, the largest factor: the sum of so many rows is held in 16 bits

i32 = np.int32


def block_means(picture: Image, factor: int) -> Image:
    """(h // factor, w // factor, 3) uint8: the means of factor x factor px of (h, w, 3) uint8; factor: 1 to MOST."""
    height, width = (v // factor for v in picture.shape[:2])
    out = np.empty((height, width, 3), np.uint8)
    rows = ready(picture, np.uint8).reshape(picture.shape[0], -1)
    _block_means(rows, factor, out.reshape(height, 3 * width))
    return out


def block_means_reference(picture: Image, factor: int) -> Image:
    """The same by OpenCV: within 1, where a mean lies in the middle between two levels."""
    height, width = (v // factor for v in picture.shape[:2])
    part = picture[: height * factor, : width * factor]
    return np.asarray(cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


@kernel
def _added(values: Any, o: Any) -> None:
    for i in range(o.shape[0]):
        o[i] += np.uint16(values[i])


@kernel
def _across(sums: Any, factor: Any, o: Any) -> None:
    share = f32(1) / f32(factor * factor)
    for x in range(o.shape[0] // 3):
        blue, green, red = i32(0), i32(0), i32(0)
        i = 3 * factor * x
        for _ in range(factor):
            blue += i32(sums[i])
            green += i32(sums[i + 1])
            red += i32(sums[i + 2])
            i += 3
        o[3 * x] = np.uint8(f32(blue) * share + f32(0.5))
        o[3 * x + 1] = np.uint8(f32(green) * share + f32(0.5))
        o[3 * x + 2] = np.uint8(f32(red) * share + f32(0.5))


@kernel
def _block_means(rows: Any, factor: Any, out: Any) -> None:
    sums = np.empty(rows.shape[1], np.uint16)
    for y in range(out.shape[0]):
        sums[:] = 0
        for j in range(factor):
            _added(rows[y * factor + j], sums)
        _across(sums, factor, out[y])
