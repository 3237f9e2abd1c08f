"""A few seeds of scripts/fuzz, of every kind."""

from pathlib import Path

import pytest
from kit.fuzz import KINDS, case


@pytest.mark.parametrize("seed", range(4 * len(KINDS)))
def test_damaged_input_gives_a_result_or_one_line(seed: int, tmp_path: Path) -> None:
    kind, outcome = case(seed, tmp_path)
    assert kind
    assert outcome
