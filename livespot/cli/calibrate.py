"""`livespot calibrate`: a board to print, the lens of a camera, the profiles there are; the vision fitted again.

The cameras are the package calibration's, the fitting is livespot.training's.
"""

import argparse

from livespot.calibration import commands
from livespot.calibration.errors import CalibrationError, WrongUse
from livespot.cli.live import seconds, seed
from livespot.errors import LivespotError, UsageError
from livespot.saying import say
from livespot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from livespot.training import refit

    commands.add_arguments(parser, refit.BELONGS)
    refit.add_arguments(parser)
    parser.epilog = commands.USAGE.replace("\nThe profile", f"{refit.USAGE}\nThe profile")
    parser.add_argument("--seconds", metavar="N", type=seconds, help="lens: end after N seconds of the source")
    parser.add_argument(
        "--seed",
        metavar="N",
        type=seed,
        default=0,
        help="lens, thresholds, kinds, constants: of the demo's hand and noise [0]",
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    from livespot.live.calibration_host import CalibrationHost
    from livespot.training import refit

    try:
        commands.check_options(args, commands.BELONGS | refit.BELONGS)
        if args.what in refit.BELONGS:
            return refit.run(args, settings, print)
        return commands.run(args, CalibrationHost(settings, say, args.seed, args.seconds))
    except WrongUse as error:
        raise UsageError(str(error)) from None
    except CalibrationError as error:
        raise LivespotError(str(error)) from None
