"""Islands of a mask: every pixel once, and none too near to another's."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from livespot.spotting.difference.boxes import gap
from livespot.spotting.difference.islands import islands


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
def test_every_pixel_is_on_one_island_and_islands_lie_apart(seed: int, reach: int) -> None:
    kept = specks(seed)
    found = islands(kept, reach)
    own = np.zeros(kept.shape, np.int64)
    for number, ((x, y, w, h), _, mask) in enumerate(found, 1):
        assert not own[y : y + h, x : x + w][mask].any()
        own[y : y + h, x : x + w][mask] = number
        assert mask.any(axis=0)[[0, -1]].all()
        assert mask.any(axis=1)[[0, -1]].all()
    assert np.array_equal(own > 0, kept > 0)
    _, label, stats, _ = cv2.connectedComponentsWithStats(kept, connectivity=8)
    at = [own[label == i][0] for i in range(1, len(stats))]
    for i, one in enumerate(stats[1:, :4].tolist()):
        for k, other in enumerate(stats[1:, :4].tolist()):
            assert at[i] == at[k] or gap(one, other) > reach or reach == 0


@pytest.mark.parametrize(("apart", "down", "reach", "count"), [(5, 0, 5, 1), (6, 0, 5, 2), (5, 5, 5, 1), (5, 6, 5, 2)])
def test_boxes_as_far_apart_as_that_are_one_and_further_ones_two(apart: int, down: int, reach: int, count: int) -> None:
    kept = np.zeros((60, 60), np.uint8)
    kept[10:14, 10:13] = 1
    kept[14 + down : 18 + down, 13 + apart : 20 + apart] = 1
    assert len(islands(kept, reach)) == count


def test_many_specks() -> None:
    kept = np.zeros((64, 64), np.uint8)
    kept[::2, ::2] = 1
    assert len(islands(kept, 0)) == 1024
    assert [(box, count) for box, count, _ in islands(kept, 1)] == [((0, 0, 63, 63), 1024)]
    assert islands(np.zeros_like(kept), 9) == []
