"""The real window on a virtual display: real keys and clicks, and the X server's own pixels."""

import json
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from kit import truth_page
from kit.screen.pixels import PICTURE, STRIP, boxed, differs, extent, near, outlined
from kit.screen.sitting import QUADS, Sit, frozen, saved
from kit.screen.xscreen import XScreen

from livespot.annotate import drawing

pytestmark = pytest.mark.window


# --- watching ---


def test_every_difference_is_boxed_on_both_pictures_and_counted_below(sit: Sit) -> None:
    person = sit()
    seen = person.see()
    # The strip lies below the picture: nothing of it over the page.
    assert np.abs(seen[PICTURE[1] + 3, 600].astype(int) - drawing.DESK).max() < 12
    assert near(seen[PICTURE[1] : PICTURE[1] + STRIP, :300], drawing.PAPER).sum() > 150  # "5 differences"
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
    assert near(seen[PICTURE[1] :], drawing.ACCENT).sum() > 1500  # and it is still frozen
    person.leave("q")


@pytest.mark.parametrize(
    "moment",
    ["before the first frame", "recording", "help", "full screen", "dragging a corner", "blinking", "playing"],
)
def test_the_cross_ends_cleanly_at_any_moment(
    sit: Sit, tmp_path: Path, play: Callable[[Path], Any], moment: str
) -> None:
    if moment == "before the first frame":
        person = sit(fault="late", until=lambda seen: bool(near(seen[PICTURE[1] :], drawing.PAPER).sum() > 150))
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
    if how == "Escape":
        person.keys("Escape", "Escape")  # to the live view; asked once more
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
    person.wait(lambda s: bool(near(s[PICTURE[1] :], drawing.ALARM).sum() > 40), "the recording light")
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
    person.wait(lambda seen: bool(near(seen[PICTURE[1] :], drawing.ACCENT).sum() > 1500), "frozen")
    person.leave("q")
    assert "explain" in person.diary
    assert (page.parent / "explain-1-page.png").is_file()
    assert "What each step of livespot saw" in page.read_text(encoding="utf-8")


def test_question_mark_shows_the_keys_and_takes_them_away(sit: Sit) -> None:
    person = sit()
    before = person.see()
    person.keys("question")
    seen = person.wait(lambda s: differs(before, s) > 0.5, "the help")
    assert near(seen[: PICTURE[1]], drawing.PAPER).sum() > 3000
    person.keys("question")
    person.wait(boxed(QUADS), "the picture again")
    # Esc leaves the help, not the program.
    person.keys("question")
    person.wait(lambda s: differs(before, s) > 0.5, "the help")
    person.keys("Escape")
    person.wait(boxed(QUADS), "the picture again")
    person.keys("Escape")
    assert person.leave("Escape") == 0


def test_a_newcomer_sees_one_line_of_hints_until_the_first_key(sit: Sit) -> None:
    person = sit(welcome=True)
    seen = person.see()
    hint = np.s_[660:705, 400:900]
    assert near(seen[hint], drawing.DESK, 12).mean() > 0.3
    person.keys("t")
    person.wait(lambda s: bool(near(s[hint], drawing.DESK, 12).mean() < 0.05), "no hints")
    person.leave("q")


@pytest.mark.parametrize("size", [(640, 480), (1000, 560), (1900, 1150)], ids=lambda s: f"{s[0]}x{s[1]}")
def test_the_picture_and_the_text_follow_the_window(sit: Sit, screen: XScreen, size: tuple[int, int]) -> None:
    person = sit()
    person.point(200, 200)
    screen.hands("search", "--name", "livespot", "windowsize", "--sync", str(size[0]), str(size[1]))
    time.sleep(0.6)
    seen = screen.pixels(*size)
    person.leave("q")
    strip = round(STRIP * drawing.unit(*size))
    scale = min(size[0] / PICTURE[0], (size[1] - strip) / PICTURE[1])
    shift = np.array([size[0] - PICTURE[0] * scale, size[1] - strip - PICTURE[1] * scale]) / 2
    for pair in QUADS:
        for quad in pair:
            outline = quad * scale + shift
            assert outlined(seen, outline) > 0.7
    headline = near(seen[size[1] - strip :, : size[0] // 2], drawing.PAPER, 60)
    rows = np.flatnonzero(headline.any(axis=1))
    tall = rows.max() - rows.min()
    assert 0.2 * strip < tall < 0.6 * strip


def test_another_source_is_chosen_in_the_window_that_is_open(sit: Sit, screen: XScreen) -> None:
    person = sit(panel="No camera was found", until=lambda s: bool(near(s[:600, :370], drawing.DESK, 12).mean() > 0.6))
    window = screen.hands("search", "--name", "livespot: page")
    person.wait(lambda s: bool(near(s[:700, 400:], drawing.ACCENT).sum() > 1500), "boxes beside the panel")
    person.keys("Down", "Down", "Down", "Return")  # to the path
    screen.hands("type", "no.png")
    person.keys("Return")
    person.wait(lambda s: bool(near(s[PICTURE[1] :, :60], drawing.ALARM).sum() > 20), "said: no such file")
    person.keys("Down", "Return")  # the first of the demo's
    seen = person.wait(boxed(QUADS), "the other page, boxed, without the panel")
    assert abs(int(seen[700, 640, 0]) - 120) < 40 or seen[60:100, 300:900].mean() < 150  # on grey paper
    assert screen.hands("search", "--name", "livespot: page") == window  # the same window
    assert person.leave("q") == 0
    assert person.said.count("page:") == 2  # what became of the first, and of the second


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
    assert near(dark[320:400, 300:980], drawing.PAPER, 60).sum() > 300  # the words
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
    assert "1 frame, 1 shown, 6 analysed" in person.said


def test_a_file_that_is_recorded_ends_with_the_file(sit: Sit, tmp_path: Path, play: Callable[[Path], Any]) -> None:
    person = sit(live=False, frames=45, record=str(tmp_path / "film.mp4"))
    person.process.wait(15)
    assert person.leave() == 0
    assert play(tmp_path / "film.mp4").frames == 45


def test_no_puzzle_in_view_says_what_to_do_and_draws_nothing(sit: Sit) -> None:
    person = sit(empty=True, until=lambda s: bool(near(s[PICTURE[1] :, :400], drawing.PAPER).sum() > 150))
    assert extent(person.see()) == (0, 0, 0, 0)
    person.keys("space", "n", "b", "h", "d", "Return", "i", "i", "g", "c", "c", "z", "s")
    saved(tmp := person.folder, "livespot-*.json")
    assert not list(tmp.glob("*-card.png"))
    assert person.leave("q") == 0
    assert "Traceback" not in person.said
