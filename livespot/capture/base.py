"""What every source of the room shares: the context manager, and how a picture becomes an Image."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Any, Self

import cv2
import numpy as np

from livespot.errors import SourceError
from livespot.frame import Frame, Image

SMALLEST = 64  # px a side: two panels with anything in them do not fit into less
LARGEST = 16384  # px a side: more is not a camera, and OpenCV's warps stop at 32767


class BaseSource:
    """A Source (see livespot.frame) with the parts that never differ. A kind of source gives `_next` and `_release`.

    Libraries crash when a thing is closed while another thread reads it. So `close` never does that: when a read is
    under way and does not come back, the reading thread releases the thing itself as soon as it does.
    """

    name: str = ""
    live: bool = False
    fps: float | None = None
    length: int | None = None
    identity: str = ""  # of the camera behind it, the same from start to start; "" where no camera is known

    notice: str = ""  # one line the user should know, for instance that a camera gives another size than asked

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._closing = False
        self._released = False

    def read(self) -> Frame | None:
        """The next frame; None at the end or when closed. Raises SourceError when the source fails."""
        with self._guard:
            try:
                return None if self._closing else self._next()
            finally:
                if self._closing:
                    self._release_once()

    def close(self) -> None:
        """Stop; may be called twice and from another thread, and returns within a quarter of a second."""
        self._closing = True
        if self._guard.acquire(timeout=0.25):
            try:
                self._release_once()
            finally:
                self._guard.release()

    @property
    def modes(self) -> tuple[str, str] | None:
        """How a camera was asked to send its pictures, and how it does; None for what is no camera."""
        return None

    def keep_focus(self, keep: bool) -> bool:
        """Keep focus and exposure as they are now, or leave them to the camera. False: there are none. Any thread."""
        return False

    @property
    def focus(self) -> str:
        """How focus and exposure are kept, in words; "" where there are none."""
        return ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _next(self) -> Frame | None:
        raise NotImplementedError

    def _release(self) -> None:
        """Give back what the source holds; called once."""

    def _release_once(self) -> None:
        if not self._released:
            self._released = True
            self._release()


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
        raise SourceError(f"{name} is {width} x {height} px, too small to hold a puzzle: {SMALLEST} px a side at least")
    if max(width, height) > LARGEST:
        raise SourceError(f"{name} is {width} x {height} px: at most {LARGEST} px a side; make it smaller first")
