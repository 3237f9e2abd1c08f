"""The commands, for `python -m calibration` and for `livespot calibrate` alike: words in, files and lines out.

What differs between the two (where frames come from, what a window is) comes in as `Surroundings`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration import board, constants, kinds, pictures, profile, session, sheet, thresholds
from calibration.errors import CalibrationError, WrongUse
from calibration.kinds import Regions
from calibration.lens import FEWEST_VIEWS, Lens, Refusal
from calibration.session import Screen
from calibration.thresholds import Candidates

Image = NDArray[np.uint8]

USAGE = """\
board   write the target to print: livespot-board-A4.pdf and .svg, and the same for Letter
lens    measure the lens: hold the board in front of the camera and follow the words; views are taken by themselves.
        In the window: Space takes a view now, Backspace forgets the last one, Enter finishes, Q or Esc gives up.
        --images DIR uses photographs of the board instead, all taken with the same camera at the same size.
list    the profiles there are
thresholds  fit the rule that tells a difference from an artefact again, on labelled puzzles (--data DIR, a folder with
        manifest.json) and drawn ones, as they are and filmed. Prints the cross-validated figures; --write replaces the
        rule in use, with its provenance.
kinds   fit what tells added or removed, changed, recoloured, moved apart again, on the project's own puzzles, filmed.
        Prints the cross-validated figures; --write replaces the thresholds in use.
constants   score every other fitted constant of the vision and its neighbours on labelled puzzles (part tune of
        --data DIR), as they are, worn, filmed, and with nothing to find; one round of a coordinate search, some 15
        minutes. A value must be better by more than the margin to be chosen. --only NAME ... measures these only
        ("regions" is all of regions.); --write keeps what was chosen, with its provenance.

The profile is ROS camera_info YAML. It holds for one camera at one resolution.
"""


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
    def candidates(self, args: argparse.Namespace) -> Candidates: ...
    def rule(self) -> Path | None: ...
    def regions(self, args: argparse.Namespace) -> Regions[Any]: ...
    def kinds(self) -> Path | None: ...
    def scorer(self, args: argparse.Namespace) -> constants.Scorer: ...
    def constants(self) -> Path | None: ...


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words and options of the commands."""
    parser.add_argument(
        "what",
        metavar="WHAT",
        choices=("board", "lens", "list", "thresholds", "kinds", "constants"),
        help="board, lens, list, thresholds, kinds or constants, see below",
    )
    parser.add_argument("source", metavar="SOURCE", nargs="?", help="lens: the camera [the first one]")
    parser.add_argument("--paper", choices=tuple(sheet.PAPERS), help="board: only for this paper")
    parser.add_argument("--out", metavar="FOLDER", type=Path, help="board: where the files go [the current folder]")
    parser.add_argument("--images", metavar="DIR", type=Path, help="lens: from the photographs of the board in DIR")
    parser.add_argument("--camera", metavar="NAME", help="lens: whose profile it is, when SOURCE is no camera")
    parser.add_argument("--profile", metavar="FILE", type=Path, help="lens: write the profile here, not to its place")
    parser.add_argument("--headless", action="store_true", help="lens: no window")
    parser.add_argument("--verbose", action="store_true", help="lens: the error of every view")
    parser.add_argument("--data", metavar="DIR", type=Path, help="thresholds, constants: labelled puzzles")
    parser.add_argument(
        "--clips", metavar="N", type=int, help="thresholds, kinds: filmed clips, 5 s of work each [130]"
    )
    parser.add_argument("--keep", metavar="FILE", type=Path, help="thresholds: write what was measured as .npz")
    parser.add_argument("--measured", metavar="FILE", type=Path, nargs="+", help="thresholds: use these .npz instead")
    parser.add_argument("--only", metavar="NAME", nargs="+", help="constants: only these")
    parser.add_argument("--write", action="store_true", help="thresholds, kinds, constants: replace what is in use")
    parser.epilog = USAGE


def run(args: argparse.Namespace, around: Surroundings) -> int:
    """Do what the words say. Raises CalibrationError."""
    _check(args)
    if args.what == "board":
        return write_boards(args.out or Path("."), (args.paper,) if args.paper else tuple(sheet.PAPERS), around.tell)
    if args.what == "list":
        return list_profiles(around.tell)
    if args.what == "thresholds":
        return thresholds.run(args, lambda: around.candidates(args), around.rule(), around.tell)
    if args.what == "kinds":
        return kinds.run(args, lambda: around.regions(args), around.kinds(), around.tell)
    if args.what == "constants":
        return constants.run(args, lambda: around.scorer(args), around.constants(), around.tell)
    return measure_lens(args, around)


def write_boards(folder: Path, papers: tuple[str, ...], tell: Callable[[str], None]) -> int:
    """Write the target for each paper as PDF and SVG."""
    if not folder.is_dir():
        raise WrongUse(f"cannot write the board to {folder}: there is no such folder; make it first")
    for paper in papers:
        page = board.sheet(paper)
        for suffix, data in ((".pdf", sheet.as_pdf([page])), (".svg", sheet.as_svg(page))):
            path = folder / f"livespot-board-{paper}{suffix}"
            _write(path, data)
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


def _check(args: argparse.Namespace) -> None:
    """Raises WrongUse for options that mean nothing here."""
    belongs = {
        "board": {"paper", "out"},
        "lens": {"source", "images", "camera", "profile", "headless", "verbose"},
        "list": set[str](),
        "thresholds": {"data", "clips", "keep", "measured", "write"},
        "kinds": {"clips", "write"},
        "constants": {"data", "only", "write"},
    }
    for name in sorted({"source"} | set[str]().union(*belongs.values())):
        if getattr(args, name) not in (None, False) and name not in belongs[args.what]:
            raise WrongUse(f"{name if name == 'source' else '--' + name} means nothing to `calibrate {args.what}`")
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
        path.write_bytes(data)
    except OSError as error:
        raise CalibrationError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from None
