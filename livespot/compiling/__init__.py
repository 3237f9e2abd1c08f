"""Compiled kernels that are kept from start to start. Keeping them is a convenience and never stops the program.

numba's own cache raises whatever the disk or a damaged file makes it raise, and where it finds no folder to write in,
it refuses to compile at all. Here every file carries a checksum: one that does not fit is as good as none, and is
written anew; a kernel that cannot be written down is compiled again by the next start.
"""

# mypy: disallow-untyped-calls=False
import contextlib
import io
import pickle
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import numba
from numba.core import caching

from livespot.compiling.cache import ByContent


class _CheckedFiles(caching.IndexDataCacheFile):
    """A kernel's index and code on the disk, each behind the checksum of the rest of its file."""

    @contextlib.contextmanager
    def _open_for_write(self, filepath: str) -> Iterator[io.BytesIO]:
        whole = io.BytesIO()
        yield whole
        with super()._open_for_write(filepath) as file:
            file.write(_checksum(whole.getvalue()) + whole.getvalue())

    def _load_index(self) -> dict[Any, str]:
        try:
            whole = io.BytesIO(_read(Path(self._index_path)))
        except OSError:
            return {}
        if pickle.load(whole) != self._version:
            return {}
        stamp, names = pickle.load(whole)
        return names if stamp == self._source_stamp else {}

    def _load_data(self, name: str) -> Any:
        return pickle.loads(_read(Path(self._data_path(name))))


class _Places(caching.CompileResultCacheImpl):
    _locator_classes: ClassVar[list[type]] = [ByContent]


class _Cache(caching.FunctionCache):
    _impl_class = _Places

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        files = self._cache_file
        self._cache_file = _CheckedFiles(files._cache_path, self._impl.filename_base, files._source_stamp)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # kept by another build of the libraries, for instance: any exception of theirs
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        except OSError:  # a full disk, a folder that is gone
            self.disable()
            _lost.add(self)


_lost: set[_Cache] = set()


def all_kept() -> bool:
    """Whether the next start finds everything that was compiled by this process so far."""
    return not _lost


def try_out() -> tuple[bool, bool]:
    """Whether a kernel computes what it should, and whether it was read back from where it is kept."""
    first, again = kept(_three_times), kept(_three_times)
    right = first(14) == again(14) == 42
    return right, sum(again.stats.cache_hits.values()) > 0


def _three_times(number: Any) -> Any:
    return 3 * number


def kept(function: Callable[..., Any], **options: Any) -> Any:
    """`numba.njit(**options)` of a function, its compiled code kept where that is possible."""
    kernel = numba.njit(**options)(function)
    with contextlib.suppress(RuntimeError, OSError):  # no folder to write in
        kernel._cache = _Cache(function)
    return kernel


def _read(path: Path) -> bytes:
    """The contents behind the checksum. Raises OSError, also when it does not fit."""
    whole = path.read_bytes()
    if whole[:4] != _checksum(whole[4:]):
        raise OSError(f"{path} is damaged")
    return whole[4:]


def _checksum(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(4, "little")
