"""The account of every step agrees with the result it accounts for."""

from __future__ import annotations

import numpy as np
import pytest
from kit.puzzles import BOXES, changed, scene

from livespot.demo import page_picture
from livespot.frame import Image
from livespot.settings import Settings
from livespot.spotting.acceptance import FEATURES
from livespot.spotting.explaining import Explanation, Fate, explain_still
from livespot.spotting.findings import Inspection
from livespot.spotting.stills import asked_of, spot_page, spot_pair
from livespot.spotting.trail import Trail


def explained(pictures: tuple[Image, ...], method: str = "robust") -> Explanation:
    trail, settings = Trail(), Settings(method=method)
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
    assert explanation.compared is not None
    numbers = {d.id for d in explanation.spotting.differences}
    kept = [c for c in explanation.compared.found if c.fate is Fate.KEPT]
    assert len(numbers) >= 5
    assert {c.number for c in kept} == numbers
    assert all(c.number is None for c in explanation.compared.found if c.fate is not Fate.KEPT)


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
    assert explanation.compared is not None
    found = explanation.compared.found
    assert sum(c.fate is Fate.KEPT for c in found) == len(BOXES)
    for c in found:
        assert c.confidence is not None
        assert (c.fate is Fate.KEPT) == (c.confidence >= asked_of(c.mask))
        assert {r.measure for r in c.reasons} == {*FEATURES, "company"}
        weights = [abs(r.weight) for r in c.reasons]
        assert weights == sorted(weights, reverse=True)


def test_the_account_shows_the_map_that_was_used() -> None:
    pictures = (scene(), changed(scene()))
    trail = Trail()
    result = spot_pair(*pictures, Settings(), trail)
    assert isinstance(result, Inspection)
    compared = explain_still(pictures, trail, Settings()).compared
    assert compared is not None
    assert np.allclose(compared.difference / compared.high, result.difference_map, atol=1e-4)
    assert not (compared.kept & ~compared.above).any()


def test_classic_says_what_is_too_long_and_what_is_too_many() -> None:
    picture = scene(size=(480, 360))
    other = changed(picture)
    other[170:176, 20:460] = (0, 0, 255)  # a bar longer than half the width
    trail, settings = Trail(), Settings(method="classic")
    settings = Settings(method="classic", classic=type(settings.classic)(boxes=1, blur=0.0))
    spot_pair(picture, other, settings, trail)
    compared = explain_still((picture, other), trail, settings).compared
    assert compared is not None
    fates = [c.fate for c in compared.found]
    assert fates.count(Fate.KEPT) == 1
    assert Fate.LONG in fates
    assert Fate.SMALL in fates


def test_a_picture_without_a_puzzle_is_accounted_for_too() -> None:
    explanation = explained((scene(size=(640, 480)),))
    assert explanation.compared is None
    assert "no puzzle" in explanation.spotting.reason
    assert explanation.match_error is None
    assert len(explanation.a) == len(explanation.b) == explanation.alike
