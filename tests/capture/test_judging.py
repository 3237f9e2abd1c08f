"""What counts as a good frame and as a new one, over several openings of a source."""

import numpy as np
import pytest
from kit.sources import Misbehaving

from livespot.capture.judging import Judge
from livespot.frame import Frame


def judged(script: list[str], judge: Judge, *, at: float = 0.0, step: float = 0.1) -> list[Frame | None]:
    """What the judge lets through of a script, frames `step` s apart."""
    source = Misbehaving(script)
    passed = []
    for n in range(len(script)):
        frame = source.read()
        assert frame is not None
        now = at + n * step
        good = judge.accept(frame, now)
        if good is not None:
            judge.is_new(good, now)
        passed.append(good)
    return passed


@pytest.mark.parametrize("bad", ["junk", "empty", "crumb", "back", "notime"])
def test_bad_frames_are_refused_and_counted(bad: str) -> None:
    judge = Judge(watch_repeats=True)
    passed = judged(["frame", bad, "frame"], judge)
    assert [frame is not None for frame in passed] == [True, False, True]
    assert judge.refused == 1


@pytest.mark.parametrize("odd", ["grey", "deep", "zeros", "resize", "jump"])
def test_odd_frames_are_good(odd: str) -> None:
    judge = Judge(watch_repeats=True)
    passed = judged(["frame", odd, "frame"], judge)
    assert all(frame is not None and frame.image.ndim == 3 and frame.image.dtype == np.uint8 for frame in passed)
    assert judge.refused == 0


def test_times_and_numbers_go_on_over_an_opening() -> None:
    judge = Judge(watch_repeats=True)
    before = judged(["frame"] * 3, judge, at=100.0)
    judge.open_again()
    after = judged(["frame"] * 3, judge, at=105.0)
    frames = [frame for frame in before + after if frame is not None]
    assert len(frames) == 6
    assert [frame.index for frame in frames] == list(range(6))
    assert np.diff([frame.time for frame in frames]).min() > 0
    # The clock of the source stands for the wall's: 4.8 s passed between the last frame before and the first after.
    assert frames[3].time - frames[2].time == pytest.approx(4.8)


def test_a_gap_in_the_numbers_is_frames_that_were_missed_but_for_those_refused() -> None:
    judge = Judge(watch_repeats=True)
    picture = np.zeros((48, 64, 3), np.uint8)
    for index, image in ((0, picture), (1, picture), (2, None), (3, picture), (7, None), (9, picture), (10, picture)):
        frame = Frame(image, index / 30, index, 0.0)  # type: ignore[arg-type]
        if (good := judge.accept(frame, 0.0)) is not None:
            judge.is_new(good, 0.0)
    assert (judge.refused, judge.missed) == (2, 4)  # 4, 5, 6 and 8 never came
    judge.open_again()
    frame = Frame(picture, 0.0, 3, 0.0)  # another opening has numbers of its own
    assert judge.accept(frame, 1.0) is not None
    assert judge.missed == 4


def news(judge: Judge, script: list[str], seed: int = 0) -> list[bool]:
    source = Misbehaving(script, seed=seed)
    seen = []
    for n in range(len(script)):
        frame = source.read()
        assert frame is not None
        good = judge.accept(frame, float(n))
        assert good is not None
        seen.append(judge.is_new(good, float(n)))
    return seen


def test_a_repeated_picture_is_not_new() -> None:
    assert news(Judge(watch_repeats=True), ["frame", "repeat", "repeat", "frame"]) == [True, False, False, True]


def test_repeats_are_fine_where_they_are_expected() -> None:
    assert news(Judge(watch_repeats=False), ["frame", "repeat", "repeat"]) == [True, True, True]


def test_the_same_picture_after_opening_again_is_a_still() -> None:
    judge = Judge(watch_repeats=True)
    assert news(judge, ["repeat", "repeat"]) == [True, False]
    judge.open_again()
    assert news(judge, ["repeat", "repeat"]) == [True, True]
    assert judge.still
    assert not judge.for_good  # a stream may begin again with the picture it ended with
    judge.open_again()
    assert news(judge, ["repeat"] * 4) == [True] * 4
    assert judge.for_good
    judge.open_again()
    assert news(judge, ["repeat", "frame"]) == [True, True]
    assert not judge.still
