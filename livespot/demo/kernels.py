"""The one compiled loop of the simulated webcam: light and noise on every sample of a frame.

`exposed` is compiled by numba; `exposed_reference` says the same in NumPy, and the tests hold one to the other, bit for
bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from livespot.frame import Image


@njit(nogil=True, cache=True)
def exposed(
    image: Any, vignette: Any, rows: Any, table: Any, field: Any, x: int, y: int, strength: Any
) -> Any:  # pragma: no cover
    """See exposed_reference."""
    height, width = vignette.shape
    out = np.empty_like(image)
    for i in range(height):
        row = rows[i]
        for j in range(width):
            light = (np.int32(vignette[i, j]) * row) >> 8
            for c in range(3):
                value = np.int32(table[(image[i, j, c] * light) >> 8, c])
                value += (field[y + i, x + j, c] * strength[value] + 128) >> 8
                out[i, j, c] = min(max(value, 0), 255)
    return out


def exposed_reference(
    image: Image,
    vignette: NDArray[np.int32],
    rows: NDArray[np.int32],
    table: Image,
    field: NDArray[np.int8],
    x: int,
    y: int,
    strength: NDArray[np.int32],
) -> Image:
    """A frame with its light, its tone and its noise.

    image: (h, w, 3) uint8. vignette: (h, w) and rows: (h,), light in 256ths. table: (256, 3) uint8, light to value.
    field: noise of rms 32, larger than the frame, read from (x, y) on. strength: (256,) noise of each value, eighths of
    a grey level.
    """
    h, w = vignette.shape
    light = (vignette * rows[:, None]) >> 8
    dimmed = (image.astype(np.int32) * light[..., None]) >> 8
    value = np.stack([table[dimmed[..., c], c] for c in range(3)], axis=-1).astype(np.int32)
    value = value + ((field[y : y + h, x : x + w].astype(np.int32) * strength[value] + 128) >> 8)
    return np.asarray(np.clip(value, 0, 255), np.uint8)
