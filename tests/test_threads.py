"""Few threads share one piece of work where others want the cores, and as many as before afterwards."""

from __future__ import annotations

import threading

import cv2
import pytest

from livespot import threads
from livespot.spotting.kernels.bands import SMALL, in_bands, mapped


def threads_used(wanted: int) -> set[str]:
    used: set[str] = set()
    in_bands(lambda y0, y1: used.add(threading.current_thread().name), SMALL, 2, wanted)
    mapped(lambda one: used.add(threading.current_thread().name), [1, 2, 3], wanted)
    return used


@pytest.mark.parametrize(("limit", "most"), [(0, 1), (1, 1), (2, 2)], ids=["none is one", "one", "two"])
def test_a_limit_holds_while_its_block_runs(limit: int, most: int) -> None:
    with threads.at_most(limit):
        assert threads.most() == most
        assert len(threads_used(3)) <= most
    assert threads.most() > 2
    assert threads_used(3) >= {threading.current_thread().name}


def test_a_live_view_has_no_helpers_of_opencv() -> None:
    before = cv2.getNumThreads()
    with threads.few():
        assert cv2.getNumThreads() == 1
    assert cv2.getNumThreads() == before
