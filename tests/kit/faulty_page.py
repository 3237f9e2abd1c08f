"""PageSource as a camera that fails while a file is there, and can be opened again as soon as it is taken away.

    FaultyPage("block", while_there=tmp_path / "fault", page={})

Faults: block (a read that never comes back, not even by close), end, raise, crash, junk (frames without pixels),
resize (smaller pictures; nothing to open again for). It says on standard error whether its focus is to be kept.
"""

from __future__ import annotations

import dataclasses
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from kit.truth_page import PageSource
from livespot.errors import SourceError
from livespot.frame import Frame, Source

FOR_GOOD = 600.0  # s
SMALLER = 120  # px


class FaultyPage(Source):
    """See above. page: the keywords of its PageSource."""

    live = True
    length = None

    def __init__(self, fault: str, *, while_there: Path | str, page: dict[str, Any]) -> None:
        self._fault, self._sign, self._wishes = fault, Path(while_there), page
        self._page = PageSource(**page)
        self.name, self.fps = self._page.name, self._page.fps
        self._closed = threading.Event()

    def read(self) -> Frame | None:
        frame = self._page.read()
        if frame is None or self._closed.is_set():
            return None
        frame.image[0, 0] = frame.index % 256  # no two pictures of a camera are the same
        return self._fail(frame) if self._sign.exists() else frame

    def _fail(self, frame: Frame) -> Frame | None:
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
                return dataclasses.replace(frame, image=np.ascontiguousarray(frame.image[SMALLER:, SMALLER:]))
        return None

    def reopen(self) -> FaultyPage:
        if self._sign.exists():
            raise SourceError("no such device")
        return FaultyPage(self._fault, while_there=self._sign, page=self._wishes)

    @property
    def modes(self) -> tuple[str, str]:
        return "1920x1080 at 30/s MJPG", "1280x720 at 30/s MJPG"

    @property
    def focus(self) -> str:
        return "focus and exposure stay as they are"

    def keep_focus(self, keep: bool) -> bool:
        print(f"keep focus: {keep}", file=sys.stderr, flush=True)
        return True

    def close(self) -> None:
        self._closed.set()
