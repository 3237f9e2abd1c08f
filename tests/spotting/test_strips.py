"""Runs along the rim are what lies beside the panel; what reaches deep is a difference."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from livespot.spotting.strips import rim_strips, text_bands

SHAPE = (240, 320)  # NEAR, DEEP, LONG are 3, 12 and 33 px there


def mask(*rectangles: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    """0 or 1; rectangles: (x, y, width, height)."""
    result = np.zeros(SHAPE, np.uint8)
    for x, y, w, h in rectangles:
        result[y : y + h, x : x + w] = 1
    return result


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


def letters(lines: int, first: int, columns: range, step: int = 12, size: int = 6) -> NDArray[np.uint8]:
    """Lines of text as what differs: parts of `size` px, every second one left out here and there."""
    rng = np.random.default_rng(5)
    places = [(x, first + 14 * line, size, size) for line in range(lines) for x in columns[::step]]
    return mask(*(place for place in places if rng.random() < 0.7))


@pytest.mark.parametrize("side", ["top", "bottom", "left", "right"])
def test_lines_of_text_that_a_side_has_taken_in_are_a_band(side: str) -> None:
    over = letters(3, 6, range(8, 310)) | mask((150, 120, 30, 20))
    if side in ("left", "right"):
        over = np.ascontiguousarray(over.T)
    if side in ("bottom", "right"):
        over = np.ascontiguousarray(over[::-1] if side == "bottom" else over[:, ::-1])
    band = text_bands(over)
    turned = {"top": band, "bottom": band[::-1], "left": band.T, "right": band[:, ::-1].T}[side]
    assert turned[:40].all()
    assert not turned[60:].any()


@pytest.mark.parametrize(
    "over",
    [
        mask(),
        mask((20, 8, 40, 20), (100, 10, 8, 8), (200, 14, 30, 6)),
        letters(3, 6, range(8, 120)),
        letters(12, 6, range(8, 310)),
        mask(*((x, 0, 3, 3) for x in range(0, 320, 6)), (40, 60, 20, 20)),
    ],
    ids=["nothing", "differences at the top", "text over a third of the side", "specks everywhere", "a torn rim"],
)
def test_what_is_no_text_along_a_side_is_no_band(over: NDArray[np.uint8]) -> None:
    assert not text_bands(over).any()
