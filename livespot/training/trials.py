"""How well the vision does with other values of its fitted constants: what `livespot calibrate constants` asks.

In: a folder of labelled puzzles (part tune), a seed. Out: a score (constants.score) for a constant and the
values to try. What a constant does not act on is done once and kept. Three parts, by where a constant acts:

pages     panels, search: whole pages, as they are, worn, filmed, with two equal panels, and pages that are no puzzle
pictures  difference, photometry, robust, regions, stills: puzzles as they are, worn, worn with nothing to find, and as
          the end of a clip leaves them
clips     identity: what each analysis of a clip proposes, told once more
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from livespot import geometry
from livespot.bench import data, pages, report
from livespot.bench.filmed import labels_of
from livespot.demo import Layout, compose
from livespot.errors import UsageError
from livespot.frame import Image
from livespot.reference import scoring
from livespot.settings import Settings
from livespot.spotting import still
from livespot.spotting.params import fitted_params
from livespot.spotting.results import Inspection
from livespot.spotting.vision import Vision
from livespot.training import constants, filming, replays
from livespot.training.replays import Seen

PAGES, CLIPS, PICTURES = "pages", "clips", "pictures"
WORN, SAME = 2, 3  # wears of each puzzle, and of each with nothing to find
FILMED = 2  # clips of each puzzle, and as many with nothing to find
FRAMES = 4  # of each puzzle, each filmed in its own way: where a page is refused
TEXTS, PAIRS = 8, 4  # pages of words, and pages with pictures of two puzzles
NO_PUZZLE = geometry.rectangle(1, 1)  # the panel of what has none
_PARTS = {"search": PAGES, "identity": CLIPS}
# what a part is scored on is made with the constants of these, and kept while its own are tried
_EARLIER: dict[str, tuple[str, ...]] = {PAGES: (), PICTURES: (PAGES,), CLIPS: (PAGES, PICTURES)}
_SYLLABLES = ("ba", "lo", "mir", "ten", "su", "ra", "kel", "o", "vi", "dan", "pe", "int", "gor", "a", "ush", "ny")

Frozen = frozenset[tuple[str, float]]


class View(Protocol):
    """One thing to look at. same: there is nothing to find."""

    @property
    def same(self) -> bool: ...
    def look(self, vision: Vision) -> Seen: ...


def part_of(name: str) -> str:
    """The part that tells values of this constant apart."""
    return _PARTS.get(name.partition(".")[0], PICTURES)


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
            f"{2 * FILMED} clips and {FRAMES} frames of each by the simulated webcam, "
            f"{TEXTS + PAIRS} pages that are no puzzle"
        )
        self._known: dict[tuple[str, Frozen], float] = {}
        self._kept: dict[tuple[str, Frozen], list[View]] = {}
        self._filmed: dict[Frozen, list[replays.Film]] = {}

    def score(self, name: str, values: Mapping[str, float]) -> float:
        """See livespot.training.constants.Scorer."""
        part, wanted = part_of(name), frozenset(values.items())
        earlier = frozenset((n, v) for n, v in wanted if part_of(n) in _EARLIER[part])
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
            if part == PAGES:
                views = self._pages()
            elif part == PICTURES:
                views = [*self._stills(earlier), *(film.last for film in self._films(earlier))]
            else:
                views = [*self._films(earlier)]
            self._kept[part, earlier] = views
        return self._kept[part, earlier]

    def _pages(self) -> list[View]:
        rng = np.random.default_rng([self.seed, 1])
        views: list[View] = []
        for puzzle in self._puzzles:
            if puzzle.panels is not None:
                picture = puzzle.pictures()[0]
                for image in (picture, pages.worn(picture, rng)):
                    views.append(Whole(image, puzzle.labels, self._settings))
            for same in (False, True):
                printed = pages.page_of(puzzle, rng, same)
                labels = scoring.Labels(tuple(d.a for d in printed.differences), (), printed.a)
                if same or puzzle.panels is None:
                    views.append(Whole(pages.worn(printed.image, rng), labels, self._settings, same))
            views += [self._filmed_page(puzzle, rng) for _ in range(FRAMES)]
        nothing = scoring.Labels((), (), NO_PUZZLE)
        return views + [Whole(image, nothing, self._settings, same=True) for image in self._no_puzzles(rng)]

    def _filmed_page(self, puzzle: data.Puzzle, rng: np.random.Generator) -> View:
        printed = pages.pressed(pages.page_of(puzzle, rng), rng)
        how = pages.scenario_of(rng)
        camera = filming.camera_of(printed, how, int(rng.integers(1 << 30)))
        return Whole(camera.image(0), labels_of(camera.truth(0)), self._settings)

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

    def _no_puzzles(self, rng: np.random.Generator) -> Iterator[Image]:
        for _ in range(TEXTS):
            yield page_of_words(rng)
        for _ in range(PAIRS if len(self._puzzles) > 1 else 0):
            one, two = (self._puzzles[i].true_panels()[0] for i in rng.choice(len(self._puzzles), 2, replace=False))
            yield compose("two puzzles", one, two, (), Layout("side")).image


class Whole:
    """A page, looked at from the start. One that is no puzzle, taken for one, is one mistake: one false box."""

    def __init__(self, image: Image, labels: scoring.Labels, settings: Settings, same: bool = False) -> None:
        self.same = same
        self._image, self._labels, self._settings = image, labels, settings

    def look(self, vision: Vision) -> Seen:
        found = still.spot_page(self._image, self._settings, vision=vision)
        if not isinstance(found, Inspection):
            return Seen(0.0, 0.0)
        got = scoring.score([d.a for d in found.spotting.differences], self._labels)
        return Seen(got.f1, 1.0 if self._labels.panel is NO_PUZZLE else got.false)


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


def page_of_words(rng: np.random.Generator) -> Image:
    """A page of text, (H, W, 3) uint8, in one column or two: lines of words some of which come again and again."""
    height, width = int(rng.integers(700, 1000)), int(rng.integers(640, 900))
    size, columns = float(rng.uniform(0.45, 0.7)), int(rng.integers(1, 3))
    image = np.full((height, width, 3), int(rng.integers(225, 256)), np.uint8)
    words = ["".join(rng.choice(_SYLLABLES, rng.integers(1, 4))) for _ in range(int(rng.integers(25, 200)))]
    room = width // columns
    for column in range(columns):
        for y in range(60, height - 40, round(46 * size)):
            line = " ".join(rng.choice(words, 14))[: int((room - 60) / (18.5 * size))]
            at = (column * room + 30, y)
            cv2.putText(image, line, at, cv2.FONT_HERSHEY_SIMPLEX, size, (20, 20, 20), 1, cv2.LINE_AA)
    return pages.worn(image, rng)
