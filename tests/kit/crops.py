"""Random crops of panels, and masks."""

import cv2
import numpy as np
from numpy.typing import NDArray

SIZES = [(20, 31), (48, 48), (5, 7), (1, 9), (60, 2)]


def fields(size: tuple[int, int], count: int, seed: int = 0) -> list[NDArray[np.float32]]:
    """Smooth random fields (h, w) float32, 0 to 255."""
    rng = np.random.default_rng(seed)
    return [cv2.GaussianBlur(rng.uniform(0, 255, size).astype(np.float32), (0, 0), 1.0) for _ in range(count)]


def colours(size: tuple[int, int], seed: int) -> NDArray[np.float32]:
    """A random crop (h, w, 3) float32."""
    return np.ascontiguousarray(np.dstack(fields(size, 3, seed)))


def mask(size: tuple[int, int], seed: int = 0, share: float = 0.4) -> NDArray[np.uint8]:
    """Some of the pixels, and one for certain."""
    result = (np.random.default_rng(seed).random(size) < share).astype(np.uint8)
    result[size[0] // 2, size[1] // 2] = 1
    return result


def rectangles(shape: tuple[int, int], *boxes: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    """(h, w) uint8, 1 in the boxes (x, y, width, height), else 0."""
    result = np.zeros(shape, np.uint8)
    for x, y, w, h in boxes:
        result[y : y + h, x : x + w] = 1
    return result


def pictures(size: tuple[int, int], seed: int = 0) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Two random pictures (h, w, 3)."""
    rng = np.random.default_rng(seed)
    a, b = (rng.integers(0, 256, (*size, 3)).astype(np.uint8) for _ in range(2))
    return a, b


def blob(size: tuple[int, int], seed: int) -> NDArray[np.uint8]:
    """A mask of ragged parts with holes and gaps between them, one pixel at least."""
    noise = np.random.default_rng(seed).normal(size=size).astype(np.float32)
    result = (cv2.GaussianBlur(noise, (0, 0), 1.0 + seed % 4) > 0.02).astype(np.uint8)
    result[size[0] // 2, size[1] // 2] = 1
    return result


def blobs(size: tuple[int, int], seed: int) -> NDArray[np.float32]:
    """A map of 0 to about 40 grey levels with soft blobs."""
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.random(size, np.float32), (0, 0), 2.0)
    return np.asarray(40 * (noise - noise.min()) / (np.ptp(noise) + 1e-6), np.float32)
