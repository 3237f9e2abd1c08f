"""What a resizing explains: as in plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from kit.crops import SIZES, colours, fields, mask
from kit.references.classify import resize_explains_reference

from livespot.spotting.classify import _resizing as fast


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("factor", [0.5, 0.8])
def test_what_a_resizing_explains(size: tuple[int, int], factor: float) -> None:
    a, b, inside, weight = colours(size, 1), colours(size, 2), mask(size, 0, 0.7), fields(size, 1)[0]
    places = np.array([(size[1] / 2, size[0] / 2), (0, size[0] - 1), (size[1] + 3, -2)], np.float32)
    got = fast.resize_explains(a, b, inside, weight, places, factor, 30.0)
    assert got == pytest.approx(resize_explains_reference(a, b, inside, weight, places, factor, 30.0), rel=1e-5)
    assert 0 < got <= weight[inside > 0].sum() or min(size) < 5


def test_which_panel_is_the_larger_does_not_matter() -> None:
    size = (30, 41)
    a, b, inside, weight = colours(size, 1), colours(size, 2), mask(size, 0, 0.7), fields(size, 1)[0]
    places = np.array([(20, 15), (20, 29)], np.float32)
    one, other = (fast.resize_explains(p, q, inside, weight, places, 0.8, 30.0) for p, q in ((a, b), (b, a)))
    assert one == other
