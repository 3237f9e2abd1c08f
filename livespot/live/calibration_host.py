"""What livespot lends the calibration package: its sources of frames, its window, its cameras' identities.

Implements calibration.commands.Surroundings. SOURCE is what it is everywhere in livespot; `demo` and `demo:SCENARIO`
show the simulated webcam with a calibration board that somebody moves about.
"""

import argparse
import contextlib
import dataclasses
from collections.abc import Callable, Iterator

from livespot.annotate import drawing
from livespot.annotate.viewport import letterboxed
from livespot.calibration.commands import Feed
from livespot.calibration.session import Screen
from livespot.capture import devices
from livespot.capture.following import frames_of
from livespot.capture.opening import is_demo, open_source
from livespot.frame import Image, Source
from livespot.live.interaction import keys
from livespot.live.window import display
from livespot.live.window.window import Window
from livespot.settings import Settings, size_px

_PRESSED = {  # by the names of livespot.live.interaction.keys
    "take": ("space",),
    "undo": ("backspace", "delete"),
    "finish": ("return", "enter", "newline"),
    "quit": ("q", "Q", "escape"),
}
_ROOM = (1280, 794)  # the window's first size, px
_LARGEST = 1.25  # of the frame's own size: no more is gained


class BoardWindow:
    """The live window as a calibration's screen: the picture fitted into it."""

    def __init__(self, title: str) -> None:
        self._window = Window(title, _ROOM)
        codes = {"space": 32, "backspace": 8}
        self._names = {codes.get(name, keys.code(name)): what for what, names in _PRESSED.items() for name in names} | {
            65288: "undo"
        }
        self._shown = False

    def show(self, picture: Image) -> list[str]:
        """Put a picture on screen; what was pressed since. See calibration.session.Screen."""
        if self._shown and not self._window.open:
            return ["quit"]
        self._window.show(letterboxed(picture, self._window.size, drawing.DESK, _LARGEST))
        self._shown = True
        return [self._names.get(code, "other") for code in self._window.pressed()]

    def close(self) -> None:
        self._window.close()


class CalibrationHost:
    """livespot around a calibration. say: one line on standard error."""

    def __init__(self, settings: Settings, say: Callable[[str], None], seed: int, seconds: float | None) -> None:
        # A profile holds for the picture as the camera sends it; `rotate` turns the profile with the picture.
        self._settings = dataclasses.replace(settings, rotate=0)
        self._say = say
        self._seed, self._seconds = seed, seconds

    @contextlib.contextmanager
    def open(self, source: str | None, args: argparse.Namespace) -> Iterator[Feed]:
        windowed = not args.headless and display.probe().usable
        opened = self._board(source, windowed) if is_demo(source) else open_source(source, self._settings)
        if opened.notice:
            self._say(opened.notice)
        with opened:
            frames = frames_of(opened, self._settings.capture, self._say, self._seconds)
            yield Feed(opened.identity, opened.name, ((f.image, f.time) for f in frames), self._settings.mirror)

    @contextlib.contextmanager
    def screen(self, feed: Feed, args: argparse.Namespace) -> Iterator[Screen | None]:
        there = display.probe()
        if args.headless or not there.usable:
            if not args.headless:
                self._say(f"no window: {there.reason}; going on without one")
            yield None
            return
        window = BoardWindow(f"livespot calibrate: {feed.name}")
        try:
            yield window
        finally:
            window.close()

    def identity(self, words: str) -> str:
        """The identity of the camera that `words` mean; the words themselves when it is not plugged in."""
        camera = devices.find(words, devices.cameras())
        return words if camera is None else camera.identity

    def tell(self, line: str) -> None:
        print(line, flush=True)

    def _board(self, text: str | None, realtime: bool) -> Source:
        from livespot.demo import demo_names
        from livespot.demo.board import BoardSource
        from livespot.demo.scenario import scenario_named

        # A scene may stand before the scenario, as everywhere; in front of this camera is the board all the same.
        name = (text or "").partition(":")[2].rpartition("/")[2].removeprefix("board")
        name = "" if name in demo_names() else name
        return BoardSource(
            scenario_named(name or "desk"), size_px(self._settings), self._settings.fps, self._seed,
            seconds=None if realtime else 120.0, realtime=realtime,
        )  # fmt: skip
