"""The sums over the finest print."""

from __future__ import annotations

import numpy as np
import pytest
from kit.references.classify import fine_sums_reference

from livespot.spotting.classify.fine_print import CELL, fine_sums


@pytest.mark.parametrize("shape", [(8, 8), (9, 17), (64, 48), (131, 203), (301, 417)])
def test_sums_are_those_of_the_reference(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(shape)
    a, b = (rng.integers(0, 256, (*shape, 3), dtype=np.uint8) for _ in range(2))
    free = (rng.random(shape) < 0.7).astype(np.uint8)
    cells = (shape[0] // CELL, shape[1] // CELL)
    for wanted in (np.ones(cells, np.uint8), (rng.random(cells) < 0.5).astype(np.uint8), np.zeros(cells, np.uint8)):
        sums = fine_sums(a, b, free, wanted)
        assert sums.shape == (*cells, 4)
        assert sums == pytest.approx(fine_sums_reference(a, b, free, wanted), rel=2e-5, abs=0.05)


@pytest.mark.parametrize("level", [0, 255])
def test_blank_paper_has_no_fine_print(level: int) -> None:
    blank = np.full((40, 56, 3), level, np.uint8)
    sums = fine_sums(blank, blank, np.ones((40, 56), np.uint8), np.ones((5, 7), np.uint8))
    assert not sums[..., :3].any()
    assert (sums[..., 3] == CELL * CELL).all()


def test_the_strongest_print_there_can_be_does_not_overflow() -> None:
    board = np.zeros((32, 32, 3), np.uint8)
    board[::2, ::2] = 255
    every = np.ones((32, 32), np.uint8), np.ones((4, 4), np.uint8)
    expected = fine_sums_reference(board, 255 - board, *every)
    assert fine_sums(board, 255 - board, *every) == pytest.approx(expected, rel=2e-5, abs=0.05)
