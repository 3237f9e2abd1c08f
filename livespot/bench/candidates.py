"""Labelled candidates, for fitting the acceptance rule: what the detector proposes, and whether it was right.

In: labelled puzzles, as they are and filmed by the simulated webcam, and unchanged pages. Out: measured features
(livespot.spotting.acceptance.FEATURES), 1 for a true candidate and 0 for a false one, and the puzzle each comes from.
`calibration/thresholds.py` fits the rule to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.bench import data, scoring
from livespot.demo import linework, make_puzzle, opening, page, press, scenario, webcam
from livespot.frame import Frame, Image
from livespot.settings import Settings
from livespot.spotting import acceptance
from livespot.spotting.analyser import Analyser
from livespot.spotting.robust import candidates_of
from livespot.spotting.search import NotFound, search_page, search_pair
from livespot.spotting.stills import LONGEST
from livespot.spotting.tracking import Pose, Tracker

RATE = 10.0  # frames a second of the filmed clips: enough to follow, cheap to render
SECONDS = 1.3
DRAWN = 60  # of the project's own puzzles, as stills
VEILED = 0.35  # of the clips have a lamp's light over a part of the page
PENNED = 0.25  # of the clips show pen drawings
LOOKED_AT = (0, 3, 6)  # which analyses of a clip are kept


@dataclass(frozen=True, eq=False)
class Labelled:
    """features: (N, F). labels: (N,) 1 true, 0 false. group: the puzzle they come from. still: not filmed."""

    features: NDArray[np.float64]
    labels: NDArray[np.int64]
    group: str
    still: bool = False


def of_puzzle(puzzle: data.Puzzle, rng: np.random.Generator | None = None, same: bool = False) -> Labelled:
    """The candidates of a labelled still; rng: worn as print and scanners wear it; same: with A in B's place."""
    pictures = puzzle.pictures()
    labels = puzzle.labels
    if same:
        a = pictures[0] if puzzle.panels is None else puzzle.true_panels()[0]
        pictures, labels = (a, a.copy()), scoring.Labels((), (), puzzle.labels.panel)
    if rng is not None:
        pictures = tuple(worn(picture, rng) for picture in pictures)
    return _of_stills(pictures, labels, puzzle.id)


def of_drawn(rng: np.random.Generator, name: str) -> Labelled:
    """The candidates of one of the project's own puzzles as two worn pictures; every second time with nothing to find.

    name: of the group.
    """
    scene = str(rng.choice(list(opening.demo_names())))
    drawn = make_puzzle(scene, seed=int(rng.integers(1000, 1 << 30)), differences=int(rng.integers(3, 11)))
    same = rng.random() < 0.5
    quads = () if same else tuple(geometry.box_quad(d.box) for d in drawn.differences)
    pictures = (worn(drawn.a, rng), worn(drawn.a if same else drawn.b, rng))
    outline = geometry.rectangle(drawn.a.shape[1], drawn.a.shape[0])
    # there are as many of them as one likes: their voice is that of a clip's view
    return replace(_of_stills(pictures, scoring.Labels(quads, (), outline), name), still=False)


def _of_stills(pictures: tuple[Image, ...], labels: scoring.Labels, group: str) -> Labelled:
    pair = len(pictures) == 2
    found = search_pair(pictures[0], pictures[1], LONGEST) if pair else search_page(pictures[0], LONGEST)
    if isinstance(found, NotFound):
        return _nothing(group)
    a, b = found.sample_a(pictures[0]), found.sample_b(pictures[-1])
    seen = found.inside(pictures[0].shape, pictures[-1].shape)
    scene, candidates, _ = candidates_of(a, b, seen, found.error, 1.0)
    quads = [found.on_a(geometry.box_quad(c.box)) for c in candidates]
    return replace(_labelled(acceptance.measure(scene, candidates), quads, labels, group), still=True)


def worn(picture: Image, rng: np.random.Generator) -> Image:
    """A picture with a little blur, noise, another light and JPEG, and up to 1.5 px off its place."""
    height, width = picture.shape[:2]
    shift = np.array([[1, 0, rng.uniform(-1.5, 1.5)], [0, 1, rng.uniform(-1.5, 1.5)]])
    moved = cv2.warpAffine(picture, shift, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    sigma = float(rng.uniform(0.0, 0.8))
    smooth = cv2.GaussianBlur(moved, (0, 0), sigma) if sigma > 0.3 else moved
    lit = smooth.astype(np.float32) * rng.uniform(0.85, 1.05) + rng.normal(0.0, rng.uniform(0.5, 5.0), picture.shape)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(70, 96))]
    _, code = cv2.imencode(".jpg", np.clip(lit, 0, 255).astype(np.uint8), quality)
    return np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), np.uint8)


def of_clip(filmed: page.Page, how: scenario.Scenario, seed: int, group: str) -> Iterator[Labelled]:
    """The candidates of a page filmed for a second or so, after a few of its analyses."""
    camera = webcam.Webcam(filmed, how, size=how.size or (1280, 720), fps=RATE, seed=seed)
    analyser, tracker = Analyser(Settings()), Tracker()
    key: int | None = None
    kept = 0
    for index in range(int(SECONDS * RATE)):
        frame = Frame(camera.image(index), index / RATE, index, 0.0)
        tracker.see(index, frame.image)
        pose: Pose | None = tracker.follow(index)
        analysis = analyser.analyse(frame, pose)
        if analysis.anchor is not None:
            if key is None or analysis.analyses == 1:
                key, kept = index, 0
            tracker.anchor(analysis.anchor)
        if analyser.page is None or key is None:
            continue
        if kept in LOOKED_AT:
            registration = analyser.page.registration
            aligned = analyser.aligned(analyser.page)
            even = aligned.even
            scene, candidates, _ = candidates_of(even.a, even.b, even.seen, aligned.error, 1.0)
            quads = [registration.on_a(geometry.box_quad(c.box) - 0.5) + 0.5 for c in candidates]
            truth = camera.truth(key)
            labels = scoring.Labels(
                tuple(d.a for d in truth.differences if not d.hidden),
                tuple(d.a for d in truth.differences if d.hidden),
                truth.panels[0],
            )
            yield _labelled(acceptance.measure(scene, candidates), quads, labels, group)
        kept += 1


def page_of(puzzle: data.Puzzle, rng: np.random.Generator, same: bool = False) -> page.Page:
    """A labelled puzzle printed on a page; same: with two identical panels."""
    pictures = puzzle.pictures()
    if puzzle.panels is not None:
        if same:
            a, _ = puzzle.true_panels()
            return page.compose(puzzle.id, a, a, (), _layout(a, rng))
        return page.ready_made(puzzle.id, pictures[0], *puzzle.panels, puzzle.labels.differences)
    boxes = [_box(quad) for quad in puzzle.labels.differences]
    if same:
        return page.compose(puzzle.id, pictures[0], pictures[0].copy(), (), _layout(pictures[0], rng))
    return page.compose(puzzle.id, pictures[0], pictures[1], boxes, _layout(pictures[0], rng))


def drawing_of(puzzle: data.Puzzle, rng: np.random.Generator, same: bool = False) -> page.Page:
    """A labelled puzzle as a pen drawing on a page; same: with two identical panels."""
    a, b = puzzle.true_panels()
    low = puzzle.labels.panel
    to_panel = geometry.between(low, geometry.rectangle(a.shape[1], a.shape[0]))
    boxes = [_box(geometry.apply(to_panel, quad)) for quad in puzzle.labels.differences]
    return _drawing(puzzle.id, a, b, [] if same else boxes, _layout(a, rng), rng)


def drawn_drawing(rng: np.random.Generator) -> page.Page:
    """A page with one of the project's own puzzles as a pen drawing, sometimes with nothing to find."""
    name = str(rng.choice(list(opening.demo_names())))
    kind = str(rng.choice(page.LAYOUTS))
    puzzle = make_puzzle(
        name, seed=int(rng.integers(1000, 1 << 30)), layout=kind, differences=int(rng.integers(3, 11))
    )  # fmt: skip
    boxes = [] if rng.random() < 0.3 else [d.box for d in puzzle.differences]
    return _drawing(name, puzzle.a, puzzle.b, boxes, page.layout_for(kind, int(rng.integers(1 << 30))), rng)


def _drawing(
    name: str, a: Image, b: Image, boxes: list[geometry.Box], layout: page.Layout, rng: np.random.Generator
) -> page.Page:
    # drawn on the page itself, or on white
    paper = layout.paper if rng.random() < 0.5 and min(layout.paper) > 120 else (255.0, 255.0, 255.0)
    if rng.random() < 0.4:
        layout = replace(layout, frame=0.0)
    drawn_a, drawn_b, shown = linework.pen_drawings(a, b, boxes, paper)
    return page.compose(name, drawn_a, drawn_b, shown, layout)


def _layout(picture: Image, rng: np.random.Generator) -> page.Layout:
    tall = picture.shape[0] > 1.1 * picture.shape[1]
    kind = str(rng.choice(["side", "diagonal"] if tall else ["side", "stacked", "diagonal"]))
    layout = page.layout_for(kind, int(rng.integers(1 << 30)))
    if rng.random() < 0.4:
        # magazines print on any colour
        red, green, blue = (float(v) for v in rng.integers(30, 256, 3))
        layout = replace(layout, paper=(red, green, blue))
    return layout


def scenario_of(rng: np.random.Generator) -> scenario.Scenario:
    """A way to film: one of the named scenarios, its numbers shaken by up to a third."""
    names = [n for n in opening.scenario_names() if n not in ("leave_and_return", "bump")]
    how = scenario.scenario_named(str(rng.choice(names)))

    def shaken(value: float) -> float:
        return value * float(rng.uniform(0.66, 1.33))

    return replace(
        how, pitch=float(rng.uniform(-14, 14)), yaw=float(rng.uniform(-14, 14)), roll=float(rng.uniform(-8, 8)),
        fill=float(rng.uniform(0.72, 0.97)), noise=shaken(how.noise), defocus=shaken(how.defocus),
        curl=shaken(how.curl),
        gradient=shaken(how.gradient), sharpen=shaken(how.sharpen), brightness=shaken(how.brightness),
        jpeg=int(rng.integers(72, 93)), size=how.size or ((1280, 720) if rng.random() < 0.7 else (1920, 1080)),
        mosaic=rng.random() < 0.6, shoulder=float(rng.uniform(0.35, 0.85)),
        shade=how.shade or (float(rng.uniform(0.1, 0.35)) if rng.random() < 0.3 else 0.0),
        # lamps come in all sizes, and most of what they do is no white spot
        veil=float(rng.uniform(0.1, 1.0)) if rng.random() < VEILED else 0.0,
        glare_size=float(rng.uniform(0.08, 0.3)),
    )  # fmt: skip


def pressed(designed: page.Page, rng: np.random.Generator) -> page.Page:
    """A page off the press, three times out of four: dots, inks out of register, more ink in one place than another."""
    if rng.random() < 0.25:
        return designed
    dots = float(rng.uniform(2.2, 5.0)) if rng.random() < 0.65 else 0.0
    way = press.Press(
        dots, gain=float(rng.uniform(0, 0.1)), shift=float(rng.uniform(0, 0.7)),
        through=float(rng.uniform(0, 0.07)) if rng.random() < 0.5 else 0.0,
    )  # fmt: skip
    image = press.printed_by(way, designed.image, int(rng.integers(1 << 30)))
    height, width = image.shape[:2]
    inking = cv2.resize(rng.uniform(0.93, 1.0, (3, 3, 3)), (width, height), interpolation=cv2.INTER_LINEAR)
    return replace(designed, image=np.asarray(np.clip(image * inking + 0.5, 0, 255), np.uint8))


def drawn_pages(rng: np.random.Generator) -> page.Page:
    """A page with one of the project's own puzzles, sometimes with thin marks, sometimes with nothing to find."""
    name = str(rng.choice(list(opening.demo_names())))
    layout = str(rng.choice(["side", "stacked", "diagonal"]))
    kind = rng.random()
    return opening.page_picture(
        name, seed=int(rng.integers(1000, 1 << 30)), layout=layout, thin=0.6 < kind < 0.8, same=kind >= 0.8,
        differences=int(rng.integers(3, 11)),
    )  # fmt: skip


def collect(folder: Path | None, clips: int, seed: int) -> Iterator[Labelled]:
    """Everything there is to learn from: the tune part of `folder`, and `clips` filmed pages."""
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
            filmed, group = (drawing_of if penned else page_of)(puzzle, rng, same=rng.random() < 0.25), puzzle.id
        else:
            filmed = (drawn_drawing if penned else drawn_pages)(rng)
            group = f"drawn:{filmed.name}:{number}"
        filmed = pressed(filmed, rng)
        yield from of_clip(filmed, scenario_of(rng), int(rng.integers(1 << 30)), group)


def _labelled(
    features: NDArray[np.float64], quads: list[geometry.Quad], labels: scoring.Labels, group: str
) -> Labelled:
    verdict = np.full(len(quads), -1)
    for i, quad in enumerate(quads):
        result = scoring.score([quad], labels)
        verdict[i] = 1 if result.found else 0 if result.false else -1
    known = verdict >= 0
    return Labelled(features[known], verdict[known], group)


def _nothing(group: str) -> Labelled:
    return Labelled(np.zeros((0, len(acceptance.FEATURES))), np.zeros(0, np.int64), group)


def _box(quad: geometry.Quad) -> geometry.Box:
    low, high = np.round(quad.min(axis=0)), np.round(quad.max(axis=0))
    return int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1])
