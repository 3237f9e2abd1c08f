"""`livespot puzzle PHOTO_OR_SCENE`: a printable puzzle with known differences, and its answer key."""

import argparse
from pathlib import Path

from livespot.calibration.errors import WrongUse
from livespot.cli import files
from livespot.cli.live import seed
from livespot.errors import UsageError
from livespot.saying import say
from livespot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "picture", metavar="PHOTO_OR_SCENE", nargs="?", default="harbour", help="a photograph, or a scene of the demo"
    )
    parser.add_argument("--differences", metavar="N", type=int, default=8, help="how many, 0 to 30 [8]")
    parser.add_argument("--seed", metavar="N", type=seed, default=0, help="another seed, other differences [0]")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="the page: a .pdf file")
    parser.add_argument("--paper", choices=("A4", "Letter"), default="A4", help="what it is printed on [A4]")
    parser.add_argument("--title", metavar="WORDS", default="", help="what stands above the pictures")
    parser.epilog = """\
Page 1 is the puzzle, page 2 the answers. The answer key goes beside it as FILE-answers.json, and is kept for
`livespot selfcheck`, which recognises the printed page by the small mark in its corner.
"""


def run(args: argparse.Namespace, settings: Settings) -> int:
    from livespot.reference import making

    if args.out.suffix.lower() != ".pdf":
        raise UsageError(f"--out {args.out}: end it in .pdf")
    if not 0 <= args.differences <= 30:
        raise UsageError(f"--differences {args.differences}: a whole number from 0 to 30")
    answers = args.out.with_name(f"{args.out.stem}-answers.json")
    files.check_writable(args.out, "the page")
    files.check_writable(answers, "the answer key")
    try:
        made = making.make(args.picture, args.differences, args.seed, args.paper, args.title, say)
    except WrongUse as error:
        raise UsageError(str(error)) from None
    files.write_whole(args.out, made.pdf)
    files.write_whole(answers, made.answers)
    making.keep(made)
    count = len(made.printed.key.differences)
    if count < args.differences:
        say(
            f"only {count} of {args.differences} differences could be planted without a trace, and all that is in the "
            "picture was tried: try another --seed, or a picture with more in it"
        )
    print(
        f"wrote {args.out} and {answers}: {count} difference{'' if count == 1 else 's'}, page {made.printed.key.mark}"
    )
    return 0
