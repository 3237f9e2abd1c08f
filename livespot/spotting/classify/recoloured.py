"""One thing recoloured, seen in pieces: its stripes, or what lies in front of it, cut it up.

In: both panels and their regions. Out: the regions, pieces of one recoloured thing made one: they lie in a row or a
column close by, have one colour in A, and one in B.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.difference.boxes import gap, united
from livespot.spotting.difference.comparison import Region
from livespot.spotting.results import Kind

NEAR = 1.25  # gap of two pieces, of the smaller one's longer side
IN_LINE = 0.6  # share of the narrower piece that faces the other one
ALIKE = 32.0  # grey levels by which the colour of two pieces may differ, in either panel


def join_recoloured(a: Image, b: Image, regions: Sequence[Region]) -> list[Region]:
    """Regions in their order; a, b: (h, w, 3) uint8 panels. The first of the pieces keeps its place."""
    result = list(regions)
    colours = {id(r): _colours(a, b, r) for r in result if r.kind is Kind.RECOLOURED}
    for i, one in enumerate(result):
        j = i + 1
        while id(one) in colours and j < len(result):
            two = result[j]
            if id(two) in colours and _of_one(one, two, colours[id(one)], colours[id(two)]):
                box, mask = united([one.box, two.box], [one.mask, two.mask])
                both = Region(box, mask, one.kind, max(one.confidence, two.confidence), one.of + two.of)
                sizes = [np.count_nonzero(r.mask) for r in (one, two)]
                colours[id(both)] = np.average([colours[id(one)], colours[id(two)]], axis=0, weights=sizes)
                result[i] = one = both
                del result[j]
                j = i  # a piece that was too far from the first may lie near the second
            j += 1
    return result


def _of_one(one: Region, two: Region, first: NDArray[np.float64], second: NDArray[np.float64]) -> bool:
    (x, y, w, h), (u, v, s, t) = one.box, two.box
    facing = max(
        (min(x + w, u + s) - max(x, u)) / min(w, s),
        (min(y + h, v + t) - max(y, v)) / min(h, t),
    )
    near = gap(one.box, two.box) <= NEAR * min(max(w, h), max(s, t))
    return near and facing >= IN_LINE and float(np.abs(first - second).max()) <= ALIKE


def _colours(a: Image, b: Image, region: Region) -> NDArray[np.float64]:
    """(2, 3): the region's usual colour in A and in B, grey levels."""
    x, y, w, h = region.box
    return np.stack([np.median(p[y : y + h, x : x + w][region.mask], axis=0) for p in (a, b)])
