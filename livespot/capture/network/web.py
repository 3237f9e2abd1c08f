"""A network camera over HTTP: asked what it sends, and its JPEGs read one by one.

Players take far more than the standard says is a stream of JPEGs: a first part without its boundary, parts of any type,
no parts at all. So the pictures are found by their own markers (ITU-T T.81, annex B), whatever stands between them.
"""

import contextlib
import http.client
import re
import ssl
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Iterator
from typing import Any, Self
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from livespot.capture.base import Live, check_size
from livespot.capture.network import address
from livespot.capture.video import Upright
from livespot.errors import SourceError
from livespot.frame import Frame, Image
from livespot.settings import CaptureSettings

_START = b"\xff\xd8\xff"
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # in coded data: not a stuffed byte, not a restart
_BARE = frozenset((0x01, *range(0xD0, 0xD8)))  # markers without a length
_LONGEST = 1 << 25  # bytes without one whole picture: after that it is none
_MOST_DAMAGED = 300
_WRITTEN_SO = "/%:@!$&'()*+,;=~?"  # of an address; other characters are written as %..
_OF_PROXIES = (403, 502, 503, 504)  # where there is one, these are its own answers
_PASSWORD = "it asks for a user name and password: write them as http://USER:PASSWORD@HOST/"


class NetworkSource(Live):
    """What is sent from an address without an end; it can be opened again."""

    def __init__(self, url: str, settings: CaptureSettings) -> None:
        super().__init__()
        self.name = self.identity = address.without_password(url)
        self._url, self._settings = url, settings

    def _frame(self, image: Image, came: float | None = None, captured: float | None = None) -> Frame:
        if self._index == 0:
            check_size(image.shape[1], image.shape[0], self.name)
        return super()._frame(image, came, captured)

    def reopen(self) -> Self:
        """The same address again."""
        return type(self)(self._url, self._settings)


class JpegStreamSource(NetworkSource):
    """An endless row of JPEGs from an http or https address. Times are those of arrival."""

    def __init__(self, url: str, settings: CaptureSettings, answer: Any = None) -> None:
        super().__init__(url, settings)
        self._answer = answer if answer is not None else ask(url, settings)
        self._decoder = _decoder()
        self._upright = Upright()
        self._pictures = jpegs(self._pieces())

    def _next(self) -> Frame | None:
        for _ in range(_MOST_DAMAGED):
            try:
                data = next(self._pictures, None)
            except ValueError:
                raise SourceError(f"{self.name}: what it sends is not a video") from None
            if data is None:
                raise SourceError(f"{self.name}: the connection broke")
            now = time.perf_counter()
            image = self._decoded(data)
            if image is not None:
                return self._frame(image, now)
        raise SourceError(f"{self.name} sends nothing that can be decoded")

    def _decoded(self, data: bytes) -> Image | None:
        import av

        try:
            pictures = self._decoder.decode(av.Packet(data))
        except av.error.FFmpegError:
            self._decoder = _decoder()
            return None
        return self._upright(pictures[0]) if pictures else None

    def _pieces(self) -> Iterator[bytes]:
        try:
            while not self._closing and (piece := self._answer.read1(1 << 16)):
                yield piece
        except TimeoutError:
            raise SourceError(f"{self.name}: no answer within {self._settings.stall_timeout:g} s") from None
        except (OSError, http.client.HTTPException, ValueError):  # ValueError: closed meanwhile
            raise SourceError(f"{self.name}: the connection broke") from None

    def _release(self) -> None:
        with contextlib.suppress(OSError):
            self._answer.close()


def jpegs(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The whole JPEGs in a row of bytes, whatever stands between them. Raises ValueError when there is none for long.

    >>> list(jpegs(iter([b"--x\\r\\n", b"\\xff\\xd8\\xff", b"\\xda\\x00\\x02..\\xff\\xd9 and more"])))
    [b'\\xff\\xd8\\xff\\xda\\x00\\x02..\\xff\\xd9']
    """
    held, in_vain = b"", 0
    for piece in pieces:
        held += piece
        in_vain += len(piece)
        while (start := held.find(_START)) >= 0:
            end = _end(held, start)
            if end is None:
                held = held[start:]
                break
            if end > 0:
                in_vain = 0
                yield held[start:end]
            held = held[abs(end) :]
        else:
            held = held[-2:]
        if in_vain > _LONGEST:
            raise ValueError("no JPEG")


def _end(data: bytes, start: int) -> int | None:
    """Where the JPEG that starts here ends; None when it goes on; minus where the next starts when it has no end."""
    at = start + 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return -(start + 2)  # no JPEG
        kind = data[at + 1]
        if kind == 0xD9:
            return at + 2
        if kind == 0xD8:
            return -at
        if kind == 0xFF or kind in _BARE:
            at += 1 if kind == 0xFF else 2
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if kind == 0xDA:  # the coded data follow
            found = _MARKER.search(data, at)
            if found is None:
                return None
            at = found.start()
            if data[at + 1] == 0xD9:
                return at + 2
    return None


class _Lenient:
    """Closes the answer that asks for a password, and leaves other schemes to others. Python's own keeps the one open
    and raises ValueError at the others.
    """

    def http_error_401(self, request: Any, answer: Any, *told: Any) -> Any:
        answer.close()
        return super().http_error_401(request, answer, *told)  # type: ignore[misc]

    def http_error_auth_reqed(self, *asked: Any) -> Any:
        with contextlib.suppress(ValueError):
            return super().http_error_auth_reqed(*asked)  # type: ignore[misc]
        return None


class _Basic(_Lenient, urllib.request.HTTPBasicAuthHandler): ...


class _Digest(_Lenient, urllib.request.HTTPDigestAuthHandler): ...


def ask(url: str, settings: CaptureSettings) -> Any:
    """The answer of an http or https server, open. Raises SourceError with what is wrong, in the user's words."""
    shown = address.without_password(url)
    parts = urlsplit(url)
    plain = urlunsplit(
        parts._replace(
            netloc=parts.netloc.rpartition("@")[2],
            path=quote(parts.path, safe=_WRITTEN_SO),
            query=quote(parts.query, safe=_WRITTEN_SO),
        )
    )
    known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    if parts.username is not None:
        known.add_password(None, plain, unquote(parts.username), unquote(parts.password or ""))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # cameras sign their own certificates
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), _Basic(known), _Digest(known))
    request = urllib.request.Request(plain, headers={"User-Agent": "livespot", "Accept": "*/*"})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a realm without quotes, as some cameras have it
            answer = opener.open(request, timeout=settings.open_timeout)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in _OF_PROXIES and (proxy := _proxy(parts.scheme, parts.hostname or "")):
            raise SourceError(f"{shown}: {_kept_out(proxy, f'{error.code} {error.reason}', parts.scheme)}") from None
        raise SourceError(f"{shown}: {_refusal(error.code, parts.username is not None)}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        proxy = _proxy(parts.scheme, parts.hostname or "")
        if proxy and isinstance(reason, OSError):
            why = (reason.strerror or str(reason)).lower()
            raise SourceError(f"{shown}: {_kept_out(proxy, why, parts.scheme)}") from None
        raise SourceError(f"{shown}{_failure(reason, settings.open_timeout)}") from None
    with contextlib.suppress(AttributeError):  # from here on, what counts is a stall
        answer.fp.raw._sock.settimeout(settings.stall_timeout)
    return answer


def _kept_out(proxy: str, reason: str, scheme: str) -> str:
    words = f"the proxy {address.without_password(proxy)} does not let it through ({reason})"
    return f"{words}: unset {scheme}_proxy, or name the camera in no_proxy"


def is_jpeg_stream(answer: Any) -> bool:
    """Whether JPEGs come one behind the other. Raises SourceError for a web page."""
    kind = answer.headers.get_content_type()
    if kind in ("text/html", "application/xhtml+xml"):
        parts = urlsplit(answer.url)
        raise SourceError(
            f"{address.without_password(answer.url)} is a web page, not a stream: the stream is often at "
            f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/video"
        )
    if answer.headers.get_content_maintype() == "multipart":
        return True
    begins = answer.peek(3)[:3]
    return answer.headers["Content-Length"] is None and (begins == _START or begins[:2] == b"--")


def _refusal(code: int, named: bool) -> str:
    if code in (401, 403):
        return "the user name or password is refused: is it spelled right?" if named else _PASSWORD
    if code == 404:
        return "there is nothing at this address (404)"
    if code == 407:
        return "the proxy asks for a password: write it into http_proxy, or name the camera in no_proxy"
    return f"the server refuses the request ({code} {http.client.responses.get(code, '')})".replace(" )", ")")


def _failure(reason: object, timeout: float) -> str:
    if isinstance(reason, TimeoutError):
        return f": no answer within {timeout:g} s"
    if isinstance(reason, ConnectionRefusedError):
        return ": connection refused: is the camera on, and the port right?"
    if isinstance(reason, ConnectionError | http.client.HTTPException):
        return ": the connection broke"
    if isinstance(reason, ssl.SSLError):
        return ": it does not answer as https: try http://"
    return " cannot be reached: is the name right, and the network up?"


def _proxy(scheme: str, host: str) -> str:
    """The proxy that is asked instead of the host, or ""."""
    return "" if urllib.request.proxy_bypass(host) else urllib.request.getproxies().get(scheme, "")


def _decoder() -> Any:
    import av

    decoder = av.CodecContext.create("mjpeg", "r")
    decoder.thread_count = 1  # more would hold frames back
    return decoder
