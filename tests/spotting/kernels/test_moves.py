"""What shifts explain and which stand out: as in plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from kit.crops import SIZES, colours, fields, mask

from livespot.spotting.kernels import moves as fast


@pytest.mark.parametrize("shift", [(0, 0), (3, -2), (-6, 1), (40, 0), (0, -47)], ids=str)
def test_what_a_move_explains(shift: tuple[int, int]) -> None:
    size = (48, 40)
    a = colours(size, 1)
    b = np.ascontiguousarray(np.roll(a, (shift[1], shift[0]), (0, 1)))
    near, weight = mask(size, 0, 0.7), fields(size, 1)[0]
    got = fast.move_explains(a, b, near, weight, shift, 20.0)
    assert got == pytest.approx(fast.move_explains_reference(a, b, near, weight, shift, 20.0), rel=1e-5)
    assert got > 0 or abs(shift[0]) >= size[1]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_what_shifts_are_found_from(size: tuple[int, int]) -> None:
    a, b, near = colours(size, 1), colours(size, 2), mask(size, 0, 0.7)
    fields = fast.shift_fields(a, b, near, 2 * size[0], 2 * size[1] + 2)
    expected = fast.shift_fields_reference(a, b, near, 2 * size[0], 2 * size[1] + 2)
    assert fields == pytest.approx(expected, rel=1e-4, abs=0.2)  # float32 of squared grey levels


@pytest.mark.parametrize("seed", range(4))
def test_the_best_shifts(seed: int) -> None:
    rng = np.random.default_rng(seed)
    apart, count = rng.uniform(0, 90, (24, 30)).astype(np.float32), rng.uniform(0, 100, (24, 30)).astype(np.float32)
    apart[0, 0], count[0, 0] = 3000, 100
    got = fast.best_shifts(apart, count, 0.15, 2, 3)
    assert got == fast.best_shifts_reference(apart, count, 0.15, 2, 3)
    assert len(got) == 3


def test_no_shift_is_better_than_none() -> None:
    count = np.full((8, 8), 10, np.float32)
    assert fast.best_shifts(20 * count, count, 0.15, 2, 3) == []
