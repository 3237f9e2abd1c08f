"""Scenarios combine."""

from __future__ import annotations

import pytest

from livespot.demo import SCENARIOS, combined
from livespot.demo.scenario import scenario_named
from livespot.errors import UsageError


def test_combined_takes_what_each_one_changes() -> None:
    both = combined(SCENARIOS["glare"], SCENARIOS["low_resolution"])
    assert both.glare == SCENARIOS["glare"].glare
    assert both.size == (640, 480)
    assert both.name == "glare+low_resolution"


def test_unknown_scenario_names_the_choices() -> None:
    with pytest.raises(UsageError, match="handheld"):
        scenario_named("hurricane")
