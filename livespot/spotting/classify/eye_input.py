"""What the learned eye sees of two aligned panels, in training as at run time: both under one light, and their maps.

In: two panels of one size and what is seen of both. Out: an EyeInput. Tolerant maps and SSIM are the pipeline's own.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.difference._ssim import ssim_map
from livespot.spotting.difference.tolerant_map import tolerant_difference

LEVELS = 64.0  # grey levels that are one unit of the maps
MULTIPLE = 32  # sides of what the network takes
_GRID = 32  # cells along the longer side on which the light is fitted
_ORDER = 3  # of the polynomial: too stiff to explain a difference away
_DARK = 10.0  # grey levels added before a ratio is taken
_FLAT = 0.01  # log gain below which the panels are left as they are
RIM = 0.15  # of the root of the area: how far from the rim the distance still counts

Floats = NDArray[np.float32]


class EyeInput(NamedTuple):
    """a, b: (3, H, W) float32, BGR, -0.5 to 0.5. maps: (5, H, W) float32: see `maps_of`."""

    a: Floats
    b: Floats
    maps: Floats


def evened(a: Image, b: Image, seen: NDArray[np.bool_]) -> tuple[Image, Image]:
    """Both panels under one light: a stiff gain per channel, fitted robustly where both are seen, shared out to both.

    a, b: (h, w, 3) uint8. seen: (h, w) bool. Exchanging the panels exchanges the result.
    """
    h, w = a.shape[:2]
    size = (_GRID, max(8, round(_GRID * h / w))) if w >= h else (max(8, round(_GRID * w / h)), _GRID)
    base = np.asarray(
        cv2.resize(seen.view(np.uint8) * np.float32(1), size, interpolation=cv2.INTER_AREA), np.float64
    ).ravel()
    if base.max() <= 0.5:
        return a, b
    small_a, small_b = (
        cv2.resize(p, size, interpolation=cv2.INTER_AREA).reshape(-1, 3).astype(np.float64) for p in (a, b)
    )
    ratio = np.log((small_b + _DARK) / (small_a + _DARK))
    y, x = (np.linspace(-1, 1, n) for n in size[::-1])
    terms = np.stack([np.outer(y**j, x**i).ravel() for i in range(_ORDER + 1) for j in range(_ORDER + 1 - i)], 1)
    ridge = np.diag([1e-3] + [0.5] * (terms.shape[1] - 1))
    weight = base
    for _ in range(6):
        weighted = terms * weight[:, None]
        gain = terms @ np.linalg.solve(weighted.T @ terms + ridge, weighted.T @ ratio)
        error = np.abs(ratio - gain).max(axis=1)
        scale = max(0.02, 1.5 * float(np.median(error[base > 0.5])))
        weight = base / (1 + (error / scale) ** 2)
    half = np.clip(gain, -1.2, 1.2).reshape(*size[::-1], 3).astype(np.float32) / 2
    if np.abs(half).max() < _FLAT / 2:
        return a, b
    return _under(a, np.exp(half)), _under(b, np.exp(-half))


def _under(panel: Image, gain: Floats) -> Image:
    """(panel + dark) * gain - dark, the gain given on the coarse grid."""
    full = cv2.resize(gain, panel.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    lit = cv2.multiply(panel, full, dtype=cv2.CV_32F)
    return np.asarray(cv2.addWeighted(lit, 1.0, full, _DARK, -_DARK, dtype=cv2.CV_8U), np.uint8)


def rim_of(height: int, width: int) -> Floats:
    """Distance to the panel's rim, -0.5 at the rim to 0.5 from 0.15 of the root of the area on, (h, w) float32."""
    y, x = np.arange(height, dtype=np.float32), np.arange(width, dtype=np.float32)
    near = np.minimum(np.minimum(y, height - 1 - y)[:, None], np.minimum(x, width - 1 - x)[None])
    return np.asarray(np.clip(near / np.float32(RIM * np.sqrt(height * width)), 0, 1) - np.float32(0.5), np.float32)


def maps_of(a: Image, b: Image, seen: NDArray[np.bool_], rim: Floats, threads: int = 1) -> Floats:
    """The maps of two panels under one light, (5, h, w) float32.

    By how much each pixel lies outside the other panel's 3x3 and 5x5 neighbourhood, in LEVELS; 1 - SSIM (box 7,
    the worst channel's); the distance to the rim; what is seen, 0 or 1. Where nothing is seen nothing differs.
    """
    maps = np.empty((5, *a.shape[:2]), np.float32)
    for k, radius in enumerate((1.0, 2.0)):
        np.multiply(tolerant_difference(a, b, radius, threads=threads), np.float32(1 / LEVELS), out=maps[k])
    ssim_map(a, b, threads=threads, lowest=True, out=maps[2])
    np.subtract(1, maps[2], out=maps[2])
    if not seen.all():
        maps[:3, ~seen] = 0
    maps[3], maps[4] = rim, seen
    return maps


def blob(panel: Image) -> Floats:
    """(h, w, 3) uint8 -> (3, h, w) float32, -0.5 to 0.5."""
    return np.asarray(cv2.dnn.blobFromImage(panel, 1 / 255, mean=(127.5, 127.5, 127.5))[0], np.float32)


def eye_input(a: Image, b: Image, seen: NDArray[np.bool_], threads: int = 1) -> EyeInput:
    """What the network takes: evened, with maps, and padded on the right and below to multiples of 32.

    a, b: (h, w, 3) uint8. seen: (h, w) bool, what is seen of both.
    """
    h, w = a.shape[:2]
    a, b = evened(a, b, seen)
    if not seen.all():
        b = np.where(seen[..., None], b, a)
    maps = maps_of(a, b, seen, rim_of(h, w), threads)
    below, right = -h % MULTIPLE, -w % MULTIPLE
    if below or right:
        a, b = (np.asarray(cv2.copyMakeBorder(p, 0, below, 0, right, cv2.BORDER_REPLICATE), np.uint8) for p in (a, b))
        maps = np.pad(maps, ((0, 0), (0, below), (0, right)), mode="edge")
        maps[4, h:], maps[4, :, w:] = 0, 0
    return EyeInput(blob(a), blob(b), maps)
