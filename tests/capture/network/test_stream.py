"""Network cameras on loopback: pictures come, and every failure is one line in time, without the password."""

import contextlib
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from kit.network.mjpeg import MjpegServer

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


def test_a_name_that_is_none() -> None:
    with pytest.raises(SourceError, match=r"\*\*\*@no-such-host\.invalid/page cannot be reached: is the name right"):
        open_source("http://joe:hunter2@no-such-host.invalid/page", SETTINGS)


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


RTSP = Path(__file__).parents[2] / "kit" / "network" / "rtsp.py"
ASK = "import gi; gi.require_version('GstRtspServer', '1.0')"


@contextlib.contextmanager
def rtsp_camera(port: int, *words: str) -> Iterator[None]:
    """Debian's GStreamer serves one; it has a Python of its own."""
    python = shutil.which("python3", path="/usr/bin")
    if python is None or subprocess.run([python, "-c", ASK], capture_output=True).returncode:
        pytest.skip("needs gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-base gstreamer1.0-plugins-good")
    server = subprocess.Popen([python, str(RTSP), str(port), *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert server.stdout.readline() == b"ready\n"
        yield
    finally:
        server.kill()
        server.communicate()


def test_an_rtsp_camera_over_udp_alone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = changed(SETTINGS, {"capture.open_timeout": 20, "capture.stall_timeout": 10})
    with rtsp_camera(port, "udp"), open_source(f"rtsp://127.0.0.1:{port}/page", settings) as source:
        frame = source.read()
    assert frame.image.shape == (240, 320, 3)


def test_an_rtsp_camera_that_goes_away_and_comes_back() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = changed(SETTINGS, {"capture.open_timeout": 10, "capture.stall_timeout": 1})
    with contextlib.ExitStack() as first:
        first.enter_context(rtsp_camera(port))
        source = open_source(f"rtsp://127.0.0.1:{port}/page", settings)
        newest = NewestFrame(source, settings.capture)
        with newest:
            frame = newest.take(timeout=10)
            assert frame.image.shape == (240, 320, 3)
            first.close()
            for _ in range(1000):
                newest.take(timeout=0.01)
                if newest.status.health is Health.LOST:
                    break
            assert newest.status.health is Health.LOST
            with rtsp_camera(port):
                for _ in range(3000):
                    newest.take(timeout=0.01)
                    if newest.status.recoveries:
                        break
                assert newest.status.recoveries == 1
