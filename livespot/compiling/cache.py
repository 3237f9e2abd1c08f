"""Where compiled kernels are kept: by what their source says, so that an update recompiles only what it changes.

`ByContent` is asked for every kernel (livespot.compiling), and for livespot's own alone. A kernel's folder is
named after the contents of its file and of every file of livespot that it imports, directly or not: a changed helper
is noticed, a changed place on the disk is not, and two copies of one version share what the first one compiled.
"""

import contextlib
import functools
import hashlib
import os
import re
import shutil
import time
from pathlib import Path
from typing import Any

import llvmlite.binding
import numba
from numba.core.caching import UserProvidedCacheLocator

from livespot import startup

PACKAGE = Path(__file__).resolve().parents[1]  # livespot
_IMPORT = re.compile(r"^from (livespot[\w.]*) import (\([^)]*\)|[^\n]*)", re.MULTILINE)
_in_use: set[Path] = set()


class ByContent(UserProvidedCacheLocator):
    """The locator of one kernel's files, below startup.kernel_folder()."""

    def __init__(self, py_func: object, py_file: str) -> None:
        super().__init__(py_func, py_file)  # type: ignore[no-untyped-call]
        self._digest = digest(Path(py_file).resolve())
        self._cache_path = str(startup.kernel_folder() / f"{Path(py_file).stem}-{self._digest}")
        _in_use.add(Path(self._cache_path))

    @classmethod
    def from_function(cls, py_func: object, py_file: str) -> Any:
        return super(UserProvidedCacheLocator, cls).from_function(py_func, py_file)

    def ensure_cache_path(self) -> None:
        with contextlib.suppress(OSError):  # what cannot be written may yet be read
            super().ensure_cache_path()  # type: ignore[no-untyped-call]

    def get_source_stamp(self) -> str:
        return self._digest


@functools.cache
def digest(file: Path) -> str:
    """Ten hex digits for the contents of a source file of livespot and of all that it imports of livespot."""
    read: dict[Path, bytes] = {}
    waiting = [file]
    while waiting:
        if (file := waiting.pop()) not in read:
            read[file] = file.read_bytes()
            waiting += _imported(read[file].decode())
    # Without the files' names: they may stand anywhere.
    return hashlib.sha256(b"".join(sorted(hashlib.sha256(text).digest() for text in read.values()))).hexdigest()[:10]


def _imported(source: str) -> list[Path]:
    """The files of livespot that a source imports at its top level."""
    files = []
    for module, names in _IMPORT.findall(source):
        place = PACKAGE.joinpath(*module.split(".")[1:])
        if place.is_dir():
            words = [word.split()[0] for word in re.sub(r"#.*|[()]", "", names).split(",") if word.strip()]
            inner = [place / f"{word}.py" for word in words]
            files += [file if file.exists() else place / "__init__.py" for file in inner]
        else:
            files.append(place.with_suffix(".py"))
    return [file for file in files if file.exists()]


def complete(file: Path) -> Path:
    """The mark that says that all which `file`, the warm-up, calls was compiled for this processor, with this numba."""
    processor = numba.config.CPU_NAME or llvmlite.binding.get_host_cpu_name()  # type: ignore[attr-defined]
    return startup.kernel_folder() / f"complete-{digest(file)}-{numba.__version__}-{processor}"


def forget_unused(days: float = 30.0) -> None:
    """Remove what was compiled for kernels that nobody has used for so long; those of this process stay."""
    with contextlib.suppress(OSError):
        for folder in startup.kernel_folder().iterdir():
            if folder in _in_use:
                os.utime(folder)
            elif folder.is_dir() and time.time() - folder.stat().st_mtime > days * 86400:
                shutil.rmtree(folder, ignore_errors=True)
