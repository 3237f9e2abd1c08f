"""One thing recoloured, seen in pieces: its stripes, or what lies in front of it, cut it up.

In: both panels and their regions. Out: the regions, pieces of one recoloured thing made one: they lie in a row or a
column close by, have one colour in A, and one in B.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.classify.joined import join
from livespot.spotting.difference.boxes import gap
from livespot.spotting.difference.comparison import Region
from livespot.spotting.results import Kind

NEAR = 1.25  # gap of two pieces that lie side by side, as stripes do, of the smaller one's longer side
END = 0.5  # of two pieces end to end, likewise
IN_LINE = 0.6  # share of the narrower piece that faces the other one
ALIKE = 32.0  # grey levels by which the colour of two pieces may differ, in either panel


def join_recoloured(a: Image, b: Image, regions: Sequence[Region]) -> list[Region]:
    """Regions in their order; a, b: (h, w, 3) uint8 panels. The first of the pieces keeps its place."""
    return join(regions, lambda one, two: _of_one(a, b, one, two), lambda box, mask: Kind.RECOLOURED)


def _of_one(a: Image, b: Image, one: Region, two: Region) -> bool:
    if one.kind is not Kind.RECOLOURED or two.kind is not Kind.RECOLOURED:
        return False
    (x, y, w, h), (u, v, s, t) = one.box, two.box
    above = (min(x + w, u + s) - max(x, u)) / min(w, s)
    beside = (min(y + h, v + t) - max(y, v)) / min(h, t)
    # along the line they stand in, and across it
    long, wide = (min(h, t), min(w, s)) if above > beside else (min(w, s), min(h, t))
    reach = NEAR * wide if wide >= long else END * long
    if max(above, beside) < IN_LINE or gap(one.box, two.box) > reach:
        return False
    return float(np.abs(_colours(a, b, one) - _colours(a, b, two)).max()) <= ALIKE


def _colours(a: Image, b: Image, region: Region) -> NDArray[np.float64]:
    """(2, 3): the region's usual colour in A and in B, grey levels."""
    x, y, w, h = region.box
    return np.stack([np.median(p[y : y + h, x : x + w][region.mask], axis=0) for p in (a, b)])
