"""The bars say what is covered, and the words what is missing."""

import itertools

import pytest

from livespot.calibration import board, coverage
from livespot.calibration.coverage import Placement
from livespot.demo.board import BoardCamera
from livespot.demo.scenario import SCENARIOS

MIDDLE = Placement(0.5, 0.5, 0.5, 0.0, 0.0)
ALL = [
    Placement(0.5, 0.5, 0.6, 0, 0), Placement(0.05, 0.5, 0.4, 0, -25), Placement(0.95, 0.5, 0.4, 0, 25),
    Placement(0.5, 0.05, 0.4, -25, 0), Placement(0.5, 0.95, 0.4, 25, 0),
]  # fmt: skip


def test_nothing_is_covered_at_first() -> None:
    none = coverage.measure([])
    assert [value for _, value in none.bars] == [0, 0, 0, 0]
    assert [name for name, _ in none.bars] == ["X", "Y", "size", "skew"]
    assert none.advice
    assert not none.done


def test_bars_never_fall_and_stay_between_empty_and_full() -> None:
    before = (0.0, 0.0, 0.0, 0.0)
    for n in range(1, len(ALL) + 1):
        bars = tuple(value for _, value in coverage.measure(ALL[:n]).bars)
        assert all(0 <= b <= 1 for b in bars)
        assert all(now >= then for now, then in zip(bars, before, strict=True))
        before = bars
    assert before == (1.0, 1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("left_out", "words"),
    [(0, "closer"), (1, "left"), (2, "right"), (3, "up"), (4, "down")],
    ids=["near", "left", "right", "up", "down"],
)
def test_the_advice_is_about_what_is_missing(left_out: int, words: str) -> None:
    views = [p for i, p in enumerate(ALL) if i != left_out]
    measured = coverage.measure(views)
    assert words in measured.advice
    assert min(value for _, value in measured.bars) < 1
    assert not coverage.measure(views * 5).done


def test_it_is_done_with_full_bars_and_enough_views_or_with_views_in_plenty() -> None:
    assert not coverage.measure(ALL).done
    assert "other places" in coverage.measure(ALL).advice
    assert coverage.measure(ALL * 4).done
    assert coverage.measure([MIDDLE] * coverage.MOST).done


def test_a_view_like_another_adds_nothing() -> None:
    assert coverage.adds(MIDDLE, [])
    assert not coverage.adds(Placement(0.52, 0.5, 0.5, 3.0, -2.0), [MIDDLE])
    for new in ALL[1:]:
        assert coverage.adds(new, [MIDDLE])
    for a, b in itertools.product(ALL, ALL):
        assert coverage.distance(a, b) == coverage.distance(b, a)


def test_placement_follows_the_board() -> None:
    camera = BoardCamera(SCENARIOS["desk"], (1280, 720), 1)

    def place(*at: float) -> Placement:
        view = board.detect(camera.view(camera.pose(*at)))
        assert view is not None
        found = coverage.placement(view, (1280, 720))
        assert found is not None
        return found

    left, right = place(-0.2, 0, 0.5, 0, 0, 0), place(0.2, 0, 0.5, 0, 0, 0)
    assert left.x < 0.3 < 0.7 < right.x
    assert place(0, 0.15, 0.5, 0, 0, 0).y > 0.7
    assert place(0, 0, 0.8, 0, 0, 0).size > place(0, 0, 0.4, 0, 0, 0).size + 0.2
    tilted = place(0, 0, 0.6, 0, 30, 0), place(0, 0, 0.6, 0, -30, 0)
    assert tilted[0].yaw * tilted[1].yaw < 0
    assert all(abs(abs(t.yaw) - 30) < 5 for t in tilted)
    assert abs(abs(place(0, 0, 0.6, 30, 0, 0).pitch) - 30) < 5
