"""One thing recoloured, added or removed is one difference, whatever cuts it up; two are two."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from livespot.frame import Image
from livespot.geometry import Box
from livespot.spotting.classify.alike import join_alike
from livespot.spotting.difference.comparison import Region
from livespot.spotting.results import Kind

RED, GREEN, BLUE = (40, 40, 210), (60, 190, 60), (200, 90, 40)
STRIPES: list[Box] = [(100, 20 + 24 * i, 30, 15) for i in range(4)]


def joined(boxes: list[Box], colours: list[tuple[Image, Image]], kinds: list[Kind] | None = None) -> list[Region]:
    a, b = (np.full((160, 260, 3), 180, np.uint8) for _ in range(2))
    for (x, y, w, h), (one, two) in zip(boxes, colours, strict=True):
        for picture, colour in ((a, one), (b, two)):
            cv2.rectangle(picture, (x, y), (x + w - 1, y + h - 1), [int(c) for c in colour], -1)
    regions = [
        Region(box, np.ones(box[:1:-1], np.bool_), kind, 0.9 - 0.1 * i, (i,))
        for i, (box, kind) in enumerate(zip(boxes, kinds or [Kind.RECOLOURED] * len(boxes), strict=True))
    ]
    return join_alike(a, b, regions)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (0, 3, 1, 2), (2, 0, 3, 1)], ids=str)
def test_the_stripes_of_a_lighthouse_are_one(order: tuple[int, ...]) -> None:
    (one,) = joined([STRIPES[i] for i in order], [(RED, GREEN)] * 4)
    assert (one.box, one.kind, one.confidence) == ((100, 20, 30, 87), Kind.RECOLOURED, 0.9)
    assert sorted(one.of) == [0, 1, 2, 3]
    assert int(one.mask.sum()) == 4 * 30 * 15


RAYS: list[Box] = [(40, 40, 20, 4), (63, 46, 4, 20), (40, 68, 20, 4)]  # of a sun, around nothing


@pytest.mark.parametrize("kind", [Kind.ADDED, Kind.REMOVED], ids=str)
def test_the_strokes_of_what_is_in_one_picture_only_are_one(kind: Kind) -> None:
    white, black = (250, 250, 250), (10, 10, 10)
    colours = (white, black) if kind is Kind.ADDED else (black, white)
    (one,) = joined(RAYS, [colours] * 3, [kind] * 3)
    assert (one.box, one.kind) == ((40, 40, 27, 32), kind)


@pytest.mark.parametrize(
    ("boxes", "colours", "kinds"),
    [
        pytest.param(RAYS[:2], [(RED, GREEN), (RED, BLUE)], [Kind.ADDED] * 2, id="added in two colours"),
        pytest.param(RAYS[:2], [(RED, GREEN)] * 2, [Kind.ADDED, Kind.REMOVED], id="added and removed"),
        pytest.param(RAYS[::2], [(RED, GREEN)] * 2, [Kind.ADDED] * 2, id="added far apart"),
        pytest.param(STRIPES[:2], [(RED, GREEN), (RED, BLUE)], None, id="to another colour"),
        pytest.param(STRIPES[:2], [(BLUE, GREEN), (RED, GREEN)], None, id="from another colour"),
        pytest.param([STRIPES[0], STRIPES[3]], [(RED, GREEN)] * 2, None, id="far apart"),
        pytest.param([(100, 20, 30, 15), (132, 40, 30, 15)], [(RED, GREEN)] * 2, None, id="not in line"),
        pytest.param(STRIPES[:2], [(RED, GREEN)] * 2, [Kind.RECOLOURED, Kind.CHANGED], id="of another kind"),
    ],
)
def test_two_things_stay_two(boxes: list[Box], colours: list[tuple[Image, Image]], kinds: list[Kind] | None) -> None:
    assert [r.box for r in joined(boxes, colours, kinds)] == boxes
