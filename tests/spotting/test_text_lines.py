"""Lines of text that a side has taken in are told from differences."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from kit.crops import rectangles
from numpy.typing import NDArray

from livespot.spotting.text_lines import text_bands

SHAPE = (240, 320)


mask = functools.partial(rectangles, SHAPE)


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
        mask(*((x, 6 + 16 * (x // 8 % 3), 4, 4) for x in range(8, 310, 8))),
    ],
    ids=[
        "nothing",
        "differences at the top",
        "text over a third of the side",
        "specks everywhere",
        "a torn rim",
        "small differences in a third of the panel",
    ],
)
def test_what_is_no_text_along_a_side_is_no_band(over: NDArray[np.uint8]) -> None:
    assert not text_bands(over).any()
