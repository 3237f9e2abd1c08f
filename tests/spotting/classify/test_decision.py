"""The record of a candidate says what became of it, and why."""

from __future__ import annotations

import numpy as np
import pytest

from livespot.spotting.classify.decision import Decision, Stage, Verdict, settled
from livespot.spotting.difference.comparison import Region
from livespot.spotting.results import Kind

BOX = (1, 2, 8, 8)
MASK = np.ones((8, 8), np.bool_)


def decided(confidence: float | None, verdict: Verdict, left: float | None = None, pieces: int = 1) -> str:
    mask = MASK.copy()
    if pieces == 2:
        mask[:, 4] = False
    one = Decision(BOX, mask, confidence=confidence, asked=15 if confidence is None else 0.1)
    region = Region(BOX, mask, Kind.REMOVED, confidence or 0.7 if left is None else left, (0,))
    return settled([one], [region], [verdict])[0].reason


@pytest.mark.parametrize(
    ("confidence", "verdict", "says"),
    [
        (0.97, Verdict(True, 0.5, 3), "kept: difference 3, removed; 97 % sure"),
        (0.999, Verdict(True, 0.5, 3), "kept: difference 3, removed; 99 % sure"),
        (0.23, Verdict(False, 0.5), "dropped: 23 % sure, and 50 % is asked for"),
        (0.496, Verdict(False, 0.5), "dropped: 49.60 % sure, and 50.00 % is asked for"),
        (None, Verdict(True, 0.5, 3), "kept: difference 3, removed; among the 15 largest"),
        (
            0.31,
            Verdict(True, 0.5, 3, 0.62, Stage.TIME),
            "kept: difference 3, removed; 31 % sure in this view, 62 % over time",
        ),
        (
            0.8,
            Verdict(False, 0.5, None, 0.4, Stage.TIME),
            "dropped: 80 % sure in this view, 40 % over time, and 50 % is asked for",
        ),
        (
            0.8,
            Verdict(False, 0.5, None, 0.7, Stage.TIME),
            "not boxed: 80 % sure in this view, 70 % over time, but it must hold over more analyses",
        ),
        (0.8, Verdict(False, 0.5, None, 0.7, Stage.OVERLAP), "not boxed: it lies on a difference that is"),
    ],
    ids=["kept", "no more than 99", "doubtful", "just so", "classic", "held", "fading", "waiting", "covered"],
)
def test_a_verdict_says_what_and_why(confidence: float | None, verdict: Verdict, says: str) -> None:
    assert decided(confidence, verdict) == says


def test_a_reflection_that_takes_the_rest_is_named() -> None:
    said = decided(0.8, Verdict(False, 0.5), left=0.4)
    assert said == "dropped: 80 % sure, 40 % under the reflection that lies over it, and 50 % is asked for"


def test_pieces_and_the_ends_of_a_move_are_told() -> None:
    assert decided(0.8, Verdict(True, 0.5, 1), pieces=2) == "kept: difference 1, removed; 2 pieces joined, 80 % sure"
    ends = [Decision(BOX, MASK, confidence=0.9), Decision(BOX, MASK, confidence=0.6)]
    both = settled(ends, [Region(BOX, MASK, Kind.MOVED, 0.9, (0, 1))], [Verdict(True, 0.5, 2)])
    assert [d.number for d in both] == [2, 2]
    assert both[1].reason == "kept: difference 2, moved; one end of a move, 60 % sure"


def test_what_no_region_was_made_of_stays_as_the_comparison_left_it() -> None:
    one = settled([Decision(BOX, MASK, confidence=0.04, asked=0.1)], [], [])[0]
    assert (one.kept, one.reason) == (False, "dropped: 4 % sure, and 10 % is asked for")
