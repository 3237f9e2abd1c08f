"""`livespot demo [NAME]`: `livespot live demo:NAME`, and the list of what there is."""

from __future__ import annotations

import argparse

from livespot.cli import live
from livespot.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", help="which puzzle")
    live.add_session_options(parser)


def run(args: argparse.Namespace, settings: Settings) -> int:
    return live.watch("demo" if args.name is None else f"demo:{args.name}", args, settings)
