"""The lowest channel is what plain NumPy says."""

from __future__ import annotations

import numpy as np
import pytest
from kit.references.visibility import lowest_channel_reference

from livespot.spotting.visibility._channels import lowest_channel


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (64, 33), (121, 250)], ids=str)
def test_lowest_channel(size: tuple[int, int]) -> None:
    picture = np.random.default_rng(3).integers(0, 256, (*size, 3), dtype=np.uint8)
    found = lowest_channel(picture)
    assert found.dtype == np.uint8
    assert np.array_equal(found, lowest_channel_reference(picture))


def test_a_part_of_a_picture() -> None:
    picture = np.random.default_rng(4).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    part = picture[3:17:2, 5:29]
    assert np.array_equal(lowest_channel(part), lowest_channel_reference(part))
