"""`livespot bench speed` and `livespot bench accuracy`: words to a benchmark run."""

import argparse
from pathlib import Path

from livespot import packages
from livespot.bench import report
from livespot.errors import UsageError
from livespot.settings import Settings

SPEED_PARTS = ("kernels", "stage", "frame", "live", "start")
ACCURACY_PARTS = ("stills", "thin", "live", "count", "unchanged", "classic")

ABOUT = """\
speed      the kernels, the difference stage, a tracked frame, the live loop, start-up
           parts: kernels, stage, frame, live, start
accuracy   labelled stills, thin marks, the simulated webcam, the number on screen, unchanged pages, the
           published pipeline beside it; parts: stills, thin, live, count, unchanged, classic

examples:
  livespot bench speed --quick
  livespot bench speed --parts kernels stage --json speed.json
  livespot bench accuracy --data puzzles --parts stills classic
  livespot bench accuracy --parts live --scenarios glare curled --seeds 2
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("speed", "accuracy"), help="what to measure")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the numbers as one flat JSON object")
    parser.add_argument("--parts", metavar="PART", nargs="+", default=[], help="only these parts (see below)")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter runs: a first look in a minute or two")
    accuracy = parser.add_argument_group("accuracy")
    accuracy.add_argument("--data", metavar="DIR", type=Path, help="labelled pictures: a folder with manifest.json")
    accuracy.add_argument("--part", choices=("tune", "check"), default="", help="only this part of the labelled data")
    accuracy.add_argument("--scenarios", metavar="NAME", nargs="+", default=[], help="only these ways to film a page")
    accuracy.add_argument("--seeds", metavar="N", type=int, default=0, help="clips of each puzzle and scenario")
    accuracy.add_argument("--first-seed", metavar="N", type=int, default=0, help="the first seed (default: 5001)")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = ABOUT


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Run one benchmark; its tables go to standard output."""
    known = SPEED_PARTS if args.what == "speed" else ACCURACY_PARTS
    unknown = [part for part in args.parts if part not in known]
    if unknown:
        raise UsageError(f"unknown part {unknown[0]!r}; bench {args.what} has {', '.join(known)}")
    for module, package in (("psutil", "psutil"), ("scipy", "SciPy"), ("skimage", "scikit-image")):
        packages.need(module, package, "bench", "the benchmark")
    report.writable(args.json)
    if args.what == "speed":
        from livespot.bench.speed import measuring as speed

        numbers = speed.run(args.parts or known, args.quick, settings)
    else:
        from livespot.bench import accuracy

        parts, scenarios = tuple(args.parts) or known, tuple(args.scenarios)
        options = (parts, args.quick, args.data, args.part, scenarios, args.seeds, args.first_seed)
        numbers = accuracy.run(accuracy.Options(*options), settings)
    if args.json is not None:
        report.write_json(args.json, numbers)
    return 0
