"""What is said of a clip: made-up spottings against made-up truth."""

from dataclasses import replace

import numpy as np
import pytest

from livespot import geometry
from livespot.bench.filmed import ClipResult, _Watch
from livespot.demo import FrameTruth, TrueDifference
from livespot.demo.scenario import SCENARIOS
from livespot.spotting.results import Difference, FrameResult, Kind, State

PANELS = (geometry.box_quad((0, 0, 200, 150)), geometry.box_quad((210, 0, 200, 150)))
BOXES = ((20, 30, 20, 20), (120, 80, 30, 15))
FPS = 10


def truth(index: int, *, in_view: bool = True, hidden: float = 0.0) -> FrameTruth:
    differences = tuple(
        TrueDifference("added", box, geometry.box_quad(box), geometry.box_quad((box[0] + 210, *box[1:])), hidden, 0.0)
        for box in BOXES
    )
    return FrameTruth(index, index / FPS, PANELS, 1.0 if in_view else 0.0, in_view, differences)


def spotting(
    index: int, *, ids: tuple[int, ...] = (1, 2), shift: float = 0.0, extra: bool = False, kind: Kind = Kind.ADDED
) -> FrameResult:
    quads = [geometry.box_quad(box) + shift for box in BOXES[: len(ids)]]
    differences = [Difference(i, kind, 0.9, (0, 0, 1, 1), q, q) for i, q in zip(ids, quads, strict=True)]
    if extra:
        far = geometry.box_quad((80, 10, 10, 10))
        differences.append(Difference(99, kind, 0.6, (0, 0, 1, 1), far, far))
    return FrameResult(index, index / FPS, State.LOCKED, "", PANELS, tuple(differences), analysed=1)


def finished(frames: list[tuple[FrameResult, FrameTruth]], *events: float) -> ClipResult:
    watch = _Watch(ClipResult("desk", "p", "side", 1))
    for spotted, true in frames:
        watch.see(spotted, true)
    watch.finish(events)
    return watch.result


def test_a_perfect_clip() -> None:
    result = finished([(spotting(i), truth(i)) for i in range(60)])
    assert (result.f1, result.precision, result.recall, result.locked) == (1, 1, 1, 1)
    assert (result.first_right, result.switches, result.jitter, result.corner, result.empty) == (0, 0, 0, 0, 0)
    assert result.kinds == (2, 2)
    assert result.confidences == [(0.9, True), (0.9, True)]


def test_false_boxes_and_wrong_kinds_are_counted() -> None:
    result = finished([(spotting(i, extra=True, kind=Kind.MOVED), truth(i)) for i in range(40)])
    assert result.f1 == pytest.approx(0.8)
    assert result.false_boxes == 1
    assert result.kinds == (0, 2)
    assert (0.6, False) in result.confidences


def test_a_difference_in_pieces_is_one_case_and_each_of_its_boxes_another() -> None:
    whole = spotting(0).differences[1]
    piece = geometry.box_quad((120, 80, 12, 15))
    fragment = Difference(9, Kind.CHANGED, 0.7, (0, 0, 1, 1), piece, piece)
    frames = [
        (replace(spotting(i), differences=(fragment, spotting(i).differences[0], whole)), truth(i)) for i in range(40)
    ]
    result = finished(frames)
    assert result.kinds == (2, 2)
    assert result.box_kinds == (2, 3)


def test_first_right_waits_for_all_of_it() -> None:
    result = finished([(spotting(i, ids=(1, 2) if i >= 15 else (1,)), truth(i)) for i in range(40)])
    assert result.first_right == 1.5


def test_what_is_hidden_is_neither_asked_for_nor_false() -> None:
    empty = finished([(spotting(i, ids=()), truth(i, hidden=0.9)) for i in range(40)])
    shown = finished([(spotting(i), truth(i, hidden=0.9)) for i in range(40)])
    assert (empty.f1, empty.empty) == (1, 1)
    assert (shown.f1, shown.false_boxes) == (1, 0)


def test_a_change_of_identity_is_counted_once() -> None:
    result = finished([(spotting(i, ids=(1, 2) if i < 30 else (1, 7)), truth(i)) for i in range(60)])
    assert result.switches == 1


def test_jitter_is_the_movement_about_the_own_mean() -> None:
    result = finished([(spotting(i, shift=3 + 0.5 * (-1) ** i), truth(i)) for i in range(80)])
    assert result.jitter == pytest.approx(np.hypot(0.5, 0.5))


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [(range(0), 0.0), (range(30, 34), 0.4), (range(32, 40), 1.0), (range(30, 60), np.inf)],
    ids=["never wrong", "at once", "a little later", "never again"],
)
def test_recovery_after_a_bump(wrong: range, expected: float) -> None:
    frames = [(spotting(i, ids=() if i in wrong else (1, 2)), truth(i)) for i in range(60)]
    assert finished(frames, *SCENARIOS["bump"].bumps).recovered == [pytest.approx(expected)]


def test_recovery_after_a_return_counts_from_the_page_in_view() -> None:
    frames = [(spotting(i, ids=() if 30 <= i < 50 else (1, 2)), truth(i, in_view=not 30 <= i < 47)) for i in range(70)]
    assert finished(frames, SCENARIOS["leave_and_return"].leaves[0][1]).recovered == [pytest.approx(0.3)]


def test_out_of_view_counts_for_nothing() -> None:
    frames = [(spotting(i, ids=() if i >= 30 else (1, 2)), truth(i, in_view=i < 30)) for i in range(60)]
    assert finished(frames).f1 == 1
