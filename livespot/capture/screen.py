"""The screen as a camera, for puzzles on a screen: a monitor, a rectangle of it, or one window.

`screen` is the first monitor, `screen:2` the second, `screen:X,Y,WIDTH,HEIGHT` a rectangle in px, `screen:TITLE` the
window with these words in its title, wherever it is moved. livespot's own windows are painted over: a view of the view
would be taken for a picture.
"""

import contextlib
import functools
import importlib
import re
import shutil
import sys
import time
from typing import Any

import cv2
import numpy as np

from livespot.capture.base import Live, check_size
from livespot.errors import SourceError
from livespot.frame import Frame
from livespot.settings import Settings

Region = tuple[int, int, int, int]  # left, top, width, height, px of the whole desktop
OWN_TITLE = "livespot: "  # how the titles of livespot's windows begin
_RATE = 15.0  # pictures a second: a screen shakes less than a hand
_WINDOWS_EVERY = 0.5  # s between two looks at where windows are
_GREY = 96


class ScreenSource(Live):
    """Pictures of the screen. text: what follows `screen:`. Raises SourceError when there is no such place."""

    def __init__(self, text: str, settings: Settings) -> None:
        super().__init__()
        self.name = f"screen:{text}" if text else "screen"
        self.fps = min(_RATE, settings.fps)
        try:
            import mss
        except ImportError:
            raise SourceError("the screen needs two more packages: pip install 'livespot[screen]'") from None
        try:
            self._camera = mss.MSS()
            self._monitors = [_region(monitor) for monitor in self._camera.monitors]  # the whole desktop first
        except Exception as error:  # each platform has exceptions of its own
            raise SourceError(f"the screen cannot be seen: {error}; on Linux it has to be an X11 session") from None
        if lacking := _lacking():
            self.notice = f"livespot's own windows are not left out: {lacking}"
        self._title = ""
        self._region = self._place(text)
        self._own: list[Region] = []
        self._looked = -_WINDOWS_EVERY

    @property
    def absence(self) -> str:
        return f"no window has {self._title!r} in its title" if self._title else ""

    def _place(self, text: str) -> Region | None:
        if not text or text.isdecimal():
            number = int(text or 1)
            if not 1 <= number < len(self._monitors):
                raise SourceError(f"there is no screen {number}: there are 1 to {len(self._monitors) - 1}")
            return self._monitors[number]
        if re.fullmatch(r"-?\d+,-?\d+,\d+,\d+", text):
            left, top, width, height = map(int, text.split(","))
            region = _common(self._monitors[0], (left, top, width, height))
            if region is None:
                _, _, width, height = self._monitors[0]
                raise SourceError(f"{self.name} lies outside the screen, which is {width} x {height} px")
            check_size(region[2], region[3], self.name)
            return region
        if lacking := _lacking():
            raise SourceError(f"a window cannot be found by its title: {lacking}")
        self._title = text
        found = self._window()
        if found is None:
            raise SourceError(f"no window has {text!r} in its title: open it first, or name a part of its title")
        return found

    def _window(self) -> Region | None:
        """Where the window is that is meant, as far as it is on the screen; None: it is not there now."""
        words = self._title.casefold()
        places = [place for title, place in windows() if words in title.casefold() and not title.startswith(OWN_TITLE)]
        return _common(self._monitors[0], places[0]) if places else None

    def _next(self) -> Frame | None:
        assert self.fps is not None
        while not self._closing:
            time.sleep(max(0.0, self._index / self.fps - (time.perf_counter() - self._start)))
            if time.perf_counter() - self._looked >= _WINDOWS_EVERY:
                self._looked = time.perf_counter()
                self._own = [place for title, place in windows() if title.startswith(OWN_TITLE)]
                if self._title:
                    self._region = self._window()
            if self._region is None or min(self._region[2:]) < 64:
                time.sleep(0.1)
                continue
            left, top, width, height = self._region
            try:
                shot = self._camera.grab({"left": left, "top": top, "width": width, "height": height})
            except Exception as error:
                raise SourceError(f"{self.name} cannot be seen any more: {error}") from None
            now = time.monotonic()
            seen = np.frombuffer(shot.bgra, np.uint8).reshape(shot.height, shot.width, 4)
            image = np.asarray(cv2.cvtColor(seen, cv2.COLOR_BGRA2BGR), np.uint8)
            scale = shot.width / width  # of a screen whose px are finer than its coordinates
            for place in self._own:
                if (part := _common(self._region, place)) is not None:
                    x, y, w, h = (round(scale * v) for v in (part[0] - left, part[1] - top, *part[2:]))
                    image[y : y + h, x : x + w] = _GREY
            at = time.perf_counter() - self._start
            self._index = max(self._index + 1, int(at * self.fps))  # what was too late is left out, not caught up
            return Frame(image, at, self._index, now)
        return None

    def _release(self) -> None:
        with contextlib.suppress(Exception):  # the screen may have gone before us
            self._camera.close()


@functools.cache
def _lacking() -> str:
    """What has to be installed before windows can be asked for; "" when nothing is missing."""
    if sys.platform.startswith("linux") and not (shutil.which("xset") and shutil.which("xrandr")):
        return "sudo apt-get install x11-xserver-utils"  # without them pywinctl ends the program
    return ""


def windows() -> list[tuple[str, Region]]:
    """Title and place of every window that shows, the frontmost first; empty where nobody manages windows."""
    if _lacking():
        return []
    try:
        library: Any = importlib.import_module("pywinctl")
        shown = [w for w in library.getAllWindows() if w.isVisible]
        return [(str(w.title), (int(w.left), int(w.top), int(w.width), int(w.height))) for w in reversed(shown)]
    except Exception:  # a window may go while it is asked, and each platform fails in its own way
        return []


def _region(monitor: Any) -> Region:
    return int(monitor["left"]), int(monitor["top"]), int(monitor["width"]), int(monitor["height"])


def _common(a: Region, b: Region) -> Region | None:
    """What two regions have in common; None when that is nothing."""
    left, top = max(a[0], b[0]), max(a[1], b[1])
    right, bottom = min(a[0] + a[2], b[0] + b[2]), min(a[1] + a[3], b[1] + b[3])
    return (left, top, right - left, bottom - top) if right > left and bottom > top else None
