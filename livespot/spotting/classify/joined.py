"""Pieces that lie so close by that a person sees one thing: a boat behind a sail, what a rim or a line cuts in two.

In: regions that are likely differences. Out: the regions, those pieces made one. Two things of a page stand further
apart than what cuts one of them: on labelled puzzles no two differences are nearer than `near`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Box
from livespot.spotting.difference.boxes import gap, united
from livespot.spotting.difference.comparison import Region, joined
from livespot.spotting.results import Kind


@dataclass(frozen=True)
class JoinParameters:
    """likely: confidence from which a region is joined. near: gap of two pieces, of the panel's size. within: share of
    the smaller box that lies in the other, from which a gap of `around` will do.
    """

    likely: float = 0.5
    near: float = 0.0135
    within: float = 0.65
    around: float = 0.045


PARAMETERS = JoinParameters()
KindOf = Callable[[Box, NDArray[np.bool_]], Kind]  # of what is joined, by its box and mask


def join(
    regions: Sequence[Region], of_one: Callable[[Region, Region], bool], kind_of: KindOf | None = None
) -> list[Region]:
    """Regions in their order, those that are pieces of one thing made one, in the place of the first, whose kind it
    keeps when `kind_of` is not given.
    """
    result = list(regions)
    for i, one in enumerate(result):
        j = i + 1
        while j < len(result):
            two = result[j]
            if of_one(one, two):
                one = joined(one, two, one.kind)
                result[i] = one = one if kind_of is None else replace(one, kind=kind_of(one.box, one.mask))
                del result[j]
                j = i  # a piece that was too far from the first may lie near the second
            j += 1
    return result


def join_near(
    regions: Sequence[Region], size: float, kind_of: KindOf, use: JoinParameters = PARAMETERS
) -> list[Region]:
    """Regions in their order, pieces next to each other made one. size: root of the panel's area, px."""
    return join(regions, lambda one, two: _of_one(one, two, size, use), kind_of)


def _of_one(one: Region, two: Region, size: float, use: JoinParameters) -> bool:
    if min(one.confidence, two.confidence) < use.likely:
        return False
    (x, y, w, h), (u, v, s, t) = one.box, two.box
    across, down = min(x + w, u + s) - max(x, u), min(y + h, v + t) - max(y, v)
    inside = max(0, across) * max(0, down) >= use.within * min(w * h, s * t)
    reach = size * (use.around if inside else use.near)
    return gap(one.box, two.box) <= reach and apart(one, two) <= reach


def apart(one: Region, two: Region) -> float:
    """How far the nearest pixels of two regions lie apart, px."""
    boxes = one.box, two.box
    _, first = united(boxes, (one.mask, np.zeros_like(two.mask)))
    _, second = united(boxes, (np.zeros_like(one.mask), two.mask))
    return float(cv2.distanceTransform((~first).view(np.uint8), cv2.DIST_L2, 5)[second].min())
