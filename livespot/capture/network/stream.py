"""A network address: a stream that never ends by itself, or a finished video behind an address.

Opened with PyAV, which takes timeouts for opening and for each read, and says why it failed. The time of a streamed
frame is our own clock's; many network cameras send none or a wrong one.
"""

import errno
import time
from collections.abc import Iterator
from typing import Any

from livespot.capture.network import address, web
from livespot.capture.network.web import JpegStreamSource, NetworkSource
from livespot.capture.patience import within
from livespot.capture.video import Upright, VideoSource, decoded, video_stream
from livespot.errors import SourceError
from livespot.frame import Frame, Source
from livespot.settings import CaptureSettings

_FINISHED = ("image2", "_pipe")  # formats of one picture


class StreamSource(NetworkSource):
    """An endless stream from an address."""

    def __init__(self, url: str, settings: CaptureSettings, container: Any = None) -> None:
        super().__init__(url, settings)
        self._container = container if container is not None else connect(url, settings)
        self._stream = video_stream(self._container, self.name)
        self._stream.thread_type = "SLICE"  # frame threads would hold frames back
        rate = self._stream.average_rate
        self.fps = float(rate) if rate and 0 < rate <= 240 else None
        self._upright = Upright(self._stream.sample_aspect_ratio)
        self._pictures = self._decode()

    def _next(self) -> Frame | None:
        picture = next(self._pictures, None)
        if picture is None:
            return None
        now = time.perf_counter()
        return self._frame(self._upright(picture), now)

    def _decode(self) -> Iterator[Any]:
        import av

        try:
            if (yield from decoded(self._container, self._stream)):
                raise SourceError(f"{self.name} sends nothing that can be decoded")
        except av.error.FFmpegError as error:
            raise SourceError(f"{self.name}: {reason(error, self._settings.stall_timeout)}") from None

    def _release(self) -> None:
        self._container.close()


def open_stream(url: str, settings: CaptureSettings) -> Source:
    """The source behind an address: a stream, or a video or picture that has an end. Raises SourceError."""
    scheme = address.check(url)
    url = scheme + url[len(scheme) :]  # FFmpeg takes no HTTP://
    if scheme.startswith("http") and (camera := _jpegs(url, settings)) is not None:
        return camera
    container = connect(url, settings)
    shown = address.without_password(url)
    if container.duration or any(word in container.format.name for word in _FINISHED):
        return VideoSource(None, container=container, name=shown)
    try:
        return StreamSource(url, settings, container)
    except SourceError:
        container.close()
        raise


def _jpegs(url: str, settings: CaptureSettings) -> Source | None:
    """The camera at an http address that sends JPEGs; None where FFmpeg reads it. Raises SourceError."""
    shown = address.without_password(url)

    def look() -> JpegStreamSource | bool:
        answer = web.ask(url, settings)
        try:
            if web.is_jpeg_stream(answer):
                return JpegStreamSource(url, settings, answer)
        except OSError:
            pass
        except SourceError:
            answer.close()
            raise
        answer.close()
        return False

    late = f"{shown}: no answer within {settings.open_timeout:g} s"
    found = within(settings.open_timeout + 1.0, look, late, too_late=_close)
    return None if isinstance(found, bool) else found


def _close(late: JpegStreamSource | bool) -> None:
    if not isinstance(late, bool):
        late.close()


def connect(url: str, settings: CaptureSettings) -> Any:
    """An open PyAV container. Raises SourceError within the settings' open timeout."""
    scheme = address.check(url)
    shown = address.without_password(url)
    options = {"flags": "low_delay"}
    if scheme.startswith("rtsp"):
        if settings.rtsp == "udp":
            options["rtsp_transport"] = "udp"
        else:  # TCP goes through every router, and never brings half a picture
            options["rtsp_flags"] = "prefer_tcp"

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
            said = address.hidden_in(reason(error, settings.open_timeout, "@" in url), [url])
            raise SourceError(f"{shown}: {said}") from None

    # A name server that does not answer blocks beyond every timeout of the library.
    return within(
        settings.open_timeout + 1.0,
        call,
        f"{shown}: no answer within {settings.open_timeout:g} s",
        too_late=lambda late: late.close(),
    )


def reason(error: Exception, timeout: float, named: bool = False) -> str:
    """Why the network failed, in a few words."""
    import av

    if isinstance(error, av.error.ExitError):
        return f"no answer within {timeout:g} s"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused: is the camera on, and the port right?"
    if isinstance(error, av.error.HTTPUnauthorizedError | av.error.HTTPForbiddenError):
        if named:
            return "the user name or password is refused: is it spelled right?"
        return "it asks for a user name and password: write them as http://USER:PASSWORD@HOST/"
    if isinstance(error, av.error.HTTPNotFoundError):
        return "there is nothing at this address (404)"
    if isinstance(error, av.error.HTTPError):
        return "the server refuses the request"
    if isinstance(error, av.error.InvalidDataError):
        return "what it sends is not a video"
    if isinstance(error, av.error.EOFError | ConnectionError) or getattr(error, "errno", None) == errno.EIO:
        return "the connection broke"
    return str(getattr(error, "strerror", None) or error)
