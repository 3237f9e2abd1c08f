"""Gutters part several puzzles on a page; a pale line of one picture does not."""

import numpy as np
from kit.puzzles import changed, scene

from livespot.frame import Image
from livespot.spotting.panels.detect import NotFound, Search

PAPER = 238


def found_on(*rows: tuple[Image, Image]) -> int:
    """How many puzzles there are on a sheet with these rows of two pictures."""
    sheet = np.full((40 + 280 * len(rows), 740, 3), PAPER, np.uint8)
    for i, (a, b) in enumerate(rows):
        top = 40 + 280 * i
        sheet[top : top + 240, 40:360], sheet[top : top + 240, 380:700] = a, b
    found = Search(480).puzzles(sheet)
    assert not isinstance(found, NotFound)
    return len(found)


def test_two_puzzles_of_one_size_are_two() -> None:
    assert found_on((scene(5), changed(scene(5))), (scene(6), changed(scene(6)))) == 2


def test_a_pale_line_across_a_picture_parts_nothing() -> None:
    a, b = scene(5), changed(scene(5))
    for picture in (a, b):
        picture[186:192] = PAPER
    assert found_on((a, b)) == 1
