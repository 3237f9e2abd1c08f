"""What comparing two aligned panels gives, whatever the method."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Box
from livespot.spotting.findings import Kind
from livespot.spotting.regions import Candidate


@dataclass(frozen=True, eq=False)
class Region:
    """One connected difference on the canonical panel.

    box: (x, y, width, height) px. mask: (height, width) bool, the pixels of the box that differ.
    """

    box: Box
    mask: NDArray[np.bool_]
    kind: Kind
    confidence: float


@dataclass(frozen=True, eq=False)
class Comparison:
    """regions: most confident first. difference_map: (h, w) float32, in units of the threshold: one begins at 1.

    lasting, standing: what the light was not measured on, under a stiff gain and in the end; the next comparison of the
    same panels may begin with it.
    """

    regions: tuple[Region, ...]
    difference_map: NDArray[np.float32]
    lasting: tuple[Candidate, ...] = ()
    standing: tuple[Candidate, ...] = ()
