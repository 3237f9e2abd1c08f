"""The account of every step agrees with the result it accounts for."""

import functools

import numpy as np
import pytest
from kit.puzzles import BOXES, changed, scene

from livespot.demo import demo_names, make_puzzle, page_picture
from livespot.demo.page import layout_for, printed
from livespot.demo.puzzle import Puzzle
from livespot.frame import Frame, Image
from livespot.settings import Settings
from livespot.spotting.classify.confidence import EYED, FEATURES
from livespot.spotting.classify.decision import Stage
from livespot.spotting.explain import Explanation, explain_still
from livespot.spotting.params import fitted_params
from livespot.spotting.results import Inspection
from livespot.spotting.spotter import Spotter
from livespot.spotting.still import StillTrace, min_confidence, spot_page, spot_pair


def explained(pictures: tuple[Image, ...], method: str = "robust") -> Explanation:
    trail, settings = StillTrace(), Settings(method=method)
    if len(pictures) == 1:
        spot_page(pictures[0], settings, trail)
    else:
        spot_pair(pictures[0], pictures[1], settings, trail)
    return explain_still(pictures, trail, settings)


@pytest.fixture(scope="module")
def page() -> Image:
    return page_picture(seed=1).image


@pytest.mark.parametrize("method", ["robust", "classic"])
def test_every_difference_of_a_page_is_among_the_regions_kept(page: Image, method: str) -> None:
    explanation = explained((page,), method)
    numbers = {d.id for d in explanation.spotting.differences}
    kept = [c for c in explanation.compared.found if c.kept]
    assert len(numbers) >= 5
    assert {c.number for c in kept} == numbers
    assert all(c.number is None for c in explanation.compared.found if not c.kept)


def test_what_ties_the_panels_lies_on_them(page: Image) -> None:
    explanation = explained((page,))
    assert explanation.spotting.panels is not None
    assert explanation.alike > len(explanation.a) > 50
    for points, quad in zip((explanation.a, explanation.b), explanation.spotting.panels, strict=True):
        low, high = quad.min(axis=0) - 5, quad.max(axis=0) + 5
        assert np.mean(np.all((points >= low) & (points <= high), axis=1)) > 0.9
    assert explanation.hull is not None


def test_confidence_decides_and_every_measure_is_told() -> None:
    picture = scene()
    noisy = np.clip(changed(picture) + np.random.default_rng(3).normal(0, 4, picture.shape), 0, 255).astype(np.uint8)
    explanation = explained((picture, noisy))
    found = explanation.compared.found
    assert sum(c.kept for c in found) == len(BOXES)
    for c, reasons in zip(found, explanation.compared.reasons, strict=True):
        assert c.confidence is not None
        assert c.kept == (c.confidence >= min_confidence(c.mask, fitted_params().stills))
        assert {r.measure for r in reasons} == {*FEATURES, *EYED, "company"}
        weights = [abs(r.weight) for r in reasons]
        assert weights == sorted(weights, reverse=True)


def test_the_account_shows_the_map_that_was_used() -> None:
    pictures = (scene(), changed(scene()))
    trail = StillTrace()
    result = spot_pair(*pictures, Settings(), trail)
    assert isinstance(result, Inspection)
    compared = explain_still(pictures, trail, Settings()).compared
    assert np.allclose(compared.difference / compared.high, result.difference_map, atol=1e-4)


def test_classic_says_what_is_too_long_and_what_is_too_many() -> None:
    picture = scene(size=(480, 360))
    other = changed(picture)
    other[170:176, 20:460] = (0, 0, 255)  # a bar longer than half the width
    trail, settings = StillTrace(), Settings(method="classic")
    settings = Settings(method="classic", classic=type(settings.classic)(boxes=1, blur=0.0))
    spot_pair(picture, other, settings, trail)
    compared = explain_still((picture, other), trail, settings).compared
    assert [c.kept for c in compared.found].count(True) == 1
    dropped = {c.stage for c in compared.found if not c.kept}
    assert {Stage.LENGTH, Stage.RANK} <= dropped


def test_a_picture_without_a_puzzle_is_accounted_for_too() -> None:
    explanation = explained((scene(size=(640, 480)),))
    assert explanation.compared is None
    assert "no puzzle" in explanation.spotting.reason
    assert explanation.match_error is None
    assert len(explanation.a) == len(explanation.b) == explanation.alike


@functools.cache
def drawn(name: str) -> Puzzle:
    return make_puzzle(name, seed=2, scale=0.4)


def agrees(explanation: Explanation) -> None:
    """Whether what is explained is the very result: each difference, its box and its kind; nothing else is kept."""
    shown = {d.id: d for d in explanation.spotting.differences}
    kept = [c for c in explanation.compared.found if c.kept]
    assert {c.number for c in kept} == set(shown)
    for number, difference in shown.items():
        own = [c for c in kept if c.number == number]
        low = np.min([c.box[:2] for c in own], axis=0)
        high = np.max([np.add(c.box[:2], c.box[2:]) for c in own], axis=0)
        assert (*low, *(high - low)) == difference.box
        assert {c.kind for c in own} == {difference.kind}
        assert {c.left for c in own} == {difference.confidence}
        assert all(c.reason.startswith(f"kept: difference {number}, {difference.kind}; ") for c in own)
    for c in explanation.compared.found:
        assert "frame" not in c.reason  # a still has none
        assert c.kept or not c.reason.startswith("kept")


@pytest.mark.parametrize("name", demo_names())
def test_what_is_explained_of_a_still_is_what_was_reported(name: str) -> None:
    puzzle = drawn(name)
    for pictures in ((puzzle.a, puzzle.b), (puzzle.b, puzzle.a)):
        explanation = explained(pictures)
        assert explanation.spotting.differences
        agrees(explanation)
    agrees(explained((printed(puzzle, layout_for("side", 2)).image,)))


@pytest.mark.parametrize("name", demo_names())
def test_what_is_explained_of_a_live_page_is_what_is_shown(name: str) -> None:
    image = printed(drawn(name), layout_for("side", 2)).image
    spotter = Spotter(Settings())
    for index in range(3):
        shown = spotter.step(Frame(image, index / 5, index, 0.0), True)
    explanation = spotter.explain(Frame(image, 0.6, 3, 0.0))
    assert shown.differences
    ids = {d.id for d in shown.differences}
    assert {d.id for d in explanation.spotting.differences} == ids
    kept = [c for c in explanation.compared.found if c.kept]
    assert {c.number for c in kept} | {d.id for d in shown.differences if d.remembered} == ids
    for c in explanation.compared.found:
        assert c.kept == c.reason.startswith("kept")
        assert c.held is None or not c.kept or "over time" in c.reason
