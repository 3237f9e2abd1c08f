"""Picture B mirrored, or turned against A."""

import cv2
import numpy as np
import pytest
from kit.puzzles import BOXES, changed, scene

from livespot import geometry
from livespot.frame import Frame, Image
from livespot.settings import Settings
from livespot.spotting.panels.turns import Turn
from livespot.spotting.results import FrameResult, Inspection, State
from livespot.spotting.spotter import Spotter
from livespot.spotting.still import spot_page, spot_pair

TURNS = {
    "mirrored": (Turn(True, 0), "mirrored"),
    "right": (Turn(False, 1), "turned to the right"),
    "half": (Turn(False, 2), "turned by 180 degrees"),
    "left": (Turn(False, 3), "turned to the left"),
}


def printed(b: Image) -> Image:
    """A page with the picture and beside it `b`, on paper."""
    a = scene(4)
    sheet = np.full((440, 760, 3), 238, np.uint8)
    for picture, left in ((a, 40), (b, 400)):
        height, width = picture.shape[:2]
        sheet[60 : 60 + height, left : left + width] = picture
    return sheet


def as_printed(turn: Turn, picture: Image) -> Image:
    """The picture as B, which this turn brings upright again."""
    back = Turn(turn.mirrored, turn.quarters if turn.mirrored else -turn.quarters % 4)
    return back.of(picture)


def boxed(result: FrameResult, turn: Turn, shape: tuple[int, ...]) -> None:
    """Exactly what was changed is boxed, on both panels, in px of picture B as it is printed."""
    assert result.panels is not None
    assert len(result.differences) == len(BOXES)
    panel_a, panel_b = result.panels
    onto = geometry.between(panel_a, geometry.rectangle(*scene(4).shape[1::-1]))
    for d in result.differences:
        assert any(
            np.linalg.norm(geometry.apply(onto, d.a).mean(axis=0) - geometry.box_quad(box).mean(axis=0)) < 8
            for box in BOXES
        )
        assert geometry.is_convex(d.b)
        assert geometry.is_convex(panel_b)
        low = panel_b.min(axis=0)
        upright = geometry.apply(np.linalg.inv(turn.back(shape)), d.b - low).mean(axis=0)
        assert np.linalg.norm(upright - geometry.apply(onto, d.a).mean(axis=0)) < 5


@pytest.mark.parametrize(("turn", "words"), TURNS.values(), ids=TURNS)
def test_two_pictures_are_compared_however_b_lies_and_it_is_said(turn: Turn, words: str) -> None:
    b = as_printed(turn, changed(scene(4)))
    found = spot_pair(scene(4), b, Settings())
    assert isinstance(found, Inspection)
    boxed(found.spotting, turn, b.shape)
    assert found.spotting.b_is == words == found.spotting.as_json()["b_is"]
    assert found.spotting.reason == f"picture B is {words}"


@pytest.mark.parametrize("how", TURNS)
def test_a_page_is_found_however_b_lies(how: str) -> None:
    turn, words = TURNS[how]
    b = as_printed(turn, changed(scene(4)))
    found = spot_page(printed(b), Settings())
    assert isinstance(found, Inspection)
    boxed(found.spotting, turn, b.shape)
    assert found.spotting.b_is == words


def test_nothing_differs_between_a_picture_and_its_mirror_image() -> None:
    found = spot_page(printed(cv2.flip(scene(4), 1)), Settings())
    assert isinstance(found, Inspection)
    assert (found.spotting.differences, found.spotting.reason) == ((), "no difference found; picture B is mirrored")


def test_a_symmetric_picture_alone_is_no_puzzle() -> None:
    half = scene(4)
    found = spot_page(np.hstack([half, cv2.flip(half, 1)]), Settings())
    assert isinstance(found, FrameResult)
    assert "no puzzle" in found.reason


def test_the_live_view_finds_a_mirrored_page_follows_it_and_says_so() -> None:
    sheet = printed(cv2.flip(changed(scene(4)), 1))
    spotter = Spotter(Settings())
    for i in range(6):
        shaken = cv2.warpAffine(
            sheet, np.array([[1, 0, i], [0, 1, -i]], np.float64), (760, 440), borderValue=(238, 238, 238)
        )
        result = spotter.step(Frame(np.asarray(shaken, np.uint8), i / 5, i, 0.0), due=True)
    assert result.state is State.LOCKED
    assert len(result.differences) == len(BOXES)
    assert result.b_is == "mirrored"
    assert "picture B is mirrored" in result.reason
