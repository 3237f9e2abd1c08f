"""A still page, or two pictures."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from kit.puzzles import BOXES, changed, covers, page, scene

from livespot import geometry
from livespot.frame import Image
from livespot.settings import Settings
from livespot.spotting.results import FrameResult, Inspection, Kind, State
from livespot.spotting.still import spot_page, spot_pair, spot_puzzles

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


@pytest.mark.parametrize(("level", "words"), [(128, "nothing to see: all of it is one colour"), (4, "too dark to see")])
def test_of_a_file_without_anything_on_it_no_camera_is_spoken_of(level: int, words: str) -> None:
    found = spot_page(np.full((400, 600, 3), level, np.uint8), SETTINGS)
    assert isinstance(found, FrameResult)
    assert words in found.reason


@pytest.mark.parametrize("a", [scene(5), np.zeros((240, 320, 3), np.uint8)], ids=["another scene", "black"])
def test_pictures_that_do_not_belong_together_are_refused_in_words(a: Image) -> None:
    found = spot_pair(a, scene(6), SETTINGS)
    assert isinstance(found, FrameResult)
    assert (found.state, found.differences, found.panels) == (State.SEARCHING, (), None)
    assert found.reason == "the two pictures do not show the same scene"


def test_the_classic_method_gives_the_same_kind_of_result() -> None:
    a = scene(7)
    found = pair(a, changed(a), replace(SETTINGS, method="classic"))
    for box in BOXES:
        assert any(covers(d.box, box) for d in found.spotting.differences)


def photographed(picture: Image, seed: int, turn: float, at: tuple[float, float]) -> tuple[Image, Image]:
    """A picture on its sheet, on a wooden table, held by fingers: the photograph, and the map onto it (3, 3)."""
    rng = np.random.default_rng(seed)
    grain = cv2.resize(rng.normal(0, 14, (160, 12)), (640, 480), interpolation=cv2.INTER_CUBIC)
    fine = cv2.GaussianBlur(rng.normal(0, 60, (480, 640)), (0, 0), 2)
    photo = np.clip((90, 130, 170) + (grain + fine)[..., None], 0, 255).astype(np.uint8)
    sheet = cv2.copyMakeBorder(picture, 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=(240, 240, 240))
    height, width = sheet.shape[:2]
    onto = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), turn, 1.0), [0, 0, 1]])
    onto[:2, 2] += np.array(at) - (width / 2, height / 2)
    laid = cv2.warpPerspective(sheet, onto, (640, 480))
    on = cv2.warpPerspective(np.full((height, width), 255, np.uint8), onto, (640, 480)) > 127
    photo[on] = laid[on]
    for k in range(3):
        x, y = (onto @ (60 + 40 * k, height, 1))[:2]
        cv2.ellipse(photo, (round(x), round(y) + 26), (9, 34), 8 * k - 6 + seed, 0, 360, (130, 160, 215), -1)
    return photo, onto @ np.array([[1, 0, 12], [0, 1, 12], [0, 0, 1]])


def test_in_two_photographs_the_table_and_the_hand_are_not_compared() -> None:
    picture = scene(3)
    one, onto = photographed(picture, 1, 2.0, (310.0, 230.0))
    two, _ = photographed(changed(picture), 2, -3.0, (335.0, 250.0))
    found = pair(one, two)
    assert len(found.spotting.differences) == len(BOXES)
    for box in BOXES:
        true = geometry.apply(onto, geometry.box_quad(box)).mean(axis=0)
        assert any(np.linalg.norm(d.a.mean(axis=0) - true) < 8 for d in found.spotting.differences)
    corners = geometry.apply(onto, geometry.rectangle(*picture.shape[1::-1]))
    assert np.abs(found.spotting.panels[0] - corners).max() < 6  # a sheet's margin would be 12
    same, _ = photographed(picture, 3, -3.0, (335.0, 250.0))
    assert pair(one, same).spotting.reason == "no difference found"


def on_paper(*pictures: Image) -> Image:
    """Pictures of 320 x 240 px beside each other on one sheet, 20 px apart, 40 px from its edge."""
    sheet = np.full((320, 60 + 340 * len(pictures), 3), 238, np.uint8)
    for k, picture in enumerate(pictures):
        sheet[40:280, 40 + 340 * k : 360 + 340 * k] = picture
    return sheet


def test_each_of_two_pictures_may_show_a_part_of_its_twin() -> None:
    both = on_paper(scene(5), changed(scene(5)))
    one, two = both[:, :600].copy(), both[:, 150:].copy()  # A and 70 % of B, two thirds of A and B
    found = pair(one, two)
    assert len(found.spotting.differences) == len(BOXES)
    assert found.spotting.panels is not None
    for panel, left in zip(found.spotting.panels, (40, 380 - 150), strict=True):
        assert np.abs(panel - geometry.box_quad((left, 40, 320, 240))).max() < 4


def test_a_picture_that_is_cut_off_is_said_and_never_that_nothing_differs() -> None:
    b = changed(scene(5))
    b[:, :110] = scene(5)[:, :110]
    found = spot_page(on_paper(scene(5), b)[:, : 380 + 105], SETTINGS)
    assert isinstance(found, Inspection)
    assert found.spotting.reason == "a picture is cut off: show both as a whole"
    touching = spot_page(np.hstack([scene(5), changed(scene(5))]), SETTINGS)
    assert isinstance(touching, Inspection)
    assert "cut off" not in touching.spotting.reason  # they end at the edge as well


@pytest.mark.parametrize("odd", [0, 1, 2])
def test_of_three_pictures_the_odd_one_is_said(odd: int) -> None:
    pictures = [changed(scene(5)) if k == odd else scene(5) for k in range(3)]
    found = spot_page(on_paper(*pictures), SETTINGS)
    assert isinstance(found, Inspection)
    assert found.spotting.reason == f"three pictures: the {('first', 'second', 'third')[odd]} one is the odd one out"
    assert len(found.spotting.differences) == len(BOXES)


def test_each_of_several_puzzles_on_a_page_is_found_by_itself() -> None:
    one, two = on_paper(scene(5), changed(scene(5))), on_paper(scene(6), changed(scene(6)))
    apart = np.vstack([one, two])
    results = spot_puzzles(apart, SETTINGS)
    assert [len(found.spotting.differences) for found in results if isinstance(found, Inspection)] == [4, 4]
    tops = sorted(round(found.spotting.panels[0][0, 1]) for found in results if found.spotting.panels)  # type: ignore[union-attr]
    assert np.abs(np.array(tops) - (40, 360)).max() < 4
    small = cv2.resize(two, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)  # another size, another way to B
    padded = cv2.copyMakeBorder(small, 0, 0, 40, 740 - 40 - small.shape[1], cv2.BORDER_CONSTANT, value=(238, 238, 238))
    assert len(spot_puzzles(np.vstack([one, padded]), SETTINGS)) == 2
    assert len(spot_puzzles(one, SETTINGS)) == 1
