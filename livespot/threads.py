"""How many threads may share one piece of work: fewer where others want the cores, as helpers then wait behind them.

One number for the process, read by livespot.spotting.kernels.bands; set while a live view runs.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator

_most = 1 << 10


def most() -> int:
    """Threads that may share one piece of work."""
    return _most


def helpers() -> list[threading.Thread]:
    """The threads that read, analyse or play and are still in the middle of it."""
    names = ("analyser", "capture", "playback")
    return [thread for thread in threading.enumerate() if thread.daemon and thread.name.startswith(names)]


@contextlib.contextmanager
def at_most(threads: int) -> Iterator[None]:
    """Let no more threads than these, at least one, share one piece of work while the block runs."""
    global _most
    before, _most = _most, max(1, threads)
    try:
        yield
    finally:
        _most = before


@contextlib.contextmanager
def few() -> Iterator[None]:
    """Decoder, display and encoder fill a core: none of OpenCV's helpers, which wait in a loop, and one of the kernels'
    less.
    """
    import cv2

    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        with at_most((os.cpu_count() or 1) - 1):
            yield
    finally:
        cv2.setNumThreads(threads)
