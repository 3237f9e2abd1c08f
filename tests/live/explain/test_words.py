"""Every measure and every verdict has plain words."""

from __future__ import annotations

import numpy as np
import pytest

from livespot.live.explain import words
from livespot.settings import Settings
from livespot.spotting.acceptance import FEATURES
from livespot.spotting.explaining import Considered, Fate, Reason
from livespot.spotting.findings import Kind


def region(fate: Fate, confidence: float | None = None, reasons: tuple[Reason, ...] = (), side: int = 8) -> Considered:
    number, kind = (3, Kind.REMOVED) if fate is Fate.KEPT else (None, None)
    return Considered((1, 2, side, side), np.ones((side, side), bool), fate, confidence, number, kind, reasons)


def test_every_measure_of_the_rule_has_words() -> None:
    assert set(FEATURES) <= set(words.MEASURES)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("peak", np.log(5.0), "at its strongest 5.0 times the threshold"),
        ("clear", 0.0, "at the very rim of the picture"),
        ("clear", 1.0, "clear of the picture's rim"),
        ("depth", 0.5, "reaches only 1.5 % of the picture in from its rim"),
        ("noise", 0.0, "threshold here 14 grey levels"),
        ("close", -0.4, "in it the pictures agree to 0 %"),
        ("area", np.log(12.0), "covers 0.12 % of the picture"),
        ("a new one", 0.5, "a new one 0.50"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_measure_is_told_in_units_that_people_know(name: str, value: float, says: str) -> None:
    assert words.measure(Reason(name, float(value), 1.0)) == says


@pytest.mark.parametrize(
    ("fate", "confidence", "says"),
    [
        (Fate.KEPT, 0.97, "kept: difference 3, removed; 97 % sure"),
        (Fate.KEPT, 0.999, "kept: difference 3, removed; 99 % sure"),
        (Fate.KEPT, 0.31, "kept: difference 3, removed; held from earlier frames; 31 % sure in this view"),
        (Fate.KEPT, None, "kept: difference 3, removed; among the 15 largest"),
        (Fate.DOUBTFUL, 0.23, "dropped: 23 % sure, and 50 % is asked for"),
        (Fate.WAITING, 0.8, "not boxed: 80 % sure, but it has not held over enough frames"),
        (Fate.LONG, None, "dropped: longer than half a side of the picture"),
        (Fate.SMALL, None, "dropped: not among the 15 largest"),
    ],
    ids=str,
)
def test_a_verdict_says_what_and_why(fate: Fate, confidence: float | None, says: str) -> None:
    assert words.verdict(region(fate, confidence), Settings()) == says


def test_of_a_speck_more_is_asked() -> None:
    said = words.verdict(region(Fate.DOUBTFUL, 0.6, side=4), Settings())
    assert said == "dropped: 60 % sure, and 65 % is asked for"


def test_both_sides_are_heard_and_trifles_are_not() -> None:
    reasons = (Reason("clear", 0.0, -1.5), Reason("peak", 1.0, 0.9), Reason("fill", 0.5, 0.01))
    judged = region(Fate.DOUBTFUL, 0.4, reasons)
    assert words.speaking(judged, +1) == ["at its strongest 2.7 times the threshold"]
    assert words.speaking(judged, -1) == ["at the very rim of the picture"]
