"""Files that a command writes: refused before the work when they cannot be, whole or not at all when they are."""

import os
import tempfile
from pathlib import Path

from livespot import fitted_files
from livespot.errors import UsageError
from livespot.record import naming

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp")
write_whole = fitted_files.replace


def check_picture_name(path: Path, option: str) -> None:
    """Raises UsageError when `path` does not end like a picture livespot can write."""
    if path.suffix.lower() not in PICTURES:
        raise UsageError(f"{option} {path}: end it in one of {', '.join(PICTURES)}")


def check_writable(path: Path, what: str) -> None:
    """Raises UsageError when `path` cannot be written. A file that is there will be replaced: the user named it."""
    folder = path.parent
    if path.is_dir():
        raise UsageError(f"cannot write {what} to {path}: it is a folder; give a file name")
    if not folder.is_dir():
        raise UsageError(f"cannot write {what} to {path}: there is no folder {folder}; make it first")
    if path.exists() and not path.is_file():
        raise UsageError(f"cannot write {what} to {path}: it is not an ordinary file")
    if path.exists() and not os.access(path, os.W_OK):
        raise UsageError(f"cannot write {what} to {path}: permission denied; choose another name")
    check_folder(folder, f"{what} to {path}")


def check_folder(folder: Path, what: str) -> None:
    """Raises UsageError when no file can be made in `folder`; asked by making one, which alone tells the truth."""
    try:
        with tempfile.NamedTemporaryFile(prefix=".livespot-", dir=folder):
            pass
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot write {what}: {reason}; choose another folder") from None


def make_folder(folder: Path, what: str) -> None:
    """Make `folder` unless it is there. Raises UsageError when no file can be made in it."""
    if not folder.exists() and not folder.parent.is_dir():
        raise UsageError(f"cannot write {what} to {folder}: there is no folder {folder.parent}; make it first")
    try:
        folder.mkdir(exist_ok=True)
    except FileExistsError:
        raise UsageError(f"cannot write {what} to {folder}: it is a file; give a folder") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot write {what} to {folder}: {reason}; choose another folder") from None
    check_folder(folder, f"{what} to {folder}")


def beside(path: Path, ending: str) -> Path:
    """A name beside `path` that is free: "page.jpg" and "-differences.png" give page-differences.png, then -2, -3."""
    named = naming.numbered(path.with_name(f"{path.stem}{ending}"))
    return next(name for name in named if not os.path.lexists(name))
