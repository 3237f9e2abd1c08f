"""One line for the user on standard error, also when standard error is gone.

A session is not over because nobody listens any more: the terminal was closed, the reader of a pipe went away, or the
program was started from a desktop and never had anybody to talk to. Python's logging lies underneath, logger
"livespot": another program that uses livespot as a library hears nothing unless it asks for it.
"""

import codecs
import contextlib
import io
import logging
import os
import re
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from typing import IO, Any, TextIO

_CONTROL = re.compile(r"[\x00-\x1a\x1c-\x1f\x7f-\x9f]|\x1b(?!\[(?:3[123]|0)m)")
log = logging.getLogger("livespot")
log.addHandler(logging.NullHandler())


def shown(text: str) -> str:
    """`text` as titles, pictures and files take it; a file name that is not UTF-8 holds halves of characters.

    OpenCV crashes on one of those, and nothing encodes it: here it becomes the sign for what cannot be read.
    """
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def plain(line: str) -> str:
    """`line` without the control characters that a file's name may hold, which a terminal obeys; our colours stay."""
    return _CONTROL.sub("?", line)


def say(line: str) -> None:
    """One line for the user."""
    log.info("%s", line)


def fail(line: str) -> None:
    """The line that says why it ends; it is said with --quiet too."""
    log.error("%s", line)


def set_level(word: str) -> None:
    """Say what goes on: "quiet" only failures, "verbose" every step, else what a user should know."""
    log.setLevel({"quiet": logging.ERROR, "verbose": logging.DEBUG}.get(word, logging.INFO))


class Terminal(logging.Handler):
    """Writes what is logged as lines of the program's, on standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        write(f"livespot: {plain(' '.join(record.getMessage().split()))}")


def talk() -> None:
    """From now on this process is the program, and talks to its user."""
    if not any(isinstance(handler, Terminal) for handler in log.handlers):
        log.addHandler(Terminal())
    set_level("")


def coloured(text: str, colour: str) -> str:
    """`text` in "red", "green" or "yellow" where a terminal shows it and the user has nothing against it."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\x1b[{ {'red': 31, 'green': 32, 'yellow': 33}[colour] }m{text}\x1b[0m"


def write(line: str) -> None:
    """A line on standard error, as it is."""
    with contextlib.suppress(OSError, ValueError):
        print(line, file=sys.stderr, flush=True)


def heard() -> bool:
    """Whether a person sits at standard error, and wants to hear what goes on."""
    try:
        return log.isEnabledFor(logging.INFO) and sys.stderr.isatty()
    except (OSError, ValueError):
        return False


@contextlib.contextmanager
def getting_ready(line: str) -> Iterator[Callable[[float], None]]:
    """To be told the share that is done of what takes long: a bar with what remains, or just `line` in a log file."""
    bar: Any = None

    def progress(share: float) -> None:
        nonlocal bar
        if bar is None:
            from tqdm import tqdm

            say(line)
            shape = "{percentage:3.0f} %|{bar}| about {remaining} left"
            bar = tqdm(total=1.0, bar_format=shape, disable=not heard(), leave=False, file=Forgiving())
        bar.update(max(0.0, share - bar.n))

    yield progress
    if bar is not None:
        bar.close()


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


class _Aside(contextlib.AbstractContextManager[None]):
    """Standard error put aside while pictures are decoded, by any number of threads: see `quiet_jpeg`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._decoding = 0
        self._own = -1  # standard error itself, while it is put aside
        self._said: IO[bytes] | None = None

    def __enter__(self) -> None:
        with self._lock:
            self._decoding += 1
            if self._decoding > 1:
                return
            with contextlib.suppress(OSError):  # no folder for temporary files, no standard error: nothing is hidden
                self._said = self._said or tempfile.TemporaryFile()
                self._own = os.dup(2)
                os.dup2(self._said.fileno(), 2)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._decoding -= 1
            if self._decoding or self._own < 0 or self._said is None:
                return
            os.dup2(self._own, 2)
            os.close(self._own)
            self._own = -1
            if self._said.seek(0, os.SEEK_END) == 0:
                return
            self._said.seek(0)
            others = [line for line in self._said if not line.startswith(_LIBJPEG)]
            self._said.seek(0)
            self._said.truncate()
        with contextlib.suppress(OSError):
            os.write(2, b"".join(others))


_LIBJPEG = (b"Corrupt JPEG", b"Premature end", b"Invalid SOS", b"Warning")
# Within it, libjpeg's lines about a picture that it can read go nowhere; what others say meanwhile comes after it.
quiet_jpeg = _Aside()


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
    codecs.register_error("livespot", _as_it_came)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="livespot")


def drop_stdout() -> None:
    """Send what is still to be written to standard output nowhere: it cannot be written, and Python would try again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _as_it_came(error: UnicodeError) -> tuple[bytes, int]:
    """Print a file name that is not UTF-8 as the bytes it is made of, and "?" for what the terminal cannot show."""
    if not isinstance(error, UnicodeEncodeError):  # who reads back what was printed
        return codecs.lookup_error("replace")(error)  # type: ignore[return-value]
    codes = [ord(character) for character in error.object[error.start : error.end]]
    return bytes(code - 0xDC00 if 0xDC80 <= code <= 0xDCFF else ord("?") for code in codes), error.end


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")
