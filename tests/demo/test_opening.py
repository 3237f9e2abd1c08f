"""Demos by name, as sources of frames."""

import threading
import time
from itertools import pairwise

import numpy as np
import pytest

from livespot.demo import SCENARIOS, Layout, Scenario, demo_names, open_demo, page_picture, scenario_names
from livespot.demo.opening import parse_name
from livespot.errors import UsageError

SMALL = (320, 180)


@pytest.mark.parametrize(
    ("name", "puzzle", "scenario"),
    [
        (None, demo_names()[0], "handheld"),
        ("demo", demo_names()[0], "handheld"),
        ("demo:kitchen", "kitchen", "handheld"),
        ("kitchen", "kitchen", "handheld"),
        ("demo:kitchen/glare", "kitchen", "glare"),
        ("kitchen/curled", "kitchen", "curled"),
        ("/dim", demo_names()[0], "dim"),
    ],
)
def test_names(name: str | None, puzzle: str, scenario: str) -> None:
    found, filmed = parse_name(name)
    assert found == puzzle
    assert (filmed.name if filmed is not None else "handheld") == scenario


def test_a_source_says_what_it_shows() -> None:
    with open_demo("demo:coffee/glare", size=SMALL) as source:
        assert source.name == "demo:coffee/glare"
        assert source.webcam.page.name == "coffee"
        assert source.webcam.scenario.name == "glare"
    with open_demo("coffee", size=SMALL) as source:
        assert source.name == "demo:coffee"


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("demo:nowhere", {}, demo_names()[0]),
        ("kitchen/storm", {}, "leave_and_return"),
        ("kitchen", {"scenario": "storm"}, "leave_and_return"),
        ("kitchen", {"layout": "spiral"}, "diagonal"),
        ("kitchen", {"size": (10, 10)}, "64x48"),
    ],
    ids=["puzzle", "scenario in the name", "scenario", "layout", "size"],
)
def test_what_is_not_there_names_the_choices(name: str, options: dict[str, object], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        open_demo(name, **options)  # type: ignore[arg-type]


def test_there_are_enough_puzzles_and_all_scenarios() -> None:
    assert len(demo_names()) >= 5
    assert {
        "desk", "handheld", "dim", "curled", "glare", "finger", "bump", "low_resolution", "strong_distortion",
        "flicker", "exposure", "leave_and_return",
    } <= set(scenario_names())  # fmt: skip


def test_frames_count_from_zero_on_an_exact_clock_and_end() -> None:
    with open_demo("coffee", size=SMALL, fps=25, seconds=0.2) as source:
        assert (source.live, source.fps, source.length) == (False, 25, 5)
        frames = []
        while (frame := source.read()) is not None:
            frames.append(frame)
        assert [f.index for f in frames] == [0, 1, 2, 3, 4]
        assert [f.time for f in frames] == [i / 25 for i in range(5)]
        assert all(a.captured <= b.captured for a, b in pairwise(frames))
        assert frames[0].image.shape == (180, 320, 3)
        assert frames[0].image.dtype == np.uint8
        assert frames[0].image.flags.c_contiguous
        assert source.read() is None


def test_no_end_unless_asked_for() -> None:
    with open_demo("coffee", size=SMALL) as source:
        assert source.length is None


def test_an_empty_demo_ends_at_once() -> None:
    with open_demo("coffee", size=SMALL, seconds=0) as source:
        assert source.length == 0
        assert source.read() is None


def test_closed_twice_and_then_silent() -> None:
    source = open_demo("coffee", size=SMALL)
    assert source.read() is not None
    source.close()
    source.close()
    assert source.read() is None


def test_realtime_keeps_time_and_drops_what_nobody_reads() -> None:
    with open_demo("coffee", size=SMALL, fps=20, realtime=True) as source:
        assert source.live
        first = source.read()
        start = time.monotonic()
        time.sleep(0.3)
        late = source.read()
        assert late.index - first.index >= 5  # those in between are gone
        assert late.time == late.index / 20
        # A camera cannot hand over a frame before its time.
        assert late.captured - first.captured >= (late.index - first.index - 1) / 20 - 0.02
        assert late.captured >= start


def test_closing_wakes_a_reader_that_waits_for_its_frame() -> None:
    source = open_demo("coffee", size=SMALL, fps=0.2, realtime=True)
    got: list[object] = ["nothing yet"]
    reader = threading.Thread(target=lambda: got.__setitem__(0, source.read()))
    reader.start()
    time.sleep(0.2)
    source.close()
    reader.join(timeout=4)
    assert not reader.is_alive()
    assert got == [None]


def test_low_resolution_brings_its_own_size() -> None:
    with open_demo("coffee/low_resolution", size=(1280, 720)) as source:
        frame = source.read()
        assert frame.image.shape == (480, 640, 3)


def test_any_page_and_any_parameters() -> None:
    page = page_picture("coffee", seed=4, layout=Layout("diagonal", gap=0.1), differences=2)
    with open_demo(page=page, size=SMALL, scenario=Scenario("mine", noise=0.0)) as source:
        assert source.webcam.page is page
        assert source.name == "demo:coffee/mine"
        assert len(source.truth(0).differences) == 2


def test_an_unchanged_page_has_no_differences() -> None:
    for page in (page_picture("coffee", same=True), page_picture("coffee", differences=0)):
        assert page.differences == ()
        with open_demo(page=page, size=SMALL) as source:
            assert source.truth(0).differences == ()


def test_the_scenarios_are_told_apart_by_name() -> None:
    assert all(name == scenario.name for name, scenario in SCENARIOS.items())
