"""Frame after frame, as a person sees it."""

import threading
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from kit.puzzles import BOXES, SIZE, clip, film, page, scene

from livespot import geometry
from livespot.demo import SCENARIOS, FrameTruth
from livespot.frame import Frame
from livespot.settings import Settings
from livespot.spotting.results import FrameResult, Kind, State
from livespot.spotting.spotter import Spotter
from livespot.spotting.temporal.analyser import Analysis
from livespot.spotting.temporal.tracker import Pose

Clip = Iterable[tuple[Frame, FrameTruth]]


def spotted(frames: Clip, spotter: Spotter | None = None, every: int = 2) -> list[FrameResult]:
    """Each frame's spotting, as from a file: an analysis is due on every second frame."""
    spotter = spotter or Spotter(Settings())
    return [spotter.step(frame, due=i % every == 0) for i, (frame, _) in enumerate(frames)]


def matched(spotting: FrameResult, truth: FrameTruth) -> dict[int, int]:
    """Which true difference (its number) each id stands on, on both panels."""
    result = {}
    for d in spotting.differences:
        for i, t in enumerate(truth.differences):
            if all(
                np.linalg.norm(mine.mean(axis=0) - true.mean(axis=0)) < 8 for mine, true in ((d.a, t.a), (d.b, t.b))
            ):
                result[d.id] = i
    return result


def blank(index: int, level: int = 0) -> Frame:
    return Frame(np.full((SIZE[1], SIZE[0], 3), level, np.uint8), index / 10, index, 0.0)


@pytest.mark.parametrize("every", [1, 3], ids=["every frame", "one frame of three"])
def test_a_look_that_takes_seconds_still_finds_the_page_where_it_is_by_then(
    monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    """On a busy machine the first look takes longer than the tracker remembers every frame; others are dropped."""
    frames = clip("handheld", 12)
    there_and_back = [frames[min(k % 22, 22 - k % 22)] for k in range(1, 129)]
    spotter = Spotter(Settings())
    analyse = spotter._analyser.analyse

    def slowly(frame: Frame, pose: Pose | None) -> Analysis:
        found = analyse(frame, pose)
        for k, (meanwhile, _) in enumerate(there_and_back[:-1], 1):
            spotter.track(replace(meanwhile, index=1 + every * k))
        return found

    monkeypatch.setattr(spotter._analyser, "analyse", slowly)
    first = replace(frames[0][0], index=1)
    spotter.track(first)
    spotter.analyse(first)
    now, truth = there_and_back[-1]
    result = spotter.track(replace(now, index=1 + every * 128))
    assert result.state is State.LOCKED
    assert result.panels is not None
    off = np.linalg.norm(np.concatenate(result.panels) - np.concatenate(truth.panels), axis=1)
    assert off.mean() < 4.0
    assert 55 < len(spotter._tracker._history) < 100  # older ones thinned, none of them all gone


@pytest.mark.parametrize("scenario", ["desk", "handheld", "curled", "glare"])
def test_every_difference_is_found_and_nothing_else_and_the_numbers_stay(scenario: str) -> None:
    frames = clip(scenario, 12)
    results = spotted(frames)
    assert {r.state for r in results} == {State.LOCKED}
    last = matched(results[-1], frames[-1][1])
    assert sorted(last.values()) == [0, 1, 2, 3]
    assert len(results[-1].differences) == len(BOXES)
    for spotting, (_, truth) in zip(results, frames, strict=True):
        for number, where in matched(spotting, truth).items():
            assert last.get(number, where) == where
    kinds = [d.kind for d in results[-1].differences]
    assert kinds.count(Kind.ADDED) >= 3


@pytest.mark.parametrize("scenario", ["desk", "handheld", "curled"])
def test_identical_pictures_have_no_box_and_it_says_so(scenario: str) -> None:
    results = spotted(clip(scenario, 12, differs=False))
    assert [r.differences for r in results if r.differences] == []
    assert results[-1].state is State.LOCKED
    assert results[-1].reason == "no difference found"


def test_boxes_stay_on_the_page_between_analyses() -> None:
    frames = clip("handheld", 12)
    results = spotted(frames, every=6)
    for spotting, (_, truth) in list(zip(results, frames, strict=True))[1:]:
        panels = spotting.panels
        assert panels is not None
        for mine, true in zip(panels, truth.panels, strict=True):
            # the panel's own extent is found to within a few px; it must not slide
            assert np.abs(mine - true).max() < 8
    assert sorted(matched(results[5], frames[5][1]).values()) == [0, 1, 2, 3]


def test_a_page_that_leaves_and_comes_back_keeps_its_numbers() -> None:
    frames = list(clip("handheld", 12))
    spotter = Spotter(Settings())
    before = spotted(frames[:6], spotter)[-1]
    away = [spotter.step(blank(6 + i, 120), due=True) for i in range(2)]
    assert away[-1].state is State.LOST
    assert away[-1].differences == ()
    assert away[-1].reason == "nothing to see: is the camera covered?"  # a blank frame
    back = [
        spotter.step(replace(frame, index=frame.index + 2, time=frame.time + 0.2), due=True)
        for frame, _ in frames[6:10]
    ]
    assert back[-1].state is State.LOCKED
    assert back[-1].page == before.page
    assert {d.id: d.kind for d in back[-1].differences} == {d.id: d.kind for d in before.differences}
    assert matched(back[-1], frames[9][1]) == matched(before, frames[5][1])


def test_a_covered_difference_is_remembered_and_the_cover_is_no_difference() -> None:
    frames = list(clip("desk", 12))
    spotter = Spotter(Settings())
    before = spotted(frames[:6], spotter)[-1]
    assert len(before.differences) == len(BOXES)
    hidden = []
    for frame, truth in frames[6:]:
        image = frame.image.copy()
        low, high = (
            truth.differences[0].b.min(axis=0).astype(int) - 6,
            truth.differences[0].b.max(axis=0).astype(int) + 6,
        )
        image[low[1] : high[1], low[0] : high[0]] = (140, 170, 220)  # a finger tip
        hidden.append(spotter.step(replace(frame, image=image), due=True))
    assert {d.id for d in hidden[-1].differences} == {d.id for d in before.differences}


def test_another_page_takes_the_place_of_the_one_before() -> None:
    spotter = Spotter(Settings())
    first = spotted(clip("desk", 12), spotter)[-1]
    other = page(seed=3)
    with film(other, "desk", seconds=0.8) as source:
        later = [
            spotter.step(replace(frame, index=frame.index + 12, time=frame.time + 1.2), due=True)
            for frame in iter(source.read, None)
        ]
    assert later[-1].state is State.LOCKED
    assert later[-1].page != first.page
    assert len(later[-1].differences) == len(BOXES)


@pytest.mark.parametrize(("level", "word"), [(0, "dark"), (200, "covered")], ids=["dark", "covered"])
def test_before_a_page_is_seen_it_says_what_to_do(level: int, word: str) -> None:
    spotting = Spotter(Settings()).step(blank(0, level), due=True)
    assert (spotting.state, spotting.panels, spotting.differences) == (State.SEARCHING, None, ())
    assert word in spotting.reason


def test_one_picture_alone_is_no_puzzle() -> None:
    image = scene(9, SIZE)
    spotting = Spotter(Settings()).step(Frame(image, 0.0, 0, 0.0), due=True)
    assert spotting.state is State.SEARCHING
    assert "no puzzle" in spotting.reason


def test_searching_again_forgets_the_page_and_finds_it_anew() -> None:
    frames = list(clip("desk", 12))
    spotter = Spotter(Settings())
    before = spotted(frames[:4], spotter)[-1]
    spotter.search_again()
    assert spotter.track(frames[4][0]).state is State.SEARCHING
    after = spotted(frames[5:8], spotter)[-1]
    assert after.state is State.LOCKED
    assert after.page > before.page


def test_sensitivity_changes_what_is_shown_without_losing_the_page() -> None:
    frames = list(clip("desk", 12))
    spotter = Spotter(Settings())
    before = spotted(frames[:6], spotter)[-1]
    spotter.set_sensitivity(0.25)
    fewer = spotted(frames[6:9], spotter)[-1]
    assert fewer.page == before.page
    assert len(fewer.differences) <= len(before.differences)
    assert spotter.settings.sensitivity == 0.25


def test_panels_drawn_by_hand_are_used() -> None:
    frames = list(clip("desk", 12))
    spotter = Spotter(Settings())
    frame, truth = frames[0]
    spotter.track(frame)
    spotter.set_panels(frame, *truth.panels)
    results = spotted(frames[1:6], spotter)
    panels = results[-1].panels
    assert np.abs(panels[0] - frames[5][1].panels[0]).max() < 3
    assert sorted(matched(results[-1], frames[5][1]).values()) == [0, 1, 2, 3]


def test_a_frame_is_ready_when_it_was_tracked_on_the_page_in_hand() -> None:
    frames = [frame for frame, _ in clip("handheld", 4)]
    spotter = Spotter(Settings())
    assert not spotter.ready(frames[0])
    spotter.track(frames[0])
    assert spotter.ready(frames[0])
    spotter.track(frames[1])
    spotter.analyse(frames[0])  # finds the page, which nobody has tracked yet
    assert not spotter.ready(frames[1])
    spotter.track(frames[2])
    assert not spotter.ready(frames[1])
    assert spotter.ready(frames[2])
    spotter.analyse(frames[2])
    assert spotter.ready(frames[2])


def test_analysing_on_another_thread_gives_the_same_page() -> None:
    frames = list(clip("handheld", 12))
    spotter = Spotter(Settings())
    failures: list[BaseException] = []

    def analyse(frame: Frame) -> None:
        try:
            spotter.analyse(frame)
        except BaseException as error:
            failures.append(error)

    worker: threading.Thread | None = None
    for frame, _ in frames:
        spotter.track(frame)
        if worker is None or not worker.is_alive():
            worker = threading.Thread(target=analyse, args=(frame,))
            worker.start()
    worker.join()
    last = spotter.track(frames[-1][0])
    assert failures == []
    assert last.state is State.LOCKED
    assert set(matched(last, frames[-1][1]).values()) >= {0, 1, 2}


ELSEWHERE = sorted(set(SCENARIOS) - {"bump", "leave_and_return", "glare", "strong_distortion"})


@pytest.mark.slow
@pytest.mark.parametrize(("scenario", "kind"), list(zip(ELSEWHERE, ["stacked", "diagonal"] * 4, strict=True)))
def test_every_scenario_and_layout(scenario: str, kind: str) -> None:
    frames = clip(scenario, 10, kind=kind)
    last = spotted(frames)[-1]
    assert last.state is State.LOCKED
    found = set(matched(last, frames[-1][1]).values())
    wanted = {i for i, t in enumerate(frames[-1][1].differences) if not t.hidden}
    assert len(found & wanted) >= len(wanted) - 1  # panels are 150 to 260 px wide here
    assert len(last.differences) <= len(BOXES) + 1


def test_quads_are_convex_and_on_their_panels() -> None:
    last = spotted(clip("curled", 12))[-1]
    for d in last.differences:
        for quad, panel in ((d.a, last.panels[0]), (d.b, last.panels[1])):
            assert geometry.is_convex(quad)
            assert np.all(quad.mean(axis=0) > panel.min(axis=0))
            assert np.all(quad.mean(axis=0) < panel.max(axis=0))


def test_of_several_puzzles_in_view_the_middle_one_is_taken_then_the_next() -> None:
    puzzles = [
        np.hstack([scene(k, (200, 150)), np.full((150, 20, 3), 235, np.uint8), scene(k, (200, 150))]) for k in (5, 6)
    ]
    for k, puzzle in enumerate(puzzles):
        puzzle[60:90, 260 + 60 * k : 300 + 60 * k] = (20, 20, 200)
    view = np.full((480, 640, 3), 235, np.uint8)
    view[40:190, 110:530], view[230:380, 110:530] = puzzles
    spotter = Spotter(Settings())
    tops, reasons = [], []
    for i in range(6):
        result = spotter.step(Frame(view, i / 5, i, 0.0), due=True)
        tops.append(round(float(result.panels[0][0, 1])))
        reasons.append(result.reason)
        if i % 2:
            spotter.search_again()
    assert np.abs(np.array(tops) - (230, 230, 40, 40, 230, 230)).max() < 4
    assert "one of 2 puzzles" in reasons[-1]
