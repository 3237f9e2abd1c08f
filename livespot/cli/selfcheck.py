"""`livespot selfcheck [SOURCE]`: what this camera finds on a printed reference page, in this light."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from livespot.capture.opening import is_demo
from livespot.cli.live import seconds, seed
from livespot.errors import LivespotError, UsageError
from livespot.frame import Frame, Source
from livespot.saying import say
from livespot.settings import Settings, size_px

if TYPE_CHECKING:
    from livespot.reference.recognition import Recogniser
    from livespot.reference.selfcheck import Report, Show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE", nargs="?", help="the camera [the first one]; see `livespot live`")
    parser.add_argument("--key", metavar="FILE", type=Path, help="the page's answer key, when it was made elsewhere")
    parser.add_argument("--seconds", metavar="N", type=seconds, default=10.0, help="how long to measure [10]")
    parser.add_argument("--headless", action="store_true", help="no window")
    parser.add_argument("--no-profile", action="store_true", help="do not keep the result in the camera's profile")
    parser.add_argument("--seed", metavar="N", type=seed, default=0, help="of the demo [0]")
    parser.epilog = """\
Print a page with `livespot puzzle`, lay it under the lamp you play by, and show it to the camera, its mark included.
SOURCE demo or demo:SCENE/SCENARIO measures the simulated webcam on a page of its own.
"""


def run(args: argparse.Namespace, settings: Settings) -> int:
    from livespot.live import display
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
        if notice := getattr(source, "notice", ""):
            say(notice)
    if screen is not None and not screen.usable:
        say(f"no window: {screen.reason}; going on without one")
    with source, _frames(source, settings) as frames, _view(windowed, source.name, settings) as show:
        report = selfcheck.run(
            frames, settings, recogniser, live=source.live, seconds=args.seconds, show=show, tell=say
        )  # fmt: skip
        for line in report.lines():
            print(line, flush=True)
        if not args.no_profile:
            _keep(report, source, settings)
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


@contextlib.contextmanager
def _frames(source: Source, settings: Settings) -> Iterator[Iterator[Frame]]:
    """The frames of any source; of a live one, the newest."""
    from livespot.capture.following import newest_frames

    if not source.live:
        yield iter(source.read, None)
        return
    with contextlib.closing(newest_frames(source, settings.capture, say)) as frames:
        yield frames


@contextlib.contextmanager
def _view(windowed: bool, name: str, settings: Settings) -> Iterator[Show]:
    from livespot.spotting.findings import Spotting

    if not windowed:
        yield lambda frame, spotting, words: True
        return
    from livespot.live import look, overlay
    from livespot.live.calibrating import BoardWindow

    window = BoardWindow(f"livespot selfcheck: {name}")

    def show(frame: Frame, spotting: Spotting | None, words: str) -> bool:
        picture = frame.image.copy()
        if spotting is not None:
            picture = overlay.draw(picture, spotting)
        unit = look.unit(picture.shape[1], picture.shape[0])
        size = 22 * unit
        across = look.text_width(words, round(size)) + 2 * size
        middle = picture.shape[1] / 2
        look.rounded(picture, middle - across / 2, 14 * unit, across, 2 * size, size, look.DESK)
        look.text(picture, words, middle, 14 * unit + size, size, align="centre")
        return "quit" not in window.show(picture)

    try:
        yield show
    finally:
        window.close()


def _keep(report: Report, source: Source, settings: Settings) -> None:
    """Put the result into the camera's profile, with its lens when it has one."""
    from calibration import profile
    from calibration.errors import CalibrationError
    from livespot.capture.lens import identity_of

    identity = identity_of(source)
    if not identity:
        say("the result is not kept: a file has no camera's profile")
        return
    # The profile is kept for the camera as it is, not as its picture was turned.
    size = report.size if settings.rotate % 180 == 0 else report.size[::-1]
    before = profile.load(identity, size)
    mine = before if isinstance(before, profile.Profile) else profile.Profile(identity, size)
    checked = {**report.for_profile(), "date": profile.now()}
    try:
        say(f"kept in {profile.save(dataclasses.replace(mine, check=checked))}")
    except CalibrationError as error:
        raise LivespotError(str(error)) from None
