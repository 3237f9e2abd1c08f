"""One camera image with its time, and what every source of them has."""

import threading
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Frame:
    """One image from a source.

    image: (H, W, 3) uint8, BGR, contiguous; the receiver must not write into it.
    time: seconds on the source's clock (monotonic; a file's own time stamps), strictly increasing within a source.
    index: counts from 0 in the source; a dropped frame leaves a gap.
    captured: seconds on time.monotonic() when the frame arrived in this process; the frame's age is measured from it.
    """

    image: Image
    time: float
    index: int
    captured: float


class Closing:
    """A context manager that closes itself at the end of the block."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> object:
        raise NotImplementedError


class Source(Closing):
    """Frames in order. A context manager; a kind of source gives `_next` and `_release`.

    name: what the user would call it ("Integrated Camera", "clip.mp4", "demo:market").
    live: true when frames come at their own time and are lost if not read (a camera, a stream); a file is not live.
    fps: nominal frames a second, or None when unknown.
    length: number of frames, or None when unknown or endless.
    identity: of the camera behind it, the same from start to start; "" where no camera is known.
    notice: one line the user should know, for instance that a camera gives another size than asked.

    Libraries crash when a thing is closed while another thread reads it. So `close` never does that: when a read is
    under way and does not come back, the reading thread releases the thing itself as soon as it does.
    """

    name: str = ""
    live: bool = False
    fps: float | None = None
    length: int | None = None
    identity: str = ""
    notice: str = ""

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
    def invitation(self) -> str:
        """The address to be opened on another device, while the source waits for that; else ""."""
        return ""

    @property
    def absence(self) -> str:
        """What to say when no picture comes; "": that the source stands still."""
        return ""

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

    def _next(self) -> Frame | None:
        raise NotImplementedError

    def _release(self) -> None:
        """Give back what the source holds; called once."""

    def _release_once(self) -> None:
        if not self._released:
            self._released = True
            self._release()
