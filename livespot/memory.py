"""Gives unused memory back to the system, so that hours take no more of it than minutes.

glibc gives each thread an arena of its own and keeps what was freed in it (malloc(3), mallopt(3)). A camera that is
opened again is read by a new thread, and every arena that ever held frames stays as large as it once was: all threads
share one instead. `malloc_trim` returns the holes in it.
"""

import ctypes
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import cast

EVERY = 20.0  # s between two times
_ARENA_MAX = -8  # mallopt's name for how many arenas there may be


@contextmanager
def kept_small(every: float = EVERY) -> Iterator[None]:
    """Share one arena from now on; give free memory back every so many seconds while the block runs."""
    share_one_arena()
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


def share_one_arena() -> bool:
    """Let threads that start from now on allocate where the main one does; whether the C library can."""
    limit = _c_function("mallopt", ctypes.c_int, ctypes.c_int)
    return limit is not None and bool(limit(_ARENA_MAX, 1))


def give_back() -> bool:
    """Return free memory to the system, some milliseconds of work; whether any was."""
    trim = _trim()
    return trim is not None and bool(trim(0))


def _trim() -> Callable[..., int] | None:
    return _c_function("malloc_trim", ctypes.c_size_t)


@lru_cache
def _c_function(name: str, *arguments: type) -> Callable[..., int] | None:
    """A function of the C library that gives an int; None where there is none of that name."""
    try:
        function = getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError, TypeError):
        return None
    function.argtypes, function.restype = arguments, ctypes.c_int
    return cast(Callable[..., int], function)
