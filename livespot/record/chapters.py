"""Where in a recording something happened (a freeze, a snapshot), and the chapters that players are told of it.

Chapters go into a file when it is finished. Until then each mark also stands beside it, in `clip.writing.mp4.marks`, so
that a recording that was cut off gets its chapters when it is recovered (livespot.record.recover).
"""

import contextlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from livespot.record.timeline import TICKS


@dataclass(frozen=True)
class Chapter:
    """start: its first tick; end: the tick after its last, both from the start of the file."""

    start: int
    end: int
    title: str


def divided(marks: Iterable[tuple[int, str]], end: int, title: str) -> list[Chapter]:
    """Chapters up to tick `end` from marks (tick, text), none from none; the one before the first is called `title`."""
    starts: dict[int, str] = {0: title}
    for tick, text in marks:
        if tick < end:
            starts[tick] = f"{starts[tick]}, {text}" if starts.get(tick, title) != title else text
    if starts == {0: title}:
        return []
    ticks = sorted(starts)
    return [Chapter(start, stop, starts[start]) for start, stop in zip(ticks, [*ticks[1:], end], strict=True)]


def for_container(chapters: Iterable[Chapter]) -> list[Any]:
    """The same as PyAV's containers take it."""
    return [
        {"id": n, "start": c.start, "end": c.end, "time_base": Fraction(1, TICKS), "metadata": {"title": c.title}}
        for n, c in enumerate(chapters, 1)
    ]


# --- beside a recording that is being written


def beside(writing: Path) -> Path:
    """Where the marks of an unfinished recording are."""
    return writing.with_name(writing.name + ".marks")


def note(writing: Path, tick: int, text: str) -> None:
    """Write a mark down. Raises OSError."""
    line = json.dumps([tick, text], ensure_ascii=False).encode() + b"\n"
    descriptor = os.open(beside(writing), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    try:
        os.write(descriptor, line)
    finally:
        os.close(descriptor)


def noted(writing: Path) -> list[tuple[int, str]]:
    """The marks of an unfinished recording; what is not a mark is left out."""
    marks = []
    with contextlib.suppress(OSError):
        for line in beside(writing).read_bytes().splitlines():
            with contextlib.suppress(ValueError, TypeError):
                tick, text = json.loads(line)
                if isinstance(tick, int) and tick >= 0 and isinstance(text, str):
                    marks.append((tick, text))
    return marks


def forget(writing: Path) -> None:
    """The recording is finished, or given up."""
    with contextlib.suppress(OSError):
        beside(writing).unlink(missing_ok=True)
