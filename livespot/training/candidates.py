"""Labelled candidates, for fitting the acceptance rule: what the detector proposes, and whether it was right.

In: labelled puzzles, as they are and filmed by the simulated webcam, and unchanged pages. Out: measured features
(confidence.FEATURES), 1 for a true candidate and 0 for a false one, and the puzzle each comes from.
`confidence.py` fits the rule to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.bench import data, pages
from livespot.bench.filmed import labels_of
from livespot.demo import Page, Scenario, make_puzzle, opening
from livespot.frame import Image
from livespot.reference import scoring
from livespot.settings import Settings
from livespot.spotting.classify import confidence
from livespot.spotting.methods.comparison import AlignedPanels
from livespot.spotting.methods.robust import candidates_of
from livespot.spotting.panels.detect import NotFound, search_page, search_pair
from livespot.spotting.registration.warping import STEP
from livespot.spotting.still import LONGEST
from livespot.spotting.vision import Vision
from livespot.training import filming
from livespot.training.drawn.samples import INSTANCE, SEEN, WEIGHT, Planes

FRAMES = 13  # of a filmed clip
DRAWN = 60  # of the project's own puzzles, as stills
PENNED = 0.25  # of the clips show pen drawings
OF_ONE = 0.15  # share of a candidate of a sample that must lie on an edit for it to be one
SAMPLE_ERROR = 0.4  # px: what registration is taken to leave in a sample
LOOKED_AT = (0, 3, 6)  # which frames are kept, from the one in which the page was found


@dataclass(frozen=True, eq=False)
class Labelled:
    """features: (N, F). labels: (N,) 1 true, 0 false. group: the puzzle they come from. still: not filmed."""

    features: NDArray[np.float64]
    labels: NDArray[np.int64]
    group: str
    still: bool = False


def of_puzzle(puzzle: data.Puzzle, rng: np.random.Generator | None = None, same: bool = False) -> Labelled:
    """The candidates of a labelled still; rng: worn as print and scanners wear it; same: with A in B's place."""
    return _of_stills(*pages.shown(puzzle, rng, same), puzzle.id)


def of_drawn(rng: np.random.Generator, name: str) -> Labelled:
    """The candidates of one of the project's own puzzles as two worn pictures; every second time with nothing to find.

    name: of the group.
    """
    scene = str(rng.choice(list(opening.demo_names())))
    drawn = make_puzzle(scene, seed=int(rng.integers(1000, 1 << 30)), differences=int(rng.integers(3, 11)))
    same = rng.random() < 0.5
    quads = () if same else tuple(geometry.box_quad(d.box) for d in drawn.differences)
    pictures = (pages.worn(drawn.a, rng), pages.worn(drawn.a if same else drawn.b, rng))
    outline = geometry.rectangle(drawn.a.shape[1], drawn.a.shape[0])
    # there are as many of them as one likes: their voice is that of a clip's view
    return replace(_of_stills(pictures, scoring.Labels(quads, (), outline), name), still=False)


def _of_stills(pictures: tuple[Image, ...], labels: scoring.Labels, group: str) -> Labelled:
    pair = len(pictures) == 2
    found = search_pair(pictures[0], pictures[1], LONGEST) if pair else search_page(pictures[0], LONGEST)
    if isinstance(found, NotFound):
        return Labelled(np.zeros((0, len(confidence.FEATURES + confidence.EYED))), np.zeros(0, np.int64), group)
    a, b = found.sample_a(pictures[0]), found.sample_b(pictures[-1])
    seen = found.inside(pictures[0].shape, pictures[-1].shape)
    scene, candidates, _ = candidates_of(AlignedPanels(a, b, seen, found.error), Settings(), Vision())
    quads = [found.on_a(geometry.box_quad(c.box)) for c in candidates]
    return replace(_labelled(confidence.measure(scene, candidates), quads, labels, group), still=True)


def of_clip(filmed: Page, how: Scenario, seed: int, group: str) -> Iterator[Labelled]:
    """The candidates of a page filmed for a second or so, after a few of its analyses."""
    camera = filming.camera_of(filmed, how, seed)
    for found, scene, candidates in filming.proposed(camera, FRAMES, LOOKED_AT):
        quads = [found.registration.box_on_a(c.box) for c in candidates]
        labels = labels_of(camera.truth(found.key.index))
        yield _labelled(confidence.measure(scene, candidates), quads, labels, group)


def of_sample(planes: Planes, name: str) -> Labelled:
    """The candidates of one of the eye's own samples (see samples); name: of the group."""
    a, b = (np.ascontiguousarray(planes[..., i : i + 3]) for i in (0, 3))
    truth = planes[..., INSTANCE]
    nodes = (-(-truth.shape[0] // STEP) + 1, -(-truth.shape[1] // STEP) + 1)
    error = np.full(nodes, SAMPLE_ERROR, np.float32)
    scene, found, _ = candidates_of(AlignedPanels(a, b, planes[..., SEEN] > 0, error), Settings(), Vision())
    boxes = [cv2.boundingRect(np.asarray(truth == i, np.uint8)) for i in np.unique(truth[truth > 0])]
    quads = tuple(geometry.box_quad((x, y, w, h)) for x, y, w, h in boxes)
    labels = scoring.Labels(quads, (), geometry.rectangle(truth.shape[1], truth.shape[0]))
    verdict = np.full(len(found), -1)
    for i, c in enumerate(found):
        x, y, w, h = c.box
        part = np.s_[y : y + h, x : x + w]
        on, doubt = (float(m[part][c.mask].mean()) for m in (truth > 0, planes[..., WEIGHT] == 0))
        if on > OF_ONE and scoring.score([geometry.box_quad(c.box)], labels).found:
            verdict[i] = 1
        elif on < 0.2 * OF_ONE and doubt < 2 * OF_ONE:
            verdict[i] = 0
    features = confidence.measure(scene, found)
    # what a drawn page has over its rims says nothing of real ones
    known = (verdict >= 0) & (features[:, confidence.FEATURES.index("clear")] >= 0.5)
    return Labelled(features[known], verdict[known], name)


def held(work: Path) -> list[Path]:
    """The samples that the eye's training keeps aside in its work folder."""
    return sorted((work / "held").glob("*.npy"))


def collect(folder: Path | None, clips: int, seed: int, work: Path | None = None) -> Iterator[Labelled]:
    """All there is to learn from: the tune part of `folder`, `clips` filmed pages, held-out samples of `work`."""
    for number, file in enumerate(held(work) if work is not None else []):
        yield of_sample(np.load(file), f"sample:{number}")
    rng = np.random.default_rng(seed)
    puzzles = data.load(folder, "tune") if folder is not None else []
    for puzzle in puzzles:
        yield of_puzzle(puzzle)
        for _ in range(3):
            yield of_puzzle(puzzle, rng)
        for _ in range(3):
            yield of_puzzle(puzzle, rng, same=True)
    for number in range(DRAWN if clips or puzzles else 0):
        yield of_drawn(rng, f"still:{number}")
    for number in range(clips):
        penned = rng.random() < PENNED
        if puzzles and rng.random() < 0.5:
            puzzle = puzzles[int(rng.integers(len(puzzles)))]
            make = pages.pen_page_of if penned else pages.page_of
            filmed, group = make(puzzle, rng, same=rng.random() < 0.25), puzzle.id
        else:
            filmed = (pages.drawn_pen_page if penned else pages.drawn_page)(rng)
            group = f"drawn:{filmed.name}:{number}"
        filmed = pages.pressed(filmed, rng)
        yield from of_clip(filmed, pages.scenario_of(rng), int(rng.integers(1 << 30)), group)


def _labelled(
    features: NDArray[np.float64], quads: list[geometry.Quad], labels: scoring.Labels, group: str
) -> Labelled:
    verdict = np.full(len(quads), -1)
    for i, quad in enumerate(quads):
        result = scoring.score([quad], labels)
        verdict[i] = 1 if result.found else 0 if result.false else -1
    known = verdict >= 0
    return Labelled(features[known], verdict[known], group)
