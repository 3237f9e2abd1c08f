"""What shifts explain and which stand out."""

from __future__ import annotations

import numpy as np
import pytest
from kit.crops import colours, fields, mask

from livespot.spotting.classify import moved


@pytest.mark.parametrize("shift", [(3, -2), (-6, 1)], ids=str)
def test_a_move_explains_what_it_moved_and_another_does_not(shift: tuple[int, int]) -> None:
    size = (48, 40)
    a = colours(size, 1)
    b = np.ascontiguousarray(np.roll(a, (shift[1], shift[0]), (0, 1)))
    near, weight = mask(size, 0, 0.7), fields(size, 1)[0]
    right, wrong = (moved.move_explains(a, b, near, weight, s, 20.0) for s in (shift, (-shift[0], shift[1])))
    assert right > 0.5 * float(weight[near > 0].sum())
    assert right > 2.0 * wrong
    assert moved.move_explains(a, b, near, weight, (40, 0), 20.0) == 0.0


@pytest.mark.parametrize("seed", range(4))
def test_the_best_shifts_stand_apart(seed: int) -> None:
    rng = np.random.default_rng(seed)
    apart, count = rng.uniform(0, 90, (24, 30)).astype(np.float32), rng.uniform(0, 100, (24, 30)).astype(np.float32)
    apart[0, 0], count[0, 0] = 3000, 100
    got = moved.best_shifts(apart, count, 0.15, 2, 3)
    gains = [count[y, x] - apart[y, x] / 30.0 for x, y in got]
    assert len(got) == 3
    assert gains == sorted(gains, reverse=True)
    assert all(max(abs(x), abs(y)) >= 2 for x, y in got)


def test_no_shift_is_better_than_none() -> None:
    count = np.full((8, 8), 10, np.float32)
    assert moved.best_shifts(20 * count, count, 0.15, 2, 3) == []
