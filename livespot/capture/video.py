"""A video file, frame by frame, with the file's own time stamps (PyAV; OpenCV's reader hides errors and times).

Times start at 0 with the first frame and strictly increase; a frame whose stamp does not is left out. A file that ends
before its own header says gives all that reads, then one SourceError that says so.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from livespot.capture.base import BaseSource, check_size
from livespot.errors import SourceError
from livespot.frame import Frame, Image

_MOST_DAMAGED = 300  # packets in a row that do not decode: after that it is no video


class VideoSource(BaseSource):
    """A file, or a finished video behind an address, opened with PyAV."""

    def __init__(self, path: Path | None, *, container: Any = None, name: str = "") -> None:
        super().__init__()
        self.name = name or (path.name if path is not None else "video")
        self._container = container if container is not None else _open(path, self.name)
        try:
            self._stream = video_stream(self._container, self.name)
        except SourceError:
            self._container.close()
            raise
        rate = self._stream.average_rate or self._stream.guessed_rate
        self.fps = float(rate) if rate else None
        self.length = int(self._stream.frames) or None
        self._duration = _duration(self._container, self._stream)
        self._index = 0
        self._first: float | None = None
        self._last = -1.0
        self._damaged = 0
        self._frames = self._decode()

    def _next(self) -> Frame | None:
        for picture in self._frames:
            stamp = self._stamp(picture)
            if stamp is None:
                continue
            image = upright(picture)
            if self._index == 0:
                check_size(image.shape[1], image.shape[0], self.name)
            frame = Frame(image=image, time=stamp, index=self._index, captured=time.monotonic())
            self._index += 1
            return frame
        self._check_end()
        return None

    def _release(self) -> None:
        self._container.close()

    def _stamp(self, picture: Any) -> float | None:
        """Seconds since the first frame; None for a stamp that does not move forward."""
        if picture.pts is None or picture.time_base is None:
            stamp = self._last + 1.0 / (self.fps or 25.0) if self._first is not None else 0.0
        else:
            at = float(picture.pts * picture.time_base)
            self._first = at if self._first is None else self._first
            stamp = at - self._first
        if stamp <= self._last:
            return None
        self._last = stamp
        return stamp

    def _decode(self) -> Iterator[Any]:
        import av

        in_a_row = 0
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except av.error.FFmpegError:
                self._damaged += 1
                packet = None
            if packet is None:
                return
            try:
                pictures = packet.decode()
                in_a_row = 0
            except av.error.FFmpegError:
                self._damaged += 1
                in_a_row += 1
                if in_a_row > _MOST_DAMAGED:
                    return
                continue
            yield from pictures

    def _check_end(self) -> None:
        """Once, at the end: raises SourceError when the file promised more than it gave."""
        promised, self._duration = self._duration, None
        damaged, self._damaged = self._damaged, 0
        if self._index == 0:
            if promised is not None or damaged:
                raise SourceError(f"{self.name}: not one picture could be read: the file is damaged")
            return
        step = 1.0 / self.fps if self.fps else 0.1
        got = self._last + step
        if promised is not None and got < promised - max(1.0, 5 * step, 0.02 * promised):
            raise SourceError(f"{self.name} ended early: {got:.1f} of {promised:.1f} s could be read")
        if promised is not None and self.length is not None and self._index + damaged + 5 < 0.95 * self.length:
            raise SourceError(f"{self.name} ended early: {self._index} of {self.length} frames could be read")
        if damaged:
            raise SourceError(f"{self.name} is damaged: {damaged} of its pictures could not be read")


def _open(path: Path | None, name: str) -> Any:
    import av

    assert path is not None
    try:
        if path.stat().st_size == 0:
            raise SourceError(f"{path} is empty")
        return av.open(str(path.resolve()), metadata_errors="replace")
    except OSError as error:
        reason = getattr(error, "strerror", None) or str(error)
        if isinstance(error, av.error.FFmpegError):
            raise SourceError(_not_a_video(path, name)) from None
        raise SourceError(f"cannot read {path}: {reason}") from None
    except (av.error.FFmpegError, ValueError):
        raise SourceError(_not_a_video(path, name)) from None


def _not_a_video(path: Path, name: str) -> str:
    """One line about a file that does not open as a video; an MP4 without its index was cut short."""
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide"):
        return f"{name} is cut short: its index is missing, so nothing in it can be played"
    return f"{name} is not a video or picture livespot can read"


def video_stream(container: Any, name: str) -> Any:
    streams = [s for s in container.streams.video if "attached_pic" not in str(s.disposition)]
    if not streams:
        raise SourceError(f"{name} has no video in it")
    stream = streams[0]
    if stream.codec_context is None:
        raise SourceError(f"{name}: this kind of video cannot be decoded here")
    stream.thread_type = "AUTO"
    return stream


def _duration(container: Any, stream: Any) -> float | None:
    """Seconds the file says it has, or None when it does not say."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return container.duration / 1e6 if container.duration else None


def upright(picture: Any) -> Image:
    """The frame as BGR, turned as its display matrix says (telephones film lying down)."""
    image = np.asarray(picture.to_ndarray(format="bgr24"), np.uint8)
    quarter = round(picture.rotation / 90) % 4  # anticlockwise quarter turns
    turns = {1: cv2.ROTATE_90_COUNTERCLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_CLOCKWISE}
    if quarter in turns:
        image = np.asarray(cv2.rotate(image, turns[quarter]), np.uint8)
    return np.ascontiguousarray(image)
