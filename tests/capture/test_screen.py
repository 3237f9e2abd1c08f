"""The screen as a camera, on a virtual display with a window manager and windows of the test's own."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from kit.patience import until
from kit.screen.pixels import near
from kit.screen.xscreen import XScreen, desktop

from livespot.capture import screen as of_screen
from livespot.capture.opening import open_source
from livespot.capture.screen import ScreenSource
from livespot.errors import SourceError
from livespot.frame import Frame, Image
from livespot.settings import Settings

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(not (shutil.which("xset") and shutil.which("xrandr")), reason="no xset and xrandr"),
    # pywinctl tries every display of the machine and leaves its sockets to those that do not answer
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

# A window of one colour, in another process: its title, colour (BGR) and place.
_WINDOW = """
import sys, livespot, cv2, numpy as np
title, b, g, r, x, y = sys.argv[1], *map(int, sys.argv[2:])
cv2.namedWindow(title, cv2.WINDOW_NORMAL | cv2.WINDOW_GUI_NORMAL)
cv2.resizeWindow(title, 400, 300)
cv2.moveWindow(title, x, y)
while sys.stdin is not None:
    cv2.imshow(title, np.full((300, 400, 3), (b, g, r), np.uint8))
    cv2.waitKey(50)
"""


@pytest.fixture(scope="module")
def screen() -> Iterator[XScreen]:
    with desktop(1280, 800) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _on_it(screen: XScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", screen.name)


class Shown:
    """A window of one colour while the test runs."""

    def __init__(self, screen: XScreen, title: str, colour: tuple[int, int, int], at: tuple[int, int]) -> None:
        words = [title, *map(str, (*colour, *at))]
        environment = os.environ | {"DISPLAY": screen.name, "PYTHONPATH": str(Path(__file__).parents[2])}
        self.process = subprocess.Popen([sys.executable, "-P", "-c", _WINDOW, *words], env=environment)
        until(lambda: near(screen.pixels(), colour, 7).sum() > 100_000, title, 60)

    def close(self) -> None:
        self.process.kill()
        self.process.wait(5)


def share(image: Image, colour: tuple[int, int, int]) -> float:
    """Which part of a picture has this colour."""
    return float(near(image, colour, 7).mean())


def read(source: ScreenSource) -> Frame:
    frame = source.read()
    assert frame is not None
    return frame


def test_a_window_is_found_by_its_title_followed_waited_for_and_ours_is_left_out(screen: XScreen) -> None:
    red, green = (20, 20, 230), (20, 230, 20)
    puzzle = Shown(screen, "Sunday puzzle - viewer", red, (100, 100))
    ours = Shown(screen, "livespot: screen", green, (700, 400))
    try:
        with open_source("screen", Settings()) as source:
            frame = read(source)  # type: ignore[arg-type]
            assert frame.image.shape == (800, 1280, 3)
            assert share(frame.image, red) > 0.1
            assert share(frame.image, green) < 0.001  # the window of ours is painted over
            again = read(source)  # type: ignore[arg-type]
            assert again.time > frame.time
            assert again.index > frame.index
        with open_source("screen:sunday PUZZLE", Settings()) as source:
            assert share(read(source).image, red) > 0.9  # type: ignore[arg-type]
            screen.hands("search", "--name", "Sunday puzzle", "windowmove", "300", "350")
            time.sleep(1.5)
            assert share(read(source).image, red) > 0.9  # type: ignore[arg-type]
            puzzle.close()
            time.sleep(1.0)
            assert "no window has 'sunday PUZZLE'" in source.absence  # type: ignore[attr-defined]
            puzzle = Shown(screen, "Sunday puzzle - again", red, (50, 50))
            assert share(read(source).image, red) > 0.9  # type: ignore[arg-type]
    finally:
        puzzle.close()
        ours.close()


def test_a_rectangle_is_cut_at_the_edge_of_the_screen() -> None:
    with open_source("screen:1000,600,640,480", Settings()) as source:
        assert read(source).image.shape == (200, 280, 3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("screen:7", "there is no screen 7: there are 1 to 1"),
        ("screen:5000,0,100,100", "lies outside the screen, which is 1280 x 800 px"),
        ("screen:0,0,20,20", "too small to hold a puzzle"),
        ("screen:no such words", "no window has 'no such words' in its title"),
    ],
)
def test_what_is_not_there_is_said(text: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        open_source(text, Settings())


def test_without_a_display_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":99999")
    with pytest.raises(SourceError, match=r"the screen cannot be seen: .*X11"):
        open_source("screen", Settings())


def test_without_what_windows_are_found_by_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_screen.shutil, "which", lambda name: None)
    of_screen._lacking.cache_clear()
    try:
        with pytest.raises(SourceError, match=r"by its title: sudo apt-get install x11-xserver-utils"):
            open_source("screen:puzzle", Settings())
        with open_source("screen", Settings()) as source:
            assert "own windows are not left out: sudo apt-get install" in source.notice
            assert read(source).image.shape == (800, 1280, 3)  # type: ignore[arg-type]
    finally:
        of_screen._lacking.cache_clear()
