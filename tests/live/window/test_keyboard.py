"""Keys on other keyboards, keys that are held, and an X server that dies: on a virtual display with real keys."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from kit.patience import until
from kit.screen.xscreen import XScreen

pytestmark = pytest.mark.window

# A window that says which keys it hears, and records meanwhile.
LISTENER = """
import sys, time
import numpy as np
from livespot.live.window.window import Window
from livespot.record.recorder import Recorder
from livespot.saying import talk
from livespot.settings import RecordingSettings
talk()
window = Window("livespot", (320, 240))
recorder = Recorder(sys.argv[1], RecordingSettings())
picture = np.random.default_rng(0).integers(0, 255, (240, 320, 3), np.uint8)
for n in range(100000):
    window.show(np.roll(picture, n, axis=1))
    if n % 10 == 0:
        recorder.write(picture, n / 50)
    for code in window.pressed(typing="typing" in sys.argv):
        print(chr(code & 0xFFFFFF) if code < 128 or code >> 24 else code, flush=True)
    if n == 5:
        print("ready", flush=True)
    time.sleep(0.02)
"""
R, LEFT = "27", "113"  # keycodes


class Listener:
    def __init__(self, screen: XScreen, folder: Path, *words: str) -> None:
        self.screen, self.film = screen, folder / "film.mp4"
        self._heard = folder / "heard"
        with self._heard.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", LISTENER, str(self.film), *words], stdout=out, stderr=subprocess.PIPE,
                text=True, env=os.environ | {"DISPLAY": screen.name},
            )  # fmt: skip
        self.wait_for("ready")

    def heard(self) -> list[str]:
        return self._heard.read_text().split()

    def wait_for(self, *words: str, seconds: float = 60.0) -> None:
        until(lambda: set(words) <= set(self.heard()), " ".join(words), seconds)


@pytest.fixture
def listener(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Listener]:
    """Parametrised indirectly: a further word for the listener."""
    if missing := XScreen.missing() or ("" if shutil.which("setxkbmap") else "setxkbmap"):
        pytest.skip(f"needs {missing}")
    with XScreen(800, 600) as screen:
        listening = Listener(screen, tmp_path, *getattr(request, "param", ()))
        try:
            window = screen.hands("search", "--name", "livespot").split()[0]
            screen.hands("windowfocus", "--sync", window)
            yield listening
        finally:
            listening.process.kill()
            listening.process.communicate()


def test_a_key_means_the_same_on_every_keyboard(listener: Listener) -> None:
    for layout in ("ru", "us,ru", "gr", "il", "ara"):
        before = len(listener.heard())
        group = ["-option", "grp:alt_shift_toggle"] if "," in layout else []
        subprocess.run(["setxkbmap", "-display", listener.screen.name, "-layout", layout, *group], check=True)
        time.sleep(0.5)
        listener.screen.hands("key", R)
        until(lambda: len(listener.heard()) > before, layout)  # noqa: B023
        assert listener.heard()[before:] == ["r"], layout


@pytest.mark.parametrize("listener", [["typing"]], indirect=True, ids=["path"])
def test_a_name_is_typed_as_it_is_written(listener: Listener) -> None:
    before = len(listener.heard())
    for layout, word in (("de", "Märchen.png"), ("ru", "Файл")):
        subprocess.run(["setxkbmap", "-display", listener.screen.name, "-layout", layout], check=True)
        time.sleep(0.5)
        listener.screen.hands("type", "--delay", "60", word)
        time.sleep(0.5)
    characters = [word for word in listener.heard()[before:] if len(word) == 1]  # Shift is a key, too
    assert "".join(characters) == "Märchen.pngФайл"


def test_a_held_key_switches_once_and_a_held_arrow_goes_on(listener: Listener) -> None:
    listener.screen.hands("key", "38")  # the server takes up the virtual keyboard with its first key
    listener.wait_for("a")
    for key in (R, "Escape", LEFT):
        listener.screen.hands("keydown", key)
        time.sleep(2.5)
        listener.screen.hands("keyup", key)
        time.sleep(0.5)
    for _ in range(2):
        listener.screen.hands("key", R)
        time.sleep(0.5)
    heard = listener.heard()
    assert heard.count("r") == 3
    assert heard.count("\x1b") == 1
    assert heard.count("65361") > 3


def test_every_key_is_heard_that_was_pressed_while_a_picture_was_drawn(listener: Listener) -> None:
    listener.screen.hands("key", "38")
    listener.wait_for("a")
    listener.process.send_signal(signal.SIGSTOP)
    listener.screen.hands("key", "Escape", "r", "r", "Left", "ctrl+r", "n")
    listener.process.send_signal(signal.SIGCONT)
    listener.wait_for("n")
    assert listener.heard()[listener.heard().index("a") + 1 :] == ["\x1b", "r", "r", "65361", "n"]


def test_the_windows_of_calibrate_and_selfcheck_open_inside_the_screen() -> None:
    if missing := XScreen.missing():
        pytest.skip(f"needs {missing}")
    show = """
import numpy as np
from livespot.live.calibration_host import BoardWindow
window = BoardWindow("livespot calibrate: C920")
for _ in range(10):
    window.show(np.zeros((720, 1280, 3), np.uint8))
print(*window._window.size)
"""
    with XScreen(640, 480) as screen:
        words = [sys.executable, "-P", "-c", show]
        done = subprocess.run(words, capture_output=True, text=True, env=os.environ | {"DISPLAY": screen.name})
    width, height = map(int, done.stdout.split())
    assert width <= 640
    assert height <= 480


def test_an_x_server_that_dies_ends_it_well(listener: Listener) -> None:
    time.sleep(2.0)  # something to record
    listener.screen.close()
    said = listener.process.communicate(timeout=60)[1]
    assert listener.process.returncode == 1
    assert said == "livespot: the screen went away (the X server ended): livespot has closed its files and ends\n"
    with av.open(str(listener.film)) as film:
        assert film.streams.video[0].frames > 0
