"""What is drawn on a picture, with no window near."""

import warnings
from dataclasses import replace

import cv2
import numpy as np
import pytest
from kit import truth_page
from kit.screen.pixels import boxed, differs, near, outlined

from livespot.annotate import boxes, drawing
from livespot.annotate.boxes import Marking
from livespot.spotting.results import Difference, FrameResult, State

SIZE = (1280, 720)
QUADS = truth_page.quads(SIZE)


def test_nothing_known_draws_nothing() -> None:
    image, _ = truth_page.looked_at()
    drawn = boxes.draw(image.copy(), FrameResult(0, 0.0, State.SEARCHING, "hold still"))
    assert np.array_equal(drawn, image)


def test_as_many_calls_draw_many_boxes_as_draw_few(monkeypatch: pytest.MonkeyPatch) -> None:
    image, spotting = truth_page.looked_at()
    calls = []
    draw = cv2.polylines
    monkeypatch.setattr(cv2, "polylines", lambda *given, **more: calls.append(1) or draw(*given, **more))
    few, many = spotting.differences[:1], [replace(d, id=i) for i, d in enumerate(4 * spotting.differences, 1)]
    counts = []
    for differences in (few, tuple(many)):
        calls.clear()
        boxes.draw(image.copy(), replace(spotting, differences=differences))
        counts.append(len(calls))
    assert counts[0] == counts[1] > 0


@pytest.mark.parametrize("paper", [255, 236, 120, 8], ids=["white", "paper", "grey", "black"])
def test_boxes_stand_out_on_any_paper(paper: int) -> None:
    image, spotting = truth_page.looked_at(paper=paper)
    drawn = boxes.draw(image, spotting)
    assert drawn is image
    assert boxed(QUADS)(drawn)


@pytest.mark.parametrize(
    ("marking", "amber", "blue"),
    [
        (Marking(), {1, 2, 3, 4, 5}, set()),
        (Marking(ticked=frozenset({2})), {1, 3, 4, 5}, {2}),
        (Marking(dismissed=frozenset({1, 5})), {2, 3, 4}, set()),
        (Marking(hiding=True), set(), set()),
        (Marking(hiding=True, ticked=frozenset({4}), revealed=frozenset({1})), {1}, {4}),
        (Marking(hiding=True, revealed=frozenset({1}), dismissed=frozenset({1})), set(), set()),
    ],
    ids=["unmarked", "one ticked", "two dismissed", "playing", "playing, found and shown", "shown but dismissed"],
)
def test_marks_decide_what_is_drawn(marking: Marking, amber: set[int], blue: set[int]) -> None:
    image, spotting = truth_page.looked_at()
    drawn = boxes.draw(image, spotting, marking=marking)
    for number, pair in enumerate(QUADS, 1):
        for quad in pair:
            assert (outlined(drawn, quad) > 0.8) == (number in amber)
            assert (outlined(drawn, quad, drawing.FOUND) > 0.8) == (number in blue)


def test_a_remembered_difference_is_dashed() -> None:
    image, spotting = truth_page.looked_at()
    first = spotting.differences[0]
    plain, dashed = (
        near(boxes.draw(image.copy(), replace(spotting, differences=(one,))), drawing.ACCENT).sum()
        for one in (first, replace(first, remembered=True))
    )
    assert 0.4 * plain < dashed < 0.85 * plain


def test_an_uncertain_difference_looks_uncertain_until_it_is_ticked() -> None:
    image, spotting = truth_page.looked_at()
    first = spotting.differences[0]
    guess = replace(first, confidence=boxes.UNSURE - 0.05)

    def drawn(difference: Difference, colour: drawing.Colour, **marks: object) -> int:
        one = replace(spotting, differences=(difference,))
        return int(near(boxes.draw(image.copy(), one, marking=Marking(**marks)), colour).sum())  # type: ignore[arg-type]

    sure, unsure = drawn(first, drawing.ACCENT), drawn(guess, drawing.ACCENT)
    assert 0.2 * sure < unsure < 0.6 * sure
    ticked = frozenset({guess.id})
    assert drawn(guess, drawing.FOUND, ticked=ticked) == drawn(first, drawing.FOUND, ticked=ticked) > 0.8 * sure


def test_a_dismissed_difference_is_seen_again_in_grey_only_when_it_is_chosen() -> None:
    image, spotting = truth_page.looked_at()
    first = spotting.differences[0]
    away = Marking(dismissed=frozenset({first.id}))
    blank = np.zeros_like(image)
    for marking, seen in ((away, False), (replace(away, selected=first.id), True)):
        picture = boxes.draw(blank.copy(), replace(spotting, differences=(first,)), marking=marking, corners=False)
        assert bool(near(picture, drawing.MUTED).sum() > 100) == seen
        assert near(picture, drawing.ACCENT).sum() == 0


def test_numbers_stay_upright_and_in_the_picture_when_it_is_mirrored() -> None:
    image, spotting = truth_page.looked_at()
    mirror = np.array([[-1, 0, SIZE[0] - 1], [0, 1, 0], [0, 0, 1]], np.float64)
    plain = boxes.draw(np.zeros_like(image), spotting, corners=False)
    drawn = boxes.draw(np.zeros_like(image), spotting, to=mirror, corners=False)
    assert boxed([tuple(np.array([[SIZE[0] - 1 - x, y] for x, y in q]) for q in pair) for pair in QUADS])(drawn)  # type: ignore[misc]
    # Turned back, the boxes lie where they were; the numbers do not: they were drawn to be read.
    back = drawn[:, ::-1]
    assert boxed(QUADS)(np.ascontiguousarray(back))
    assert differs(plain, back) > 0.001


def test_each_of_two_pictures_gets_its_own_quads() -> None:
    image, spotting = truth_page.looked_at()
    drawn = boxes.draw(image, spotting, panels=("b",))
    for a, b in QUADS:
        assert outlined(drawn, a) < 0.3
        assert outlined(drawn, b) > 0.8


@pytest.mark.parametrize("far", [1e3, 1e6, 1e12, np.nan, np.inf], ids=str)
def test_hopeless_places_do_no_harm(far: float) -> None:
    image, spotting = truth_page.looked_at()
    first, *rest = spotting.differences
    odd = replace(first, a=first.a + far, b=first.b - far)
    panels = spotting.panels
    hopeless = replace(spotting, differences=(odd, *rest), panels=(panels[0] + far, panels[1]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = boxes.draw(image, hopeless, to=np.eye(3))
    assert boxed(QUADS[1:])(drawn)


@pytest.mark.parametrize("size", [(64, 64), (320, 240), (4000, 3000)], ids=lambda s: f"{s[0]}x{s[1]}")
def test_lines_and_numbers_follow_the_size_of_the_picture(size: tuple[int, int]) -> None:
    _, spotting = truth_page.looked_at()
    scale = np.diag([size[0] / SIZE[0], size[1] / SIZE[1], 1.0])
    drawn = boxes.draw(np.full((size[1], size[0], 3), 200, np.uint8), spotting, to=scale)
    share = near(drawn, drawing.ACCENT).mean()
    assert 0.002 < share < 0.5


def test_in_a_tiny_picture_one_count_stands_for_the_numbers() -> None:
    _, seen = truth_page.looked_at()
    first = replace(seen.differences[0], confidence=0.5)
    some = replace(seen, differences=(first, *seen.differences[1:]))
    for width, badges in ((320, 1), (1280, 2 * len(some.differences))):
        drawn: list[drawing.Badge] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(drawing, "badges", lambda image, labels, drawn=drawn: drawn.extend(labels))
            boxes.draw(
                np.zeros((width * 9 // 16, width, 3), np.uint8), some, to=np.diag([width / 1280, width / 1280, 1])
            )
        assert len(drawn) == badges
        if badges == 1:
            assert drawn[0].string == f"{len(some.differences) - 1}+1?"
