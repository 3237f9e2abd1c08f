"""What became of every candidate: kept or dropped, by which stage, for which reason, with the numbers asked and given.

A comparison writes one Decision for each candidate as it goes; whoever decides on its regions (a still, or the tracks
of a live page) adds one Verdict a region. `settled` puts both together for `--explain` and E. Nothing here measures or
decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Box
from livespot.spotting.difference.comparison import Region
from livespot.spotting.results import Kind


class Stage(StrEnum):
    """The stage that had the last word on a candidate."""

    CONFIDENCE = "confidence"
    REFLECTION = "reflection"  # sure enough, but for a reflection over it
    TIME = "time"  # live: held over the analyses so far, or not yet
    OVERLAP = "overlap"  # live: lies on a difference that is shown
    LENGTH = "length"  # classic: longer than half a side
    RANK = "rank"  # classic: among the largest, or not


@dataclass(frozen=True)
class Verdict:
    """What was made of one region. asked: the confidence from which it is kept; held: live, its own over time."""

    kept: bool
    asked: float
    number: int | None = None
    held: float | None = None
    stage: Stage = Stage.CONFIDENCE


@dataclass(frozen=True)
class Reason:
    """One measure of a candidate. weight: the log-odds it adds, beside a candidate that is average in it."""

    measure: str
    value: float
    weight: float


@dataclass(frozen=True, eq=False)
class Decision:
    """One candidate, and what became of it.

    box: (x, y, width, height) canonical px. mask: (height, width) bool. confidence: of the candidate by itself; None
    where nothing was asked. left: of its region, after joining and what a reflection takes. asked: what was asked of it
    (rank: how many are kept). held: live, its confidence over time. number, kind: of the difference it became.
    ends: candidates that are one moved object. features: (F,), as its judge measures them.
    """

    box: Box
    mask: NDArray[np.bool_]
    stage: Stage = Stage.CONFIDENCE
    kept: bool = False
    confidence: float | None = None
    left: float | None = None
    asked: float | None = None
    held: float | None = None
    number: int | None = None
    kind: Kind | None = None
    ends: int = 1
    features: NDArray[np.float64] | None = None

    @property
    def reason(self) -> str:
        """What became of it, and why, in words."""
        if self.stage is Stage.LENGTH:
            return "dropped: longer than half a side of the picture"
        if self.stage is Stage.RANK and not self.kept:
            return f"dropped: not among the {self.asked:.0f} largest"
        if self.stage is Stage.OVERLAP:
            return "not boxed: it lies on a difference that is"
        if self.kept:
            return f"kept: difference {self.number}, {self.kind}; {self._sure}"
        asked = _percent(self.asked or 0.0, self._counts)
        if self.stage is Stage.TIME and self._counts >= (self.asked or 0.0):
            return f"not boxed: {self._sure}, but it must hold over more analyses"
        return f"dropped: {self._sure}, and {asked} is asked for"

    @property
    def _counts(self) -> float:
        """The confidence that was held against what is asked."""
        return next((v for v in (self.held, self.left, self.confidence) if v is not None), 0.0)

    @property
    def _sure(self) -> str:
        """How sure, and what that is made of."""
        if self.stage is Stage.RANK:
            return f"among the {self.asked:.0f} largest"
        said = []
        if self.ends > 1:
            said.append("one end of a move")
        if pieces := self.pieces:
            said.append(f"{pieces} pieces joined")
        own = self.confidence if self.confidence is not None else self.left
        asked = self.asked or 0.0
        if self.held is not None:
            if own is not None:
                said.append(f"{_percent(own, asked)} sure in this view")
            said.append(f"{_percent(self.held, asked)} over time")
            return ", ".join(said)
        if own is not None:
            said.append(f"{_percent(own, asked)} sure")
        if self.stage is Stage.REFLECTION and self.left is not None:
            said.append(f"{_percent(self.left, asked)} under the reflection that lies over it")
        return ", ".join(said)

    @property
    def pieces(self) -> int:
        """Of how many pieces that do not touch it is made; 0 for one."""
        count = cv2.connectedComponents(self.mask.view(np.uint8), connectivity=8)[0] - 1
        return count if count > 1 else 0


def _percent(share: float, beside: float) -> str:
    """As a whole number, or finer where it would else look like the one it is held against; 99 % is the most."""
    share, beside = (min(max(v, 0.0), 0.99) for v in (share, beside))
    fine = round(100 * share) == round(100 * beside) and share != beside
    return f"{100 * share:.2f} %" if fine else f"{100 * share:.0f} %"


def settled(decisions: Sequence[Decision], regions: Sequence[Region], verdicts: Sequence[Verdict]) -> list[Decision]:
    """The decisions of a comparison, the surest first, with what was made of its regions: one verdict each."""
    result = list(decisions)
    for region, verdict in zip(regions, verdicts, strict=True):
        own = [result[i].confidence for i in region.of]
        doubted = all(v is not None and v > region.confidence for v in own)
        for i, sure in zip(region.of, own, strict=True):
            stage, asked = verdict.stage, verdict.asked
            if stage is Stage.CONFIDENCE and doubted:
                stage = Stage.REFLECTION
            if sure is None and verdict.kept:  # classic: chosen by its size
                stage, asked = Stage.RANK, result[i].asked or asked
            result[i] = replace(
                result[i], stage=stage, kept=verdict.kept, left=region.confidence, asked=asked, held=verdict.held,
                number=verdict.number if verdict.kept else None, kind=region.kind, ends=len(region.of),
            )  # fmt: skip
    return sorted(result, key=lambda d: -(d.left or d.confidence or 0.0))
