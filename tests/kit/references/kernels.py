"""What the kernels of `spotting.kernels` compute, plainly: what they are held to."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.classify.kind_crop import correlation
from livespot.spotting.kernels.crops import AROUND, BESIDE, INSIDE, NEAR, RING, Mask, RegionNumbers
from livespot.spotting.kernels.light import BLOCK, SHOULDER, Window
from livespot.spotting.kernels.runtime import Map


def region_numbers_reference(
    a: Map, b: Map, grey_a: Map, grey_b: Map, difference: Map, high: Map, labels: Mask, white: float
) -> RegionNumbers:
    """What `region_numbers` puts into its last argument, named.

    a, b: (h, w, 3), the others (h, w) float32, of one crop. labels: (h, w) uint8 of INSIDE, NEAR (which holds INSIDE),
    RING (not near, not another candidate's), BESIDE (the ring's inner edge) and AROUND (which holds them all). white:
    grey level of the darkest channel from which a pixel is nearly white.
    """
    mask, near, ring, beside = ((labels & bit) > 0 for bit in (INSIDE, NEAR, RING, BESIDE))
    around = (labels & AROUND) > 0
    ratio = difference / high
    signed = (a - b)[mask]
    lightest = np.maximum(a[mask].min(axis=1), b[mask].min(axis=1))

    def energy(grey: Map) -> float:
        x = cv2.Sobel(grey, cv2.CV_32F, 1, 0, scale=0.125)
        y = cv2.Sobel(grey, cv2.CV_32F, 0, 1, scale=0.125)
        return float((x * x + y * y)[near].mean())

    return RegionNumbers(
        float(ratio[mask].mean()),
        float(ratio[ring].mean()) if ring.any() else 0.0,
        float(np.median(ratio[mask])),
        float(np.median(ratio[beside])) if beside.any() else -1.0,
        float(difference[mask].mean()),
        energy(grey_a),
        energy(grey_b),
        float((lightest > white).mean()),
        tuple(float(v) for v in signed.mean(axis=0)),  # type: ignore[arg-type]
        tuple(float(v) for v in np.abs(signed).mean(axis=0)),  # type: ignore[arg-type]
        correlation(grey_a, grey_b, around.astype(np.uint8), 100.0),
        correlation(grey_a, grey_b, near.astype(np.uint8), 100.0),
    )


def wide_blur_reference(values: Map, sigma: float) -> Map:
    """The full blur."""
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REFLECT), np.float32)


def masked_means_reference(picture: Image, seen: NDArray[np.bool_]) -> Map:
    """The same of one picture, plainly."""
    height, width = seen.shape
    values = np.dstack([picture * seen[..., None], seen]).astype(np.float64)
    rows, columns = range(0, height, BLOCK), range(0, width, BLOCK)
    blocks = [[values[y : y + BLOCK, x : x + BLOCK].mean(axis=(0, 1)) for x in columns] for y in rows]
    return np.asarray(blocks, np.float32)


def enlarged_reference(grid: Map, block: int, window: Window) -> Map:
    """The same of one value a block, pixel by pixel."""
    x0, y0, x1, y1 = window

    def between(position: int, count: int) -> tuple[int, int, float]:
        at = min(max((position + 0.5) / block - 0.5, 0.0), count - 1.0)
        return int(at), min(int(at) + 1, count - 1), at - int(at)

    result = np.empty((y1 - y0, x1 - x0), np.float32)
    for y in range(y0, y1):
        up, down, v = between(y, grid.shape[0])
        for x in range(x0, x1):
            left, right, u = between(x, grid.shape[1])
            top = grid[up, left] + (grid[up, right] - grid[up, left]) * u
            low = grid[down, left] + (grid[down, right] - grid[down, left]) * u
            result[y - y0, x - x0] = top + (low - top) * v
    return result


def scaled_window_reference(picture: Image, grid: Map, block: int, window: Window) -> Map:
    """The same, plainly."""
    x0, y0, x1, y1 = window
    gain = [enlarged_reference(grid[..., k], block, window) for k in range(3)]
    share = np.stack(gain, axis=-1)
    return np.asarray(np.minimum(picture[y0:y1, x0:x1] * share, 255.0 * white_of(share)), np.float32)


def white_of(root: Map) -> Map:
    """Of 255, on the common scale: from where on one of the panels may be burnt out, and neither says any more.

    What the light has made brighter reaches white sooner by that, and shortly below it is already pressed together by
    the sensor; the more so the further the panels are apart, down to SHOULDER of white.
    """
    darker = np.minimum(root, 1 / np.maximum(root, np.float32(1e-3)))
    return np.asarray(darker * np.maximum(darker, SHOULDER), np.float32)
