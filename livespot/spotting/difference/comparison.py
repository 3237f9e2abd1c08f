"""One difference of a comparison, and what was measured of a candidate."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Box
from livespot.spotting.difference.boxes import united
from livespot.spotting.results import Kind


@dataclass(frozen=True, eq=False)
class Region:
    """One connected difference on the canonical panel.

    box: (x, y, width, height) px. mask: (height, width) bool, the pixels of the box that differ. of: the candidates
    that it is made of, as the comparison counts them.
    """

    box: Box
    mask: NDArray[np.bool_]
    kind: Kind
    confidence: float
    of: tuple[int, ...] = ()


def joined(one: Region, two: Region, kind: Kind) -> Region:
    """Both as one, as sure as the surer of them."""
    box, mask = united([one.box, two.box], [one.mask, two.mask])
    return Region(box, mask, kind, max(one.confidence, two.confidence), one.of + two.of)


@dataclass(frozen=True, eq=False)
class Measured:
    """A candidate and what was found of it; features: (F,) float64, as its judge measures them."""

    box: Box
    pixels: int
    features: NDArray[np.float64]
    confidence: float
    kind: Kind | None  # of what may be a difference
