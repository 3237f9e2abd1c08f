"""A page that was first seen from afar is looked at with more pixels when the camera has come closer."""

import itertools

import cv2
import numpy as np
import pytest
from kit.puzzles import BOXES, changed, page, scene

from livespot.demo import Layout, compose
from livespot.frame import Frame, Image
from livespot.geometry import Points
from livespot.settings import Settings
from livespot.spotting.results import FrameResult, State
from livespot.spotting.spotter import Spotter
from livespot.spotting.temporal.analyser import FINER

FRAME = (1280, 720)
FAR, NEAR = 0.25, 0.95  # of the frame


def view(picture: Image, share: float, turn: float) -> Image:
    """A page flat in front of the camera, filling so much of the frame."""
    height, width = picture.shape[:2]
    fit = share * min(FRAME[0] / width, FRAME[1] / height)
    to = cv2.getRotationMatrix2D((width / 2, height / 2), turn, fit)
    to[:, 2] += [(FRAME[0] - width) / 2, (FRAME[1] - height) / 2]
    small = cv2.resize(picture, None, fx=fit, fy=fit, interpolation=cv2.INTER_AREA)
    to[:, :2] /= fit
    return np.asarray(
        cv2.warpAffine(small, to, FRAME, borderMode=cv2.BORDER_CONSTANT, borderValue=(70, 80, 90)), np.uint8
    )


def seen(picture: Image, shares: list[float]) -> list[FrameResult]:
    spotter = Spotter(Settings())
    return [
        spotter.step(Frame(view(picture, share, 2.0 + 0.3 * np.sin(i)), i / 10, i, 0.0), i % 2 == 0)
        for i, share in enumerate(shares)
    ]


def with_a_dot() -> Image:
    """The printed page with one more difference, too small to be seen from afar."""
    a = scene()
    b = changed(a)
    cv2.circle(b, (150, 210), 1, (30, 30, 30), -1)
    return compose("blobs", a, b, BOXES, Layout("side"), ["added"] * len(BOXES), "Blobs").image


def test_more_is_seen_from_nearer_under_the_same_numbers() -> None:
    approach = list(np.linspace(FAR, NEAR, 20))
    results = seen(with_a_dot(), [FAR] * 8 + approach + [NEAR] * 8)
    far, near = results[7], results[-1]
    assert (far.state, near.state) == (State.LOCKED, State.LOCKED)
    assert (len(far.differences), len(near.differences)) == (len(BOXES), len(BOXES) + 1)
    assert near.page == far.page
    assert near.grid > far.grid
    ids = {d.id for d in far.differences}
    assert ids < {d.id for d in near.differences}
    finer = {d.id: d.box[2] for d in near.differences}
    assert all(finer[d.id] > FINER * d.box[2] for d in far.differences)
    # nothing flickers on the way
    assert min(len(r.differences) for r in results[8:]) >= len(BOXES)


DOTS = ((150, 210), (20, 110), (300, 60))  # middles, px of a panel: of 3 px, too small to be seen from afar


def part_of(picture: Image, middle: Points, zoom: float, turn: float, noise: np.random.Generator) -> Image:
    """A part of a page flat in front of a noisy camera. middle: what the camera points at, page px."""
    small = cv2.resize(picture, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA if zoom < 1 else cv2.INTER_CUBIC)
    at = middle * zoom
    to = cv2.getRotationMatrix2D((float(at[0]), float(at[1])), turn, 1.0)
    to[:, 2] += np.array(FRAME) / 2 - at
    seen = cv2.warpAffine(small, to, FRAME, borderMode=cv2.BORDER_CONSTANT, borderValue=(70, 80, 90))
    return np.asarray(np.clip(seen + noise.normal(0.0, 3.0, seen.shape), 0, 255), np.uint8)


@pytest.fixture(scope="module")
def passed_over() -> tuple[list[FrameResult], slice]:
    """A page as a whole, then picture A alone from near, picture B alone, and the whole again; and which of it A is."""
    a = scene()
    b = changed(a)
    for dot in DOTS:
        cv2.circle(b, dot, 1, (30, 30, 30), -1)
    printed = compose("blobs", a, b, BOXES, Layout("side"), ["added"] * len(BOXES), "Blobs")
    height, width = printed.image.shape[:2]
    whole, on_a, on_b = np.array([width / 2, height / 2]), printed.a.mean(axis=0), printed.b.mean(axis=0)
    stops = [(whole, 0.6), (whole, 0.6), (on_a, 2.9), (on_a, 2.9), (on_b, 2.9), (on_b, 2.9), (whole, 0.6), (whole, 0.6)]
    way: list[tuple[Points, float]] = []
    for (p, near), (q, nearer) in itertools.pairwise(stops):
        count = 24 if near != nearer else 48 if p is not q else 10
        way += [(p + (q - p) * t, near * (nearer / near) ** t) for t in np.linspace(0.0, 1.0, count)]
    spotter, noise = Spotter(Settings()), np.random.default_rng(7)
    results = []
    for i, (middle, zoom) in enumerate(way):
        image = part_of(printed.image, middle, zoom, 2.0 + 0.3 * np.sin(i), noise)
        results.append(spotter.step(Frame(image, i / 15, i, 0.0), i % 4 == 0))
    return results, slice(10, 44)


def test_a_pass_over_both_pictures_finds_what_the_whole_view_does_not(
    passed_over: tuple[list[FrameResult], slice],
) -> None:
    results, _ = passed_over
    far, last = results[9], results[-1]
    assert all(r.state is State.LOCKED for r in results)
    assert len(far.differences) < len(BOXES) + len(DOTS) == len(last.differences)
    assert last.page == far.page
    assert {d.id for d in far.differences} < {d.id for d in last.differences}
    finer = {d.id: d.box[2] for d in last.differences}
    assert np.median([finer[d.id] / d.box[2] for d in far.differences]) > 2.0


def test_from_near_one_picture_alone_makes_no_false_boxes(
    passed_over: tuple[list[FrameResult], slice],
) -> None:
    results, on_a = passed_over
    assert results[40].grid > results[9].grid
    assert all(len(BOXES) <= len(r.differences) <= len(BOXES) + len(DOTS) for r in results[on_a])


@pytest.mark.parametrize(
    "shares",
    [[0.5] * 8 + [0.6] * 8, [NEAR] * 4 + list(np.linspace(NEAR, FAR, 14))],
    ids=["hardly", "further away"],
)
def test_the_grid_stays_where_another_would_not_be_finer(shares: list[float]) -> None:
    results = seen(page().image, shares)
    assert results[-1].state is State.LOCKED
    assert results[-1].grid == results[0].grid
