"""Islands of a mask: every pixel once, and none too near to another's."""

from __future__ import annotations

import numpy as np
import pytest
from kit.references.difference import cell_peaks, islands_reference
from numpy.typing import NDArray

from livespot.geometry import Box
from livespot.spotting.difference import _islands as fast


def specks(seed: int) -> NDArray[np.uint8]:
    """Twelve rectangles here and there, some of them touching."""
    rng = np.random.default_rng(seed)
    kept = np.zeros((150, 211), np.uint8)
    for _ in range(12):
        row, column = rng.integers(0, 145), rng.integers(0, 205)
        kept[row : row + rng.integers(1, 9), column : column + rng.integers(1, 9)] = 1
    return kept


@pytest.mark.parametrize("reach", [0, 2, 9, 30], ids="reach {}".format)
@pytest.mark.parametrize("seed", range(3))
def test_islands(seed: int, reach: int) -> None:
    kept = specks(seed)
    before = kept.copy()
    got = fast.islands(kept, cell_peaks(kept.astype(np.float32)).astype(np.uint8), reach)
    assert np.array_equal(kept, before)
    expected = islands_reference(kept, reach)
    assert len(got) == len(expected)

    def place(island: tuple[Box, int, NDArray[np.bool_]]) -> tuple[int, ...]:
        return (*island[0], int(island[2].sum()))

    for one, two in zip(sorted(got, key=place), sorted(expected, key=place), strict=True):
        assert one[:2] == two[:2]
        assert np.array_equal(one[2], two[2])


def test_islands_of_more_specks_than_there_is_room_for_at_first() -> None:
    kept = np.zeros((64, 64), np.uint8)
    kept[::2, ::2] = 1
    cells = np.ones((8, 8), np.uint8)
    assert len(fast.islands(kept, cells, 0)) == 1024
    assert [(box, count) for box, count, _ in fast.islands(kept, cells, 1)] == [((0, 0, 63, 63), 1024)]
    assert fast.islands(np.zeros_like(kept), np.zeros_like(cells), 9) == []
