"""`livespot calibrate`: a board to print, the lens of a camera, the profiles there are. See the package calibration."""

from __future__ import annotations

import argparse

from calibration import commands
from calibration.errors import CalibrationError, WrongUse
from livespot.cli.live import seconds, seed
from livespot.errors import LivespotError, UsageError
from livespot.saying import say
from livespot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands.add_arguments(parser)
    parser.add_argument("--seconds", metavar="N", type=seconds, help="lens: end after N seconds of the source")
    parser.add_argument(
        "--seed",
        metavar="N",
        type=seed,
        default=0,
        help="lens, thresholds, kinds, constants: of the demo's hand and noise [0]",
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    from livespot.live.calibrating import Lent

    try:
        return commands.run(args, Lent(settings, say, args.seed, args.seconds))
    except WrongUse as error:
        raise UsageError(str(error)) from None
    except CalibrationError as error:
        raise LivespotError(str(error)) from None
