"""`livespot selfcheck [SOURCE]`: what this camera finds on a printed reference page, in this light."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from livespot.capture.following import frames_of
from livespot.capture.opening import is_demo
from livespot.cli.live import seconds, seed
from livespot.errors import LivespotError, UsageError
from livespot.frame import Frame, Image, Source
from livespot.saying import say
from livespot.settings import Settings, size_px

if TYPE_CHECKING:
    from livespot.reference.recognition import Recogniser
    from livespot.reference.selfcheck import Report
    from livespot.spotting.results import FrameResult


_READ_SECONDS = 120.0  # the result stays for so long when nobody presses a key


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE", nargs="?", help="the camera [the first one]; see `livespot live`")
    parser.add_argument("--key", metavar="FILE", type=Path, help="the page's answer key, when it was made elsewhere")
    parser.add_argument("--seconds", metavar="N", type=seconds, default=10.0, help="how long to measure [10]")
    parser.add_argument("--headless", action="store_true", help="no window")
    parser.add_argument(
        "--keep-sensitivity", action=argparse.BooleanOptionalAction, default=None,
        help="use the sensitivity that suits this camera from now on, or not [it asks]",
    )  # fmt: skip
    parser.add_argument("--no-profile", action="store_true", help="do not keep the result in the camera's profile")
    parser.add_argument("--seed", metavar="N", type=seed, default=0, help="of the demo [0]")
    parser.epilog = """\
Print a page with `livespot puzzle`, lay it under the lamp you play by, and show it to the camera, its mark included.
SOURCE demo or demo:SCENE/SCENARIO measures the simulated webcam on a page of its own.
"""


def run(args: argparse.Namespace, settings: Settings) -> int:
    from livespot.live.window import display
    from livespot.reference import selfcheck
    from livespot.reference.recognition import Recogniser

    screen = display.probe() if not args.headless else None
    windowed = screen is not None and screen.usable
    if is_demo(args.source):
        if args.key is not None:
            raise UsageError("--key means nothing to the demo, which makes its own page")
        source, recogniser = _demo(args, settings, windowed)
    else:
        from livespot.capture.opening import open_source
        from livespot.reference import key

        recogniser = Recogniser(key.read(args.key) if args.key is not None else None)
        source = open_source(args.source, settings)
        if source.notice:
            say(source.notice)
    if screen is not None and not screen.usable:
        say(f"no window: {screen.reason}; going on without one")
    frames = frames_of(source, settings.capture, say)
    with source, contextlib.closing(frames), _view(windowed, source.name) as view:
        report = selfcheck.run(
            frames, settings, recogniser, live=source.live, seconds=args.seconds, show=view.show, tell=say
        )
        lines = report.lines()
        for line in lines:
            print(line, flush=True)
        question = ""
        if not args.no_profile and args.keep_sensitivity is None and report.sensitivity != settings.sensitivity:
            question = f"use sensitivity {report.sensitivity:g} with this camera from now on?"
        wanted = view.answer(lines, question) or bool(args.keep_sensitivity)
        if not args.no_profile:
            _keep(report, source, settings, sensitivity=wanted)
    return 0


def _demo(args: argparse.Namespace, settings: Settings, realtime: bool) -> tuple[Source, Recogniser]:
    from livespot.demo import open_demo
    from livespot.demo.opening import parse_name
    from livespot.reference import making
    from livespot.reference.recognition import Recogniser

    scene, scenario = parse_name(args.source)
    made = making.make(scene, 8, args.seed, "A4", "")
    source = open_demo(
        scene, size=size_px(settings), fps=settings.fps, seed=args.seed, scenario=scenario,
        realtime=realtime, page=making.filmed(made),
    )  # fmt: skip
    return source, Recogniser(made.printed.key)


class _View:
    """Without a window: nothing is shown, and a question is asked on the terminal, if a person sits there."""

    def show(self, frame: Frame, spotting: FrameResult | None, words: str) -> bool:
        """Show the measuring; False: the person closed it."""
        return True

    def answer(self, lines: list[str], question: str) -> bool:
        """Show the result, and ask; whether the answer is yes."""
        if not question or not sys.stdin.isatty():
            return False
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")


class _WindowView(_View):
    """In a window, which also shows the result until a key is pressed."""

    def __init__(self, name: str) -> None:
        from livespot.live.calibration_host import BoardWindow

        self.window = BoardWindow(f"livespot selfcheck: {name}")
        self._picture: Image | None = None

    def show(self, frame: Frame, spotting: FrameResult | None, words: str) -> bool:
        from livespot.annotate import boxes, drawing

        self._picture = frame.image
        picture = frame.image.copy()
        if spotting is not None:
            picture = boxes.draw(picture, spotting)
        height, width = picture.shape[:2]
        size = 22 * drawing.unit(width, height)
        drawing.pill(picture, words, width / 2, 1.7 * size, size, width - 2 * size)
        return "quit" not in self.window.show(picture)

    def answer(self, lines: list[str], question: str) -> bool:
        if self._picture is None:
            return False
        sheet = result_sheet(self._picture, lines, question)
        until = time.monotonic() + _READ_SECONDS
        while time.monotonic() < until:
            pressed = self.window.show(sheet)
            if pressed:
                return bool(question) and "finish" in pressed
            time.sleep(0.03)
        return False


def result_sheet(picture: Image, lines: list[str], question: str) -> Image:
    """The result over the darkened last picture, (H, W, 3) uint8; question: asked below, "" for none."""
    from livespot.annotate import drawing

    sheet = picture.copy()
    height, width = sheet.shape[:2]
    drawing.shade(sheet, 0, 0, width, height, 0.2)
    size = 21 * drawing.unit(width, height)
    while size > 9 and max(drawing.text_width(line, round(size)) for line in lines) > 0.92 * width:
        size *= 0.95
    y = height / 2 - (len(lines) + 3) * 0.85 * size
    drawing.text(sheet, "Self-check", 0.04 * width, y, 1.5 * size, drawing.PAPER, drawing.BOLD)
    for i, line in enumerate(lines):
        ink = drawing.ACCENT if line.startswith("to improve") else drawing.PAPER
        words = drawing.fitting(line[:1].upper() + line[1:], size, 0.92 * width)
        drawing.text(sheet, words, 0.04 * width, y + (i + 2) * 1.7 * size, size, ink)
    end = f"{question[:1].upper()}{question[1:]} Enter: yes, any other key: no" if question else "Any key closes this"
    drawing.text(
        sheet, drawing.fitting(end, size, 0.92 * width), 0.04 * width, y + (len(lines) + 2.6) * 1.7 * size, size,
        drawing.FOUND, drawing.MEDIUM,
    )  # fmt: skip
    return sheet


@contextlib.contextmanager
def _view(windowed: bool, name: str) -> Iterator[_View]:
    if not windowed:
        yield _View()
        return
    view = _WindowView(name)
    try:
        yield view
    finally:
        view.window.close()


def _keep(report: Report, source: Source, settings: Settings, *, sensitivity: bool) -> None:
    """Put the result into the camera's profile, with its lens when it has one."""
    from livespot.calibration import profile
    from livespot.calibration.errors import CalibrationError

    if not source.identity:
        say("the result is not kept: a file has no camera's profile")
        return
    # The profile is kept for the camera as it is, not as its picture was turned.
    size = report.size if settings.rotate % 180 == 0 else report.size[::-1]
    before = profile.load(source.identity, size)
    mine = before if isinstance(before, profile.Profile) else profile.Profile(source.identity, size)
    checked = {**report.for_profile(sensitivity=sensitivity), "date": profile.now()}
    try:
        say(f"kept in {profile.save(dataclasses.replace(mine, check=checked))}")
    except CalibrationError as error:
        raise LivespotError(str(error)) from None
