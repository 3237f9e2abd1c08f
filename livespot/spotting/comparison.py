"""What comparing two aligned panels gives, whatever the method."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Box
from livespot.spotting.findings import Kind
from livespot.spotting.kernels.light import enlarged


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
class Measured:
    """A candidate and what was found of it; features: as acceptance.measure has them, (F,) float64."""

    box: Box
    pixels: int
    features: NDArray[np.float64]
    confidence: float
    kind: Kind


@dataclass(frozen=True, eq=False)
class Before:
    """What the next comparison of the same panels may begin with.

    lasting, standing, beside: (h // 2, w // 2) uint8, 0 or 1, what the light was not measured on: what stood out under
    a stiff gain, with an edge; what stood out in the end; what lies beside the panel. measured: the candidates that may
    be differences.
    """

    lasting: NDArray[np.uint8]
    standing: NDArray[np.uint8]
    beside: NDArray[np.uint8]
    measured: tuple[Measured, ...] = ()


@dataclass(frozen=True, eq=False)
class Comparison:
    """regions: most confident first. difference: (h, w) float32. level: (gh, gw) float32 by blocks of `block` px, where
    a difference begins.

    before: for the next comparison; None where the method begins anew each time.
    """

    regions: tuple[Region, ...]
    difference: NDArray[np.float32]
    level: NDArray[np.float32]
    block: int
    before: Before | None = None

    @functools.cached_property
    def difference_map(self) -> NDArray[np.float32]:
        """(h, w) float32, in units of the level: a difference begins at 1."""
        height, width = self.difference.shape
        return np.asarray(self.difference / enlarged(self.level, self.block, (0, 0, width, height)), np.float32)
