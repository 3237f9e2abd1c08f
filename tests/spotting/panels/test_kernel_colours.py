"""Which rows of a band hold a colour is what plain NumPy says."""

from __future__ import annotations

import numpy as np
import pytest
from kit.references.panels import rows_with_reference

from livespot.spotting.panels._colours import rows_with

LIGHT, TINT = 0.3, 0.07


@pytest.mark.parametrize("size", [(1, 1), (72, 11), (288, 7), (3, 0)], ids=str)
def test_shares_of_rows(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(5)
    band = (5.0 + 0.2 * rng.normal(size=(*size, 1)) + 0.05 * rng.normal(size=(*size, 3))).astype(np.float32)
    usable = rng.random(size) < 0.6
    colours = np.concatenate([band.reshape(-1, 3)[::29], np.full((2, 3), 5.0), np.full((1, 3), 9.0)]).astype(np.float32)
    found = rows_with(band, usable, colours, LIGHT, TINT)
    assert found.shape == (len(colours),)
    assert found == pytest.approx(rows_with_reference(band, usable, colours, LIGHT, TINT), abs=1.5 / size[0] / 72)
    assert found[-1] == 0.0


def test_light_may_change_and_a_tint_may_not() -> None:
    band = np.full((4, 2, 3), 5.0, np.float32)
    usable = np.array([[True, False]] * 3 + [[False, False]])
    brighter, tinted, bright = np.full(3, 5.25), np.array([5.2, 5.0, 5.0]), np.full(3, 5.35)
    shares = rows_with(band, usable, np.stack([brighter, tinted, bright]).astype(np.float32), LIGHT, TINT)
    assert shares.tolist() == [0.75, 0.0, 0.0]
