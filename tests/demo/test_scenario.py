"""Scenarios by name."""

import pytest

from livespot.demo.scenario import scenario_named
from livespot.errors import UsageError


def test_unknown_scenario_names_the_choices() -> None:
    with pytest.raises(UsageError, match="handheld"):
        scenario_named("hurricane")
