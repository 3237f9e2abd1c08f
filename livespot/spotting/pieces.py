"""Crumbs of a difference: small regions at the side of a large one of the same kind, which are a piece of it.

In: regions that were told apart. Out: the same, every crumb with the region it belongs to. Where an object and what is
behind it look alike, a corner of it may hang together with nothing: people count it as one difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from livespot.geometry import Box
from livespot.spotting.boxes import gap, united
from livespot.spotting.comparison import Region

CRUMB = 0.04  # of the large one's box: what is larger is a difference of its own
NEAR = 0.012  # of the panel's size: so near lies a crumb's box


def with_crumbs(regions: Sequence[Region], size: tuple[int, int]) -> list[Region]:
    """Regions in their order, crumbs joined to the largest of those they may belong to; size: of the panel, px."""
    reach = max(2, round(NEAR * float(np.sqrt(size[0] * size[1]))))
    by_size = sorted(range(len(regions)), key=lambda i: -_area(regions[i].box))
    result = dict(enumerate(regions))
    for place, crumb in enumerate(by_size):
        one = regions[crumb]
        for whole in by_size[:place]:
            if _area(one.box) > CRUMB * _area(regions[whole].box):
                break  # sorted: the ones after it are smaller still
            if whole in result and one.kind is regions[whole].kind and gap(one.box, regions[whole].box) <= reach:
                result[whole] = _joined(result[whole], one)
                del result[crumb]
                break
    return list(result.values())


def _area(box: Box) -> int:
    return box[2] * box[3]


def _joined(whole: Region, crumb: Region) -> Region:
    box, mask = united([whole.box, crumb.box], [whole.mask, crumb.mask])
    return replace(whole, box=box, mask=mask)
