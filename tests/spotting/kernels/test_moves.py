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
    got = fast.move_explains(a, b, near, weight, *shift, 20.0)
    assert got == pytest.approx(fast.move_explains_reference(a, b, near, weight, shift, 20.0), rel=1e-5)
    assert got > 0 or abs(shift[0]) >= size[1]


@pytest.mark.parametrize("away", [None, (3, -2), (-1, 0)], ids=str)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_what_the_best_shift_explains(size: tuple[int, int], away: tuple[int, int] | None) -> None:
    a, inside = colours(size, 1), mask(size, 0, 0.7)
    b = np.ascontiguousarray(np.roll(a, (-2, 3), (0, 1)))
    how = fast.Search(tried=3, least=2, overlap=0.15, alike=0.4)
    got = fast.explained(a, b, inside, away, how)
    assert got == pytest.approx(fast.explained_reference(a, b, inside, away, how), rel=1e-4)


def test_nothing_is_explained_where_nothing_differs() -> None:
    a, how = colours((9, 9), 1), fast.Search(tried=3, least=2, overlap=0.15, alike=0.4)
    assert fast.explained(a, a, np.ones((9, 9), np.uint8), None, how) == 0.0
    assert fast.explained(a, a + 1, np.zeros((9, 9), np.uint8), None, how) == 0.0


@pytest.mark.parametrize("seed", range(4))
def test_the_best_shifts(seed: int) -> None:
    rng = np.random.default_rng(seed)
    apart, count = rng.uniform(0, 90, (24, 30)).astype(np.float32), rng.uniform(0, 100, (24, 30)).astype(np.float32)
    apart[0, 0], count[0, 0] = 3000, 100
    found = np.empty((3, 2), np.int64)
    got = [(int(x), int(y)) for x, y in found[: fast.best_shifts(apart, count, np.float32(0.15), 2, found)]]
    assert got == fast.best_shifts_reference(apart, count, 0.15, 2, 3)
    assert len(got) == 3


def test_no_shift_is_better_than_none() -> None:
    count = np.full((8, 8), 10, np.float32)
    assert fast.best_shifts(20 * count, count, np.float32(0.15), 2, np.empty((3, 2), np.int64)) == 0
