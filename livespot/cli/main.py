"""`livespot`: finds the command, runs it, and turns every failure into one line and an exit status.

0 done, 1 failed while running, 2 wrong use. An unexpected exception is a bug of ours: one line, and the traceback goes
to a file in the user's cache folder, or to standard error with `--traceback`.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import importlib
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import FrameType, ModuleType

import livespot
from livespot import startup
from livespot.capture.address import hidden_in, without_password
from livespot.cli import options
from livespot.errors import LivespotError, UsageError
from livespot.saying import drop_stdout, say, take_standard_streams, write


@dataclass(frozen=True)
class Command:
    """module: has add_arguments(parser), which may set its epilog, and run(args, settings) -> int.

    usage: the words after `livespot NAME`.
    """

    module: str
    usage: str
    summary: str


COMMANDS: dict[str, Command] = {
    "live": Command("livespot.cli.live", "[SOURCE]", "the live window (what `livespot` alone does)"),
    "photo": Command("livespot.cli.photo", "IMAGE [IMAGE_B]", "one still page, or two pictures"),
    "demo": Command("livespot.cli.demo", "[NAME]", "a simulated webcam pointed at a printed puzzle"),
    "cameras": Command("livespot.cli.cameras", "", "which cameras there are"),
    "calibrate": Command(
        "livespot.cli.calibrate", "WHAT [SOURCE]", "a camera's lens, the board for it, the thresholds"
    ),
    "puzzle": Command("livespot.cli.puzzle", "PHOTO_OR_SCENE", "a page to print, with known differences"),
    "selfcheck": Command("livespot.cli.selfcheck", "[SOURCE]", "what this camera finds on such a page, in this light"),
    "doctor": Command("livespot.doctor", "", "what works on this machine, and the remedy for what does not"),
    "recover": Command("livespot.live.recover", "PATH", "make a normal file of a recording that was cut off"),
    "bench": Command("livespot.bench.command", "WHAT", "measure accuracy or speed"),
    "settings": Command("livespot.cli.settings", "", "every setting with its range and meaning"),
}

EXAMPLES = """\
examples:
  livespot                                  the first camera, in a window
  livespot live "C920"                      a camera by a part of its name
  livespot live clip.mp4 --record out.mp4   a video file, with the boxes recorded
  livespot live demo --headless --seconds 10 --events out.jsonl
  livespot photo page.jpg --json page.json  one picture of a page
  livespot photo before.png after.png       two pictures

`livespot COMMAND --help` tells all about a command.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `livespot` with these words (default: the process's own). Returns the exit status."""
    take_standard_streams()
    words = list(sys.argv[1:] if argv is None else argv)
    show_traceback = "--traceback" in words
    words = [word for word in words if word != "--traceback"]
    with _terminable():
        try:
            return _run(words)
        except LivespotError as error:
            say(hidden_in(str(error), words))
            return error.exit_status
        except KeyboardInterrupt:
            say("stopped")
            return 130
        except BrokenPipeError:
            # The reader of our output went away (`livespot cameras | head -1`): nothing left to say, and to nobody.
            drop_stdout()
            return 0
        except Exception as error:
            if (plain := _in_plain_words(error)) is not None:
                say(hidden_in(str(plain), words))
                return plain.exit_status
            told = hidden_in(traceback.format_exc(), words)
            if show_traceback:
                write(told.rstrip())
            summary = hidden_in(f"{type(error).__name__}: {error}", words)
            say(f"unexpected failure: {summary} ({_keep_traceback(words, told)})")
            return 1


def _run(words: list[str]) -> int:
    if words and words[0] in ("-h", "--help", "help"):
        print(overview())
        return 0
    if words and words[0] in ("--version", "-V"):
        print(f"livespot {livespot.__version__}")
        return 0
    name = words.pop(0) if words and words[0] in COMMANDS else "live"
    command = COMMANDS[name]
    module = importlib.import_module(command.module)
    args = parser_for(name, module).parse_args(words)
    status = int(module.run(args, options.settings_from(args)))
    sys.stdout.flush()  # here, where a reader that has gone away is met, and not after the end
    return status


def _in_plain_words(error: Exception) -> LivespotError | None:
    """What the system may refuse anywhere, and what to do about it; None for a fault of ours."""
    code = getattr(error, "errno", None) if isinstance(error, OSError) else None
    if code == errno.ENAMETOOLONG:
        return UsageError(f"{str(getattr(error, 'filename', ''))[:40]}...: file name too long; choose a shorter one")
    if code in (errno.ENOSPC, errno.EDQUOT):
        drop_stdout()
        return LivespotError("the disk is full: make room, or choose another place")
    return None


def parser_for(name: str, module: ModuleType) -> argparse.ArgumentParser:
    """The parser of one command."""
    parser = options.Parser(prog=f"livespot {name}", description=COMMANDS[name].summary)
    module.add_arguments(parser)
    options.add_settings(parser)
    parser.add_argument(
        "--traceback", action="store_true", help="after a failure of livespot itself, show where it was"
    )
    return parser


def overview() -> str:
    """What `livespot --help` prints."""
    lines = ["livespot: the differences between two printed pictures, boxed live", "", "usage:"]
    lines.append("  livespot [COMMAND] [OPTIONS]")
    lines += ["", "commands:"]
    width = max(len(f"{name} {command.usage}") for name, command in COMMANDS.items())
    for name, command in COMMANDS.items():
        lines.append(f"  {f'{name} {command.usage}'.strip():<{width}}  {command.summary}")
    return "\n".join([*lines, "", EXAMPLES.rstrip()])


def _keep_traceback(words: Sequence[str], told: str) -> str:
    """Write the traceback where the user can find it; returns what to tell them."""
    folder = startup.cache_dir() / "failures"
    path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        asked = " ".join(without_password(word) for word in words)
        path.write_text(f"livespot {livespot.__version__}: livespot {asked}\n\n{told}", encoding="utf-8")
    except Exception:
        return "run again with --traceback for the details"
    return f"details in {path}"


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM ends like Ctrl+C while this is open: recordings are closed on the way out."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
