"""Gives memory that is no longer used back to the system, so that a session of hours stays as small as one of minutes.

glibc keeps what was freed in one arena a thread (malloc(3), mallopt(3)); `malloc_trim` returns the holes. A precaution:
what it saves was not measured, and memory still grows when faults and recording come together.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

EVERY = 20.0  # s between two times


@contextmanager
def kept_small(every: float = EVERY) -> Iterator[None]:
    """Give free memory back every so many seconds, on a thread of its own, while the block runs."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(every):
            give_back()

    thread = threading.Thread(target=work, name="memory", daemon=True)
    if _trim() is not None:
        thread.start()
    try:
        yield
    finally:
        over.set()
        if thread.ident is not None:
            thread.join(1.0)


def give_back() -> bool:
    """Return free memory to the system, some milliseconds of work; whether any was."""
    trim = _trim()
    return trim is not None and bool(trim(0))


@lru_cache(maxsize=1)
def _trim() -> Callable[[int], int] | None:
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):
        return None
    trim.argtypes, trim.restype = [ctypes.c_size_t], ctypes.c_int
    return trim
