"""What lies as near as pieces of one thing do is one; neighbours, and what is small within something large, stay."""

from __future__ import annotations

import numpy as np
import pytest

from livespot.geometry import Box
from livespot.spotting.classify.joined import join_near
from livespot.spotting.difference.comparison import Region
from livespot.spotting.results import Kind

SIZE = 750.0  # root of the panel's area, px: pieces of one thing are up to 10 px apart


def region(box: Box, confidence: float = 0.9, number: int = 0) -> Region:
    return Region(box, np.ones((box[3], box[2]), np.bool_), Kind.ADDED, confidence, (number,))


def frame(box: Box) -> Region:
    """An L: the left and the lower rim of a box."""
    mask = np.zeros((box[3], box[2]), np.bool_)
    mask[:, :6] = mask[-6:] = True
    return Region(box, mask, Kind.REMOVED, 0.95, (1,))


def joined(*regions: Region) -> list[Region]:
    return join_near(regions, SIZE, lambda box, mask: Kind.CHANGED)


@pytest.mark.parametrize(("gap", "count"), [(8, 1), (14, 2)])
def test_pieces_are_joined_and_neighbours_are_not(gap: int, count: int) -> None:
    found = joined(region((100, 100, 30, 30)), region((130 + gap, 100, 20, 30), 0.6, 1))
    assert len(found) == count
    if count == 1:
        assert found[0].box == (100, 100, 50 + gap, 30)
        assert found[0].mask.sum() == 30 * 30 + 20 * 30
        assert (found[0].kind, found[0].confidence, found[0].of) == (Kind.CHANGED, 0.9, (0, 1))


def test_a_row_of_pieces_is_one_whatever_their_order() -> None:
    found = joined(region((100, 100, 20, 20)), region((160, 100, 20, 20)), region((128, 100, 24, 20)))
    assert [r.box for r in found] == [(100, 100, 80, 20)]


def test_what_is_not_likely_joins_nothing() -> None:
    assert len(joined(region((100, 100, 30, 30)), region((134, 100, 20, 30), 0.4))) == 2


@pytest.mark.parametrize(("at", "count"), [(20, 1), (60, 2)])
def test_a_mark_in_the_box_of_a_large_one_stays_unless_it_is_next_to_it(at: int, count: int) -> None:
    assert len(joined(frame((100, 100, 120, 120)), region((100 + at + 4, 200 - at - 20, 12, 12)))) == count
