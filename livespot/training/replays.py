"""A clip of the simulated webcam, kept as what its analyses saw, to be judged again with other constants.

In: a page, a way to film it. Out: a Film: what each analysis proposed, the panels as they were at the end, and the
truth of both. Judging it again costs a thousandth of filming it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from livespot.bench.filmed import labels_of
from livespot.demo import Page, Scenario
from livespot.reference.scoring import Labels, score
from livespot.settings import Settings
from livespot.spotting.difference.comparison import Region
from livespot.spotting.methods.compare import compare
from livespot.spotting.methods.comparison import AlignedPanels
from livespot.spotting.params import IdentityParams
from livespot.spotting.registration.residual_warp import Registration
from livespot.spotting.temporal.analyser import Analyser
from livespot.spotting.temporal.tracks import DifferenceTracker, TrackedDifference
from livespot.spotting.visibility.veil import ReflectionMatchedPair
from livespot.spotting.vision import Vision
from livespot.training import filming

FRAMES = 16  # of a clip, each analysed: about what a desktop computer does in as many tenths of a second


@dataclass(frozen=True)
class Seen:
    """f1: 0 to 1. false: how many boxes are; of a clip the mean of either over its analyses."""

    f1: float
    false: float


@dataclass(frozen=True, eq=False)
class Note:
    """What one analysis proposed. seen: (h, w) bool, packed to bits."""

    regions: tuple[Region, ...]
    seen: NDArray[np.uint8]
    labels: Labels


@dataclass(frozen=True, eq=False)
class Last:
    """The panels as a clip left them, compared anew with each look."""

    same: bool
    even: ReflectionMatchedPair
    error: NDArray[np.float32]
    registration: Registration
    labels: Labels
    settings: Settings

    def look(self, vision: Vision) -> Seen:
        """What would be shown of one analysis."""
        panels = AlignedPanels(self.even.a, self.even.b, self.even.seen, self.error)
        regions = self.even.doubted(compare(panels, self.settings, vision).regions)
        held = DifferenceTracker(vision.params.identity).update(regions, self.even.seen, at_once=True)
        return _judged(held, self.registration, self.labels)


@dataclass(frozen=True, eq=False)
class Film:
    """same: there is nothing to find. notes: of the page in hand at the end. shape: (h, w) of its panel."""

    same: bool
    notes: tuple[Note, ...]
    shape: tuple[int, int]
    registration: Registration
    last: Last

    def look(self, vision: Vision) -> Seen:
        """The means over the clip of what is shown, when identities are told all of it again."""
        identities = DifferenceTracker(vision.params.identity)
        seen = []
        for note in self.notes:
            bits = np.unpackbits(note.seen, count=self.shape[0] * self.shape[1]).reshape(self.shape)
            seen.append(_judged(identities.update(note.regions, bits > 0), self.registration, note.labels))
        return Seen(float(np.mean([s.f1 for s in seen])), float(np.mean([s.false for s in seen])))


class _Noting(DifferenceTracker):
    """Identities that keep what they are told."""

    def __init__(self, params: IdentityParams, told: list[tuple[tuple[Region, ...], NDArray[np.uint8]]]) -> None:
        super().__init__(params)
        told.clear()
        self._told = told

    def update(
        self, regions: Sequence[Region], seen: NDArray[np.bool_], at_once: bool = False
    ) -> tuple[TrackedDifference, ...]:
        self._told.append((tuple(regions), np.packbits(seen)))
        return super().update(regions, seen, at_once)


def film(page: Page, how: Scenario, seed: int, settings: Settings, vision: Vision, same: bool = False) -> Film | None:
    """Film a page and look at every frame; None when it was not found."""
    camera = filming.camera_of(page, how, seed)
    told: list[tuple[tuple[Region, ...], NDArray[np.uint8]]] = []
    analyser = Analyser(settings, vision, lambda identity: _Noting(identity, told))
    frames: list[int] = []
    before = None
    for index, _ in filming.analysed(camera, analyser, FRAMES):
        if told and told[-1] is not before:
            frames = [*frames, index][-len(told) :]
            before = told[-1]
    found = analyser.page
    if found is None:
        return None
    key = camera.truth(found.key.index)
    labels = [labels_of(key, camera.truth(index)) for index in frames]
    notes = tuple(Note(regions, seen, true) for (regions, seen), true in zip(told, labels, strict=True))
    aligned = found.aligned(analyser.settings.threads)
    last = Last(same, aligned.even, aligned.error, found.registration, labels[-1], settings)
    height, width = aligned.even.seen.shape
    return Film(same, notes, (height, width), found.registration, last)


def _judged(held: Sequence[TrackedDifference], registration: Registration, labels: Labels) -> Seen:
    got = score([registration.box_on_a(h.box) for h in held], labels)
    return Seen(got.f1, got.false)
