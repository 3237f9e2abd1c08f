"""`livespot calibrate thresholds|kinds|constants|eye|panels`: what the vision fitted on data, fitted again."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from livespot import packages
from livespot.errors import UsageError
from livespot.settings import Settings

CLIPS = 130  # filmed clips to fit a rule on
USAGE = """\
thresholds  fit the rule that tells a difference from an artefact again, on labelled puzzles (--data DIR, a folder with
        manifest.json) and drawn ones, as they are and filmed. Prints the cross-validated figures; --write replaces the
        rule in use, with its provenance. --last keeps its layers and fits what the eye and the other candidates add.
        --work DIR adds what the eye's training keeps aside there.
kinds   fit what tells added or removed, changed, recoloured, moved apart again, on the project's own puzzles, filmed.
        Prints the cross-validated figures; --write replaces the thresholds in use.
constants   score every other fitted constant of the vision and its neighbours on labelled puzzles (part tune of
        --data DIR), as they are, worn, filmed, and with nothing to find; one round of a coordinate search, some 15
        minutes. A value must be better by more than the margin to be chosen. --only NAME ... measures these only
        ("regions" is all of regions.); --write keeps what was chosen, with its provenance.
eye     train the network that sees what differs, from nothing or from where the last training ended; scripts/train
        prepares PyTorch and the art that puzzles are drawn from, and runs this. --work DIR keeps all of it, --hours H
        of training in all, --data DIR adds one's own labelled puzzles; --write replaces the weights in use.
panels  train the network that sees how far the pictures reach, likewise.
"""
BELONGS = {  # which options each word takes
    "thresholds": {"data", "clips", "keep", "measured", "last", "work", "write"},
    "kinds": {"clips", "write"},
    "constants": {"data", "only", "write"},
    "eye": {"data", "work", "hours", "write"},
    "panels": {"work", "hours", "write"},
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of these words."""
    parser.add_argument("--data", metavar="DIR", type=Path, help="thresholds, constants, eye: labelled puzzles")
    parser.add_argument(
        "--clips", metavar="N", type=int, help="thresholds, kinds: filmed clips, 5 s of work each [130]"
    )
    parser.add_argument("--keep", metavar="FILE", type=Path, help="thresholds: write what was measured as .npz")
    parser.add_argument("--measured", metavar="FILE", type=Path, nargs="+", help="thresholds: use these .npz instead")
    parser.add_argument("--last", action="store_true", help="thresholds: keep the layers, fit what the eye adds")
    parser.add_argument("--only", metavar="NAME", nargs="+", help="constants: only these")
    parser.add_argument("--write", action="store_true", help="replace what is in use")
    parser.add_argument(
        "--work", metavar="DIR", type=Path, help="eye, panels: where all is kept; thresholds: its held-out samples, too"
    )
    parser.add_argument("--hours", metavar="H", type=float, help="eye, panels: of training in all [3, 1.5]")


def run(args: argparse.Namespace, settings: Settings, tell: Callable[[str], None]) -> int:
    """Fit what `args.what` says. Raises LivespotError."""
    clips = CLIPS if args.clips is None else args.clips
    if args.what in ("thresholds", "kinds"):
        packages.need("scipy", "SciPy", "calibrate", f"calibrate {args.what}")
    if args.what == "thresholds":
        from livespot.training import confidence

        return confidence.run(args, clips, tell)
    if args.what == "kinds":
        from livespot.training import kinds

        return kinds.run(args, clips, tell)
    if args.what == "constants":
        from livespot.training import constants, trials

        return constants.run(args, lambda: trials.Trials(args.data, args.seed), constants.kept(), tell)
    if args.work is None or not 0 < (args.hours or 1) < 1000:
        raise UsageError(f"calibrate {args.what} needs --work DIR for what it draws, and --hours above 0")
    if args.what == "panels":
        from livespot.training.panels import command as panels

        panels.train(args.work, args.hours or 1.5, args.write, tell)
        return 0
    from livespot.training.eye import command as eye

    eye.train(eye.Plan(args.work, args.hours or 3.0, args.data, args.write), settings, tell)
    return 0
