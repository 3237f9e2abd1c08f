"""What every source of the room needs: times for live frames, how a picture becomes an Image, which sizes are taken."""

import time
from typing import Any

import cv2
import numpy as np

from livespot.errors import SourceError
from livespot.frame import Frame, Image, Source

SMALLEST = 64  # px a side: two panels with anything in them do not fit into less
LARGEST = 16384  # px a side: more is not a camera, and OpenCV's warps stop at 32767


class Live(Source):
    """Frames that come at their own time. That is our own clock's: drivers and network cameras disagree about theirs.

    It is the finest clock: on Windows monotonic() stands still for 16 ms, so that two frames of a fast camera would
    have one time.
    """

    live = True

    def __init__(self) -> None:
        super().__init__()
        self._index = 0
        self._start = time.perf_counter()

    def _frame(self, image: Image, came: float | None = None, captured: float | None = None) -> Frame:
        """The next frame. came: when, time.perf_counter(). captured: likewise, time.monotonic(); None: now."""
        came = time.perf_counter() if came is None else came
        frame = Frame(image, came - self._start, self._index, time.monotonic() if captured is None else captured)
        self._index += 1
        return frame


def as_bgr(picture: Any) -> Image:
    """`picture` as (H, W, 3) uint8 BGR, contiguous.

    Grey becomes grey in three channels, 16 bits become 8, floats are taken as 0 to 1, alpha is laid on white paper.
    Raises ValueError for what is not a picture.
    """
    p = np.asarray(picture)
    if p.ndim == 3 and p.shape[2] == 1:
        p = p[:, :, 0]
    if p.size == 0 or p.ndim not in (2, 3) or (p.ndim == 3 and p.shape[2] not in (2, 3, 4)):
        raise ValueError(f"a picture of shape {p.shape}")
    if p.dtype == np.uint16:
        p = ((p.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)
    elif p.dtype.kind == "f":
        p = np.rint(np.clip(np.nan_to_num(p), 0, 1) * 255).astype(np.uint8)
    elif p.dtype == np.bool_:
        p = p.astype(np.uint8) * 255
    elif p.dtype != np.uint8:
        raise ValueError(f"a picture of {p.dtype}")
    if p.ndim == 2:
        return np.asarray(cv2.cvtColor(p, cv2.COLOR_GRAY2BGR), np.uint8)
    if p.shape[2] == 2:  # grey with alpha
        p = np.concatenate([np.repeat(p[:, :, :1], 3, axis=2), p[:, :, 1:]], axis=2)
    if p.shape[2] == 4:
        alpha = p[:, :, 3:].astype(np.uint16)
        p = ((p[:, :, :3] * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)
    return np.ascontiguousarray(p)


def check_size(width: int, height: int, name: str) -> None:
    """Raises SourceError when a picture of this size holds no puzzle or is not to be handled."""
    if min(width, height) < SMALLEST:
        raise SourceError(f"{name} is {width} x {height} px, too small to hold a puzzle: it needs {SMALLEST} px a side")
    if max(width, height) > LARGEST:
        raise SourceError(f"{name} is {width} x {height} px: at most {LARGEST} px a side; make it smaller first")
