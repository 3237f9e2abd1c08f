"""What livespot lends the calibration package: its sources of frames, its window, its cameras' identities.

Implements calibration.commands.Surroundings. SOURCE is what it is everywhere in livespot; `demo` and `demo:SCENARIO`
show the simulated webcam with a calibration board that somebody moves about.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np

from calibration.commands import Feed
from calibration.constants import Scorer
from calibration.errors import WrongUse
from calibration.kinds import Regions
from calibration.session import Screen
from calibration.thresholds import Candidates
from livespot.capture import devices
from livespot.capture.following import newest_frames
from livespot.capture.lens import identity_of
from livespot.capture.opening import is_demo, open_source
from livespot.errors import LivespotError
from livespot.frame import Frame, Image, Source
from livespot.live import display, keys, look
from livespot.live.window import Window
from livespot.settings import Settings, size_px

_PRESSED = {  # by the names of livespot.live.keys
    "take": ("space",),
    "undo": ("backspace", "delete"),
    "finish": ("return", "enter", "newline"),
    "quit": ("q", "Q", "escape"),
}
_ROOM = (1280, 794)  # the window's first size, px
CLIPS = 130  # filmed clips to fit a rule on
_LARGEST = 1.25  # of the frame's own size: no more is gained


class BoardWindow:
    """The live window as a calibration's screen: the picture fitted into it."""

    def __init__(self, title: str) -> None:
        self._window = Window(title, _ROOM)
        codes = {"space": 32, "backspace": 8}
        self._names = {
            codes.get(name, keys.code(name)): what for what, names in _PRESSED.items() for name in names
        } | {65288: "undo"}  # fmt: skip
        self._shown = False

    def show(self, picture: Image) -> list[str]:
        """Put a picture on screen; what was pressed since. See calibration.session.Screen."""
        if self._shown and not self._window.open:
            return ["quit"]
        width, height = self._window.size
        scale = min(width / picture.shape[1], height / picture.shape[0], _LARGEST)
        small = cv2.resize(
            picture, (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))),
            interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR,
        )  # fmt: skip
        canvas = np.full((height, width, 3), look.DESK, np.uint8)
        y, x = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
        canvas[y : y + small.shape[0], x : x + small.shape[1]] = small
        self._window.show(canvas)
        self._shown = True
        return [self._names.get(code, "other") for code in self._window.pressed()]

    def close(self) -> None:
        self._window.close()


class Lent:
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
        if notice := getattr(opened, "notice", ""):
            self._say(notice)
        with opened:
            frames = _newest(opened, self._settings, self._say) if opened.live else _all(opened)
            limited = _until(frames, self._seconds)
            yield Feed(
                identity_of(opened), opened.name, ((f.image, f.time) for f in limited), self._settings.mirror
            )  # fmt: skip

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

    def candidates(self, args: argparse.Namespace) -> Candidates:
        """What the detector proposes on labelled puzzles, and whether it is right: minutes of work."""
        from tqdm import tqdm

        from livespot.bench import candidates
        from livespot.spotting import acceptance

        clips = CLIPS if args.clips is None else args.clips
        found = list(tqdm(candidates.collect(args.data, clips, self._seed), desc="measuring", unit=" views"))
        if not found:
            raise WrongUse("there is nothing to measure: give --data DIR, or more --clips than 0")
        drawn = f"{clips} clips of the simulated webcam (seed {self._seed}), drawn puzzles"
        return Candidates(
            np.vstack([f.features for f in found]),
            np.concatenate([f.labels for f in found]),
            np.concatenate([np.full(len(f.labels), f.group) for f in found]),
            np.concatenate([np.full(len(f.labels), f.still) for f in found]),
            np.repeat(np.arange(len(found)), [len(f.labels) for f in found]),
            tuple(acceptance.FEATURES),
            drawn if args.data is None else f"labelled puzzles (part tune of {args.data.resolve().name}) and {drawn}",
        )

    def rule(self) -> Path | None:
        """The rule that ships with livespot."""
        from livespot.spotting import acceptance

        return Path(acceptance.__file__).with_name("acceptance.json")

    def regions(self, args: argparse.Namespace) -> Regions[tuple[float, ...]]:
        """What happened on the project's own puzzles, and how it was measured: minutes of work."""
        from tqdm import tqdm

        from livespot.bench.kinds import TRIED, collect
        from livespot.spotting.kinds import TOLD, Thresholds, measured

        clips = CLIPS if args.clips is None else args.clips
        found = list(tqdm(collect(clips, self._seed), desc="measuring", unit=" views"))
        if not found:
            raise WrongUse("there is nothing to measure: give more --clips than 0")
        return Regions(
            [values for f in found for values in f.measured],
            [told for f in found for told in f.told],
            [f.group for f in found for _ in f.told],
            lambda values, region: Thresholds(**values).tell(measured(region)),
            TRIED,
            TOLD,
            f"the project's own puzzles, {clips} clips of the simulated webcam (seed {self._seed})",
        )

    def kinds(self) -> Path | None:
        """The thresholds for kinds that ship with livespot."""
        from livespot.spotting import kinds

        return Path(kinds.__file__).with_name("kinds.json")

    def scorer(self, args: argparse.Namespace) -> Scorer:
        """What constants are tried on."""
        from livespot.bench.trials import Trials

        return Trials(args.data, self._seed)

    def constants(self) -> Path | None:
        """The constants that ship with livespot."""
        from livespot.spotting import fitted

        return Path(fitted.__file__).with_name(fitted.NAME)

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


def _all(source: Source) -> Iterator[Frame]:
    while (frame := source.read()) is not None:
        yield frame


def _newest(source: Source, settings: Settings, say: Callable[[str], None]) -> Iterator[Frame]:
    yield from newest_frames(source, settings.capture, say)
    raise LivespotError(f"{source.name} ended before the calibration did")


def _until(frames: Iterator[Frame], seconds: float | None) -> Iterator[Frame]:
    start: float | None = None
    for frame in frames:
        start = frame.time if start is None else start
        if seconds is not None and frame.time - start >= seconds:
            return
        yield frame
