"""A file played like a camera, on a clock of the test's own."""

from kit.sources import Misbehaving

from livespot.capture.newest import NewestFrame
from livespot.capture.pacing import Paced


class Clock:
    """Stands still but for waits, and for what a test says the work took."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.now += seconds
        return False


def test_every_frame_at_its_time_when_there_is_time() -> None:
    clock = Clock()
    source = Paced(Misbehaving(["frame"] * 5, then="none", fps=10.0, live=False), clock=clock, wait=clock.wait)
    came = []
    while (frame := source.read()) is not None:
        came.append((frame.index, round(clock.now - 100.0, 3), round(frame.captured - 100.0, 3)))
    assert came == [(n, n / 10, n / 10) for n in range(5)]
    assert source.live
    assert source.dropped == 0


def test_frames_whose_time_has_passed_are_dropped() -> None:
    clock = Clock()
    source = Paced(Misbehaving(["frame"] * 20, then="none", fps=10.0, live=False), clock=clock, wait=clock.wait)
    seen = []
    while (frame := source.read()) is not None:
        seen.append(frame.index)
        clock.now += 0.35  # what is done with a frame takes three and a half intervals
    assert len(seen) < 10
    assert seen == sorted(set(seen))
    assert source.dropped + len(seen) == 20
    assert clock.now - 100.0 < 20 / 10 + 2 * 0.35  # it keeps up with the wall, whatever is done with a frame


def test_a_reader_that_is_late_once_loses_nothing_and_the_age_counts_from_when_a_frame_was_due() -> None:
    clock = Clock()
    source = Paced(Misbehaving(["frame"] * 8, then="none", fps=10.0, live=False), clock=clock, wait=clock.wait)
    came = []
    while (frame := source.read()) is not None:
        came.append((frame.index, round(clock.now - frame.captured, 3)))
        clock.now += 0.28 if frame.index == 3 else 0.01  # held up for nearly three intervals, once
    assert came == [(0, 0.0), (1, 0.0), (2, 0.0), (3, 0.0), (4, 0.18), (5, 0.09), (6, 0.0), (7, 0.0)]
    assert source.dropped == 0


def test_the_end_and_the_close() -> None:
    inner = Misbehaving(["frame", "none"], live=False)
    with NewestFrame(Paced(inner)) as newest:
        assert newest.take(timeout=5) is not None
        while newest.status.running:
            newest.take(timeout=0.05)
    assert inner.closed


def test_close_ends_a_wait() -> None:
    inner = Misbehaving(["frame", "jump"], live=False)  # the second frame is due in an hour
    newest = NewestFrame(Paced(inner)).start()
    assert newest.take(timeout=5) is not None
    newest.close()
    assert inner.closed
