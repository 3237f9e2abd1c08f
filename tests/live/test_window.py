"""The real window on a virtual display: real keys, clicks and drags, and the X server's own pixels."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from kit import truth_page
from kit.pixels import PICTURE, STRIP, boxed, colour_at, differs, extent, near, outlined
from kit.xscreen import Person, XScreen

from livespot.frame import Image
from livespot.live import look

pytestmark = pytest.mark.window

QUADS = truth_page.quads(PICTURE)
RED, BLUE = (60, 70, 200), (190, 90, 60)  # the third difference on A and on B, BGR
Sit = Callable[..., Person]


@pytest.fixture(scope="module")
def screen() -> Iterator[XScreen]:
    missing = XScreen.missing()
    if missing:
        pytest.skip(f"needs {missing}")
    with XScreen(1920, 1200) as opened:
        yield opened


@pytest.fixture
def sit(screen: XScreen, tmp_path: Path) -> Iterator[Sit]:
    """Sit down at a window; the session is ended afterwards whatever happened."""
    people: list[Person] = []

    def down(*, until: Callable[[Image], bool] | None = None, **wishes: Any) -> Person:
        person = Person(screen, tmp_path, **wishes)
        people.append(person)
        person.point(640, 690)
        person.wait(until or boxed(QUADS), "the first boxes", 30.0)
        return person

    yield down
    for person in people:
        if person.process.poll() is None:
            person.leave(signal.SIGKILL)


def middle(pair: int, panel: int) -> tuple[float, float]:
    x, y = QUADS[pair][panel].mean(axis=0)
    return float(x), float(y)


def frozen(person: Person) -> None:
    """Freeze, and wait until the strip says so (the Space chip is lit)."""
    person.keys("space")
    person.wait(lambda seen: bool(near(seen[PICTURE[1] :], look.ACCENT).sum() > 1500), "frozen")
    time.sleep(0.2)


def saved(folder: Path, pattern: str, seconds: float = 5.0) -> Path:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = sorted(folder.glob(pattern))
        if found:
            return found[0]
        time.sleep(0.05)
    raise AssertionError(f"no {pattern} in {sorted(p.name for p in folder.iterdir())}")


# --- watching ---


def test_every_difference_is_boxed_on_both_pictures_and_counted_below(sit: Sit) -> None:
    person = sit()
    seen = person.see()
    # The strip lies below the picture: nothing of it over the page.
    assert np.abs(seen[PICTURE[1] + 3, 600].astype(int) - look.DESK).max() < 12
    assert near(seen[PICTURE[1] : PICTURE[1] + STRIP, :300], look.PAPER).sum() > 150  # "5 differences"
    assert person.leave("q") == 0
    assert "5 differences" in person.said


def test_space_stops_the_picture_and_lets_it_go_on(sit: Sit) -> None:
    person = sit(still=False, until=lambda seen: extent(seen)[2] > 600)
    frozen(person)
    time.sleep(0.3)
    one = person.see()
    time.sleep(0.5)
    two = person.see()
    assert differs(one, two) == 0.0
    person.keys("space")
    moved = person.wait(lambda seen: differs(one, seen) > 0.002, "live again")
    time.sleep(0.4)
    assert differs(moved, person.see()) > 0.0
    person.leave("q")
    assert "inspect" in person.diary


def test_a_picture_frozen_before_anything_was_analysed_is_looked_at_all_the_same(sit: Sit) -> None:
    person = sit(slow=1.2, until=lambda seen: bool(seen[:700].mean() > 60))
    person.keys("space")
    seen = person.wait(boxed(QUADS), "the boxes of the frozen picture", 20.0)
    assert near(seen[PICTURE[1] :], look.ACCENT).sum() > 1500  # and it is still frozen
    person.leave("q")


@pytest.mark.parametrize(
    "moment",
    ["before the first frame", "recording", "help", "full screen", "dragging a corner", "blinking", "playing"],
)
def test_the_cross_ends_cleanly_at_any_moment(
    sit: Sit, tmp_path: Path, play: Callable[[Path], Any], moment: str
) -> None:
    if moment == "before the first frame":
        person = sit(fault="late", until=lambda seen: bool(near(seen[PICTURE[1] :], look.PAPER).sum() > 150))
    else:
        person = sit()
    presses = {"recording": "r", "help": "question", "full screen": "f", "dragging a corner": "c", "blinking": "b"}
    if moment in presses:
        person.keys(presses[moment])
    if moment == "playing":
        person.keys("i", "i")
    time.sleep(1.0)
    if moment == "dragging a corner":
        corner = cv2.perspectiveTransform(np.array([[truth_page.PLACES[0]]]), truth_page.pose(0.0, PICTURE))[0, 0]
        person.point(*corner)
        person.screen.hands("mousedown", "1")
        person.point(corner[0] + 30, corner[1] + 20)
    assert person.leave("cross") == 0
    person.screen.hands("mouseup", "1")
    assert "Traceback" not in person.said
    assert not list(tmp_path.glob("*.writing*"))
    films = list(tmp_path.glob("livespot-*.mp4"))
    assert len(films) == (moment == "recording")
    for film in films:
        assert not play(film).complaints


@pytest.mark.parametrize(
    ("how", "when"),
    [
        ("q", "live"),
        ("Escape", "frozen"),
        ("cross", "live"),
        ("cross", "frozen"),
        (signal.SIGINT, "live"),
        (signal.SIGTERM, "frozen"),
        (signal.SIGHUP, "live"),
    ],
    ids=lambda value: str(value),
)
def test_every_way_to_leave_ends_cleanly_with_the_recording_closed(
    sit: Sit, tmp_path: Path, play: Callable[[Path], Any], how: str | int, when: str
) -> None:
    film = tmp_path / "film.mp4"
    person = sit(record=str(film))
    if when == "frozen":
        frozen(person)
    time.sleep(0.3)
    assert person.leave(how) == 0
    assert "Traceback" not in person.said
    watched = play(film)
    assert watched.frames >= 5
    assert watched.size == PICTURE
    assert not watched.complaints
    assert not list(tmp_path.glob("*.writing*"))


def test_r_and_s_keep_what_the_screen_shows_and_never_mirrored(
    sit: Sit, tmp_path: Path, play: Callable[[Path], Any]
) -> None:
    person = sit(mirror=True, until=lambda seen: extent(seen)[2] > 600)
    mirrored = [(np.array([[PICTURE[0] - 1 - x, y] for x, y in quad])) for quad in QUADS[0]]
    seen = person.wait(lambda s: outlined(s, mirrored[0]) > 0.8, "boxes on the mirrored picture")
    assert outlined(seen, QUADS[0][0]) < 0.5
    person.keys("r")
    person.wait(lambda s: bool(near(s[PICTURE[1] :], look.ALARM).sum() > 40), "the recording light")
    time.sleep(1.2)
    person.keys("r")
    film = saved(tmp_path, "livespot-*[0-9].mp4")
    person.keys("s")
    page = saved(tmp_path, "livespot-*.json").with_suffix(".png")
    person.leave("q")
    assert outlined(np.asarray(cv2.imread(str(page)), np.uint8), QUADS[0][0]) > 0.7
    watched = play(film)
    assert 0.8 < watched.seconds < 4.0
    reader = cv2.VideoCapture(str(film))
    good, picture = reader.read()
    reader.release()
    assert good
    assert outlined(np.asarray(picture, np.uint8), QUADS[0][0]) > 0.7


def test_s_saves_the_page_the_card_and_the_data_and_overwrites_nothing(sit: Sit, tmp_path: Path) -> None:
    person = sit()
    person.keys("s", "s")
    saved(tmp_path, "livespot-*-card.png")
    time.sleep(0.5)
    person.leave("q")
    pages = sorted(p for p in tmp_path.glob("livespot-*.png") if "card" not in p.name)
    assert len(pages) == 2
    assert len(list(tmp_path.glob("*-card.png"))) == 2
    picture = cv2.imread(str(pages[0]))
    assert boxed(QUADS)(np.asarray(picture, np.uint8))
    data = json.loads(pages[0].with_suffix(".json").read_text())
    assert [d["id"] for d in data["differences"]] == [1, 2, 3, 4, 5]


def test_e_freezes_and_saves_what_each_step_saw(sit: Sit, tmp_path: Path) -> None:
    person = sit()
    person.keys("e")
    page = saved(tmp_path, "livespot-explained-*/explain.html", 60.0)
    person.wait(lambda seen: bool(near(seen[PICTURE[1] :], look.ACCENT).sum() > 1500), "frozen")
    person.leave("q")
    assert "explain" in person.diary
    assert (page.parent / "explain-1-page.png").is_file()
    assert "What each step of livespot saw" in page.read_text(encoding="utf-8")


def test_question_mark_shows_the_keys_and_takes_them_away(sit: Sit) -> None:
    person = sit()
    before = person.see()
    person.keys("question")
    seen = person.wait(lambda s: differs(before, s) > 0.5, "the help")
    assert near(seen[: PICTURE[1]], look.PAPER).sum() > 3000
    person.keys("question")
    person.wait(boxed(QUADS), "the picture again")
    # Esc leaves the help, not the program.
    person.keys("question")
    person.wait(lambda s: differs(before, s) > 0.5, "the help")
    person.keys("Escape")
    person.wait(boxed(QUADS), "the picture again")
    assert person.leave("Escape") == 0


def test_a_newcomer_sees_one_line_of_hints_until_the_first_key(sit: Sit) -> None:
    person = sit(welcome=True)
    seen = person.see()
    hint = np.s_[660:705, 400:900]
    assert near(seen[hint], look.DESK, 12).mean() > 0.3
    person.keys("t")
    person.wait(lambda s: bool(near(s[hint], look.DESK, 12).mean() < 0.05), "no hints")
    person.leave("q")


@pytest.mark.parametrize("size", [(640, 480), (1000, 560), (1900, 1150)], ids=lambda s: f"{s[0]}x{s[1]}")
def test_the_picture_and_the_text_follow_the_window(sit: Sit, screen: XScreen, size: tuple[int, int]) -> None:
    person = sit()
    person.point(200, 200)
    screen.hands("search", "--name", "livespot", "windowsize", "--sync", str(size[0]), str(size[1]))
    time.sleep(0.6)
    seen = screen.pixels(*size)
    person.leave("q")
    strip = round(STRIP * look.unit(*size))
    scale = min(size[0] / PICTURE[0], (size[1] - strip) / PICTURE[1])
    shift = np.array([size[0] - PICTURE[0] * scale, size[1] - strip - PICTURE[1] * scale]) / 2
    for pair in QUADS:
        for quad in pair:
            outline = quad * scale + shift
            assert outlined(seen, outline) > 0.7
    headline = near(seen[size[1] - strip :, : size[0] // 2], look.PAPER, 60)
    rows = np.flatnonzero(headline.any(axis=1))
    tall = rows.max() - rows.min()
    assert 0.2 * strip < tall < 0.6 * strip


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
    person.drag((200, 300), (290, 340))
    person.wait(lambda s: differs(zoomed, s) > 0.05, "dragged")
    dragged = person.see()
    person.keys("Left")
    panned = person.wait(lambda s: differs(dragged, s) > 0.05, "panned by a key")
    for seen in (whole, zoomed, dragged, panned):
        assert extent(seen[:, :636]) == extent(seen[:, 644:])
    # The drag moved what is seen by what the mouse moved.
    shift, _ = cv2.phaseCorrelate(
        *(np.float32(cv2.cvtColor(s[100:620, 60:580], cv2.COLOR_BGR2GRAY)) for s in (zoomed, dragged)),
        cv2.createHanningWindow((520, 520), cv2.CV_32F),
    )  # fmt: skip
    assert np.allclose(shift, (90, 40), atol=4)
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


def single(pair: int) -> tuple[float, float]:
    """The middle of a difference where one panel fills the window."""
    x, y, w, h = truth_page.DIFFERENCES[pair][1]
    width, height = truth_page.PANEL
    scale = PICTURE[1] / height
    return PICTURE[0] / 2 + (x + w / 2 - width / 2) * scale, (y + h / 2) * scale


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
    x, y = single(2)
    person.keys("v", "v")
    person.wait(lambda s: bool(60 < colour_at(s, x, y)[0] < 185), "half faded")
    person.drag((640, 500), (960, 500))
    person.wait(lambda s: bool(np.abs(colour_at(s, x, y) - BLUE).max() < 30), "all B")
    person.drag((640, 500), (322, 500))
    person.wait(lambda s: bool(np.abs(colour_at(s, x, y) - RED).max() < 30), "all A")
    person.keys("v")
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
    assert near(seen[640:715, 960:1275], look.DESK, 8).mean() > 0.4  # the legend
    person.keys("h")
    person.wait(lambda s: not heated(s), "no heat map")
    person.leave("q")


def test_ticks_and_dismissals_stay_when_live_goes_on(sit: Sit) -> None:
    person = sit()
    frozen(person)
    person.click(*middle(0, 0))
    person.wait(lambda s: outlined(s, QUADS[0][1], look.FOUND) > 0.8, "ticked on both")
    person.click(*middle(1, 1))
    person.keys("d")
    person.wait(lambda s: outlined(s, QUADS[1][0]) < 0.2, "dismissed")
    person.keys("space")
    time.sleep(0.5)
    seen = person.see()
    assert outlined(seen, QUADS[0][0], look.FOUND) > 0.8
    assert outlined(seen, QUADS[1][0]) < 0.2
    assert outlined(seen, QUADS[1][0], look.FOUND) < 0.2
    assert boxed(QUADS[2:])(seen)
    # A click on the live picture ticks too.
    person.click(*middle(2, 1))
    person.wait(lambda s: outlined(s, QUADS[2][0], look.FOUND) > 0.8, "ticked live")
    person.leave("q")


def test_marks_stay_with_a_page_that_is_lost_and_found(sit: Sit) -> None:
    person = sit(away=(15.0, 17.0))  # of the source: late enough for a busy machine to have opened the window
    person.click(*middle(0, 0))
    person.wait(lambda s: outlined(s, QUADS[0][1], look.FOUND) > 0.8, "ticked")
    person.wait(lambda s: outlined(s, QUADS[2][0]) < 0.2, "the page lost", 40.0)
    seen = person.wait(boxed(QUADS[1:]), "the page found")
    assert outlined(seen, QUADS[0][0], look.FOUND) > 0.8
    person.leave("q")


def test_what_was_dismissed_can_be_taken_back_by_a_click_and_a_key(sit: Sit) -> None:
    person = sit()
    frozen(person)
    person.click(*middle(1, 0), button=3)
    person.wait(lambda s: outlined(s, QUADS[1][0]) < 0.2, "dismissed")
    person.click(*middle(1, 0))
    person.wait(lambda s: outlined(s, QUADS[1][1], look.MUTED) > 0.6, "chosen, in grey")
    person.keys("d")
    person.wait(boxed(QUADS), "back")
    person.leave("q")


def test_an_uncertain_difference_is_drawn_as_a_guess_until_the_person_ticks_it(sit: Sit) -> None:
    person = sit(unsure=[3])
    seen = person.see()

    def share(picture: Image, pair: int, colour: look.Colour) -> float:
        left, top = QUADS[pair][0].min(axis=0).astype(int) - 8
        right, bottom = QUADS[pair][0].max(axis=0).astype(int) + 8
        around = 2 * (right - left + bottom - top)
        return float(near(picture[top:bottom, left:right], colour).sum()) / around

    assert share(seen, 2, look.ACCENT) < 0.75 * share(seen, 1, look.ACCENT)
    person.click(*middle(2, 0))
    seen = person.wait(lambda s: outlined(s, QUADS[2][1], look.FOUND) > 0.8, "ticked")
    assert share(seen, 2, look.FOUND) > 0.8 * share(seen, 1, look.ACCENT)  # whole again
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
    right = person.wait(lambda s: outlined(s, QUADS[3][0], look.FOUND) > 0.8, "yes")
    assert outlined(right, QUADS[0][0]) < 0.5
    x, y = middle(0, 0)
    person.click(x + 140, y + 30)
    wrong = person.see()
    assert sum(outlined(wrong, pair[0], look.FOUND) > 0.8 for pair in QUADS) == 1
    person.leave("q")


# --- correcting ---


def test_corners_can_be_dragged(sit: Sit) -> None:
    person = sit()
    frozen(person)
    person.keys("c")
    matrix = truth_page.pose(0.0, PICTURE)
    corner = cv2.perspectiveTransform(np.array([[truth_page.PLACES[0]]]), matrix)[0, 0]
    person.wait(lambda s: bool(near(s, look.FOUND).sum() > 2000), "the outlines")
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


# --- when something goes wrong ---


def test_an_analyser_that_fails_costs_one_line_and_not_the_view(sit: Sit) -> None:
    person = sit(fail=True)
    time.sleep(1.0)
    assert boxed(QUADS)(person.see())
    assert person.leave("q") == 0
    assert person.said.count("the analyser broke") == 1
    assert "Traceback" not in person.said


def test_a_source_that_stalls_is_said_over_the_last_picture(sit: Sit) -> None:
    person = sit(fault="stall", stall_timeout=0.5)
    lit = person.see()
    dark = person.wait(lambda s: float(s[:700].mean()) < 0.75 * float(lit[:700].mean()), "the picture darkened")
    assert near(dark[320:400, 300:980], look.PAPER, 60).sum() > 300  # the words
    assert person.leave("q") == 0


def test_a_source_that_fails_is_said_and_gives_status_1(sit: Sit) -> None:
    person = sit(fault="fail")
    lit = person.see()
    person.wait(lambda s: float(s[:700].mean()) < 0.75 * float(lit[:700].mean()), "the picture darkened")
    assert person.leave("q") == 1
    assert "the page was pulled away" in person.said


def test_the_last_picture_of_a_file_stays_until_the_person_leaves(sit: Sit) -> None:
    person = sit(live=False, frames=15)
    time.sleep(1.5)
    assert boxed(QUADS)(person.see())
    assert person.leave("q") == 0
    assert "15 frames, 15 shown" in person.said


def test_a_still_picture_is_looked_at_until_nothing_new_can_come(sit: Sit) -> None:
    person = sit(live=False, frames=1)
    time.sleep(2.0)
    assert person.leave("q") == 0
    assert "1 frames, 1 shown, 6 analysed" in person.said


def test_a_file_that_is_recorded_ends_with_the_file(sit: Sit, tmp_path: Path, play: Callable[[Path], Any]) -> None:
    person = sit(live=False, frames=45, record=str(tmp_path / "film.mp4"))
    person.process.wait(15)
    assert person.leave() == 0
    assert play(tmp_path / "film.mp4").frames == 45


def test_no_puzzle_in_view_says_what_to_do_and_draws_nothing(sit: Sit) -> None:
    person = sit(empty=True, until=lambda s: bool(near(s[PICTURE[1] :, :400], look.PAPER).sum() > 150))
    assert extent(person.see()) == (0, 0, 0, 0)
    person.keys("space", "n", "b", "h", "d", "Return", "i", "i", "g", "c", "c", "z", "s")
    saved(tmp := person.folder, "livespot-*.json")
    assert not list(tmp.glob("*-card.png"))
    assert person.leave("q") == 0
    assert "Traceback" not in person.said
