"""One thing seen in pieces that look alike: its stripes or strokes, or what lies in front of it, cut it up.

In: both panels and their regions. Out: the regions, pieces of one thing made one: they are of one kind, and have one
colour in A and one in B. Recoloured ones stand in a row or a column; what is in one picture only may lie anywhere near.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.classify.joined import PARAMETERS, apart, join
from livespot.spotting.difference.boxes import gap
from livespot.spotting.difference.comparison import Region
from livespot.spotting.results import Kind

NEAR = 1.25  # gap of two recoloured pieces that lie side by side, as stripes do, of the smaller one's longer side
END = 0.5  # of two pieces end to end, likewise
IN_LINE = 0.6  # share of the narrower piece that faces the other one
STROKES = 0.025  # of the panel's size: gap of two pieces that are there in one picture only
ALIKE = 32.0  # grey levels by which the colour of two pieces may differ, in either panel


def join_alike(a: Image, b: Image, regions: Sequence[Region]) -> list[Region]:
    """Regions in their order; a, b: (h, w, 3) uint8 panels. The first of the pieces keeps its place."""
    strokes = STROKES * float(np.sqrt(a.shape[0] * a.shape[1]))

    def of_one(one: Region, two: Region) -> bool:
        if one.kind is not two.kind or not (_in_line(one, two) if one.kind is Kind.RECOLOURED else near(one, two)):
            return False
        return float(np.abs(_colours(a, b, one) - _colours(a, b, two)).max()) <= ALIKE

    def near(one: Region, two: Region) -> bool:
        there = one.kind in (Kind.ADDED, Kind.REMOVED) and min(one.confidence, two.confidence) >= PARAMETERS.likely
        return there and gap(one.box, two.box) <= strokes and apart(one, two) <= strokes

    return join(regions, of_one)


def _in_line(one: Region, two: Region) -> bool:
    """Whether two recoloured pieces stand in a row or a column, close by."""
    (x, y, w, h), (u, v, s, t) = one.box, two.box
    above = (min(x + w, u + s) - max(x, u)) / min(w, s)
    beside = (min(y + h, v + t) - max(y, v)) / min(h, t)
    # along the line they stand in, and across it
    long, wide = (min(h, t), min(w, s)) if above > beside else (min(w, s), min(h, t))
    reach = NEAR * wide if wide >= long else END * long
    return max(above, beside) >= IN_LINE and gap(one.box, two.box) <= reach


def _colours(a: Image, b: Image, region: Region) -> NDArray[np.float64]:
    """(2, 3): the region's usual colour in A and in B, grey levels."""
    x, y, w, h = region.box
    return np.stack([np.median(p[y : y + h, x : x + w][region.mask], axis=0) for p in (a, b)])
