"""Brings unfinished recordings back: what a killed livespot left under its temporary name becomes a normal file."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from livespot.settings import Settings

SUMMARY = "make a normal file of a recording that was cut off"


@dataclass(frozen=True)
class Recovered:
    """One leftover. target: the file it became, or None; problem: why it did not, one line, or None."""

    leftover: Path
    target: Path | None
    frames: int
    seconds: float
    problem: str | None


def leftovers(folder: Path | str) -> list[Path]:
    """Unfinished recordings in a folder (not below it) that nobody is writing any more; [] for no such folder."""
    raise NotImplementedError


def offer(folder: Path | str) -> str | None:
    """The line a start shows when `folder` holds leftovers, with the command to give; None when it holds none."""
    raise NotImplementedError


def recover(path: Path | str) -> list[Recovered]:
    """Recover one recording (the leftover, or the name it should have had) or all in a folder.

    Raises UsageError when there is no such path or nothing unfinished at it.
    """
    raise NotImplementedError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `livespot recover`."""
    parser.add_argument("path", type=Path, metavar="PATH", help="an unfinished recording, or a folder of them")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """`livespot recover PATH`: one line for every file; 1 when one could not be recovered."""
    raise NotImplementedError
