"""The commands, for `python -m livespot.calibration` and for `livespot calibrate` alike: words in, files and lines out.

What differs between the two (where frames come from, what a window is) comes in as `Surroundings`.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from . import board, pictures, profile, session, sheet, whole
from .errors import CalibrationError, WrongUse
from .lens import FEWEST_VIEWS, Lens, Refusal
from .session import Screen

Image = NDArray[np.uint8]

USAGE = """\
board   write the target to print: livespot-board-A4.pdf and .svg, and the same for Letter
lens    measure the lens: hold the board in front of the camera and follow the words; views are taken by themselves.
        In the window: Space takes a view now, Backspace forgets the last one, Enter finishes, Q or Esc gives up.
        --images DIR uses photographs of the board instead, all taken with the same camera at the same size.
list    the profiles there are

The profile is ROS camera_info YAML. It holds for one camera at one resolution.
"""

BELONGS = {  # which options each word takes
    "board": {"paper", "out"},
    "lens": {"source", "images", "camera", "profile", "headless", "verbose"},
    "list": set[str](),
}


@dataclass(frozen=True)
class Feed:
    """Frames to calibrate from. identity: of the camera; "" when the source is a file."""

    identity: str
    name: str
    frames: Iterator[tuple[Image, float]]
    mirror: bool = False


class Surroundings(Protocol):
    """What the program around brings: frames of a SOURCE, a screen or None, and where lines go."""

    def open(self, source: str | None, args: argparse.Namespace) -> AbstractContextManager[Feed]: ...
    def screen(self, feed: Feed, args: argparse.Namespace) -> AbstractContextManager[Screen | None]: ...
    def identity(self, words: str) -> str: ...
    def tell(self, line: str) -> None: ...


def add_arguments(parser: argparse.ArgumentParser, more: Iterable[str] = ()) -> None:
    """The words and options of the commands; more: words of the program around."""
    parser.add_argument(
        "what", metavar="WHAT", choices=(*BELONGS, *more), help=f"{', '.join((*BELONGS, *more))}: see below"
    )
    parser.add_argument("source", metavar="SOURCE", nargs="?", help="lens: the camera [the first one]")
    parser.add_argument("--paper", choices=tuple(sheet.PAPERS), help="board: only for this paper")
    parser.add_argument("--out", metavar="FOLDER", type=Path, help="board: where the files go [the current folder]")
    parser.add_argument("--images", metavar="DIR", type=Path, help="lens: from the photographs of the board in DIR")
    parser.add_argument("--camera", metavar="NAME", help="lens: whose profile it is, when SOURCE is no camera")
    parser.add_argument("--profile", metavar="FILE", type=Path, help="lens: write the profile here, not to its place")
    parser.add_argument("--headless", action="store_true", help="lens: no window")
    parser.add_argument("--verbose", action="store_true", help="lens: the error of every view")
    parser.epilog = USAGE


def run(args: argparse.Namespace, around: Surroundings) -> int:
    """Do what the words say. Raises CalibrationError."""
    check_options(args, BELONGS)
    _check(args)
    if args.what == "board":
        return write_boards(args.out or Path("."), (args.paper,) if args.paper else tuple(sheet.PAPERS), around.tell)
    if args.what == "list":
        return list_profiles(around.tell)
    return measure_lens(args, around)


def write_boards(folder: Path, papers: tuple[str, ...], tell: Callable[[str], None]) -> int:
    """Write the target for each paper as PDF and SVG."""
    if not folder.is_dir():
        raise WrongUse(f"cannot write the board to {folder}: there is no such folder; make it first")
    for paper in papers:
        page = board.sheet(paper)
        for suffix in (".svg", ".pdf"):
            path = folder / f"livespot-board-{paper}{suffix}"
            _write(path, sheet.as_svg(page) if suffix == ".svg" else sheet.as_pdf([page]))
            tell(f"wrote {path}")
    tell("print one at 100 % (not fitted to the page), check the ruler, and glue it to something stiff and flat")
    return 0


def list_profiles(tell: Callable[[str], None]) -> int:
    """One line a profile."""
    paths = sorted(profile.folder().glob("*.yaml")) if profile.folder().is_dir() else []
    for path in paths:
        found = profile.load_file(path)
        if isinstance(found, Refusal):
            tell(found.reason)
            continue
        size = f"{found.size[0]}x{found.size[1]}"
        what = f"error {found.rms:.3f} px, {found.views} views, {found.date[:10]}" if found.has_lens else "no lens yet"
        checked = f", sensitivity {found.sensitivity:g}" if found.sensitivity is not None else ""
        tell(f"{found.identity} at {size}: {what}{checked}")
    if not paths:
        tell(f"no profiles yet: `{profile.HOW}` makes one")
    return 0


def measure_lens(args: argparse.Namespace, around: Surroundings) -> int:
    """Measure the lens, keep the profile, write the pictures."""
    identity = around.identity(args.camera) if args.camera else ""
    if args.images is not None:
        _check_kept(identity, args, f"the pictures in {args.images}")
        views, size = session.from_folder(args.images, around.tell)
        _keep(session.solved(views, size, around.tell), identity, args, around)
        return 0
    with around.open(args.source, args) as feed:
        identity = identity or feed.identity
        _check_kept(identity, args, feed.name)
        with around.screen(feed, args) as screen:
            views, size = session.guided(feed.frames, around.tell, screen, mirror=feed.mirror)
            if len(views) < FEWEST_VIEWS:
                raise CalibrationError(
                    f"only {len(views)} views of the board were taken, {FEWEST_VIEWS} are needed: is the board in view?"
                )
            found = session.solved(views, size, around.tell)
            _keep(found, identity, args, around)
            if screen is not None:
                session.hold(screen, pictures.coverage_picture(found))
                session.hold(screen, pictures.distortion_picture(found))
    return 0


def _keep(found: Lens, identity: str, args: argparse.Namespace, around: Surroundings) -> None:
    before = profile.load(identity, found.size) if identity and args.profile is None else None
    check = before.check if isinstance(before, profile.Profile) else {}
    path = profile.save(profile.from_lens(identity, found, check), args.profile)
    for line in session.report(found) + (session.per_view(found) if args.verbose else []):
        around.tell(line)
    for name, picture in (
        ("coverage", pictures.coverage_picture(found)),
        ("distortion", pictures.distortion_picture(found)),
    ):
        beside = path.with_name(f"{path.stem}-{name}.png")
        _write(beside, bytes(cv2.imencode(".png", picture)[1].tobytes()))
        around.tell(f"wrote {beside}")
    around.tell(f"wrote {path}")


def check_options(args: argparse.Namespace, belongs: Mapping[str, set[str]]) -> None:
    """Raises WrongUse for options that mean nothing to `args.what`; belongs: those that do, by word."""
    for name in sorted({"source"} | set[str]().union(*belongs.values())):
        if getattr(args, name) not in (None, False) and name not in belongs[args.what]:
            raise WrongUse(f"{name if name == 'source' else '--' + name} means nothing to `calibrate {args.what}`")


def _check(args: argparse.Namespace) -> None:
    if args.images is not None and args.source is not None:
        raise WrongUse("give SOURCE or --images DIR, not both")
    target = args.profile
    if target is not None and (target.is_dir() or not target.parent.is_dir()):
        raise WrongUse(f"cannot write the profile to {target}: it needs a file name in a folder that is there")


def _check_kept(identity: str, args: argparse.Namespace, what: str) -> None:
    if not identity and args.profile is None:
        raise WrongUse(
            f"whose lens is it? {what} does not say: add --camera NAME (see `livespot cameras`) or --profile FILE"
        )


def _write(path: Path, data: bytes) -> None:
    try:
        whole.write(path, data)
    except OSError as error:
        raise CalibrationError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from None
