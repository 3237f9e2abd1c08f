"""Looking closer, playing and correcting in the real window: real keys, clicks and drags."""

import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from kit import truth_page
from kit.screen.pixels import PICTURE, boxed, colour_at, differs, extent, near, outlined
from kit.screen.sitting import BLUE, QUADS, RED, Sit, frozen, middle
from kit.screen.xscreen import Person

from livespot.annotate import drawing
from livespot.frame import Image
from livespot.live.interaction.inspector import FOOT, HEAD

pytestmark = pytest.mark.window


# --- looking closer ---


def test_n_and_p_step_through_the_differences_a_beside_b(sit: Sit) -> None:
    person = sit()
    person.keys("n")

    def halves(seen: Image) -> tuple[tuple[int, ...], tuple[int, ...]]:
        left, right = seen[:, :636], seen[:, 644:]
        return extent(left), extent(right)

    def side_by_side(seen: Image) -> bool:
        a, b = halves(seen)
        return a[2] - a[0] > 150 and a == b

    one = person.wait(side_by_side, "the first difference, A beside B")
    left, top, right, bottom = halves(one)[0]
    # Large and in the middle; the number sticks out at the upper left.
    assert abs((left + right) / 2 - 318) < 25
    assert abs((top + bottom) / 2 - 360) < 25
    # It was removed: red in A, gone in B.
    assert np.abs(colour_at(one, 318, 360) - RED).max() < 30
    assert np.abs(colour_at(one, 644 + 318, 360) - RED).max() > 60
    person.keys("n")
    two = person.wait(lambda seen: side_by_side(seen) and differs(one, seen) > 0.05, "the second difference")
    assert np.abs(colour_at(two, 644 + 318, 360) - RED).max() < 30
    person.keys("p")
    person.wait(lambda seen: differs(one, seen) < 0.001, "the first again")
    person.leave("q")


def test_zoom_and_pan_move_both_panels_in_step(sit: Sit) -> None:
    person = sit()
    frozen(person)
    person.keys("v")
    whole = person.wait(lambda s: extent(s[:, :636]) == extent(s[:, 644:]) != (0, 0, 0, 0), "side by side")
    person.keys("z")
    zoomed = person.wait(lambda s: differs(whole, s) > 0.05, "zoomed in")
    person.drag((200, 300), (260, 340))
    person.wait(lambda s: differs(zoomed, s) > 0.05, "dragged")
    dragged = person.see()
    person.keys("Right")
    panned = person.wait(lambda s: differs(dragged, s) > 0.05, "panned by a key")
    for seen in (whole, zoomed, dragged, panned):
        assert extent(seen[:, :636]) == extent(seen[:, 644:])
    # The drag moved what is seen by what the mouse moved.
    shift, _ = cv2.phaseCorrelate(
        *(np.float32(cv2.cvtColor(s[100:620, 60:580], cv2.COLOR_BGR2GRAY)) for s in (zoomed, dragged)),
        cv2.createHanningWindow((520, 520), cv2.CV_32F),
    )
    assert np.allclose(shift, (60, 40), atol=4)
    person.keys("0")
    person.wait(lambda s: differs(whole, s) < 0.002, "the whole again")
    person.leave("q")


def toggles(person: Person, x: float, y: float, seconds: float) -> int:
    """How often the colour at a point changes between A's and B's."""
    until, last, count = time.monotonic() + seconds, None, 0
    while time.monotonic() < until:
        colour = colour_at(person.screen.pixels(1280, 768), x, y)
        now = bool(np.abs(colour - RED).max() < np.abs(colour - BLUE).max())
        count += last is not None and now is not last
        last = now
        time.sleep(0.02)
    return count


def single(pair: int, foot: int = 0) -> tuple[float, float]:
    """The middle of a difference where one panel fills the window, below its name. foot: px below it, for a slider."""
    x, y, w, h = truth_page.DIFFERENCES[pair][1]
    width, height = truth_page.PANEL
    scale = (PICTURE[1] - HEAD - foot) / height
    return PICTURE[0] / 2 + (x + w / 2 - width / 2) * scale, HEAD + (y + h / 2) * scale


def test_b_blinks_between_a_and_b_and_the_rate_can_be_changed(sit: Sit) -> None:
    person = sit()
    frozen(person)
    person.keys("b")
    x, y = single(2)
    person.wait(lambda s: bool(np.abs(colour_at(s, x, y) - BLUE).max() < 30), "B")
    person.wait(lambda s: bool(np.abs(colour_at(s, x, y) - RED).max() < 30), "A")
    usual = toggles(person, x, y, 2.0)
    person.keys("comma", "comma", "comma")
    slow = toggles(person, x, y, 2.0)
    person.keys(*["period"] * 6)
    fast = toggles(person, x, y, 2.0)
    assert 1 <= usual <= 6
    assert slow < usual < fast
    person.leave("q")


def test_the_split_and_the_fade_follow_the_drag(sit: Sit) -> None:
    person = sit()
    frozen(person)
    x, y = single(2, FOOT)
    person.keys("v", "v")
    person.wait(lambda s: bool(60 < colour_at(s, x, y)[0] < 185), "half faded")
    person.drag((640, 500), (960, 500))
    person.wait(lambda s: bool(np.abs(colour_at(s, x, y) - BLUE).max() < 30), "all B")
    person.drag((640, 500), (322, 500))
    person.wait(lambda s: bool(np.abs(colour_at(s, x, y) - RED).max() < 30), "all A")
    person.keys("v")
    x, y = single(2)
    person.drag((640, 600), (x - 60, 600))
    person.wait(lambda s: bool(np.abs(colour_at(s, x, y) - BLUE).max() < 30), "B right of the line")
    person.drag((640, 600), (x + 60, 600))
    person.wait(lambda s: bool(np.abs(colour_at(s, x, y) - RED).max() < 30), "A left of the line")
    person.leave("q")


def test_h_shows_where_it_differs_and_a_legend(sit: Sit) -> None:
    person = sit()
    frozen(person)
    person.keys("h")
    x, y = middle(0, 0)

    def heated(seen: Image) -> bool:
        hot, cold = colour_at(seen, x, y), colour_at(seen, x + 150, y + 20)
        return bool(hot.max() > 200 and hot.min() < 190 and np.ptp(cold) < 12)

    seen = person.wait(heated, "the heat map")
    assert near(seen[640:715, 960:1275], drawing.DESK, 8).mean() > 0.4  # the legend
    person.keys("h")
    person.wait(lambda s: not heated(s), "no heat map")
    person.leave("q")


def test_ticks_and_dismissals_stay_when_live_goes_on(sit: Sit) -> None:
    person = sit()
    frozen(person)
    person.click(*middle(0, 0))
    person.wait(lambda s: outlined(s, QUADS[0][1], drawing.FOUND) > 0.8, "ticked on both")
    person.click(*middle(1, 1))
    person.keys("d")
    person.wait(lambda s: outlined(s, QUADS[1][0]) < 0.2, "dismissed")
    person.keys("space")
    time.sleep(0.5)
    seen = person.see()
    assert outlined(seen, QUADS[0][0], drawing.FOUND) > 0.8
    assert outlined(seen, QUADS[1][0]) < 0.2
    assert outlined(seen, QUADS[1][0], drawing.FOUND) < 0.2
    assert boxed(QUADS[2:])(seen)
    # A click on the live picture ticks too.
    person.click(*middle(2, 1))
    person.wait(lambda s: outlined(s, QUADS[2][0], drawing.FOUND) > 0.8, "ticked live")
    person.leave("q")


def test_marks_stay_with_a_page_that_is_lost_and_found(sit: Sit, tmp_path: Path) -> None:
    person = sit()
    person.click(*middle(0, 0))
    person.wait(lambda s: outlined(s, QUADS[0][1], drawing.FOUND) > 0.8, "ticked")
    (tmp_path / "away").touch()
    person.wait(lambda s: outlined(s, QUADS[2][0]) < 0.2, "the page lost")
    (tmp_path / "away").unlink()
    seen = person.wait(boxed(QUADS[1:]), "the page found")
    assert outlined(seen, QUADS[0][0], drawing.FOUND) > 0.8
    person.leave("q")


def test_what_was_dismissed_can_be_taken_back_by_a_click_and_a_key(sit: Sit) -> None:
    person = sit()
    frozen(person)
    before = person.see()
    person.click(*middle(1, 0), button=3)
    person.wait(lambda s: differs(before, s) > 0.05, "the menu")
    x, y = middle(1, 0)
    person.click(x + 40, y + 55)  # its second line: dismiss 2 as wrong
    person.wait(lambda s: outlined(s, QUADS[1][0]) < 0.2, "dismissed")
    person.click(*middle(1, 0))
    person.wait(lambda s: outlined(s, QUADS[1][1], drawing.MUTED) > 0.6, "chosen, in grey")
    person.keys("d")
    person.wait(boxed(QUADS), "back")
    person.leave("q")


def test_an_uncertain_difference_is_drawn_as_a_guess_until_the_person_ticks_it(sit: Sit) -> None:
    person = sit(unsure=[3])
    seen = person.see()

    def share(picture: Image, pair: int, colour: drawing.Colour) -> float:
        left, top = QUADS[pair][0].min(axis=0).astype(int) - 8
        right, bottom = QUADS[pair][0].max(axis=0).astype(int) + 8
        around = 2 * (right - left + bottom - top)
        return float(near(picture[top:bottom, left:right], colour).sum()) / around

    assert share(seen, 2, drawing.ACCENT) < 0.75 * share(seen, 1, drawing.ACCENT)
    person.click(*middle(2, 0))
    seen = person.wait(lambda s: outlined(s, QUADS[2][1], drawing.FOUND) > 0.8, "ticked")
    assert share(seen, 2, drawing.FOUND) > 0.8 * share(seen, 1, drawing.ACCENT)  # whole again
    person.leave("q")


# --- playing ---


def test_hints_come_in_small_steps_and_end_with_the_box(sit: Sit) -> None:
    person = sit()

    def hidden(seen: Image) -> bool:
        return all(outlined(seen, quad) < 0.5 for pair in QUADS for quad in pair)

    person.keys("i")
    nothing = person.wait(hidden, "the boxes hidden")
    person.keys("i")
    quarter = person.wait(lambda s: extent(s) != extent(nothing), "a quarter")
    _, top, _, bottom = extent(quarter)
    assert hidden(quarter)
    assert (bottom - top) > 200
    # What is outside the quarter stands in the dark.
    lights = []
    for x in (0.25, 0.75):
        for y in (0.25, 0.75):
            place = np.array([[truth_page.PLACES[0] + np.array(truth_page.PANEL) * [x, y]]], np.float64)
            at = cv2.perspectiveTransform(place, truth_page.pose(0.0, PICTURE))[0, 0].astype(int)
            part = np.s_[at[1] - 40 : at[1] + 40, at[0] - 40 : at[0] + 40]
            lights.append(float(quarter[part].mean()) / float(nothing[part].mean()))
    assert sorted(light > 0.8 for light in lights) == [False, False, False, True]
    assert sorted(lights)[2] < 0.6
    person.keys("i")
    circle = person.wait(lambda s: extent(s)[3] - extent(s)[1] < bottom - top - 50 and extent(s)[2] > 0, "a circle")
    assert hidden(circle)
    person.keys("i")
    shown = person.wait(lambda s: any(boxed([pair])(s) for pair in QUADS), "one box")
    assert sum(boxed([pair])(shown) for pair in QUADS) == 1
    # Nothing is given away by the other ways to look.
    person.keys("h")
    assert sum(boxed([pair])(person.see()) for pair in QUADS) == 1
    person.keys("g")
    person.wait(boxed(QUADS), "given up: all boxes")
    person.leave("q")


def test_a_guess_gets_yes_or_no(sit: Sit) -> None:
    person = sit()
    person.keys("i")
    person.wait(lambda s: outlined(s, QUADS[0][0]) < 0.5, "the boxes hidden")
    person.click(*middle(3, 1))
    right = person.wait(lambda s: outlined(s, QUADS[3][0], drawing.FOUND) > 0.8, "yes")
    assert outlined(right, QUADS[0][0]) < 0.5
    x, y = middle(0, 0)
    person.click(x + 140, y + 30)
    wrong = person.see()
    assert sum(outlined(wrong, pair[0], drawing.FOUND) > 0.8 for pair in QUADS) == 1
    person.leave("q")


# --- correcting ---


def test_corners_can_be_dragged(sit: Sit) -> None:
    person = sit()
    frozen(person)
    person.keys("c")
    matrix = truth_page.pose(0.0, PICTURE)
    corner = cv2.perspectiveTransform(np.array([[truth_page.PLACES[0]]]), matrix)[0, 0]
    person.wait(lambda s: bool(near(s, drawing.FOUND).sum() > 2000), "the outlines")
    person.drag((corner[0], corner[1]), (corner[0] + 40, corner[1] + 30))
    time.sleep(0.4)
    person.keys("c")
    person.leave("q")
    given = [line for line in person.diary if line.startswith("set_panels")]
    assert len(given) == 1
    x, y = (float(v) for v in given[0].split()[1].split(","))
    assert np.allclose((x - 40, y - 30), corner, atol=6)


def test_the_machine_is_told_what_was_asked(sit: Sit) -> None:
    person = sit()
    person.keys("l")
    time.sleep(0.2)
    person.keys("minus")
    person.wait(lambda s: outlined(s, QUADS[4][0]) < 0.3, "fewer boxes when less sensitive")
    person.keys("plus")
    person.wait(boxed(QUADS), "all boxes again")
    person.keys("l")
    time.sleep(0.2)
    person.keys("a")
    time.sleep(0.3)
    person.leave("q")
    asked = [line for line in person.diary if line != "warm_up"]
    assert asked == ["lock True", "sensitivity 0.80", "sensitivity 1.00", "lock False", "search_again"]
