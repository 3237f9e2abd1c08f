"""What the desktop does for a window without a toolkit of its own: a dialogue for a file, the clipboard.

Each is a program of the desktop, or Python's own Tk in a child process; all of them wait, so ask on a thread.
"""

import importlib.util
import shutil
import subprocess
import sys

_TITLE = "Open a picture, a video or a scan"
_TK = "import tkinter, tkinter.filedialog as f; r = tkinter.Tk(); r.withdraw(); print({}, end='')"


def file_dialogue() -> str | None:
    """The path that the person chose, "" when none was; None where there is no dialogue."""
    return _asked(
        ["zenity", "--file-selection", f"--title={_TITLE}"],
        ["kdialog", "--title", _TITLE, "--getopenfilename", "."],
        ["osascript", "-e", f'POSIX path of (choose file with prompt "{_TITLE}")'],
        _tk(f"f.askopenfilename(title={_TITLE!r})"),
    )


def clipboard() -> str | None:
    """The text on the clipboard, "" when there is none; None where nobody can tell."""
    return _asked(
        ["wl-paste", "--no-newline"], ["xclip", "-selection", "clipboard", "-out"], ["xsel", "--clipboard"],
        ["pbpaste"], _tk("r.clipboard_get()"),
    )  # fmt: skip


def _tk(ask: str) -> list[str]:
    there = importlib.util.find_spec("_tkinter") is not None
    return [sys.executable, "-c", _TK.format(ask)] if there else ["no Tk"]


def _asked(*commands: list[str]) -> str | None:
    for command in commands:
        if shutil.which(command[0]) is not None:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            return done.stdout.decode(errors="replace").strip("\r\n")
    return None
