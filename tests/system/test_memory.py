"""Freed memory goes back to the system, and a session keeps no thread for it afterwards."""

import subprocess
import sys
import threading

import numpy as np
import psutil
import pytest
from kit.patience import until

from livespot import memory


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's allocator")
def test_what_a_thread_freed_leaves_the_process() -> None:
    kept = []

    def work() -> None:
        pieces = [np.ones(12_000) for _ in range(1500)]  # below the size that is mapped by itself: they go to an arena
        kept.extend(pieces[::100])  # holes, not one free block

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    before = psutil.Process().memory_info().rss
    if not memory.give_back():
        pytest.skip("this C library has no malloc_trim")
    assert before - psutil.Process().memory_info().rss > 60e6
    assert len(kept) == 15


def test_given_back_again_and_again_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    monkeypatch.setattr(memory, "_trim", lambda: lambda pad: calls.append(pad) or 1)
    with memory.kept_small(0.01):
        until(lambda: len(calls) >= 3)
    assert not [thread for thread in threading.enumerate() if thread.name == "memory"]


def test_where_the_allocator_cannot_be_asked_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_trim", lambda: None)
    with memory.kept_small(0.01):
        assert not [thread for thread in threading.enumerate() if thread.name == "memory"]
    assert not memory.give_back()


def test_threads_that_come_and_go_leave_no_arena_each_behind() -> None:
    """In a process of its own: the limit cannot be taken back."""
    script = """
import ctypes, threading
from livespot import memory
if not memory.share_one_arena():
    raise SystemExit(77)
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
places, together = [], threading.Barrier(6)
def work():
    places.append(libc.malloc(50_000))
    together.wait()
threads = [threading.Thread(target=work) for _ in range(6)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
# an arena of its own begins at a multiple of 64 MiB; the main one is where the program break is
raise SystemExit(max(places) - min(places) > 32 << 20)
"""
    status = subprocess.run([sys.executable, "-c", script], timeout=60, check=False).returncode
    if status == 77:
        pytest.skip("this C library has no mallopt")
    assert status == 0
