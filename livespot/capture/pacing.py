"""A file played like a camera: every frame at its own time, and lost when nobody reads it in time."""

import dataclasses
import threading
import time
from collections.abc import Callable

from livespot.frame import Frame, Source

_KEPT = 2  # frames a driver keeps for a reader that is late


class Paced(Source):
    """`source` with its frames held back until their time has come; what is too late is dropped.

    As a camera's driver does, it keeps two frames for a reader that is late. A frame is captured when it is due.
    Read it through NewestFrame and it drops like a camera: what is not taken before newer ones come is gone.
    clock, wait: for tests; seconds on a monotonic clock, and a wait that ends early (returning True) on close.
    """

    live = True

    def __init__(
        self,
        source: Source,
        *,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        super().__init__()
        self.name, self.identity, self.fps, self.length = source.name, source.identity, source.fps, source.length
        self.dropped = 0
        self._source = source
        self._clock = clock
        self._stop = threading.Event()
        self._wait = wait if wait is not None else self._stop.wait
        self._start: float | None = None
        self._ahead: Frame | None = None

    def _next(self) -> Frame | None:
        frame = self._ahead if self._ahead is not None else self._source.read()
        self._ahead = None
        if frame is None:
            return None
        if self._start is None:
            self._start = self._clock() - frame.time
        while (late := self._clock() - self._start - frame.time) > 0:
            # The driver overwrites the older of its two frames when a third comes.
            if late < _KEPT / (self.fps or 30.0):
                break
            following = self._source.read()
            if following is None:
                break
            if following.time > self._clock() - self._start:
                self._ahead = following
                break
            self.dropped += 1
            frame = following
        if late < 0 and self._wait(-late):
            return None
        return dataclasses.replace(frame, captured=self._start + frame.time)

    def close(self) -> None:
        self._stop.set()
        super().close()

    def _release(self) -> None:
        self._source.close()
