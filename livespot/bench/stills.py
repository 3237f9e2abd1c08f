"""Still pictures held against their labels: labelled data, the project's own printed pages, thin marks, pictures that
are the same but for noise, compression and shifts, and pairs compared both ways round.

In: puzzles and settings. Out: a StillResult each.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.bench.classic import published
from livespot.bench.data import Puzzle
from livespot.bench.filmed import corner_error
from livespot.demo import Page, demo_names, page_picture
from livespot.frame import Image
from livespot.reference.scoring import Labels, Score, overlap, score
from livespot.settings import Settings
from livespot.spotting.registration.swap_pair import MIRRORED
from livespot.spotting.results import Difference, FrameResult, Inspection
from livespot.spotting.spotter import spot_page, spot_pair

LAYOUTS = ("side", "stacked", "diagonal")


@dataclass(frozen=True)
class StillResult:
    """One picture: score, what it took (ms), the registration residual (canonical px), why there is nothing."""

    name: str
    kind: str
    score: Score
    ms: float
    residual: float = float("nan")
    corner: float = float("nan")
    reason: str = ""
    confidences: tuple[tuple[float, bool], ...] = ()


def spot(puzzle: Puzzle, settings: Settings) -> StillResult:
    """livespot on a labelled puzzle, as `livespot photo` does it."""
    a, *b = puzzle.pictures()
    look = partial(spot_pair, a, b[0], settings) if b else partial(spot_page, a, settings)
    return _judged(puzzle.id, puzzle.kind, look, puzzle.labels, puzzle.panels)


def spot_printed(page: Page, settings: Settings, kind: str) -> StillResult:
    """livespot on one of the project's own pages, flat as printed."""
    labels = Labels(tuple(d.a for d in page.differences), (), page.a)
    return _judged(page.name, kind, partial(spot_page, page.image, settings), labels, (page.a, page.b))


def own_pages(count: int, first_seed: int, *, thin: bool = False, same: bool = False) -> Iterator[Page]:
    """Printed pages of the project's own puzzles, puzzles and layouts in turn."""
    names = demo_names()
    for i in range(count):
        yield page_picture(
            names[i % len(names)], seed=first_seed + i, layout=LAYOUTS[i % len(LAYOUTS)], thin=thin, same=same
        )


def spot_published(puzzle: Puzzle) -> StillResult:
    """The published pipeline, handed the true panels."""
    a, b = puzzle.true_panels()
    start = time.perf_counter()
    boxes = published(a, b)
    ms = (time.perf_counter() - start) * 1e3
    quads = [geometry.box_quad(box) for box in boxes]
    if puzzle.panels is not None:
        to_page = geometry.between(geometry.rectangle(a.shape[1], a.shape[0]), puzzle.panels[0])
        quads = [geometry.apply(to_page, quad) for quad in quads]
    return StillResult(puzzle.id, puzzle.kind, score(quads, puzzle.labels), ms)


def _judged(
    name: str,
    kind: str,
    look: Callable[[], Inspection | FrameResult],
    labels: Labels,
    panels: tuple[geometry.Quad, geometry.Quad] | None,
) -> StillResult:
    """What `look` finds, and the time it takes, against what is true."""
    start = time.perf_counter()
    found = look()
    ms = (time.perf_counter() - start) * 1e3
    spotting = _spotting(found)
    got = score([d.a for d in spotting.differences], labels)
    corner = float("nan")
    if panels is not None and spotting.panels is not None:
        corner = corner_error(spotting.panels, panels)
    confidences = tuple((d.confidence, i not in got.falses) for i, d in enumerate(spotting.differences))
    residual = found.residual_px if isinstance(found, Inspection) else float("nan")
    return StillResult(name, kind, got, ms, residual, corner, spotting.reason, confidences)


def _spotting(found: Inspection | FrameResult) -> FrameResult:
    return found.spotting if isinstance(found, Inspection) else found


# --- nothing differs ---


def disturbed(picture: Image, kind: str, amount: float, seed: int) -> tuple[Image, Image]:
    """The picture twice, the same but for `kind`: "noise" (sigma), "jpeg" (quality) or "shift" (px); noise in all."""
    rng = np.random.default_rng(seed)
    sigma = amount if kind == "noise" else 1.5
    a, b = (_noisy(picture, sigma, rng) for _ in range(2))
    if kind == "jpeg":
        a, b = _compressed(a, int(amount)), _compressed(b, int(amount) - 5)
    if kind == "shift":
        angle = rng.uniform(0, 2 * np.pi)
        by = np.array([[1, 0, amount * np.cos(angle)], [0, 1, amount * np.sin(angle)]], np.float64)
        size = (picture.shape[1], picture.shape[0])
        b = np.asarray(cv2.warpAffine(b, by, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8)
    return a, b


DISTURBANCES = (
    ("noise", 2.0), ("noise", 3.5), ("noise", 5.0), ("jpeg", 95.0), ("jpeg", 85.0), ("jpeg", 75.0), ("shift", 0.5),
    ("shift", 1.5), ("shift", 3.0),
)  # fmt: skip


def spot_same(name: str, picture: Image, kind: str, amount: float, seed: int, settings: Settings) -> StillResult:
    """livespot on two pictures that are the same but for a disturbance: every box is false."""
    a, b = disturbed(picture, kind, amount, seed)
    labels = Labels((), (), geometry.rectangle(a.shape[1], a.shape[0]))
    return _judged(f"{name} {kind} {amount:g}", kind, partial(spot_pair, a, b, settings), labels, None)


def published_same(picture: Image, kind: str, amount: float, seed: int) -> int:
    """False boxes of the published pipeline there."""
    return len(published(*disturbed(picture, kind, amount, seed)))


def _noisy(picture: Image, sigma: float, rng: np.random.Generator) -> Image:
    noise: NDArray[Any] = rng.normal(0, sigma, picture.shape)
    return np.asarray(np.clip(np.rint(picture + noise), 0, 255), np.uint8)


def _compressed(picture: Image, quality: int) -> Image:
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


# --- both ways round ---


def symmetry(puzzle: Puzzle, settings: Settings) -> tuple[int, int, int]:
    """A pair compared both ways: boxes in both, boxes in one only, and boxes in both whose kinds are not mirrored."""
    a, b = puzzle.pictures()
    found = [_spotting(spot_pair(one, two, settings)).differences for one, two in ((a, b), (b, a))]
    both = wrong = 0
    left = list(found[1])
    for difference in found[0]:
        partner = next((other for other in left if _same(difference, other)), None)
        if partner is not None:
            left.remove(partner)
            both += 1
            wrong += MIRRORED.get(difference.kind, difference.kind) is not partner.kind
    return both, len(found[0]) - both + len(left), wrong


def _same(one: Difference, other: Difference) -> bool:
    shared = overlap(one.a, other.b)
    union = abs(geometry.area(one.a)) + abs(geometry.area(other.b)) - shared
    return shared > 0.5 * union
