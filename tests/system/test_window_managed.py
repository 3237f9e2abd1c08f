"""The window under a real window manager: moved, resized, maximised, and closed by the manager while it records."""

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kit.patience import until
from kit.screen.pixels import near
from kit.screen.xscreen import Person, XScreen, desktop

from livespot.annotate import drawing
from livespot.frame import Image

pytestmark = pytest.mark.window

SCREEN = (1600, 1000)


@pytest.fixture(scope="module")
def screen() -> Iterator[XScreen]:
    with desktop(*SCREEN) as opened:
        yield opened


@pytest.fixture
def person(screen: XScreen, tmp_path: Path) -> Iterator[Person]:
    there = Person(screen, tmp_path, placed=True)
    # boxes, wherever the manager put the window
    until(lambda: near(screen.pixels(), drawing.ACCENT).sum() > 3000, "boxes", 40, there.process)
    screen.hands("windowactivate", "--sync", window(screen))
    yield there
    if there.process.poll() is None:
        there.leave(signal.SIGKILL)


def window(screen: XScreen) -> str:
    """The id of livespot's window."""
    return screen.hands("search", "--name", "livespot").split()[-1]


def client(screen: XScreen) -> tuple[int, int, int, int]:
    """Left, top, width and height of the window's inside on the screen."""
    words = dict(
        line.split("=") for line in screen.hands("getwindowgeometry", "--shell", window(screen)).split() if "=" in line
    )
    return *screen.place(int(words["WINDOW"])), int(words["WIDTH"]), int(words["HEIGHT"])


def is_filled(screen: XScreen) -> bool:
    """Whether the window shows boxes, and the strip along its lower edge, text and all."""
    left, top, width, height = client(screen)
    seen: Image = screen.pixels()[max(top, 0) : top + height, max(left, 0) : left + width]
    if seen.shape[:2] != (height, width):
        return False  # on its way in or out: a part of it lies beside the screen
    strip = seen[height - round(44 * drawing.unit(width, height)) :]
    desk = np.abs(strip[2:-2, 2].astype(int) - drawing.DESK).max() < 12
    return bool(near(seen, drawing.ACCENT).sum() > 1500 and desk and near(strip, drawing.PAPER, 60).sum() > 100)


def double_click_title(screen: XScreen) -> None:
    """What maximises a window, and makes it small again."""
    left, top, width, _ = client(screen)
    screen.hands("mousemove", str(left + width // 2), str(top - 8), "click", "--repeat", "2", "--delay", "60", "1")


def test_the_picture_fills_the_window_whatever_the_manager_does_with_it(
    screen: XScreen, person: Person, tmp_path: Path
) -> None:
    screen.hands("windowmove", "--sync", window(screen), "40", "60")
    screen.hands("windowsize", "--sync", window(screen), "800", "560")
    until(lambda: client(screen)[2:] == (800, 560) and is_filled(screen), "smaller")
    double_click_title(screen)
    until(lambda: client(screen)[2] > 1500 and is_filled(screen), "maximised")
    double_click_title(screen)
    until(lambda: client(screen)[2] < 900 and is_filled(screen), "as before")
    screen.hands("windowminimize", "--sync", window(screen))
    time.sleep(0.5)
    assert person.process.poll() is None
    screen.hands("windowmap", window(screen))
    screen.hands("windowactivate", "--sync", window(screen))
    until(lambda: is_filled(screen), "back from the icon")
    person.keys("f")
    until(lambda: client(screen)[2:] == SCREEN and is_filled(screen), "full screen")
    person.keys("f")
    until(lambda: client(screen)[2] < 900 and is_filled(screen), "a window again")
    screen.hands("windowmove", "--sync", window(screen), "140", "90")
    screen.hands("windowsize", "--sync", window(screen), "900", "620")
    until(lambda: client(screen)[2:] == (900, 620) and is_filled(screen), "moved")
    left = client(screen)
    assert person.leave("q") == 0
    # It opens where it was left, as large as it was.
    again = Person(screen, tmp_path, placed=True)
    try:
        until(lambda: bool(screen.hands("search", "--name", "livespot").split()), "open again")
        until(lambda: client(screen)[2:] == left[2:] and is_filled(screen), "as large as it was left")
        # the manager puts its frame around it first
        until(lambda: np.abs(np.subtract(client(screen)[:2], left[:2])).max() <= 4, "where it was left")
        assert again.leave("q") == 0
    finally:
        if again.process.poll() is None:
            again.leave(signal.SIGKILL)


def test_the_managers_way_to_close_ends_a_recording_cleanly(
    screen: XScreen, person: Person, tmp_path: Path, play: Callable[[Path], Any]
) -> None:
    person.keys("r")
    time.sleep(1.5)
    assert person.leave("alt+F4") == 0
    assert "Traceback" not in person.said
    films = list(tmp_path.glob("livespot-*.mp4"))
    assert len(films) == 1
    assert not play(films[0]).complaints
