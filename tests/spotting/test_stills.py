"""A still page, or two pictures."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from kit.puzzles import BOXES, changed, covers, page, scene

from livespot import geometry
from livespot.frame import Image
from livespot.settings import Settings
from livespot.spotting.findings import Inspection, Kind, Spotting, State
from livespot.spotting.stills import spot_page, spot_pair

SETTINGS = Settings()


def pair(a: Image, b: Image, settings: Settings = SETTINGS) -> Inspection:
    found = spot_pair(a, b, settings)
    assert isinstance(found, Inspection)
    return found


def test_every_difference_of_a_page_is_boxed_on_both_panels_and_nothing_else() -> None:
    printed = page()
    found = spot_page(printed.image, SETTINGS)
    assert isinstance(found, Inspection)
    differences = found.spotting.differences
    assert found.spotting.state is State.LOCKED
    assert len(differences) == len(BOXES)
    for true in printed.differences:
        near = [d for d in differences if np.linalg.norm(d.a.mean(axis=0) - true.a.mean(axis=0)) < 6]
        assert len(near) == 1
        assert np.linalg.norm(near[0].b.mean(axis=0) - true.b.mean(axis=0)) < 6
        assert near[0].kind is Kind.ADDED
    assert sorted(d.id for d in differences) == [1, 2, 3, 4]


@pytest.mark.parametrize("how", ["equal", "noisy", "compressed", "darker", "shifted"])
def test_two_prints_of_one_picture_have_no_difference(how: str) -> None:
    a = scene(1)
    b = a.copy()
    if how == "noisy":
        b = np.clip(b + np.random.default_rng(0).normal(0, 4, b.shape), 0, 255).astype(np.uint8)
    elif how == "compressed":
        b = np.asarray(
            cv2.imdecode(cv2.imencode(".jpg", b, [cv2.IMWRITE_JPEG_QUALITY, 80])[1], cv2.IMREAD_COLOR), np.uint8
        )
    elif how == "darker":
        b = np.clip(b * np.linspace(0.9, 0.5, b.shape[1])[None, :, None], 0, 255).astype(np.uint8)
    elif how == "shifted":
        shift = np.array([[1, 0, 1.5], [0, 1, -0.7]], np.float64)
        b = np.asarray(cv2.warpAffine(b, shift, (b.shape[1], b.shape[0]), borderMode=cv2.BORDER_REPLICATE), np.uint8)
    found = pair(a, b)
    assert found.spotting.differences == ()
    assert found.spotting.reason == "no difference found"


@pytest.mark.parametrize("size", [(320, 240), (480, 360), (200, 150)])
def test_exchanging_the_pictures_mirrors_the_kinds_and_keeps_the_boxes(size: tuple[int, int]) -> None:
    a, b = scene(2), np.asarray(cv2.resize(changed(scene(2)), size, interpolation=cv2.INTER_AREA), np.uint8)
    there, back = pair(a, b), pair(b, a)
    assert len(there.spotting.differences) == len(back.spotting.differences) == len(BOXES)
    mirrored = {Kind.ADDED: Kind.REMOVED, Kind.REMOVED: Kind.ADDED}
    for one, other in zip(there.spotting.differences, back.spotting.differences, strict=True):
        np.testing.assert_array_equal(one.a, other.b)
        np.testing.assert_array_equal(one.b, other.a)
        assert other.kind is mirrored.get(one.kind, one.kind)
        assert one.confidence == other.confidence
    for told, first in ((there, a), (back, b)):
        assert told.frame.image is first
        height, width = told.a.shape[:2]
        assert (width, height) == first.shape[1::-1]  # its own pixels
        assert told.b.shape == told.a.shape
        assert told.difference_map.shape == told.visible.shape == (height, width)
        for d in told.spotting.differences:
            x, y, w, h = d.box
            assert np.abs(geometry.box_quad(d.box) - d.a).max() <= 6
            assert told.difference_map[y : y + h, x : x + w].max() >= 1.0
            # B is laid onto A: away from the differences they are the same
        apart = np.abs(told.a.astype(int) - told.b).max(axis=2)
        assert np.median(apart[told.visible]) < 12


def test_two_pictures_of_another_size_are_boxed_in_their_own_px() -> None:
    a = scene(3)
    b = np.asarray(cv2.resize(changed(a), (480, 360), interpolation=cv2.INTER_CUBIC), np.uint8)
    differences = pair(a, b).spotting.differences
    for x, y, w, h in BOXES:
        middle = np.array([x + w / 2, y + h / 2])
        (one,) = (d for d in differences if np.linalg.norm(d.a.mean(axis=0) - middle) < 6)
        assert np.linalg.norm(one.b.mean(axis=0) - middle * 1.5) < 9


def test_what_was_seen_is_handed_over() -> None:
    found = pair(scene(4), changed(scene(4)))
    height, width = found.a.shape[:2]
    assert found.b.shape == found.a.shape == (height, width, 3)
    assert found.difference_map.shape == found.visible.shape == (height, width)
    assert found.visible.mean() > 0.9
    assert 0 <= found.residual_px < 1
    for d in found.spotting.differences:
        x, y, w, h = d.box
        assert found.difference_map[y : y + h, x : x + w].max() >= 1.0  # 1 is where a difference begins


@pytest.mark.parametrize("a", [scene(5), np.zeros((240, 320, 3), np.uint8)], ids=["another scene", "black"])
def test_pictures_that_do_not_belong_together_are_refused_in_words(a: Image) -> None:
    found = spot_pair(a, scene(6), SETTINGS)
    assert isinstance(found, Spotting)
    assert (found.state, found.differences, found.panels) == (State.SEARCHING, (), None)
    assert found.reason == "the two pictures do not show the same scene"


def test_the_classic_method_gives_the_same_kind_of_result() -> None:
    a = scene(7)
    found = pair(a, changed(a), replace(SETTINGS, method="classic"))
    for box in BOXES:
        assert any(covers(d.box, box) for d in found.spotting.differences)
