"""A source with its picture turned, for a camera that is mounted on its side."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np

from livespot.capture.base import BaseSource
from livespot.capture.newest import Adjustable, Reopenable
from livespot.frame import Frame, Source

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


class Turned(BaseSource):
    """`source`, turned clockwise by 90, 180 or 270 degrees."""

    def __init__(self, source: Source, degrees: int) -> None:
        super().__init__()
        self.name, self.live, self.fps, self.length = source.name, source.live, source.fps, source.length
        self.identity = str(getattr(source, "identity", ""))
        self.notice = getattr(source, "notice", "")
        self._source = source
        self._degrees = degrees

    def read(self) -> Frame | None:
        frame = self._source.read()
        if frame is None:
            return None
        return dataclasses.replace(frame, image=np.asarray(cv2.rotate(frame.image, _TURNS[self._degrees]), np.uint8))

    def close(self) -> None:
        self._source.close()

    @property
    def modes(self) -> tuple[str, str] | None:
        return self._source.modes if isinstance(self._source, Adjustable) else None

    def keep_focus(self, keep: bool) -> bool:
        return isinstance(self._source, Adjustable) and self._source.keep_focus(keep)

    @property
    def focus(self) -> str:
        return self._source.focus if isinstance(self._source, Adjustable) else ""


class TurnedLive(Turned):
    """The same for a source that can be opened again."""

    def reopen(self) -> Source:
        assert isinstance(self._source, Reopenable)
        return TurnedLive(self._source.reopen(), self._degrees)


def turned(source: Source, degrees: int) -> Source:
    """`source` turned clockwise by 0, 90, 180 or 270 degrees."""
    if degrees == 0:
        return source
    return TurnedLive(source, degrees) if isinstance(source, Reopenable) else Turned(source, degrees)
