"""Recordings keep real time whatever the clocks do."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livespot.record.timeline import TICKS, Timeline


def placed(times: list[float], arrivals: list[float] | None = None, interval: float = 1 / 30) -> list[float]:
    """Seconds of every picture; arrivals default to the times themselves (a live source)."""
    timeline = Timeline(interval)
    return [timeline.place(t, a) / TICKS for t, a in zip(times, arrivals or times, strict=True)]


def test_nothing_recorded_has_no_length() -> None:
    assert Timeline(1 / 30).seconds == 0.0


def test_one_picture_lasts_the_expected_interval() -> None:
    timeline = Timeline(0.04)
    assert timeline.place(1234.5, 0.0) == 0
    assert timeline.seconds == pytest.approx(0.04)


@pytest.mark.parametrize("rate", [5, 12.5, 29.97, 120], ids=lambda r: f"{r}fps")
def test_an_even_clock_is_kept_exactly(rate: float) -> None:
    times = [7.0 + n / rate for n in range(200)]
    assert placed(times) == pytest.approx([n / rate for n in range(200)], abs=0.002)


def test_a_camera_that_slows_down_keeps_its_length() -> None:
    times = [n / 30 for n in range(60)]
    times += [2.0 + n / 5 for n in range(20)]
    assert placed(times)[-1] == pytest.approx(times[-1], abs=0.001)


@pytest.mark.parametrize("jump", [3600.0, -3600.0, 5.0, -0.5, math.nan, math.inf], ids=str)
def test_a_live_clock_that_jumps_does_not_change_the_length(jump: float) -> None:
    arrivals = [n / 30 for n in range(300)]
    times = [a + (jump if n >= 150 else 0.0) for n, a in enumerate(arrivals)]
    seconds = placed(times, arrivals)
    assert seconds[-1] == pytest.approx(arrivals[-1], rel=0.01)
    assert all(later > earlier for earlier, later in pairwise(seconds))


@pytest.mark.parametrize("jump", [3600.0, -3600.0], ids=["forward", "back"])
def test_a_clock_that_jumps_at_once_does_not_change_the_length(jump: float) -> None:
    arrivals = [n / 30 for n in range(10)]
    times = [a + (jump if n >= 2 else 0.0) for n, a in enumerate(arrivals)]
    assert placed(times, arrivals)[-1] == pytest.approx(arrivals[-1], abs=0.01)


def test_a_gap_of_a_film_is_kept() -> None:
    """Read in step: the pictures arrive as fast as they are decoded."""
    timeline = Timeline(0.04)
    times = [0.0, 0.04, 20.04, 20.08, 7220.0]
    seconds = [timeline.place(t, n / 1000, in_step=True) / TICKS for n, t in enumerate(times)]
    assert seconds == pytest.approx(times, abs=0.001)


def test_a_frozen_view_repeats_its_time_and_still_lasts() -> None:
    arrivals = [n / 30 for n in range(300)]
    times = [min(max(a, 0.0), 3.0) if a < 6.0 else a for a in arrivals]  # frozen from second 3 to second 6
    assert placed(times, arrivals)[-1] == pytest.approx(arrivals[-1], rel=0.01)


def test_a_file_read_faster_than_it_plays_keeps_its_own_times_and_gaps() -> None:
    times = [n / 30 for n in range(60)] + [8.0 + n / 30 for n in range(60)]
    arrivals = [n / 200 for n in range(120)]
    assert placed(times, arrivals)[-1] == pytest.approx(times[-1], abs=0.001)


def test_a_real_stall_of_the_camera_stays_in_the_recording() -> None:
    times = [n / 30 for n in range(60)] + [30.0 + n / 30 for n in range(60)]
    assert placed(times)[-1] == pytest.approx(times[-1], abs=0.001)


@pytest.mark.parametrize("before", [2.0, 600.0], ids=["soon", "after ten minutes"])
def test_a_pause_of_the_program_stays_in_the_recording(before: float) -> None:
    """A computer asleep, a stopped process: the picture that was waiting arrives late, the next one in time."""
    times = [n / 30 for n in range(round(before * 30))] + [before, before + 15.03]
    arrivals = [*times[:-2], before + 15.0, before + 15.03]
    assert placed(times, arrivals)[-1] == pytest.approx(times[-1], abs=0.001)


def test_no_two_pictures_share_a_millisecond() -> None:
    seconds = placed([n * 1e-5 for n in range(50)])
    assert min(b - a for a, b in pairwise(seconds)) >= 0.001 - 1e-9


@given(
    st.lists(
        st.tuples(
            st.floats(width=64), st.floats(min_value=0.0, max_value=5.0)
        ),  # any clock, arrivals apart by up to 5 s
        max_size=60,
    )
)
def test_time_moves_forward_whatever_the_clock_says(steps: list[tuple[float, float]]) -> None:
    timeline, arrival, ticks = Timeline(1 / 30), 0.0, [-1]
    for time, apart in steps:
        arrival += apart
        ticks.append(timeline.place(time, arrival))
    assert all(b > a for a, b in pairwise(ticks))
    # at most the longest gap that a file may hold, for every picture
    assert timeline.seconds <= 16.0 * (len(steps) + 1)
