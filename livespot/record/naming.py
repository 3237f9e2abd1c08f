"""Names of recordings on the disk: the temporary one while it is written, the real one when it is whole.

`clip.mp4` is written as `clip.writing.mp4` beside its target, so that it never has to be copied and a player still
knows what it is. A name in use is never taken: parts and clashes get a number (`clip-2.mp4`). Whoever writes a file
holds a lock on it (flock, which ends with the process), so a leftover can be told from a recording that still runs.
Windows needs no lock: it neither renames nor removes a file that is open.
"""

import contextlib
import errno
import os
import re
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import platformdirs

from livespot.errors import UsageError

if sys.platform != "win32":
    import fcntl

RENAMES_OPEN_FILES = sys.platform != "win32"
STDOUT = Path("-")  # the name that means standard output, as elsewhere
EXTENSIONS = (".mp4", ".mkv")

_WRITING = re.compile(r"(?P<stem>.+)\.writing(-\d+)?(?P<extension>\.(mp4|mkv))", re.IGNORECASE)


def place(folder: str, kind: str) -> Path:
    """Where "pictures" or "videos" go. folder: the setting; auto is the platform's own place for them."""
    if folder != "auto":
        return Path(folder)
    own = platformdirs.user_pictures_path if kind == "pictures" else platformdirs.user_videos_path
    try:
        return own() / "livespot"
    except RuntimeError:  # a user without a home
        return Path()


def in_words(error: OSError) -> str:
    """What the system refused, for the user."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full"
    if error.errno == errno.EFBIG:
        return "the file has reached the largest size allowed here"
    if error.errno == errno.ENXIO:
        return "nobody reads this pipe"
    if error.errno == errno.EIO:
        return "the disk failed"
    return (error.strerror or str(error)).lower()


def numbered(path: Path) -> Iterator[Path]:
    """`path`, then NAME-2.EXT, NAME-3.EXT, ..."""
    yield path
    for n in count(2):
        yield path.with_name(f"{path.stem}-{n}{path.suffix}")


def target_of(path: Path) -> Path | None:
    """The name an unfinished recording was meant to get; None when `path` is not the name of one."""
    match = _WRITING.fullmatch(path.name)
    return path.with_name(match["stem"] + match["extension"]) if match else None


def is_free(path: Path) -> bool:
    """Whether a file may be put here: nothing there, or an empty file (nothing is lost by replacing it)."""
    if not os.path.lexists(path):
        return True
    return os.path.isfile(path) and not os.path.islink(path) and os.path.getsize(path) == 0


def check_target(path: Path, what: str) -> None:
    """Refuse, before any work is done, a target that cannot be written. Raises UsageError with one line."""
    folder = path.parent
    if os.path.isdir(path):
        raise UsageError(f"cannot write {what} to {path}: it is a folder; give a file name")
    if not os.path.isdir(folder):
        raise UsageError(f"cannot write {what} to {path}: there is no folder {folder}; make it first")
    if not is_free(path):
        raise UsageError(f"{path} exists and is not overwritten; give {what} another name")


def create(path: Path) -> int:
    """Make a new file, locked to this process until it is closed; the descriptor reads and writes.

    Raises FileExistsError when there is one, OSError when it cannot be made.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    if sys.platform != "win32":
        with contextlib.suppress(OSError):  # no locks here: it cannot be told from a leftover, nothing worse
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def create_writing(target: Path) -> tuple[Path, int]:
    """Make the temporary file of `target` beside it: (its path, its descriptor). Raises OSError."""
    for path in numbered(target.with_name(f"{target.stem}.writing{target.suffix}")):  # another may be a leftover
        try:
            return path, create(path)
        except FileExistsError:
            continue
    raise AssertionError("names never run out")


def is_being_written(path: Path) -> bool:
    """Whether another open file, in this process or another, holds the lock of `path`."""
    if sys.platform == "win32":
        try:
            os.rename(path, path)
        except OSError as error:
            return isinstance(error, PermissionError)
    else:
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return isinstance(error, BlockingIOError)
        finally:
            os.close(descriptor)
    return False


def publish(temporary: Path, target: Path) -> Path:
    """Give a whole file its name, never over another one: the name it got is `target` or a numbered one beside it.

    Raises OSError when it cannot be renamed.
    """
    for path in numbered(target):
        if not os.path.lexists(path):
            try:
                os.link(temporary, path)  # fails where a rename would overwrite what came in the meantime
            except FileExistsError:
                continue
            except OSError:  # no hard links here (FAT, some network shares)
                os.rename(temporary, path)
            else:
                os.unlink(temporary)
            return path
        if is_free(path):
            os.replace(temporary, path)
            return path
    raise AssertionError("names never run out")
