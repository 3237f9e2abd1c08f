"""What happened to a region, told from both panels."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from kit.puzzles import scene
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.classify.kind import ONE_SIDED, Measures, fitted_thresholds, kind_of, measure, measured
from livespot.spotting.photometry.gain import GainCorrectedPair
from livespot.spotting.results import Kind

Draw = Callable[[Image], None]
MIRRORED = {Kind.ADDED: Kind.REMOVED, Kind.REMOVED: Kind.ADDED}


def wall() -> Image:
    """A wall with a little texture, (160, 160, 3)."""
    rng = np.random.default_rng(3)
    light = np.linspace(130, 170, 160)[None, :, None] + rng.normal(0, 2, (160, 160, 1)) + np.array([10.0, 0.0, -15.0])
    return np.clip(light, 0, 255).astype(np.uint8)


def mug(picture: Image, x: int = 80, y: int = 80, size: int = 24, colour: tuple[int, int, int] = (40, 60, 200)) -> None:
    cv2.circle(picture, (x + size // 2, y), size // 2, (30, 30, 30), 3, cv2.LINE_AA)
    cv2.rectangle(picture, (x - size // 2, y - size // 2), (x + size // 2, y + size // 2), colour, -1)
    cv2.rectangle(picture, (x - size // 2, y - size // 2), (x + size // 2, y + size // 2), (30, 30, 30), 2)
    cv2.line(picture, (x - size // 2, y), (x + size // 2, y), (240, 240, 240), 2)


def star(picture: Image) -> None:
    points = [
        (80 + r * np.sin(t), 80 - r * np.cos(t)) for t, r in zip(np.arange(10) * np.pi / 5, [20, 9] * 5, strict=True)
    ]
    cv2.fillPoly(picture, [np.array(points, np.int32)], (60, 180, 60), cv2.LINE_AA)
    cv2.polylines(picture, [np.array(points, np.int32)], True, (30, 30, 30), 2, cv2.LINE_AA)


def nothing(picture: Image) -> None:
    del picture


def told(a: Image, b: Image) -> Kind:
    """The kind of all that differs, as one region."""
    off = cv2.absdiff(a, b).max(axis=2) > 25
    ys, xs = np.nonzero(off)
    x, y = int(xs.min()), int(ys.min())
    w, h = int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1
    mask: NDArray[np.bool_] = off[y : y + h, x : x + w]
    return kind_of(GainCorrectedPair(a, b), (x, y, w, h), mask)


CASES: list[tuple[str, Draw, Draw, Kind]] = [
    ("an object in B only", nothing, mug, Kind.ADDED),
    ("an object in A only", star, nothing, Kind.REMOVED),
    ("a faint line in B only", nothing, lambda p: cv2.line(p, (60, 80), (100, 90), (90, 90, 90), 2), Kind.ADDED),
    ("another colour", mug, lambda p: mug(p, colour=(60, 160, 190)), Kind.RECOLOURED),
    ("another object", mug, star, Kind.CHANGED),
    ("a larger one", mug, lambda p: mug(p, size=29), Kind.CHANGED),
    ("another place, nearby", mug, lambda p: mug(p, x=92), Kind.MOVED),
    ("another place, beside it", lambda p: mug(p, x=50), lambda p: mug(p, x=96, y=84), Kind.MOVED),
]  # fmt: skip


@pytest.mark.parametrize(("draw_a", "draw_b", "kind"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_kind_and_its_mirror(draw_a: Draw, draw_b: Draw, kind: Kind) -> None:
    a, b = wall(), wall()
    draw_a(a)
    draw_b(b)
    assert told(a, b) is kind
    assert told(b, a) is MIRRORED.get(kind, kind)


def test_exchanging_the_panels_mirrors_whatever_is_told() -> None:
    """Also where the answer may be wrong: on pictures that have nothing to do with each other."""
    for seed in range(12):
        a, b = scene(seed, (60, 50)), scene(seed + 100, (60, 50))
        kind = told(a, b)
        assert told(b, a) is MIRRORED.get(kind, kind)


@pytest.mark.parametrize(
    ("box", "pixels"),
    [
        ((0, 0, 1, 1), 1),
        ((159, 159, 1, 1), 1),
        ((0, 0, 160, 160), 160 * 160),
        ((20, 0, 1, 160), 160),
        ((5, 5, 9, 9), 0),
    ],
    ids=["corner pixel", "last pixel", "all of it", "a hair", "an empty mask"],
)
def test_any_region_has_a_kind(box: tuple[int, int, int, int], pixels: int) -> None:
    a, b = wall(), wall()
    star(b)
    mask = np.zeros((box[3], box[2]), np.bool_)
    mask.ravel()[:pixels] = True
    assert isinstance(kind_of(GainCorrectedPair(a, b), box, mask), Kind)


def test_nothing_is_searched_for_that_does_not_matter() -> None:
    def never() -> float:
        raise AssertionError("this was settled")

    told = fitted_thresholds().tell
    assert told(Measures(0.95, 0.2, 0.6, never, never)) == Kind.RECOLOURED
    assert told(Measures(0.1, 0.2, 0.6, never, never)) == ONE_SIDED
    assert told(Measures(0.0, 0.97, 0.03, never, never)) == Kind.RECOLOURED
    assert told(Measures(0.0, 0.1, 0.03, lambda: 0.1, never)) == Kind.CHANGED


def test_what_is_measured_apart_tells_the_same() -> None:
    a, b = wall(), wall()
    mug(a)
    mug(b, x=92)
    off = cv2.absdiff(a, b).max(axis=2) > 25
    box = (60, 60, 60, 40)
    mask: NDArray[np.bool_] = off[60:100, 60:120]
    values = measure(GainCorrectedPair(a, b), box, mask)
    assert values is not None
    assert len(values) == 5
    assert fitted_thresholds().tell(measured(values)) == kind_of(GainCorrectedPair(a, b), box, mask) == Kind.MOVED
    assert measure(GainCorrectedPair(a, b), box, np.zeros_like(mask)) is None
