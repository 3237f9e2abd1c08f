"""A fragment beside a large region of its kind is a piece of it, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

from livespot.geometry import Box
from livespot.spotting.boxes import gap, united
from livespot.spotting.comparison import Region
from livespot.spotting.findings import Kind
from livespot.spotting.fragments import join_fragments

SIZE = (800, 600)
LARGE: Box = (100, 100, 120, 100)


def region(box: Box, kind: Kind = Kind.ADDED, confidence: float = 0.9) -> Region:
    return Region(box, np.ones((box[3], box[2]), np.bool_), kind, confidence)


def test_a_fragment_is_joined_and_the_order_stays() -> None:
    other = region((500, 300, 60, 60), Kind.REMOVED)
    found = join_fragments([region((222, 140, 20, 12), confidence=0.7), other, region(LARGE)], SIZE)
    assert found[0] is other
    assert len(found) == 2
    whole = found[1]
    assert (whole.box, whole.kind, whole.confidence) == ((100, 100, 142, 100), Kind.ADDED, 0.9)
    assert whole.mask.sum() == 120 * 100 + 20 * 12


@pytest.mark.parametrize(
    "one",
    [
        region((240, 140, 20, 12)),  # too far
        region((222, 140, 30, 30)),  # too large
        region((222, 140, 20, 12), Kind.REMOVED),  # another kind
    ],
    ids=["far", "large", "kind"],
)
def test_what_is_a_difference_of_its_own_stays(one: Region) -> None:
    regions = [region(LARGE), one]
    assert join_fragments(regions, SIZE) == regions


def test_two_fragments_of_one_and_a_fragment_between_two() -> None:
    larger = region((228, 90, 160, 130))
    found = join_fragments([region(LARGE), larger, region((222, 140, 5, 6)), region((90, 90, 8, 8))], SIZE)
    assert [r.box for r in found] == [(90, 90, 130, 110), (222, 90, 166, 130)]


def test_nothing_to_join() -> None:
    assert join_fragments([], SIZE) == []


def test_gaps_and_unions() -> None:
    one, two = (0, 0, 10, 10), (12, 15, 4, 4)
    assert (gap(one, two), gap(two, one), gap(one, (5, 5, 2, 2))) == (5, 5, 0)
    box, mask = united([one, two], [np.ones((10, 10), np.bool_), np.ones((4, 4), np.bool_)])
    assert box == (0, 0, 16, 19)
    assert mask.shape == (19, 16)
    assert mask.sum() == 116
