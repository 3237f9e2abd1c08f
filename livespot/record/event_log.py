"""The event log (`--events FILE`): one JSON object a line for every frame, on the disk as it happens.

Each line goes out in one write, past every buffer, so that a killed process leaves whole lines. The file has its final
name from the start: others may follow it while it grows. `-` is standard output; when its reader goes away
(`| head -1`) the log is over, and nothing has failed.
"""

import contextlib
import errno
import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

from livespot import saying
from livespot.errors import UsageError
from livespot.frame import Closing
from livespot.record import naming
from livespot.spotting.results import FrameResult


def is_special(path: Path) -> bool:
    """Whether this is a pipe or a device, which may be there already: nothing in it is overwritten."""
    return path == naming.STDOUT or (os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path))


class EventLog(Closing):
    """Writes FrameResult.as_json lines to `path`, which must not exist yet (an empty file, a pipe or a device may).

    error: why the log stopped, one line; None when all is well. notify: called once with that line.
    over: nothing is written any more.
    Raises UsageError when the file exists or cannot be written. A context manager; `close` may be called twice.
    """

    def __init__(self, path: Path | str, *, notify: Callable[[str], None] = saying.write) -> None:
        self.error: str | None = None
        self._path = Path(path)
        self._notify = notify
        self._size = 0  # whole lines
        if not is_special(self._path):
            naming.check_target(self._path, "events")
        try:
            self._descriptor = self._open()
        except (OSError, ValueError) as error:  # ValueError: standard output was closed
            why = naming.in_words(error) if isinstance(error, OSError) else str(error).lower()
            raise UsageError(f"cannot write events to {self._path}: {why}; choose another folder or name") from None
        # A file behind standard output is not ours to cut: it may hold more than our lines.
        self._regular = self._path != naming.STDOUT and stat.S_ISREG(os.fstat(self._descriptor).st_mode)

    def _open(self) -> int:
        if self._path == naming.STDOUT:
            sys.stdout.flush()  # what was printed comes first
            return os.dup(sys.stdout.fileno())
        plain = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
        if sys.platform == "win32" or not is_special(self._path):
            return os.open(self._path, plain, 0o666)
        # opening a pipe would wait until somebody reads it; this way one without a reader is refused
        descriptor = os.open(self._path, plain | os.O_NONBLOCK)
        os.set_blocking(descriptor, True)
        return descriptor

    @property
    def over(self) -> bool:
        return self._descriptor < 0

    def write(self, spotting: FrameResult) -> None:
        """Add this frame's line. Never raises: a full disk ends the log with one line and the live view goes on."""
        if self._descriptor < 0:
            return
        line = json.dumps(spotting.as_json(), ensure_ascii=False, separators=(", ", ": ")).encode() + b"\n"
        try:
            if self._regular and os.fstat(self._descriptor).st_nlink == 0:
                raise FileNotFoundError(None, "the file was deleted")
            view = memoryview(line)
            while view:
                view = view[os.write(self._descriptor, view) :]
            self._size += len(line)
        except OSError as error:
            # Windows calls a pipe without a reader an invalid argument.
            gone = isinstance(error, BrokenPipeError) or (sys.platform == "win32" and error.errno == errno.EINVAL)
            if self._path == naming.STDOUT and gone:
                self.close()
            else:
                self._give_up(naming.in_words(error))

    def _give_up(self, reason: str) -> None:
        if self._regular:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, self._size)  # half a line is worse than none
        self.close()
        kept = f"; what came before is in {self._path}" if self._regular else ""
        self.error = f"events stopped: {reason}{kept}"
        self._notify(self.error)

    def close(self) -> None:
        """Close the file; later frames are not logged."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)
