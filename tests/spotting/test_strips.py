"""Runs along the rim are what lies beside the panel; what reaches deep is a difference."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from kit.crops import rectangles
from numpy.typing import NDArray

from livespot.spotting.strips import rim_strips

SHAPE = (240, 320)  # NEAR, DEEP, LONG are 3, 12 and 33 px there


mask = functools.partial(rectangles, SHAPE)


@pytest.mark.parametrize(
    ("over", "strips"),
    [
        (mask(), mask()),
        (mask((0, 40, 4, 120)), mask((0, 40, 4, 120))),
        (mask((312, 40, 8, 120)), mask((312, 40, 8, 120))),
        (mask((40, 0, 200, 5)), mask((40, 0, 200, 5))),
        (mask((40, 234, 200, 6)), mask((40, 234, 200, 6))),
        (mask((0, 40, 4, 20)), mask()),
        (mask((100, 100, 120, 5)), mask()),
        (mask((0, 40, 40, 120)), mask()),
        (mask((0, 40, 4, 50), (0, 92, 4, 50)), mask((0, 40, 4, 50), (0, 92, 4, 50))),
        (mask((0, 40, 4, 120), (0, 80, 30, 20)), mask((0, 40, 4, 40), (0, 100, 4, 60))),
    ],
    ids=[
        "nothing", "left", "right", "top", "bottom", "too short", "not at the rim", "too deep", "with a gap",
        "a difference on it stays",
    ],
)  # fmt: skip
def test_a_run_along_the_rim_is_a_strip(over: NDArray[np.uint8], strips: NDArray[np.uint8]) -> None:
    assert np.array_equal(rim_strips(over), strips)


def test_a_picture_smaller_than_a_strip_is_left_alone() -> None:
    assert not rim_strips(np.ones((6, 300), np.uint8))[:, 50:250].any()
