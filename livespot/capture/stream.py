"""A network address: a stream that never ends by itself, or a finished video behind an address.

Opened with PyAV, which takes timeouts for opening and for each read, and says why it failed. The time of a streamed
frame is our own clock's; many network cameras send none or a wrong one.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator
from typing import Any, Self

import numpy as np

from livespot.capture import address
from livespot.capture.base import BaseSource, check_size
from livespot.capture.patience import within
from livespot.capture.video import VideoSource, upright, video_stream
from livespot.errors import SourceError
from livespot.frame import Frame, Source
from livespot.settings import CaptureSettings

_FINISHED = ("image2", "_pipe")  # formats of one picture
_MOST_DAMAGED = 300  # packets in a row that do not decode: after that it is no video


class StreamSource(BaseSource):
    """An endless stream from an address."""

    live = True

    def __init__(self, url: str, settings: CaptureSettings, container: Any = None) -> None:
        super().__init__()
        self.name = self.identity = address.without_password(url)
        self._url = url
        self._settings = settings
        self._container = container if container is not None else connect(url, settings)
        self._stream = video_stream(self._container, self.name)
        self._stream.thread_type = "SLICE"  # frame threads would hold frames back
        rate = self._stream.average_rate
        self.fps = float(rate) if rate and 0 < rate <= 240 else None
        self._pictures = self._decode()
        self._index = 0
        self._start = time.perf_counter()  # see camera

    def _next(self) -> Frame | None:
        picture = next(self._pictures, None)
        if picture is None:
            return None
        now = time.perf_counter()
        image = upright(picture)
        if self._index == 0:
            check_size(image.shape[1], image.shape[0], self.name)
        frame = Frame(np.asarray(image, np.uint8), now - self._start, self._index, time.monotonic())
        self._index += 1
        return frame

    def _decode(self) -> Iterator[Any]:
        import av

        damaged = 0
        packets = self._container.demux(self._stream)
        while not self._closing:
            try:
                packet = next(packets, None)
            except av.error.FFmpegError as error:
                raise SourceError(f"{self.name}: {reason(error, self._settings.stall_timeout)}") from None
            except IndexError:  # damage looks like a further stream, which PyAV does not know
                damaged += 1
                if damaged > _MOST_DAMAGED:
                    raise SourceError(f"{self.name} sends nothing that can be decoded") from None
                packets = self._container.demux(self._stream)
                continue
            if packet is None:
                return
            try:
                pictures = packet.decode()
            except av.error.FFmpegError:
                damaged += 1
                if damaged > _MOST_DAMAGED:
                    raise SourceError(f"{self.name} sends nothing that can be decoded") from None
                continue
            damaged = 0
            yield from pictures

    def _release(self) -> None:
        self._container.close()

    def reopen(self) -> Self:
        """The same address again."""
        return type(self)(self._url, self._settings)


def open_stream(url: str, settings: CaptureSettings) -> Source:
    """The source behind an address: a stream, or a video or picture that has an end. Raises SourceError."""
    container = connect(url, settings)
    shown = address.without_password(url)
    if container.duration or any(word in container.format.name for word in _FINISHED):
        return VideoSource(None, container=container, name=shown)
    try:
        return StreamSource(url, settings, container)
    except SourceError:
        container.close()
        raise


def connect(url: str, settings: CaptureSettings) -> Any:
    """An open PyAV container. Raises SourceError within the settings' open timeout."""
    scheme = address.check(url)
    shown = address.without_password(url)
    options = {"flags": "low_delay"}
    if scheme.startswith("rtsp"):
        options["rtsp_transport"] = "tcp"  # through every router, and never half a picture

    def call() -> Any:
        import av

        started = time.monotonic()
        try:
            timeout = (settings.open_timeout, settings.stall_timeout)
            return av.open(url, options=options, timeout=timeout, metadata_errors="replace")
        except (av.error.FFmpegError, OSError, ValueError) as error:
            if time.monotonic() - started > 0.95 * settings.open_timeout:  # RTSP calls its time-out invalid data
                raise SourceError(f"{shown}: no answer within {settings.open_timeout:g} s") from None
            if getattr(error, "errno", None) == errno.EIO:  # nothing was connected yet that could break
                raise SourceError(f"{shown} cannot be reached: is the name right, and the network up?") from None
            said = address.hidden_in(reason(error, settings.open_timeout), [url])
            raise SourceError(f"{shown}: {said}") from None

    # A name server that does not answer blocks beyond every timeout of the library.
    return within(
        settings.open_timeout + 1.0,
        call,
        f"{shown}: no answer within {settings.open_timeout:g} s",
        too_late=lambda late: late.close(),
    )


def reason(error: Exception, timeout: float) -> str:
    """Why the network failed, in a few words."""
    import av

    if isinstance(error, av.error.ExitError):
        return f"no answer within {timeout:g} s"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused: is the camera on, and the port right?"
    if isinstance(error, av.error.HTTPUnauthorizedError | av.error.HTTPForbiddenError):
        return "it asks for a user name and password: write them as http://USER:PASSWORD@HOST/"
    if isinstance(error, av.error.HTTPNotFoundError):
        return "there is nothing at this address (404)"
    if isinstance(error, av.error.HTTPError):
        return "the server refuses the request"
    if isinstance(error, av.error.InvalidDataError):
        return "what it sends is no video"
    if isinstance(error, av.error.EOFError | ConnectionError) or getattr(error, "errno", None) == errno.EIO:
        return "the connection broke"
    return str(getattr(error, "strerror", None) or error)
