"""Work that cannot go on without frames hears of a loss, goes on when the camera is back, and ends when it is not."""

import pytest
from kit.sources import Misbehaving

from livespot.capture.following import frames_of
from livespot.errors import SourceError
from livespot.settings import CaptureSettings

QUICK = CaptureSettings(open_timeout=0.5, stall_timeout=0.5, retry_first=0.05, retry_longest=0.1)


def test_a_loss_is_told_and_the_frames_go_on() -> None:
    told: list[str] = []
    source = Misbehaving(["frame"] * 3 + ["raise"], pause=0.02, reopened=[["refuse"]] * 4 + [["frame"]])
    frames = frames_of(source, QUICK, told.append)
    indices = [next(frames).index for _ in range(8)]
    frames.close()
    assert indices == sorted(set(indices))
    assert told == ["camera lost, trying again (misbehaving failed as told)"]
    assert source.closed


@pytest.mark.parametrize("fault", ["block", "junk"])
def test_one_that_lasts_is_the_end(fault: str) -> None:
    told: list[str] = []
    source = Misbehaving(["frame"] * 3 + [fault], pause=0.02, reopened=[])
    with pytest.raises(SourceError, match="misbehaving gave no picture for 1 s"):
        list(frames_of(source, QUICK, told.append))
    assert len(told) == 1
    assert "camera lost" in told[0]


def test_a_source_that_ends_ends_it() -> None:
    assert [frame.index for frame in frames_of(Misbehaving(["frame"], then="none"), QUICK, print)] == [0]
