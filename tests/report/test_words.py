"""Every measure has plain words."""

import numpy as np
import pytest

from livespot.report import words
from livespot.spotting.classify.confidence import EYED, FEATURES
from livespot.spotting.classify.decision import Reason


def test_every_measure_of_the_rule_has_words() -> None:
    assert {*FEATURES, *EYED} <= set(words.MEASURES)


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


def test_both_sides_are_heard_and_trifles_are_not() -> None:
    reasons = (Reason("clear", 0.0, -1.5), Reason("peak", 1.0, 0.9), Reason("fill", 0.5, 0.01))
    assert words.speaking(reasons, +1) == ["at its strongest 2.7 times the threshold"]
    assert words.speaking(reasons, -1) == ["at the very rim of the picture"]
