"""Network cameras on loopback: pictures come, and every failure is one line in time, without the password."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from kit.mjpeg import MjpegServer

from livespot.capture.newest import Health, NewestFrame, Reopenable
from livespot.capture.opening import open_source
from livespot.errors import SourceError
from livespot.settings import Settings, changed

SETTINGS = changed(Settings(), {"capture.open_timeout": 1.0, "capture.stall_timeout": 0.5, "capture.retry_first": 0.05})


@pytest.fixture
def camera() -> Iterator[MjpegServer]:
    with MjpegServer() as server:
        yield server


def test_pictures_come_in_order(camera: MjpegServer) -> None:
    with open_source(camera.url, SETTINGS) as source:
        assert source.live
        assert isinstance(source, Reopenable)
        frames = [source.read() for _ in range(5)]
    assert all(frame is not None and frame.image.shape == (120, 160, 3) for frame in frames)
    times = [frame.time for frame in frames if frame]
    assert times == sorted(set(times))


def test_a_picture_behind_an_address_is_one_frame(camera: MjpegServer) -> None:
    with open_source(camera.url.replace("/stream", "/page.jpg"), SETTINGS) as source:
        assert not source.live
        frame = source.read()
        assert frame is not None
        assert source.read() is None


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/missing", "nothing at this address"),
        ("/private", "user name and password"),
        ("/silent", "no answer within 1 s"),
    ],
)
def test_servers_that_refuse_or_stall(camera: MjpegServer, path: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        open_source(f"http://127.0.0.1:{camera.port}{path}", SETTINGS)


@pytest.mark.parametrize("scheme", ["http", "rtsp", "tcp"])
def test_nobody_listens(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(SourceError, match="connection refused") as caught:
        open_source(f"{scheme}://me:s3cret@127.0.0.1:{port}/", SETTINGS)
    assert "s3cret" not in str(caught.value)


def test_a_line_that_stays_silent_is_no_stream() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(SourceError, match="no answer within 1 s"):
        open_source(f"tcp://127.0.0.1:{listener.getsockname()[1]}", SETTINGS)


@pytest.mark.parametrize(("script", "says"), [("frame frame stall", "no answer"), ("frame frame drop", "broke")])
def test_a_stream_that_fails_says_how(script: str, says: str) -> None:
    def read_on() -> None:
        for _ in range(10):
            source.read()

    with (
        MjpegServer(script) as server,
        open_source(server.url, SETTINGS) as source,
        pytest.raises(SourceError, match=says),
    ):
        read_on()


def test_a_stream_that_stalls_and_drops_is_opened_again() -> None:
    with MjpegServer("frame frame frame stall", "frame frame drop", "frame") as server:
        source = open_source(server.url, SETTINGS)
        with NewestFrame(source, SETTINGS.capture) as newest:
            for _ in range(2000):
                newest.take(timeout=0.01)
                if newest.status.recoveries == 2 and newest.status.health is Health.RUNNING:
                    break
            assert newest.status.recoveries == 2
            assert newest.take(timeout=5) is not None
        assert server.connections == 3
