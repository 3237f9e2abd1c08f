"""Fragments of a difference: small regions at the side of a large one of the same kind, which belong to it.

In: regions that were told apart. Out: the same, every fragment with the region it belongs to. What touches is joined as
candidates are (regions), whatever it is; where an object and what is behind it look alike, a corner of it may hang
together with nothing, and its kind says that it belongs there: people count it as one difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from livespot.geometry import Box
from livespot.spotting.boxes import gap, united
from livespot.spotting.comparison import Region

FRAGMENT = 0.04  # of the large one's box: what is larger is a difference of its own
NEAR = 0.012  # of the panel's size: so near lies a fragment's box


def join_fragments(regions: Sequence[Region], size: tuple[int, int]) -> list[Region]:
    """Regions in their order, fragments joined to the largest they may belong to; size: (width, height) of the panel,
    px.
    """
    reach = max(2, round(NEAR * float(np.sqrt(size[0] * size[1]))))
    by_size = sorted(range(len(regions)), key=lambda i: -_area(regions[i].box))
    result = dict(enumerate(regions))
    for place, i in enumerate(by_size):
        one = regions[i]
        for whole in by_size[:place]:
            if _area(one.box) > FRAGMENT * _area(regions[whole].box):
                break  # sorted: the ones after it are smaller still
            if whole in result and one.kind is regions[whole].kind and gap(one.box, regions[whole].box) <= reach:
                result[whole] = _joined(result[whole], one)
                del result[i]
                break
    return list(result.values())


def _area(box: Box) -> int:
    return box[2] * box[3]


def _joined(whole: Region, fragment: Region) -> Region:
    box, mask = united([whole.box, fragment.box], [whole.mask, fragment.mask])
    return replace(whole, box=box, mask=mask)
