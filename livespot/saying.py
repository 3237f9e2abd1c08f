"""One line for the user, on standard error, whatever has become of it.

A session is not over because nobody listens any more: the terminal was closed, the reader of a pipe went away, or the
program was started from a desktop and never had anybody to talk to.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO


def say(line: str) -> None:
    """One line for the user."""
    write(f"livespot: {' '.join(line.split())}")


def write(line: str) -> None:
    """A line on standard error, as it is."""
    with contextlib.suppress(OSError, ValueError):
        print(line, file=sys.stderr, flush=True)


def heard() -> bool:
    """Whether a person sits at standard error."""
    try:
        return sys.stderr.isatty()
    except (OSError, ValueError):
        return False


class Forgiving:
    """Standard error for those who write to it again and again (a progress bar); see above."""

    @property
    def encoding(self) -> str:
        return sys.stderr.encoding

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()

    def fileno(self) -> int:
        """For the width of the terminal."""
        return sys.stderr.fileno()


def take_standard_streams() -> None:
    """Give the process the streams it was started without, leading nowhere.

    Else a recording would be opened under the number of standard error, and what a library complains about would be
    written into it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    if sys.stdout is None:
        sys.stdout = _nowhere()
    if sys.stderr is None:
        sys.stderr = _nowhere()


def drop_stdout() -> None:
    """Send what is still to be written to standard output nowhere: it cannot be written, and Python would try again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")
