"""One camera image with its time, and the contract every source of them keeps."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

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


class Source(Protocol):
    """Frames in order. A context manager; `close` may be called twice, and from another thread.

    name: what the user would call it ("Integrated Camera", "clip.mp4", "demo:market").
    live: true when frames come at their own time and are lost if not read (a camera, a stream); a file is not live.
    fps: nominal frames a second, or None when unknown.
    length: number of frames, or None when unknown or endless.
    """

    @property
    def name(self) -> str: ...
    @property
    def live(self) -> bool: ...
    @property
    def fps(self) -> float | None: ...
    @property
    def length(self) -> int | None: ...

    def read(self) -> Frame | None:
        """The next frame; None at the end. Raises SourceError when the source fails."""

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
