"""How well the vision does with other values of its fitted constants: what `livespot calibrate constants` asks.

In: a folder of labelled puzzles (part tune), a seed. Out: a score (constants.score) for a constant and the
values to try. What a constant does not act on is done once and kept. Two parts, by where a constant acts:

pictures  difference, photometry, robust, regions, stills: puzzles as they are, worn, worn with nothing to find, and as
          the end of a clip leaves them
clips     identity: what each analysis of a clip proposes, told once more
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np

from livespot.bench import data, pages, report
from livespot.errors import UsageError
from livespot.reference import scoring
from livespot.settings import Settings
from livespot.spotting import still
from livespot.spotting.params import fitted_params
from livespot.spotting.results import Inspection
from livespot.spotting.vision import Vision
from livespot.training import constants, replays
from livespot.training.replays import Seen

CLIPS, PICTURES = "clips", "pictures"
WORN, SAME = 2, 3  # wears of each puzzle, and of each with nothing to find
FILMED = 2  # clips of each puzzle, and as many with nothing to find

Frozen = frozenset[tuple[str, float]]


class View(Protocol):
    """One thing to look at. same: there is nothing to find."""

    @property
    def same(self) -> bool: ...
    def look(self, vision: Vision) -> Seen: ...


def part_of(name: str) -> str:
    """The part that tells values of this constant apart."""
    return CLIPS if name.startswith("identity.") else PICTURES


def vision_with(values: Frozen) -> Vision:
    """The vision with these values of its constants instead of those in use. Raises ValueError for an unknown name."""
    return Vision(fitted_params().changed(dict(values)))


class Trials:
    """A constants.Scorer. folder: labelled puzzles. Raises UsageError when none of them may be used."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.seed, self._settings = seed, Settings()
        self._puzzles = data.load(folder, "tune")
        if not self._puzzles:
            raise UsageError(f"no puzzle in {folder} is of part tune: mark in {data.MANIFEST} those to fit on")
        self.origin = (
            f"{len(self._puzzles)} labelled puzzles (part tune of {folder.resolve().name}), worn and unchanged, "
            f"{2 * FILMED} clips of each by the simulated webcam"
        )
        self._known: dict[tuple[str, Frozen], float] = {}
        self._kept: dict[tuple[str, Frozen], list[View]] = {}
        self._filmed: dict[Frozen, list[replays.Film]] = {}

    def score(self, name: str, values: Mapping[str, float]) -> float:
        """See livespot.training.constants.Scorer."""
        part, wanted = part_of(name), frozenset(values.items())
        # clips are made with the constants of the pictures, and kept while their own are tried
        earlier = frozenset((n, v) for n, v in wanted if part == CLIPS and part_of(n) == PICTURES)
        if (part, wanted) not in self._known:
            vision = vision_with(wanted)
            seen = [(view.same, view.look(vision)) for view in self._views(part, earlier)]
            self._known[part, wanted] = constants.score(
                [s.f1 for same, s in seen if not same], [s.false for same, s in seen if same]
            )
        return self._known[part, wanted]

    def _views(self, part: str, earlier: Frozen) -> list[View]:
        """What a part is scored on, made with the values of earlier parts and kept."""
        if (part, earlier) not in self._kept:
            films = self._films(earlier)
            self._kept[part, earlier] = (
                [*films] if part == CLIPS else [*self._stills(earlier), *(film.last for film in films)]
            )
        return self._kept[part, earlier]

    def _stills(self, earlier: Frozen) -> list[View]:
        vision = vision_with(earlier)
        rng = np.random.default_rng([self.seed, 2])
        views: list[View] = []
        for puzzle in report.progress(self._puzzles, "laying pictures onto each other"):
            for number in range(1 + WORN + SAME):
                views.append(self._laid(puzzle, None if number == 0 else rng, number > WORN, vision))
        return views

    def _films(self, earlier: Frozen) -> list[replays.Film]:
        """Clips of every puzzle; those in which no page was found tell nothing of what is done with one."""
        if earlier not in self._filmed:
            vision = vision_with(earlier)
            rng = np.random.default_rng([self.seed, 3])
            cases = [(puzzle, same) for puzzle in self._puzzles for same in (False, True) for _ in range(FILMED)]
            films = []
            for puzzle, same in report.progress(cases, "filming"):
                printed = pages.pressed(pages.page_of(puzzle, rng, same), rng)
                how, seed = pages.scenario_of(rng), int(rng.integers(1 << 30))
                films.append(replays.film(printed, how, seed, self._settings, vision, same))
            self._filmed[earlier] = [film for film in films if film is not None]
        return self._filmed[earlier]

    def _laid(self, puzzle: data.Puzzle, rng: np.random.Generator | None, same: bool, vision: Vision) -> View:
        pictures, labels = pages.shown(puzzle, rng, same)
        if len(pictures) == 2:
            laid = still.lay_pair(pictures[0], pictures[1], self._settings, vision=vision)
        else:
            laid = still.lay_page(pictures[0], self._settings, vision=vision)
        return Still(laid, labels, self._settings, same)


class Still:
    """Two pictures that lie on each other."""

    def __init__(self, laid: still.AlignedPair, labels: scoring.Labels, settings: Settings, same: bool) -> None:
        self.same = same
        self._laid, self._labels, self._settings = laid, labels, settings

    def look(self, vision: Vision) -> Seen:
        found = still.spot_laid(self._laid, self._settings, vision=vision)
        differences = found.spotting.differences if isinstance(found, Inspection) else ()
        got = scoring.score([d.a for d in differences], self._labels)
        return Seen(got.f1, got.false)
