"""`livespot demo [NAME]`: the simulated webcam in the window, what it can show, and its pages to print."""

import argparse
from pathlib import Path

from livespot.cli import files, live
from livespot.errors import LivespotError
from livespot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", help="which puzzle, or PUZZLE/SCENARIO [the first one]")
    parser.add_argument("--list", action="store_true", help="list the puzzles and the scenarios")
    parser.add_argument("--page", metavar="FILE", type=Path, help="write the page as a picture, to be printed")
    live.add_session_options(parser)
    parser.epilog = "`livespot live demo:NAME` is the same thing."


def run(args: argparse.Namespace, settings: Settings) -> int:
    if args.list:
        from livespot.demo import demo_names, scenario_names

        print("puzzles:   " + ", ".join(demo_names()))
        print("scenarios: " + ", ".join(scenario_names()))
        return 0
    if args.page is not None:
        return _write_page(args)
    return live.watch("demo" if args.name is None else f"demo:{args.name}", args, settings)


def _write_page(args: argparse.Namespace) -> int:
    import cv2

    from livespot.demo import page_picture

    files.check_picture_name(args.page, "--page")
    files.check_writable(args.page, "the page")
    page = page_picture(args.name, seed=args.seed, layout=args.layout)
    good, data = cv2.imencode(args.page.suffix, page.image)
    if not good:
        raise LivespotError(f"cannot write {args.page}: this kind of picture cannot hold the page")
    files.write_whole(args.page, bytes(data.tobytes()))
    print(f"wrote {args.page}: print it, then point a camera at it and run `livespot`")
    return 0
