"""The one compiled loop of the simulated webcam: light and noise on every sample of a frame."""

from functools import partial
from typing import Any

import numpy as np

from livespot.compiling import kept


@partial(kept, nogil=True)
def exposed(
    image: Any, vignette: Any, rows: Any, table: Any, field: Any, x: int, y: int, strength: Any
) -> Any:  # pragma: no cover
    """A frame with its light, its tone and its noise.

    image: (h, w, 3) uint8. vignette: (h, w) and rows: (h,), light in 256ths. table: (256, 3) uint8, light to value.
    field: noise of rms 32, larger than the frame, read from (x, y) on. strength: (256,) noise of each value, eighths of
    a grey level.
    """
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
