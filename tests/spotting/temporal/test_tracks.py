"""Numbers that stay, boxes that hold still."""

from dataclasses import replace

import numpy as np
import pytest

from livespot.geometry import Box
from livespot.spotting.difference.comparison import Region
from livespot.spotting.params import fitted_params
from livespot.spotting.results import Kind
from livespot.spotting.temporal.tracks import DifferenceTracker, TrackedDifference

PARAMS = fitted_params().identity
SEEN = np.ones((200, 300), np.bool_)


def region(x: int, y: int, confidence: float = 0.95, kind: Kind = Kind.ADDED, size: int = 20) -> Region:
    return Region((x, y, size, size), np.ones((size, size), np.bool_), kind, confidence)


def run(identities: DifferenceTracker, *analyses: list[Region]) -> tuple[TrackedDifference, ...]:
    held: tuple[TrackedDifference, ...] = ()
    for regions in analyses:
        held = identities.update(regions, SEEN)
    return held


def boxes(held: tuple[TrackedDifference, ...]) -> dict[int, Box]:
    return {h.id: h.box for h in held}


def test_numbers_and_boxes_stay_through_jitter_and_any_order() -> None:
    identities = DifferenceTracker(PARAMS)
    rng = np.random.default_rng(0)
    first = boxes(
        run(
            identities,
            [region(20, 30), region(100, 30), region(60, 120)],
            [region(20, 30), region(100, 30), region(60, 120)],
        )
    )
    assert len(first) == 3
    for _ in range(20):
        jitter = rng.integers(-2, 3, (3, 2))
        regions = [
            region(x + int(dx), y + int(dy))
            for (x, y), (dx, dy) in zip([(20, 30), (100, 30), (60, 120)], jitter, strict=True)
        ]
        rng.shuffle(regions)  # type: ignore[arg-type]
        held = boxes(run(identities, regions))
        assert held.keys() == first.keys()
        for number, box in held.items():
            assert np.abs(np.array(box) - first[number]).max() <= 2


def test_sure_ones_show_at_once_and_a_single_later_guess_does_not() -> None:
    identities = DifferenceTracker(PARAMS)
    assert len(run(identities, [region(20, 30, 0.95), region(100, 30, 0.6)])) == 1
    assert len(run(identities, [region(20, 30), region(200, 100, 0.95)], [region(20, 30)])) == 1
    held = run(identities, *[[region(20, 30), region(200, 100, 0.95)]] * 4)
    assert len(held) == 2


def test_one_that_is_gone_for_good_goes_and_its_number_is_not_given_again() -> None:
    identities = DifferenceTracker(PARAMS)
    run(identities, *[[region(20, 30), region(100, 30)]] * 5)
    assert len(run(identities, [region(20, 30)])) == 2  # once is no proof
    gone = run(identities, *[[region(20, 30)]] * 8)
    assert [h.id for h in gone] == [1]
    back = run(identities, *[[region(20, 30), region(200, 150)]] * 5)
    assert [h.id for h in back] == [1, 3]


def test_a_hidden_one_is_remembered_and_is_the_same_when_it_is_back() -> None:
    identities = DifferenceTracker(PARAMS)
    before = run(identities, *[[region(20, 30), region(100, 30)]] * 3)
    covered = SEEN.copy()
    covered[:, 90:130] = False
    for _ in range(10):
        hidden = identities.update([region(20, 30)], covered)
    assert [(h.id, h.remembered) for h in hidden] == [(1, False), (2, True)]
    assert [(h.id, h.box, h.remembered) for h in run(identities, [region(20, 30), region(100, 30)])] == [
        (h.id, h.box, False) for h in before
    ]


def test_what_grows_sure_elsewhere_is_shown_when_it_holds() -> None:
    identities = DifferenceTracker(PARAMS)
    run(identities, *5 * [[region(40, 40, 0.5)]])
    there = region(50, 50, 0.99, size=30)
    assert run(identities, [there]) == ()  # a lamp's seam, another one in each view
    assert boxes(run(identities, [there], [there])) == {1: there.box}


def test_a_box_follows_when_it_is_elsewhere_for_long() -> None:
    identities = DifferenceTracker(PARAMS)
    run(identities, *[[region(20, 30)]] * 5)
    larger = region(10, 20, size=50)
    assert run(identities, [larger])[0].box == (20, 30, 20, 20)
    (held,) = run(identities, *[[larger]] * 4)
    assert (held.id, held.box) == (1, larger.box)


def test_the_kind_told_most_often_counts() -> None:
    identities = DifferenceTracker(PARAMS)
    kinds = [Kind.CHANGED, Kind.ADDED, Kind.ADDED, Kind.CHANGED, Kind.ADDED, Kind.ADDED]
    (held,) = run(identities, *[[region(20, 30, kind=k)] for k in kinds])
    assert held.kind is Kind.ADDED


def test_two_boxes_on_one_place_become_one() -> None:
    identities = DifferenceTracker(PARAMS)
    held = run(identities, *[[region(20, 30, size=40), region(25, 35, size=20)]] * 5)
    assert len(held) == 1


def test_a_doubtful_large_box_gives_way_to_a_sure_one_within_it() -> None:
    identities = DifferenceTracker(PARAMS)
    large, sure = region(20, 30, 0.65, size=80), region(50, 60)
    held = run(identities, *[[large]] * 4, *[[large, sure]] * 6)
    assert [h.box for h in held] == [sure.box]


def test_nothing_ever_seen_is_nothing_held() -> None:
    assert run(DifferenceTracker(PARAMS), [], [], []) == ()


def test_a_large_doubtful_region_over_a_difference_does_not_take_its_number() -> None:
    identities = DifferenceTracker(PARAMS)
    first = boxes(run(identities, *[[region(40, 40), region(140, 40)]] * 3))
    held = boxes(run(identities, *[[region(20, 20, 0.1, size=120), region(41, 40), region(140, 41)]] * 6))
    assert held == first


def test_a_speck_is_not_shown_after_one_analysis() -> None:
    identities = DifferenceTracker(PARAMS)
    assert run(identities, [region(40, 40, 0.95, size=4)]) == ()
    assert run(identities, []) == ()
    assert len(run(identities, *[[region(90, 90, 0.95, size=4)]] * 4)) == 1


@pytest.mark.parametrize("unsure", [0.3, 0.6])
def test_the_whole_of_a_thing_keeps_the_number_its_fragment_was_shown_under(unsure: float) -> None:
    identities = DifferenceTracker(PARAMS)
    fragment, whole = region(60, 60, 0.97, size=14), region(50, 50, size=50)
    (first,) = run(identities, *[[replace(whole, confidence=unsure), fragment]] * 2)
    for _ in range(6):
        held = run(identities, [whole])
        assert [h.id for h in held] == [first.id]
    assert held[0].box == whole.box


def test_differences_go_on_on_a_finer_grid_and_what_it_adds_is_shown_at_once() -> None:
    identities = DifferenceTracker(PARAMS)
    coarse = boxes(run(identities, *[[region(20, 30), region(100, 60)]] * 6))
    identities.go_on(np.diag([2.0, 2.0, 1.0]))
    finer = {h.id: h for h in run(identities, [region(40, 60, size=40), region(200, 120, size=40), region(60, 150)])}
    assert set(coarse) < set(finer)
    assert [finer[i].box for i in coarse] == [(40, 60, 40, 40), (200, 120, 40, 40)]
    assert len(finer) == 3


def test_one_that_was_shown_for_two_seconds_does_not_flip_but_goes_in_the_end() -> None:
    identities = DifferenceTracker(PARAMS)
    both = [region(20, 30), region(100, 30, 0.7)]
    run(identities, *[both] * 12)
    seen = [len(run(identities, both if i % 2 == 0 else both[:1])) for i in range(30)]
    assert seen == [2] * 30  # found in every other analysis: there all the same
    assert len(run(identities, *[both[:1]] * 12)) == 1
