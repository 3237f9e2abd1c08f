"""What `spotting.classify` sums up, plainly."""

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.classify.fine_print import CELL as FINE_CELL
from livespot.spotting.kernels.runtime import Map


def fine_sums_reference(a: Image, b: Image, free: NDArray[np.uint8], wanted: NDArray[np.uint8]) -> Map:
    """The same in NumPy and OpenCV."""
    fine = []
    for picture in (a, b):
        grey = cv2.cvtColor(picture.astype(np.float32), cv2.COLOR_BGR2GRAY)
        box = cv2.boxFilter(grey, -1, (3, 3), normalize=False, borderType=cv2.BORDER_REPLICATE)
        fine.append((9 * grey - box).astype(np.float64) / 9 * free)
    rows, columns = wanted.shape
    maps = (fine[0] * fine[0], fine[1] * fine[1], fine[0] * fine[1], free.astype(np.float64))
    cells = [
        m[: rows * FINE_CELL, : columns * FINE_CELL].reshape(rows, FINE_CELL, columns, FINE_CELL).sum(axis=(1, 3))
        for m in maps
    ]
    return np.asarray(np.stack(cells, axis=-1) * (wanted > 0)[..., None], np.float32)
