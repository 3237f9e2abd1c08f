"""What happened to a region: added, removed, changed, recoloured, moved.

In: both panels under the same light and the region's mask. Out: a Kind. One that was recoloured keeps its pattern or
its outline; an object that only one panel has brings its own outline, texture and colours, where the other panel shows
what is all around; one that moved within the region is found again in the other panel (see moved), unless that it grew
or shrank explains it as well (see resized). Everything is measured on a crop of at most SIZE px, and the same both ways
round: exchanging the panels exchanges added and removed. The thresholds are fitted on the project's own puzzles by
`livespot calibrate kinds` (training/kinds.py), and kept with their provenance in `kind.json` beside this file.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from livespot import fitted_files
from livespot.geometry import Box
from livespot.spotting.classify.kind_crop import KindParameters, Told, kind_features
from livespot.spotting.classify.moved import explained_by_a_move
from livespot.spotting.classify.resized import explained_by_a_resizing
from livespot.spotting.difference.boxes import crop_around
from livespot.spotting.photometry.gain import GainCorrectedPair
from livespot.spotting.results import Kind

FILE = "kind.json"
ONE_SIDED = "one-sided"  # added or removed
TOLD = (ONE_SIDED, *(str(k) for k in (Kind.CHANGED, Kind.RECOLOURED, Kind.MOVED)))

SIZE = 40  # px, longer side of the crop that is looked at
MARGIN = 0.25  # of the region's longer side, around it
NOISE = 4.0  # grey levels (a px): what weighs nothing
UNCORRELATED = 30.0  # grey levels squared of variance that are noise
COLOURS = 80  # pixels that stand for all
LOOKED = KindParameters(COLOURS, NOISE, UNCORRELATED)


@dataclass(frozen=True)
class Measures:
    """pattern: correlation of the two panels inside the region. outline: of the gradients' strength in and around it:
    what is of one colour has no pattern. one_sided: how much more of an object one panel has than the other, 0 to 1.
    move, resizing: the share of what differs that one shift explains, and one resizing, once they were searched for.
    """

    pattern: float
    outline: float
    one_sided: float
    move: Callable[[], float]
    resizing: Callable[[], float]


@dataclass(frozen=True)
class Thresholds:
    """From where on a measure decides. move: more is asked by as much as a region is one-sided. resizing: times the
    move's share.
    """

    pattern: float
    one_sided: float
    outline: float
    move: float
    resizing: float

    def tell(self, region: Measures) -> str:
        """One of TOLD."""
        if region.pattern > self.pattern:
            return Kind.RECOLOURED
        if region.one_sided > self.one_sided:
            return ONE_SIDED
        if region.outline > self.outline:
            return Kind.RECOLOURED
        move = region.move()
        if move > self.move + region.one_sided and region.resizing() < self.resizing * move:
            return Kind.MOVED
        return Kind.CHANGED


@functools.cache
def fitted_thresholds() -> Thresholds:
    """Those that ship with livespot."""
    data = json.loads(fitted_files.read(__package__, FILE))
    return thresholds_from(data)


def thresholds_from(data: dict[str, Any]) -> Thresholds:
    """Thresholds from their JSON form."""
    return Thresholds(**data["thresholds"])


def kind_of(lit: GainCorrectedPair, box: Box, mask: NDArray[np.bool_]) -> Kind:
    """box: (x, y, width, height) px of the panels. mask: (height, width) bool."""
    crop = _crop_of(lit, box, mask)
    if not crop.inside.any():
        return Kind.CHANGED
    what = fitted_thresholds().tell(_measures_of(crop))
    if what == ONE_SIDED:
        return Kind.REMOVED if crop.side > 0 else Kind.ADDED
    return Kind(what)


def measure(lit: GainCorrectedPair, box: Box, mask: NDArray[np.bool_]) -> tuple[float, ...] | None:
    """All of the Measures of a region, in their order; None for an empty mask. Arguments as of kind_of."""
    crop = _crop_of(lit, box, mask)
    if not crop.inside.any():
        return None
    m = _measures_of(crop)
    return m.pattern, m.outline, m.one_sided, m.move(), m.resizing()


def measured(values: tuple[float, ...]) -> Measures:
    """Measures from what `measure` gives."""
    pattern, outline, one_sided, move, resizing = values
    return Measures(pattern, outline, one_sided, lambda: move, lambda: resizing)


def _measures_of(crop: Told) -> Measures:
    return Measures(
        crop.pattern,
        crop.outline,
        abs(crop.side),
        lambda: explained_by_a_move(crop.a, crop.b, crop.inside),
        lambda: explained_by_a_resizing(crop.a, crop.b, crop.inside),
    )


def _crop_of(lit: GainCorrectedPair, box: Box, mask: NDArray[np.bool_]) -> Told:
    window, inside = crop_around(box, mask, max(5, int(MARGIN * max(box[2:]))), lit.a.shape)
    scale = min(1.0, SIZE / max(inside.shape))
    # a region is made smaller when it is large
    size = tuple(n if scale == 1.0 else min(n, max(8, round(n * scale))) for n in inside.shape[::-1])
    return kind_features(*lit.window(window), inside, (size[0], size[1]), LOOKED)
