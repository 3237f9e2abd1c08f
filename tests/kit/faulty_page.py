"""PageSource as a camera that has one fault at a given time, and is whole again when it is opened again.

    FaultyPage("block", after=2.0)

Faults: block (a read that never comes back, not even by close), end, raise, crash, junk (frames without pixels, for
ever), resize (smaller, for half a second; nothing to open again for).
"""

from __future__ import annotations

import dataclasses
import threading
import time
from typing import Any

import numpy as np

from kit.truth_page import PageSource
from livespot.errors import SourceError
from livespot.frame import Frame

FOR_GOOD = 600.0  # s


class FaultyPage:
    """See above. after: s from its first frame to the fault. refuses: times it does not open again.

    page: the keywords of its PageSource.
    """

    live = True
    length = None

    def __init__(self, fault: str, *, after: float = 2.0, refuses: int = 1, page: dict[str, Any]) -> None:
        self._wishes = page
        self._page = PageSource(**page)
        self.name, self.fps = self._page.name, self._page.fps
        self._fault, self._after = fault, after
        self._refuses = refuses
        self._began = 0.0
        self._closed = threading.Event()

    def read(self) -> Frame | None:
        frame = self._page.read()
        if frame is None or self._closed.is_set():
            return None
        frame.image[0, 0] = frame.index % 256  # no two pictures of a camera are the same
        self._began = self._began or frame.captured
        since = frame.captured - self._began - self._after
        return frame if not self._fault or since < 0 else self._fail(frame, since)

    def _fail(self, frame: Frame, since: float) -> Frame | None:
        match self._fault:
            case "block":
                time.sleep(FOR_GOOD)
            case "raise":
                raise SourceError("the cable was pulled")
            case "crash":
                raise RuntimeError("the driver lost its head")
            case "junk":
                return dataclasses.replace(frame, image=np.zeros((0, 0, 3), np.uint8))
            case "resize":
                cut = 0 if since > 0.5 else 120
                return dataclasses.replace(frame, image=np.ascontiguousarray(frame.image[cut:, cut:]))
        return None

    def reopen(self) -> FaultyPage:
        if self._refuses:
            self._refuses -= 1
            raise SourceError("no such device")
        return FaultyPage("", page=self._wishes)

    def close(self) -> None:
        self._closed.set()

    def __enter__(self) -> FaultyPage:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
