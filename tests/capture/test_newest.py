"""The newest-frame reader against a source that does everything a camera can do wrong.

The clock is the wall's, because threads are what is tested; limits are short, and nothing asserts how fast a thing is.
"""

from __future__ import annotations

import dataclasses
import queue
import threading
import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from kit.patience import until
from kit.sources import Misbehaving, Stubborn

from livespot.capture.newest import Health, NewestFrame, Reopenable, Status
from livespot.capture.pacing import Paced
from livespot.errors import SourceError
from livespot.frame import Frame, Source
from livespot.settings import CaptureSettings

QUICK = CaptureSettings(open_timeout=0.5, stall_timeout=0.5, retry_first=0.05, retry_longest=0.1)


def take_all(newest: NewestFrame) -> list[Frame]:
    """Every frame that can be had until the source is over."""
    frames = []

    def over() -> bool:
        frame = newest.take(timeout=0.05)
        if frame is not None:
            frames.append(frame)
        return not newest.status.running

    until(over, "the end")
    return frames


def status_when(newest: NewestFrame, good: Callable[[Status], bool]) -> Status:
    """The status once it is as wanted, with frames taken meanwhile."""

    def found() -> bool:
        newest.take(0.01)
        return good(newest.status)

    until(found)
    return newest.status


def test_the_newest_frame_and_the_count_of_the_dropped() -> None:
    source = Misbehaving(["frame"] * 10, then="none")
    with NewestFrame(source, QUICK) as newest:
        until(lambda: newest.status.captured == 10)
        frame = newest.take()
        assert frame.index == 9
        assert newest.take() is None
        assert newest.status.dropped == 9
    assert source.closed


class Handed(Source):
    """Gives a frame whenever the test hands one over."""

    def __init__(self) -> None:
        super().__init__()
        self._frames: queue.Queue[Frame | None] = queue.Queue()

    def hand(self, *indices: int) -> None:
        for n in indices:
            self._frames.put(Frame(np.full((64, 64, 3), n, np.uint8), n / 30, n, time.monotonic()))

    def _next(self) -> Frame | None:
        return self._frames.get()

    def close(self) -> None:
        self._frames.put(None)
        super().close()


def test_who_waits_for_frames_and_is_held_up_once_loses_none_but_who_is_slow_gets_the_newest() -> None:
    source, now = Handed(), [100.0]
    with NewestFrame(source, QUICK, clock=lambda: now[0]) as newest:

        def taken() -> int | None:
            frame = newest.take()
            return None if frame is None else frame.index

        assert taken() is None  # it waits for frames
        source.hand(0, 1)
        until(lambda: newest.status.captured == 2)
        assert [taken(), taken()] == [0, 1]
        source.hand(2, 3, 4, 5)  # four at once: more than a moment
        until(lambda: newest.status.captured == 6)
        assert [taken(), taken(), taken()] == [3, 4, 5]
        assert newest.status.dropped == 1
        now[0] += 0.3  # no waiting for a long time: too slow for every frame
        source.hand(6, 7)
        until(lambda: newest.status.captured == 8)
        assert [taken(), taken()] == [7, None]
        assert newest.status.dropped == 2


def test_what_a_file_played_like_a_camera_could_not_give_in_time_is_counted() -> None:
    class Slow(Misbehaving):
        def read(self) -> Frame | None:
            time.sleep(0.2 if self.reads == 2 else 0.0)
            return super().read()

    with NewestFrame(Paced(Slow(["frame"] * 20, then="none", fps=50.0, live=False)), QUICK) as newest:
        frames = take_all(newest)
        status = newest.status
    assert status.missed > 0
    assert status.captured + status.missed == 20
    assert len(frames) + status.dropped == status.captured


def test_the_last_frame_is_there_before_the_end_is_told() -> None:
    with NewestFrame(Misbehaving(["frame"], then="none"), QUICK) as newest:
        until(lambda: newest.status.captured == 1)
        time.sleep(0.05)
        assert newest.status.running
        assert newest.take() is not None
        until(lambda: newest.status.health is Health.ENDED)
        newest.raise_if_failed()


@pytest.mark.parametrize(("step", "says"), [("raise", "failed as told"), ("crash", "lost its head")])
def test_a_file_that_fails_ends_with_its_error(step: str, says: str) -> None:
    with NewestFrame(Misbehaving(["frame", step], live=False), QUICK) as newest:
        frames = take_all(newest)
        assert len(frames) == 1
        assert newest.status.health is Health.FAILED
        with pytest.raises(SourceError, match=says):
            newest.raise_if_failed()


@pytest.mark.parametrize(
    "fault", ["raise", "crash", "none", "block", "repeat"], ids=["raises", "crashes", "ends", "blocks", "repeats"]
)
def test_a_camera_that_is_lost_is_opened_again(fault: str) -> None:
    source = Misbehaving(["frame"] * 3 + [fault], pause=0.01, reopened=[["frame"]])
    with NewestFrame(source, QUICK) as newest:
        lost = status_when(newest, lambda s: s.losses == 1)
        assert "trying again" in lost.message or lost.recoveries
        back = status_when(newest, lambda s: s.recoveries == 1 and s.health is Health.RUNNING)
        assert back.message == ""
        assert newest.take(timeout=5) is not None
    assert source.closed


def test_frames_go_on_in_order_over_a_loss() -> None:
    source = Misbehaving(["frame"] * 3 + ["raise"], pause=0.01, reopened=[["frame"] * 3 + ["raise"], ["frame"]])
    seen: list[Frame] = []

    with NewestFrame(source, QUICK) as newest:

        def collect() -> bool:
            frame = newest.take(0.01)
            if frame is not None:
                seen.append(frame)
            return newest.status.recoveries == 2 and len(seen) > 6

        until(collect)
    assert all(b.time > a.time and b.index > a.index for a, b in pairwise(seen))


class Sluggish(Misbehaving):
    """A camera that takes a second from opening to its first picture, as many do; then it is quick."""

    def reopen(self) -> Sluggish:
        again = Sluggish(["frame"], pause=0.01, seed=self.reads)
        again.wakes_in = 1.0
        return again

    wakes_in = 0.0

    def read(self) -> Frame | None:
        time.sleep(self.wakes_in)
        self.wakes_in = 0.0
        return super().read()


def test_a_camera_slower_to_open_than_a_stall_is_waited_for() -> None:
    quick = dataclasses.replace(QUICK, stall_timeout=0.3, open_timeout=6.0)
    with NewestFrame(Sluggish(["frame"] * 3 + ["block"]), quick) as newest:
        status = status_when(newest, lambda status: status.recoveries == 1)
        assert status.health is Health.RUNNING
        assert status.losses == 1


def test_a_camera_that_is_not_there_for_a_while_is_tried_again() -> None:
    source = Misbehaving(["frame", "raise"], pause=0.01, reopened=[["refuse"], ["refuse"], ["frame"]])
    with NewestFrame(source, QUICK) as newest:
        back = status_when(newest, lambda s: s.recoveries == 1)
    assert back.losses == 1
    assert source.reopened == []


def test_rubbish_without_end_leaves_the_processor_alone() -> None:
    source = Misbehaving(["frame", "junk"], reopened=[["junk"]] * 9)
    with NewestFrame(source, QUICK) as newest:
        status_when(newest, lambda s: s.losses == 1)
    assert source.reads < 1.5 * QUICK.stall_timeout / 0.005


def test_a_picture_that_stays_the_same_after_opening_again_is_a_still() -> None:
    source = Misbehaving(["repeat"], pause=0.01, reopened=[["repeat"]], seed=1)
    again = Misbehaving(["repeat"], pause=0.01, reopened=[], seed=1)
    assert isinstance(source, Reopenable)
    source.reopen = lambda: again  # type: ignore[method-assign]
    with NewestFrame(source, QUICK) as newest:
        status_when(newest, lambda s: s.recoveries == 1 and "same picture" in s.message)
        time.sleep(2 * QUICK.stall_timeout)
        assert newest.status.losses == 1


def test_a_file_that_stands_still_is_said_and_comes_back() -> None:
    source = Misbehaving(["frame", "block"], then="frame", pause=0.01, live=False)
    source.script = ["frame", "block", "frame"]
    with NewestFrame(source, QUICK) as newest:
        lost = status_when(newest, lambda s: s.health is Health.LOST)
        assert "stands still" in lost.message
        assert "trying again" not in lost.message
        assert lost.running


def test_a_source_that_never_comes_back_does_not_hold_up_the_end() -> None:
    source = Stubborn(["frame", "block"])
    newest = NewestFrame(source, QUICK).start()
    until(lambda: newest.status.captured == 1 and source.reads == 2)
    newest.close()
    assert source.closed
    source.release()


def test_threads_that_hang_are_not_piled_up() -> None:
    """Every opening blocks for ever: the reader stops opening rather than leak a thread for each try."""
    opened: list[Stubborn] = []

    class Hopeless(Stubborn):
        def reopen(self) -> Hopeless:
            source = Hopeless(["block"])
            opened.append(source)
            return source

    first = Hopeless(["frame", "block"])
    before = threading.active_count()
    settings = CaptureSettings(open_timeout=0.5, stall_timeout=0.5, retry_first=0.05, retry_longest=0.05)
    with NewestFrame(first, settings) as newest:
        until(lambda: len(opened) >= 3)
        time.sleep(1.5)
        assert threading.active_count() - before <= 8
        assert newest.status.health is Health.LOST
    for source in [first, *opened]:
        source.release()
    until(lambda: threading.active_count() <= before)


@pytest.mark.parametrize("bad", ["junk", "empty", "back", "notime"])
def test_bad_frames_are_counted_and_never_shown(bad: str) -> None:
    source = Misbehaving(["frame", bad, "frame", bad, "frame"], then="none", pause=0.02)
    with NewestFrame(source, QUICK) as newest:
        frames = take_all(newest)
        assert newest.status.refused == 2
        assert newest.status.captured == 3
    assert [f.index for f in frames] == sorted({f.index for f in frames} & {0, 2, 4})


def test_sizes_that_change_are_passed_on() -> None:
    source = Misbehaving(["frame", "resize", "resize"], then="none", pause=0.05, live=False)
    with NewestFrame(source, QUICK) as newest:
        shapes = [f.image.shape for f in take_all(newest)]
    assert len(set(shapes)) == 3


def test_a_slow_source_is_not_a_lost_one() -> None:
    """One frame in 0.4 s, where half a second is the limit, but the rate says 2 intervals are 0.8 s."""
    source = Misbehaving(["frame"] * 4, pause=0.6, fps=1.0, then="none", reopened=[])
    with NewestFrame(source, QUICK) as newest:
        status_when(newest, lambda s: s.captured == 4)
        assert newest.status.losses == 0
