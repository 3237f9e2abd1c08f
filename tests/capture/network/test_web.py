"""JPEGs over HTTP as cameras really send them, and what is said where none come. Each case is one that players take."""

import contextlib
import gc
import itertools
import os
import socket
import threading
from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from livespot.capture.network.web import jpegs
from livespot.capture.opening import open_source
from livespot.errors import SourceError
from livespot.settings import Settings, changed

SETTINGS = changed(Settings(), {"capture.open_timeout": 20.0, "capture.stall_timeout": 20.0})
RANDOM = np.random.default_rng(11)
PICTURES = [
    cv2.imencode(".jpg", cv2.blur(RANDOM.integers(0, 256, (96, 128, 3), np.uint8), (9, 9)))[1].tobytes(),
    cv2.imencode(
        ".jpg", cv2.blur(RANDOM.integers(0, 256, (96, 128, 3), np.uint8), (9, 9)), [cv2.IMWRITE_JPEG_PROGRESSIVE, 1]
    )[1].tobytes(),
    cv2.imencode(".jpg", np.full((96, 128, 3), 90, np.uint8), [cv2.IMWRITE_JPEG_RST_INTERVAL, 2])[1].tobytes(),
]


@contextlib.contextmanager
def server(head: str, body: bytes, then: bytes = b"") -> Iterator[str]:
    """Answers each connection with this head and body, then with `then` again and again. Gives its HOST:PORT."""
    over = threading.Event()

    def answer(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.recv(4096)
            connection.sendall(f"HTTP/1.1 {head}\r\nConnection: close\r\n\r\n".encode() + body)
            while then and not over.wait(0.02):
                connection.sendall(then)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        over.set()
        listener.shutdown(socket.SHUT_RDWR)


def part(kind: str, data: bytes, length: bool = True) -> bytes:
    size = f"Content-Length: {len(data)}\r\n" if length else ""
    return f"--edge\r\nContent-Type: {kind}\r\n{size}\r\n".encode() + data + b"\r\n"


MIXED = "200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=edge"
J = PICTURES[0]


@pytest.mark.parametrize(
    ("head", "first", "then"),
    [
        (MIXED, J + b"\r\n", part("image/jpeg", J)),
        (MIXED, b"", part("image/jpg", J)),
        (MIXED, b"", part(f"image/jpeg;size={len(J)}", J)),
        (MIXED, b"", part("application/octet-stream", J, length=False)),
        (MIXED.replace("edge", "--other"), b"", part("image/jpeg", J, length=False)),
        (MIXED, b"", b"--edgeContent-type: image/jpeg\nContent-length: 9\n\n" + J),  # viseron, pull request 355
        (f"{MIXED}\r\nTransfer-Encoding: chunked", b"", b"%x\r\n%s\r\n" % (len(J), J)),  # motioneye, issue 2441
        ("200 OK\r\nContent-Type: image/jpeg", b"", J),
        ("200 OK\r\nContent-Type: application/octet-stream", b"", J + b"\0\0"),
    ],
    ids=[
        "no first boundary", "image/jpg", "size in the type", "octet-stream", "wrong boundary", "no line", "chunked",
        "bare", "bare, padded",
    ],
)  # fmt: skip
def test_rows_of_jpegs(head: str, first: bytes, then: bytes) -> None:
    with server(head, first, then) as place, open_source(f"HTTP://{place}/video", SETTINGS) as source:
        frames = [frame for frame in (source.read() for _ in range(3)) if frame]
        assert source.live
    expected = cv2.imdecode(np.frombuffer(J, np.uint8), cv2.IMREAD_COLOR)
    assert expected is not None
    assert [frame.image.shape for frame in frames] == [(96, 128, 3)] * 3
    assert np.abs(frames[2].image.astype(int) - expected).mean() < 6
    assert frames[2].time - frames[1].time > 0.005  # the clock of arrival


def test_an_address_as_a_browser_shows_it() -> None:
    with server(MIXED, b"", part("image/jpeg", J)) as place:
        for path in ("höf kamera?name=ä", "a%20b?x=1%2F2"):
            with open_source(f"http://{place}/{path}", SETTINGS) as source:
                assert source.read() is not None


@pytest.mark.parametrize("size", [1, 7, 1000, 1 << 20])
def test_pictures_are_whole_however_the_bytes_come(size: int) -> None:
    thumbnail = J[:2] + b"\xff\xe1" + (len(PICTURES[2]) + 2).to_bytes(2, "big") + PICTURES[2] + J[2:]
    sent = [*PICTURES, thumbnail]
    row = b"--x\r\n\r\n" + b"\r\n--x\r\n\r\n".join(sent) + b"\xff\xd8\xff\xe0" + J[:500] + b"\r\n" + b"".join(PICTURES)
    pieces = (row[i : i + size] for i in itertools.count(0, size) if i < len(row) or pytest.fail("read on"))
    got = (
        list(itertools.islice(jpegs(itertools.takewhile(bool, pieces)), 4))
        if size > 1
        else list(jpegs(iter([row])))[:4]
    )
    assert got == sent


def test_what_is_no_jpeg_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="no JPEG"):
        list(jpegs(itertools.repeat(b"\xff\xd8\xff\xe0\xff\xff" + bytes(1 << 22), 20)))
    for seed in range(20):  # never a hang, never another exception
        list(jpegs(iter([np.random.default_rng(seed).bytes(20000), J, b"\xff\xd8\xff"])))


@pytest.mark.parametrize(
    ("head", "address", "says"),
    [
        ("200 OK\r\nContent-Type: text/html", "http://{}/", r"is a web page, not a stream: .* at http://127.*/video"),
        ("401 No\r\nWWW-Authenticate: Basic realm=x", "http://me:s3cret@{}/", "user name or password is refused"),
        ("401 No\r\nWWW-Authenticate: Basic realm=x", "http://{}/", "asks for a user name and password: write them as"),
        ("401 No\r\nWWW-Authenticate: Digest realm=x, nonce=y", "http://{}/", "asks for a user name and password"),
        ("401 No\r\nWWW-Authenticate: Digest realm=x", "http://me:s3cret@{}/", "user name or password is refused"),
        ("401 No\r\nWWW-Authenticate: Bearer", "http://me:s3cret@{}/", "user name or password is refused"),
        ("500 Oops", "http://{}/", "refuses the request .500"),
        (MIXED, "{}/video", r"if it is a network camera, write http://127.0.0.1:\d+/video"),
    ],
    ids=[
        "a page",
        "wrong password",
        "no password",
        "no password (digest)",
        "half a digest",
        "a token",
        "a fault",
        "no http://",
    ],
)
def test_what_is_no_stream_is_said(head: str, address: str, says: str) -> None:
    with server(head, b"<html>") as place, pytest.raises(SourceError, match=says) as caught:
        open_source(address.format(place), SETTINGS)
    assert "s3cret" not in str(caught.value)
    del caught
    gc.collect()  # what was left open is told of now


def test_a_proxy_that_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("http_proxy", f"http://me:s3cret@127.0.0.1:{port}")
    with pytest.raises(SourceError, match=r"the proxy http://me:\*\*\*@.*connection refused.*no_proxy"):
        open_source("http://camera.example/video", SETTINGS)
    with server("403 Forbidden", b"") as place:
        monkeypatch.setenv("http_proxy", f"http://{place}")
        with pytest.raises(SourceError, match=r"the proxy http://127.* \(403 Forbidden\): unset http_proxy"):
            open_source("http://camera.example/video", SETTINGS)
