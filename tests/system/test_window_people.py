"""A real window under a real window manager: it opens inside the screen, the wheel zooms, Ctrl+Z undoes."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from kit.patience import until
from kit.screen.pixels import near
from kit.screen.xscreen import Person, desktop

from livespot.annotate import drawing
from livespot.capture import devices
from livespot.demo import demo_names
from livespot.frame import Image
from livespot.live.interaction import start_panel
from livespot.live.loop import remembered
from livespot.live.window import panel_view, status_bar

pytestmark = pytest.mark.window
SECONDS = 60.0  # patience, for a busy machine


class Window:
    """A person's window: where it is on the screen, and what is in it."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.id = person.screen.hands("search", "--name", "livespot").split()[-1]

    @property
    def rect(self) -> tuple[int, int, int, int]:
        screen = self.person.screen
        words = screen.hands("getwindowgeometry", "--shell", self.id).split()
        size = dict(word.split("=") for word in words if "=" in word)
        return *screen.place(int(self.id)), int(size["WIDTH"]), int(size["HEIGHT"])

    def pixels(self) -> Image:
        left, top, width, height = self.rect
        return self.person.screen.pixels()[top : top + height, left : left + width]

    def strip(self) -> Image:
        seen = self.pixels()
        return seen[len(seen) - round(44 * drawing.unit(seen.shape[1], seen.shape[0])) :]

    def wait(self, is_so: Callable[[], bool], what: str) -> None:
        until(is_so, what, SECONDS, self.person.process)


def is_frozen(window: Window) -> bool:
    """The lit chip in a strip that is where it belongs, unmagnified."""
    strip = window.strip()
    return bool(near(strip, drawing.ACCENT).sum() > 300 and near(strip[2:-2, :3], drawing.DESK, 12).mean() > 0.95)


def opened(person: Person) -> Window:
    """The person's window as soon as there are boxes in it; inside the screen."""
    until(lambda: near(person.screen.pixels(), drawing.ACCENT).sum() > 800, "boxes", SECONDS, person.process)
    time.sleep(1.0)
    window = Window(person)
    left, top, width, height = window.rect
    assert left >= 0
    assert top >= 0
    assert left + width <= person.screen.size[0]
    assert top + height <= person.screen.size[1]
    return window


@pytest.mark.parametrize("size", [(640, 480), (1366, 768), (1920, 1080), (3840, 2160)], ids=lambda s: f"{s[0]}x{s[1]}")
def test_it_opens_inside_the_screen_and_the_wheel_zooms_at_the_pointer(size: tuple[int, int], tmp_path: Path) -> None:
    with desktop(*size) as screen:
        person = Person(screen, tmp_path, placed=True, size=[1920, 1080])
        try:
            window = opened(person)
            left, top, width, height = window.rect
            assert abs((left + width / 2) - size[0] / 2) <= 0.02 * size[0]
            screen.hands("windowactivate", "--sync", window.id)
            person.point(left + width / 3, top + height / 3)
            for _ in range(6):
                screen.hands("click", "4")
                time.sleep(0.2)
            window.wait(lambda: is_frozen(window), "the wheel freezes and zooms, the strip stays as it is")
            zoomed = window.pixels()
            for _ in range(12):
                screen.hands("click", "5")
                time.sleep(0.1)
            time.sleep(1.0)
            whole = window.pixels()
            upper = slice(0, len(whole) - round(50 * drawing.unit(width, height)))
            assert np.abs(zoomed[upper].astype(int) - whole[upper]).mean() > 4
            assert is_frozen(window)
            before = window.strip()
            screen.hands("key", "ctrl+z")
            window.wait(lambda: bool(np.any(window.strip() != before)), "Ctrl+Z is heard: nothing to undo")
            person.keys("Escape", "Escape", "Escape", "Escape")
            assert person.leave("Escape") == 0
        finally:
            if person.process.poll() is None:
                person.leave(signal.SIGKILL)


def test_it_opens_inside_the_screen_of_a_scaled_desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Qt's other windows are twice as large, this one counts the screen's own px."""
    monkeypatch.setenv("QT_SCALE_FACTOR", "2")
    with desktop(1366, 768) as screen:
        person = Person(screen, tmp_path, placed=True, size=[1920, 1080])
        try:
            opened(person)
            assert person.leave() == 0
        finally:
            if person.process.poll() is None:
                person.leave(signal.SIGKILL)


def line(window: Window, source: str) -> tuple[int, int, int, int]:
    """Left, top, width and height of a source's line on the start panel, px of the window."""
    _, _, width, height = window.rect
    panel, unit = start_panel.StartPanel(), drawing.unit(width, height)
    panel.update(start_panel.offers(devices.cameras(), remembered.source(), demo_names()))
    rect, _ = panel_view.place((0, 0, width, height - status_bar.height(unit, width)), unit)
    panel_view.draw(panel, np.zeros((height, width, 3), np.uint8), rect, unit, {}, 0.0)
    return next(place for place, offer in panel.places if offer.source == source)


def shows(window: Window, paper: int) -> bool:
    """Whether a page on such paper is in view, and its boxes."""
    seen = window.pixels()
    return bool(near(seen, (paper, paper, paper), 6).mean() > 0.05 and near(seen, drawing.ACCENT).sum() > 800)


def test_the_start_panel_by_key_mouse_and_typing(tmp_path: Path) -> None:
    (tmp_path / "Page One.png").touch()
    with desktop(1366, 768) as screen:
        person = Person(screen, tmp_path, placed=True)
        try:
            window = opened(person)
            screen.hands("windowactivate", "--sync", window.id)
            for source, paper in (("demo:harbour", 120), (start_panel.TYPED, 180)):
                before, (x, y, w, h) = window.pixels(), line(window, source)
                sign = (slice(y + h // 4, y + h - h // 4), slice(x + 2, x + w // 3))
                person.keys("w")
                window.wait(lambda: bool(np.any(window.pixels()[sign] != before[sign])), "the panel")  # noqa: B023
                person.click(window.rect[0] + x + w / 2, window.rect[1] + y + h / 2)
                if source == start_panel.TYPED:
                    time.sleep(0.5)
                    screen.hands("type", "--delay", "40", "Page One.png")
                    screen.hands("key", "Return")
                window.wait(lambda: shows(window, paper), f"the page of {source}, and its boxes")  # noqa: B023
            assert person.leave() == 0
            assert remembered.source() == str(tmp_path / "Page One.png")
        finally:
            if person.process.poll() is None:
                person.leave(signal.SIGKILL)
