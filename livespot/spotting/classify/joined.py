"""Pieces that lie so close by that a person sees one thing: a boat behind a sail, what a rim or a line cuts in two.

In: regions that are likely differences. Out: the regions, those pieces made one. Two things of a page stand further
apart than what cuts one of them: on labelled puzzles no two differences are nearer than `near`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Box
from livespot.spotting.difference.boxes import gap, united
from livespot.spotting.difference.comparison import Region
from livespot.spotting.results import Kind


@dataclass(frozen=True)
class JoinParameters:
    """likely: confidence from which a region is joined. near: gap of two pieces, of the panel's size. within: share of
    the smaller box that lies in the other, from which a gap of `around` will do.
    """

    likely: float = 0.5
    near: float = 0.0135
    within: float = 0.65
    around: float = 0.033


PARAMETERS = JoinParameters()


def join_near(
    regions: Sequence[Region],
    size: float,
    kind_of: Callable[[Box, NDArray[np.bool_]], Kind],
    use: JoinParameters = PARAMETERS,
) -> list[Region]:
    """Regions in their order, the first of several pieces keeps its place. size: root of the panel's area, px.

    kind_of: the kind of what is joined, by its box and mask.
    """
    result = list(regions)
    for i, one in enumerate(result):
        j = i + 1
        while one.confidence >= use.likely and j < len(result):
            two = result[j]
            if two.confidence >= use.likely and _of_one(one, two, size, use):
                box, mask = united([one.box, two.box], [one.mask, two.mask])
                result[i] = one = Region(
                    box, mask, kind_of(box, mask), max(one.confidence, two.confidence), one.of + two.of
                )
                del result[j]
                j = i  # a piece that was too far from the first may lie near the second
            j += 1
    return result


def _of_one(one: Region, two: Region, size: float, use: JoinParameters) -> bool:
    (x, y, w, h), (u, v, s, t) = one.box, two.box
    across, down = min(x + w, u + s) - max(x, u), min(y + h, v + t) - max(y, v)
    inside = max(0, across) * max(0, down) >= use.within * min(w * h, s * t)
    reach = size * (use.around if inside else use.near)
    return gap(one.box, two.box) <= reach and _apart(one, two) <= reach


def _apart(one: Region, two: Region) -> float:
    """How far the nearest pixels of two regions lie apart, px."""
    (x, y, w, h), _ = united([one.box, two.box], [one.mask, two.mask])
    free, other = np.ones((h, w), np.uint8), np.zeros((h, w), np.bool_)
    for region, put in ((one, free), (two, other)):
        left, top, width, height = region.box
        part = put[top - y : top - y + height, left - x : left - x + width]
        part[region.mask] = 0 if put is free else 1
    return float(cv2.distanceTransform(free, cv2.DIST_L2, 5)[other].min())
