"""A video file, frame by frame, with the file's own time stamps (PyAV; OpenCV's reader hides errors and times).

Times start at 0 with the first frame and strictly increase, also where the file's own do not; no frame is left out. A
file that ends before its own header says gives all that reads, then one SourceError that says so.
"""

import time
from collections.abc import Callable, Generator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from livespot.capture.base import check_size
from livespot.errors import SourceError
from livespot.frame import Frame, Image, Source

_MOST_DAMAGED = 300  # packets in a row that do not decode: after that it is no video
_FASTEST = 480  # frames a second


class VideoSource(Source):
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
        self.length = int(self._stream.frames) or None
        self._duration = _duration(self._container, self._stream)
        self.fps = _rate(self._stream, self.length, self._duration)
        # An AVI stamps pictures in the order they are stored, which with B-frames is not the order they are seen.
        self._stamped = not (self._container.format.name == "avi" and self._stream.codec_context.has_b_frames)
        self._index = 0
        self._start = 0.0
        self._last = 0.0
        self._lasts = 0.0  # s that the last picture is to be seen, where the file says so
        self._damaged = 0
        self._broken = 0
        self._whole = False  # a picture came that was: a film cut out of another may begin without its key picture
        self._upright = Upright(self._stream.sample_aspect_ratio)
        self._pictures = self._decode()

    def _next(self) -> Frame | None:
        picture = next(self._pictures, None)
        if picture is None:
            self._check_end()
            return None
        self._whole = self._whole or not picture.is_corrupt
        self._broken += self._whole and picture.is_corrupt
        image = self._upright(picture)
        if self._index == 0:
            check_size(image.shape[1], image.shape[0], self.name)
        frame = Frame(image=image, time=self._stamp(picture), index=self._index, captured=time.monotonic())
        self._lasts = float((picture.duration or 0) * (picture.time_base or 0))
        self._index += 1
        return frame

    def _release(self) -> None:
        self._pictures.close()  # it holds this object, which else keeps the decoder's threads until it is found
        # Its threads take the interpreter's lock now and then, and who frees it waits for them with that lock in hand:
        # for ever, if one is at work. This waits without it.
        self._stream.codec_context.flush_buffers()
        self._container.close()

    def _stamp(self, picture: Any) -> float:
        """Seconds since the first frame, always later than the last one's."""
        step = 1.0 / (self.fps or 25.0)
        known = self._stamped and picture.pts is not None and picture.time_base is not None
        at = float(picture.pts * picture.time_base) if known else self._last + step
        if self._index == 0:
            self._start = at if known else 0.0
            return 0.0
        stamp = at - self._start if known else at
        if stamp < self._last - 1.0:  # two recordings one behind the other: the clock began again
            self._start = at - (self._last + step)
            stamp = self._last + step
        elif stamp <= self._last:
            stamp = self._last + 0.1 * step
        self._last = stamp
        return stamp

    def _decode(self) -> Generator[Any]:
        import av

        def spoilt() -> None:
            self._damaged += 1

        try:
            yield from decoded(self._container, self._stream, spoilt)
        except av.error.FFmpegError:
            spoilt()

    def _check_end(self) -> None:
        """Once, at the end: raises SourceError when the file promised more than it gave."""
        promised, self._duration = self._duration, None
        damaged, self._damaged = self._damaged, 0
        broken, self._broken = self._broken, 0
        if self._index == 0:
            if promised is not None or damaged:
                raise SourceError(f"{self.name}: not one picture could be read: the file is damaged")
            return
        step = 1.0 / self.fps if self.fps else 0.1
        got = self._last + max(step, self._lasts)
        if promised is not None and got < promised - max(1.0, 5 * step, 0.02 * promised):
            raise SourceError(f"{self.name} ended early: {got:.1f} of {promised:.1f} s could be read")
        if damaged:
            raise SourceError(f"{self.name} is damaged: {damaged} of its pictures could not be read")
        if broken:
            raise SourceError(f"{self.name} is damaged: {broken} of its pictures were read only in part")


def _open(path: Path | None, name: str) -> Any:
    import av

    assert path is not None
    try:
        if path.stat().st_size == 0:
            raise SourceError(f"{path} is empty: copy or record it again")
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
        return f"{name} is cut short: its index is missing, so nothing in it can be played; copy it again"
    return f"{name} is not a video or picture livespot can read: convert it to MP4, JPEG or PNG"


def decoded(container: Any, stream: Any, spoilt: Callable[[], object] = lambda: None) -> Generator[Any, None, bool]:
    """The pictures of a stream; at its end, whether it had to be given up: too much in a row does not decode.

    spoilt: called for every packet that does not. Raises FFmpegError when the stream cannot be read.
    """
    import av

    in_a_row = 0
    packets = container.demux(stream)
    while in_a_row <= _MOST_DAMAGED:
        try:
            packet = next(packets, None)
        except IndexError:  # damage looks like a further stream, which PyAV does not know
            in_a_row += 1
            packets = container.demux(stream)
            continue
        if packet is None:
            return False
        try:
            pictures = packet.decode()
        except av.error.FFmpegError:
            in_a_row += 1
            spoilt()
            continue
        in_a_row = 0
        yield from pictures
    return True


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
    said = container.duration / 1e6 if container.duration else None
    if stream.duration is not None and stream.time_base is not None:
        said = float(stream.duration * stream.time_base)
    # The length of an AVI that was cut is worked out anew, but its header still counts all the frames.
    counted = stream.frames / float(stream.average_rate) if stream.frames and stream.average_rate else None
    return max((value for value in (said, counted) if value), default=None)


def _rate(stream: Any, frames: int | None, duration: float | None) -> float | None:
    """Frames a second; some files name the ticks of their clock instead, which is no rate of a film."""
    rates = [stream.average_rate, stream.guessed_rate, frames / duration if frames and duration else None]
    return next((float(rate) for rate in rates if rate and 0 < rate <= _FASTEST), None)


class Upright:
    """Frames of one film as BGR, turned and mirrored as their display matrix says (telephones film lying down, or in a
    mirror).

    The matrix (ISO/IEC 14496-12, 8.4.8.3) takes a place (x, y) of the picture to (a x + c y, b x + d y) of the screen.
    A frame is asked for it when it is turned otherwise than the last: asked, it and its side data hold each other, and
    hundreds would wait for Python to find them.

    shape: of its pixels, width over height, where they are not square; the picture is made as wide, or high, as it is
    to be seen.
    """

    def __init__(self, shape: Fraction | None = None) -> None:
        # A damaged head says anything, and a hundredth is nothing to see.
        self._shape = shape if shape and 0.25 <= shape <= 4 and abs(shape - 1) > 0.01 else Fraction(1)
        self._rotation: int | None = None
        self._matrix = [1, 0, 0, 0, 1]

    def __call__(self, picture: Any) -> Image:
        if picture.rotation != self._rotation:
            self._rotation, matrix = picture.rotation, picture.side_data.get("DISPLAYMATRIX")
            self._matrix = [1, 0, 0, 0, 1] if matrix is None else np.frombuffer(bytes(matrix), np.int32)[:5].tolist()
        width, height = picture.width * max(1, self._shape), picture.height / min(1, self._shape)
        image = np.asarray(picture.to_ndarray(format="bgr24", width=round(width), height=round(height)), np.uint8)
        a, b, _, c, d = self._matrix
        if abs(b) > abs(a):
            image, a, d = image.transpose(1, 0, 2), c, b
        image = image[:: -1 if d < 0 else 1, :: -1 if a < 0 else 1]
        return np.ascontiguousarray(image)
