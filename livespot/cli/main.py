"""`livespot`: finds the command, runs it, and turns every failure into one line and an exit status.

One root parser with a parser for every command; only the module of the command that was named is imported, so that
`livespot` starts at once. 0 done, 1 failed while running, 2 wrong use. An unexpected exception is a bug of ours: one
line, and the traceback goes to a file in the user's cache folder, or to standard error with `--traceback`.
"""

import argparse
import contextlib
import difflib
import errno
import importlib
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any, NoReturn

from livespot import saying, startup
from livespot.capture import devices
from livespot.capture.network.address import hidden_in, without_password
from livespot.cli import options
from livespot.cli.options import COMMON
from livespot.errors import LivespotError, UsageError
from livespot.saying import drop_stdout, fail, say, shown, take_standard_streams, write
from livespot.version import __version__


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
    "photo": Command("livespot.cli.photo", "FILE...", "find the differences on pages, or between two pictures"),
    "demo": Command("livespot.cli.demo", "[NAME]", "a simulated webcam pointed at a printed puzzle"),
    "cameras": Command("livespot.cli.cameras", "", "list the cameras"),
    "calibrate": Command(
        "livespot.cli.calibrate", "WHAT [SOURCE]", "measure a camera's lens, print the board for it, fit thresholds"
    ),
    "puzzle": Command("livespot.cli.puzzle", "PHOTO_OR_SCENE", "make a page to print, with known differences"),
    "selfcheck": Command(
        "livespot.cli.selfcheck", "[SOURCE]", "measure what a camera finds on such a page, in this light"
    ),
    "doctor": Command("livespot.cli.doctor", "", "check what works on this machine, and how to mend the rest"),
    "recover": Command("livespot.record.recover", "PATH", "repair a recording that was cut off"),
    "bench": Command("livespot.bench.command", "WHAT", "measure accuracy or speed"),
    "settings": Command("livespot.cli.settings", "", "list every setting with its range and meaning"),
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
    with _terminable():
        try:
            return _run(words)
        except LivespotError as error:
            fail(hidden_in(str(error), words))
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
                fail(hidden_in(str(plain), words))
                return plain.exit_status
            told = hidden_in(traceback.format_exc(), words)
            if show_traceback:
                write(told.rstrip())
            summary = hidden_in(f"{type(error).__name__}: {error}", words)
            fail(f"unexpected failure: {summary} ({_keep_traceback(words, told)})")
            return 1


def _run(words: list[str]) -> int:
    name, words = _command_in(words)
    args = root_parser((name,) if name in COMMANDS else ()).parse_args(words)
    saying.set_level("quiet" if args.quiet else "verbose" if args.verbose else "")
    if args.no_color:
        os.environ["NO_COLOR"] = "1"
    settings = options.settings_from(args)
    saying.log.debug("livespot %s: %s with %s", __version__, name, settings)
    status = int(importlib.import_module(COMMANDS[name].module).run(args, settings))
    sys.stdout.flush()  # here, where a reader that has gone away is met, and not after the end
    return status


def _command_in(words: list[str]) -> tuple[str, list[str]]:
    """The command's name, and the words as the root parser takes them: what names no command is meant for `live`."""
    if words[:1] == ["help"]:
        return "", [*words[1:2], "--help"]
    at = next((i for i, word in enumerate(words) if word not in COMMON), len(words))
    first = words[at] if at < len(words) else ""
    if first in COMMANDS or first in ("-h", "--help", "-V", "--version") or first.startswith("--print-completion"):
        return first, words
    close = difflib.get_close_matches(first, COMMANDS, 1) if first.isalpha() else []
    if close and not os.path.lexists(first) and devices.find(first, devices.cameras()) is None:
        raise UsageError(f"no such command: {first}; did you mean {close[0]}?")
    return "live", [*words[:at], "live", *words[at:]]


def _in_plain_words(error: Exception) -> LivespotError | None:
    """What the system may refuse anywhere, and what to do about it; None for a fault of ours."""
    code = getattr(error, "errno", None) if isinstance(error, OSError) else None
    if code == errno.ENAMETOOLONG:
        return UsageError(f"{str(getattr(error, 'filename', ''))[:40]}...: file name too long; choose a shorter one")
    if code == errno.ENOENT and _lost():
        return UsageError("the folder that livespot was started in is gone: change to another one")
    if code in (errno.ENOSPC, errno.EDQUOT):
        drop_stdout()
        where = f" (writing {error.filename})" if isinstance(error, OSError) and error.filename else ""
        return LivespotError(f"the disk is full{where}: make room, or choose another place")
    return None


def _lost() -> bool:
    """Whether the current folder was removed."""
    try:
        os.getcwd()
    except FileNotFoundError:
        return True
    return False


def root_parser(whole: Iterable[str]) -> argparse.ArgumentParser:
    """The parser of all commands; those named in `whole` have their arguments, the others a name and a summary."""
    parser = options.Parser(
        prog="livespot",
        description="livespot: the differences between two printed pictures, boxed live. Without a COMMAND: live.",
        epilog=EXAMPLES,
    )
    parser.add_argument("-V", "--version", action="version", version=f"livespot {__version__}")
    parser.add_argument(
        "--print-completion", action=Completion, help="print a shell's completion of these words, to be sourced by it"
    )
    options.add_common(parser)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands", parser_class=options.Parser)
    for name, command in COMMANDS.items():
        one = commands.add_parser(name, help=command.summary, description=command.summary)
        if name in whole:
            importlib.import_module(command.module).add_arguments(one)
            options.add_settings(one)
            options.add_common(one)
            one.epilog = "\n\n".join(text.rstrip() for text in (one.epilog, options.EPILOG) if text)
    return parser


class Completion(argparse.Action):
    """`--print-completion SHELL`."""

    def __init__(self, option_strings: Sequence[str], dest: str, **kwargs: Any) -> None:
        super().__init__(option_strings, argparse.SUPPRESS, choices=("bash", "zsh", "fish"), **kwargs)

    def __call__(self, parser: argparse.ArgumentParser, *words: Any) -> NoReturn:
        import shtab

        print(shtab.complete(root_parser(COMMANDS), words[1]))
        parser.exit()


def _keep_traceback(words: Sequence[str], told: str) -> str:
    """Write the traceback where the user can find it; returns what to tell them."""
    folder = startup.cache_dir() / "failures"
    path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        asked = " ".join(without_password(word) for word in words)
        path.write_text(shown(f"livespot {__version__}: livespot {asked}\n\n{told}"), encoding="utf-8")
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
