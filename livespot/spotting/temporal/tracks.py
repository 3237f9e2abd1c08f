"""Which difference is which, analysis after analysis: numbers that stay, boxes that hold still.

In: the regions of each analysis, and the pixels it could see. Out: the differences that have held, in canonical px. One
appears when the evidence has held for a while, goes when evidence against it has, and is remembered while it is hidden.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.geometry import Box, Homography
from livespot.spotting.classify.decision import Stage, Verdict
from livespot.spotting.difference.boxes import intersection, overlap
from livespot.spotting.difference.comparison import Region
from livespot.spotting.params import IdentityParams
from livespot.spotting.results import Kind

VANISH = 0.2  # smoothed confidence: so far below the one at which it appears a difference goes again
SMALL = (7.0, 14.0)  # px, size of a box: the first may be a pattern that the sensor makes of print, the second is none
RATE = 0.4  # of the newest analysis in the smoothed confidence
STEADY = 8  # analyses, some two seconds, that a difference was shown for: from then on it goes at half the rate
SPECK = 36  # px: what is smaller may be one frame's noise and is never shown after one analysis
SURER = 0.25  # confidence by which a box must lead to take the place of one that was there first
MOVED = 0.6  # overlap below which a box has really changed
EARLY, LATE = 4, 3  # analyses of a page that are early, and how many a later difference must hold
HIDDEN = 0.5  # share of a box that must be out of sight for it to be remembered


@dataclass(frozen=True)
class TrackedDifference:
    """One difference on the canonical panel."""

    id: int
    box: Box
    kind: Kind
    confidence: float
    remembered: bool


@dataclass(eq=False)
class _Track:
    id: int
    box: Box
    confidence: float
    kinds: dict[Kind, float] = field(default_factory=dict)
    shown: bool = False
    remembered: bool = False
    apart: int = 0  # analyses in a row that put the box elsewhere
    age: int = 0
    patience: int = 1  # analyses it must hold before it is shown
    since: int = 0  # analysis from which it has been shown


class DifferenceTracker:
    """The differences of one page."""

    def __init__(self, params: IdentityParams) -> None:
        self._params = params
        self._tracks: list[_Track] = []
        self._next = 1
        self._analyses = 0
        self.verdicts: tuple[Verdict, ...] = ()  # of the last analysis, one for each region

    def update(
        self, regions: Sequence[Region], seen: NDArray[np.bool_], at_once: bool = False
    ) -> tuple[TrackedDifference, ...]:
        """Take in one analysis; seen: (h, w) bool, pixels visible on both panels now or before.

        at_once: the same evidence by other settings: what it says holds now, only the numbers stay.
        """
        self._analyses += 1
        free = set(range(len(regions)))
        # a large region lies on everything within it: what is most like a track comes first
        pairs = sorted(
            (
                (overlap(t.box, r.box), i, j)
                for i, t in enumerate(self._tracks)
                for j, r in enumerate(regions)
                if _nearness(t.box, r.box) > 0.1
            ),
            reverse=True,
        )
        taken: dict[int, int] = {}
        for _, i, j in pairs:
            if i not in taken and j in free:
                taken[i] = j
                free.discard(j)
        for i, track in enumerate(self._tracks):
            track.age += 1
            if i in taken:
                self._agree(track, regions[taken[i]])
                if at_once:
                    track.confidence = regions[taken[i]].confidence
            elif at_once and not track.remembered:
                track.confidence = 0.0
            elif _hidden_share(track.box, seen) > HIDDEN:
                track.remembered = True
            else:
                track.remembered = False
                # covered by a larger region that another track took: not evidence against it, but not a second box
                if not (track.shown and any(self._to_come(track, i, regions[j]) for i, j in taken.items())):
                    track.confidence *= 1.0 - self._falling(track)
        for j in sorted(free):
            region = regions[j]
            at_first = self._analyses == 1 and region.box[2] * region.box[3] >= SPECK
            share = 1.0 if at_first or at_once else RATE * 1.5
            track = _Track(self._next, region.box, region.confidence * share)
            track.kinds[region.kind] = region.confidence
            # what turns up late was hidden until now: by a glare's rim or a hand that is still about
            track.patience = 1 if self._analyses <= EARLY else LATE
            self._next += 1
            self._tracks.append(track)
            taken[len(self._tracks) - 1] = j
        owner = {j: self._tracks[i] for i, j in taken.items()}
        for track in self._tracks:
            asked = self._asked(track.box)
            if at_once:
                track.shown = track.confidence >= asked
            elif track.shown:
                track.shown = track.confidence >= asked - VANISH
            else:
                # where a lamp's reflection moves, seams are left in the evidence, elsewhere in each view
                held = track.age >= track.patience and track.confidence >= asked and not track.apart
                track.shown = held or (self._analyses == 1 and track.confidence >= max(self._params.sure, asked))
            if not track.shown:
                track.since = 0
            elif not track.since:
                track.since = self._analyses
        self._tracks = [t for t in self._tracks if t.shown or t.confidence > 0.05]
        covered = self._merge()
        self.verdicts = tuple(self._verdict(owner[j], owner[j] in covered) for j in range(len(regions)))
        return self.held()

    def go_on(self, to: Homography, anew: bool = True) -> None:
        """Go on on another canonical grid; to: px of this one to px of that. anew: its first analysis is to come."""
        if anew:
            self._analyses = 0
        for track in self._tracks:
            quad = geometry.apply(to, geometry.box_quad(track.box))
            low, high = np.rint(quad.min(axis=0)), np.rint(quad.max(axis=0))
            track.box = (int(low[0]), int(low[1]), max(1, int(high[0] - low[0])), max(1, int(high[1] - low[1])))
            track.apart = 0
            if anew:
                track.since = int(track.shown)

    def held(self) -> tuple[TrackedDifference, ...]:
        """The differences to show, by id."""
        return tuple(
            TrackedDifference(
                t.id, t.box, max(t.kinds, key=lambda k: t.kinds[k]), min(t.confidence, 0.999), t.remembered
            )
            for t in sorted(self._tracks, key=lambda t: t.id)
            if t.shown
        )

    def _asked(self, box: Box) -> float:
        """The smoothed confidence from which a box is shown."""
        asked = self._params.small_appear, self._params.appear
        return float(np.interp(np.sqrt(box[2] * box[3]), SMALL, asked))

    def _to_come(self, track: _Track, other: int, region: Region) -> bool:
        """Whether a surer track will soon be shown in the place of this one, which stays till then."""
        whole = self._tracks[other]
        return (
            not whole.shown and region.confidence >= self._asked(region.box) and _nearness(track.box, whole.box) > 0.6
        )

    def _falling(self, track: _Track) -> float:
        """The weight of an analysis that speaks against a difference: less once it has been there for a while."""
        return RATE / 2 if track.shown and self._analyses - track.since >= STEADY else RATE

    def _agree(self, track: _Track, region: Region) -> None:
        track.remembered = False
        rate = RATE if region.confidence >= track.confidence else self._falling(track)
        track.confidence += rate * (region.confidence - track.confidence)
        for kind in track.kinds:
            track.kinds[kind] *= 0.8
        track.kinds[region.kind] = track.kinds.get(region.kind, 0.0) + region.confidence
        # a box moves only when it has been elsewhere three times running: boxes that breathe cannot be read
        track.apart = track.apart + 1 if overlap(track.box, region.box) < MOVED else 0
        if track.apart >= 3 or (track.age <= 3 and not track.shown):
            track.box, track.apart = region.box, 0

    def _verdict(self, track: _Track, covered: bool) -> Verdict:
        stage = Stage.OVERLAP if covered and not track.shown else Stage.TIME
        held = min(track.confidence, 0.999)
        return Verdict(track.shown, self._asked(track.box), track.id if track.shown else None, held, stage)

    def _merge(self) -> list[_Track]:
        """Of two shown boxes that lie on each other the older stays, or the one that is by far the surer: the other is
        a large guess around it. It goes on under the number that was shown first. Returns those that went.
        """
        gone = []
        for i, one in enumerate(self._tracks):
            for two in self._tracks[i + 1 :]:
                if one.shown and two.shown and _nearness(one.box, two.box) > 0.6:
                    stays, goes = (two, one) if two.confidence > one.confidence + SURER else (one, two)
                    if goes.since < stays.since:
                        stays.id, goes.id = goes.id, stays.id
                        stays.since, goes.since = goes.since, stays.since
                    goes.shown = False
                    gone.append(goes)
        return gone


def _nearness(one: Box, two: Box) -> float:
    """Intersection over the smaller box."""
    return intersection(one, two) / max(1.0, min(one[2] * one[3], two[2] * two[3]))


def _hidden_share(box: Box, seen: NDArray[np.bool_]) -> float:
    x, y, w, h = box
    part = seen[max(0, y) : y + h, max(0, x) : x + w]
    return 1.0 - float(part.mean()) if part.size else 1.0
