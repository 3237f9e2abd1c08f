"""What comparing two aligned panels gives, whatever the method, and what the next comparison may begin with."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.classify.decision import Decision, Reason, Verdict, settled
from livespot.spotting.classify.eye import ROOT
from livespot.spotting.difference.comparison import Measured, Region
from livespot.spotting.difference.seen import Seen
from livespot.spotting.kernels.light import enlarged
from livespot.spotting.vision import CandidateJudge


@dataclass(frozen=True, eq=False)
class Eyed:
    """What the learned eye saw, and the panels it looked at, shrunk: (h, w, 3) uint8 each."""

    seen: Seen
    panels: tuple[Image, Image]


@dataclass(frozen=True, eq=False)
class ComparisonCache:
    """What the next comparison of the same panels may begin with.

    lasting, standing: (h // 2, w // 2) uint8, 0 or 1, what the light was not measured on: what stood out under a stiff
    gain, with an edge; what stood out in the end. None: to be found anew. measured: all candidates. eyed: what the
    learned eye saw.
    """

    lasting: NDArray[np.uint8] | None
    standing: NDArray[np.uint8] | None
    eyed: Eyed
    measured: tuple[Measured, ...] = ()

    def without_light(self) -> ComparisonCache:
        """The same, for a comparison that measures the light anew."""
        return replace(self, lasting=None, standing=None)


@dataclass(frozen=True, eq=False)
class AlignedPanels:
    """Two panels on the canonical grid, as they are to be compared.

    a, b: (h, w, 3) uint8, B registered onto A. seen: (h, w) bool, what is visible in both. error: (gh, gw) float32 px,
    the local registration error. before: what a comparison of the same two panels left: what stood out then is left out
    of the light at once, and what was sure and is still the same is not measured again. known: what the learned eye saw
    of them already; it looks again where they have changed since. root: px, of the area of what it is shown of them.
    """

    a: Image
    b: Image
    seen: NDArray[np.bool_]
    error: NDArray[np.float32]
    before: ComparisonCache | None = None
    known: tuple[Eyed, ...] = ()
    root: float = ROOT


@dataclass(frozen=True, eq=False)
class Comparison:
    """regions: most confident first; `of` of each counts in decisions. difference: (h, w) float32. level, low: (gh, gw)
    float32 by blocks of `block` px, where a difference begins, and how far it goes.

    decisions: what is known of every candidate. even: makes the two panels as they were compared, for people to look
    at. before: for the next comparison; None where the method begins anew each time. judge: who judged the candidates;
    None where the method asks nobody.
    """

    regions: tuple[Region, ...]
    difference: NDArray[np.float32]
    level: NDArray[np.float32]
    block: int
    low: NDArray[np.float32]
    decisions: tuple[Decision, ...]
    even: Callable[[], tuple[Image, Image]]
    before: ComparisonCache | None = None
    judge: CandidateJudge | None = None

    @functools.cached_property
    def difference_map(self) -> NDArray[np.float32]:
        """(h, w) float32, in units of the level: a difference begins at 1."""
        return np.asarray(self.difference / self.spread(self.level), np.float32)

    def spread(self, level: NDArray[np.float32]) -> NDArray[np.float32]:
        """A level of each block at every pixel, (h, w)."""
        height, width = self.difference.shape
        return enlarged(level, self.block, (0, 0, width, height))


@dataclass(frozen=True, eq=False)
class Judged:
    """A comparison and what was made of it, as it was: what `--explain` and E show.

    a, b: (h, w, 3) uint8, the aligned panels. seen: (h, w) bool, what was compared. error: (gh, gw), px, the
    registration error. warp: (gh, gw, 2), px, what bends B beyond the homography. regions: of the comparison, less sure
    under a reflection. verdicts: one for each.
    """

    a: Image
    b: Image
    seen: NDArray[np.bool_]
    error: NDArray[np.float32]
    warp: NDArray[np.float32]
    comparison: Comparison
    regions: tuple[Region, ...]
    verdicts: tuple[Verdict, ...]

    def decisions(self) -> list[Decision]:
        """What became of every candidate."""
        return settled(self.comparison.decisions, self.regions, self.verdicts)

    def reasons(self, decisions: Sequence[Decision]) -> list[tuple[Reason, ...]]:
        """For each of these decisions what spoke for and against it, strongest first; none where nobody was asked."""
        measured = [d.features for d in decisions if d.features is not None]
        judge = self.comparison.judge
        told = iter(judge.reasons(np.array(measured)) if judge is not None and measured else ())
        return [() if d.features is None else next(told) for d in decisions]
