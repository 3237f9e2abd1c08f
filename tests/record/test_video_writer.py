"""What the recorder writes opens in a browser, not only in FFmpeg's own tools."""

import contextlib
import http.server
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kit.patience import until

from livespot.record.recorder import Recorder
from livespot.record.recover import recover
from livespot.settings import RecordingSettings

BROWSERS = ("chromium", "chromium-browser", "google-chrome")

PAGE = """<!doctype html><video muted src="{name}"></video><script>
const video = document.querySelector("video");
const report = (what) => fetch("/report?" + encodeURIComponent(JSON.stringify({{
  what, seconds: video.duration, width: video.videoWidth, height: video.videoHeight, at: video.currentTime,
  error: video.error && video.error.message,
  frames: video.getVideoPlaybackQuality().totalVideoFrames}})));
video.onerror = () => report("error");
video.onended = () => report("ended");
video.play().catch((error) => report("refused: " + error));
</script>"""


class Browser:
    """A headless browser that plays a video from a local server and tells what it saw."""

    def __init__(self, program: str, profile: Path) -> None:
        self._program, self._profile = program, profile

    def play(self, path: Path) -> dict[str, Any]:
        told: queue.Queue[dict[str, Any]] = queue.Queue()

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *arguments: Any) -> None:
                super().__init__(*arguments, directory=str(path.parent))

            def do_GET(self) -> None:
                where = urllib.parse.urlparse(self.path)
                if where.path == "/report":
                    told.put(json.loads(urllib.parse.unquote(where.query)))
                    self.send_error(204)
                elif where.path == "/page":
                    self._send(PAGE.format(name=path.name).encode(), "text/html")
                elif where.path == "/" + path.name:
                    self._send(path.read_bytes(), "video/mp4")
                else:
                    self.send_error(404)

            def _send(self, data: bytes, kind: str) -> None:
                """All of it, or the bytes asked for: players jump to the index at the end."""
                wanted = self.headers.get("Range", "")
                begin, end = 0, len(data)
                if wanted.startswith("bytes="):
                    first, _, last = wanted[6:].partition("-")
                    begin, end = int(first), int(last) + 1 if last else end
                    self.send_response(206)
                    self.send_header("Content-Range", f"bytes {begin}-{end - 1}/{len(data)}")
                else:
                    self.send_response(200)
                self.send_header("Accept-Ranges", "bytes")
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(end - begin))
                self.end_headers()
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the player had enough
                    self.wfile.write(data[begin:end])

            def log_message(self, *_: object) -> None:
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            browser = subprocess.Popen(
                [self._program, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions",
                 "--autoplay-policy=no-user-gesture-required", f"--user-data-dir={self._profile}",
                 f"http://127.0.0.1:{server.server_port}/page"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                env={**os.environ, "TMPDIR": str(self._profile.parent)},  # killed, it would leave its files behind
            )  # fmt: skip
            try:
                return told.get(timeout=90)
            finally:
                os.killpg(browser.pid, 9)
                browser.wait()
                server.shutdown()


@pytest.fixture
def browser() -> Iterator[Browser]:
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no browser here to play recordings in (Debian: apt-get install chromium)")
    # a name short enough for the browser's socket: pytest's own folders are not, where two processes share the tests
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield Browser(program, Path(folder) / "profile")


def record(path: Path, picture: Any, then: Any = None) -> None:
    with Recorder(path, RecordingSettings(), title="harbour") as recorder:
        for n in range(60):
            recorder.write(picture(n), n / 30, wait=True)
        recorder.mark("frozen")
        until(lambda: recorder.status.written == 60)
        if then is not None:
            then()


@pytest.mark.slow
@pytest.mark.parametrize("fate", ["closed", "recovered", "cut off"])
def test_a_browser_plays_it_to_the_end(tmp_path: Path, picture: Any, browser: Browser, fate: str) -> None:
    folder, other = tmp_path / "films", tmp_path / "other"
    folder.mkdir()
    other.mkdir()
    path = folder / "clip.mp4"
    if fate == "closed":
        record(path, picture)
    else:  # what a kill leaves, as it is or recovered
        leftover = folder / "clip.writing.mp4"
        record(other / path.name, picture, then=lambda: shutil.copy(other / leftover.name, leftover))
        if fate == "recovered":
            recover(leftover)
        else:
            leftover.rename(path)
    seen = browser.play(path)
    assert seen["what"] == "ended", seen
    assert (seen["width"], seen["height"]) == (320, 240)
    assert seen["at"] == pytest.approx(2.0, abs=0.02 if fate == "closed" else 0.5)
    assert seen["seconds"] == pytest.approx(seen["at"], abs=0.1)
