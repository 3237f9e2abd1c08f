"""What people expect of any window: Esc goes back one step, undo undoes, the wheel zooms, a menu has everything."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from kit.patience import until
from kit.screen.desk import Sitting
from kit.truth_page import quads

from livespot.capture import newest
from livespot.frame import Frame
from livespot.live.interaction import dispatch, keys, mouse
from livespot.live.interaction.events import Mouse
from livespot.live.interaction.handlers import keeping
from livespot.live.interaction.inspector import Mode
from livespot.live.interaction.keys import Action
from livespot.live.loop.windowed import first_size
from livespot.live.window import status_words
from livespot.record import naming, snapshot
from livespot.spotting.results import State

SIZE = (1280, 768)


@pytest.fixture
def sitting(tmp_path: Path) -> Iterator[Sitting]:
    there = Sitting(tmp_path)
    with there.engine:
        there.settle()
        there.screen.draw(SIZE)
        yield there


def said(sitting: Sitting) -> str:
    return status_words.status(sitting.desk, sitting.now).headline


def test_esc_goes_back_one_step_at_a_time_and_quits_when_asked_twice(sitting: Sitting) -> None:
    desk = sitting.desk
    dispatch.do(desk, Action.FULL_SCREEN)
    sitting.do(Action.FREEZE, Action.HINT, Action.VIEW)
    sitting.screen.draw(SIZE)
    sitting.do(Action.ZOOM_IN)
    sitting.screen.draw(SIZE)
    steps = []
    for _ in range(6):
        dispatch.do(desk, Action.BACK)
        sitting.screen.draw(SIZE)
        frozen = desk.frozen
        mode = "live" if frozen is None else "zoomed" if frozen.zoomed else str(frozen.mode)
        steps.append((mode, desk.play is not None, desk.full, desk.quit))
    assert steps == [
        (str(Mode.SIDES), True, True, False),
        (str(Mode.PAGE), True, True, False),
        (str(Mode.PAGE), False, True, False),
        ("live", False, True, False),
        ("live", False, False, False),
        ("live", False, False, False),
    ]
    assert said(sitting) == "Esc again quits"
    dispatch.do(desk, Action.BACK)
    assert desk.quit


def test_the_second_esc_must_come_soon(sitting: Sitting) -> None:
    dispatch.do(sitting.desk, Action.BACK)
    sitting.now += 10
    dispatch.do(sitting.desk, Action.BACK)
    assert not sitting.desk.quit


@pytest.mark.parametrize("action", [Action.QUIT, Action.BACK])
def test_a_recording_is_not_ended_without_its_name(sitting: Sitting, action: Action) -> None:
    desk = sitting.desk
    dispatch.do(desk, Action.RECORD)
    name = desk.outputs.recorded_to
    dispatch.do(desk, action)
    assert not desk.quit
    assert name.endswith(".mp4")
    assert name in said(sitting)
    dispatch.do(desk, action)
    assert desk.quit
    desk.outputs.close()


def test_undo_takes_back_ticks_and_dismissals_the_last_first(sitting: Sitting) -> None:
    desk = sitting.desk
    sitting.do(Action.NEXT)
    chosen = desk.frozen.selected if desk.frozen is not None else None
    sitting.do(Action.TICK, Action.DISMISS)
    assert (desk.marks.ticked, desk.marks.dismissed) == (set(), {chosen})
    dispatch.key(desk, keys.UNDO_CODE)
    assert (desk.marks.ticked, desk.marks.dismissed) == ({chosen}, set())
    dispatch.key(desk, ord("u"))
    assert (desk.marks.ticked, desk.marks.dismissed) == (set(), set())
    dispatch.do(desk, Action.UNDO)
    assert said(sitting) == "Nothing to undo"


def test_undo_puts_a_corner_back(sitting: Sitting) -> None:
    sitting.do(Action.CORNERS)
    sitting.screen.draw(SIZE)
    frozen = sitting.desk.frozen
    before = frozen.corners.quads[0].copy()
    view = frozen.layout((0, 0, SIZE[0], 720), 1.0, False)[0][0]
    x, y = (view.matrix() @ [*before[0], 1.0])[:2].round().astype(int)
    for kind, by, held in (("down", 0, True), ("move", 30, True), ("up", 30, False)):
        mouse.mouse(sitting.desk, Mouse(kind, int(x) + by, int(y) + by, held))
    sitting.settle()
    assert np.abs(frozen.corners.quads[0] - before).max() > 10
    dispatch.do(sitting.desk, Action.UNDO)
    sitting.settle()
    assert np.abs(frozen.corners.quads[0] - before).max() < 0.5


def test_the_wheel_zooms_at_the_pointer_and_a_double_click_shows_all_again(sitting: Sitting) -> None:
    desk = sitting.desk
    at = (300, 200)
    mouse.mouse(desk, Mouse("wheel", *at, notches=1.0))
    sitting.settle()
    sitting.screen.draw(SIZE)
    frozen = desk.frozen
    below = frozen._views[0][0].to_picture(*at)
    for _ in range(3):
        mouse.mouse(desk, Mouse("wheel", *at, notches=1.0))
    sitting.screen.draw(SIZE)
    assert frozen.zoomed
    assert frozen._views[0][0].to_picture(*at) == pytest.approx(below, abs=1.0)
    mouse.mouse(desk, Mouse("twice", 5, 5, held=True))
    assert not frozen.zoomed


def test_the_menu_has_every_key_that_can_be_used_and_is_inside_the_picture(sitting: Sitting) -> None:
    desk = sitting.desk
    sitting.do(Action.FREEZE)
    for size in ((320, 240), (640, 480), SIZE, (3840, 2160)):
        sitting.screen.draw(size)
        mouse.mouse(desk, Mouse("right", size[0] - 2, size[1] - 90))
        canvas = sitting.screen.draw(size)
        rects = desk.menu.places
        assert len(rects) == len(desk.menu.entries) > 15
        assert min(r[0] for r in rects) >= 0
        assert max(r[0] + r[2] for r in rects) <= size[0]
        assert max(r[1] + r[3] for r in rects) <= canvas.shape[0]
        assert min(r[3] for r in rects) >= 13  # px: letters of 7 and more


def test_all_that_has_a_key_can_be_done_with_the_mouse(sitting: Sitting) -> None:
    desk = sitting.desk
    desk.choosable, desk.kept, desk.camera = True, Path(), Mock()
    sitting.do(Action.NEXT)
    chosen = desk.frozen.chosen() if desk.frozen is not None else None
    assert chosen is not None
    sitting.do(Action.TICK)
    faces = {entry.face for entry in dispatch.menu(desk, (5, 5), chosen).entries}
    sitting.do(Action.BLINK)
    faces |= {entry.face for entry in dispatch.menu(desk, (5, 5), None).entries}
    sitting.do(Action.HINT)
    faces |= {entry.face for entry in dispatch.menu(desk, (5, 5), None).entries}
    dragged = {"←", "→", "↑", "↓"}
    assert {face for key in keys.TABLE for face, _, _ in key.bindings} - faces == dragged | {"Esc"}


def test_the_menu_on_a_box_ticks_and_dismisses_it(sitting: Sitting) -> None:
    desk = sitting.desk
    first = desk.live.differences[0]
    x, y = (desk.view.matrix() @ [*quads((1280, 720))[0][0].mean(axis=0), 1.0])[:2].round().astype(int)
    for words, marks in (("tick", desk.marks.ticked), ("dismiss", desk.marks.dismissed)):
        mouse.mouse(desk, Mouse("right", int(x), int(y)))
        sitting.screen.draw(SIZE)
        entry = next(e for e in desk.menu.entries if e.words.startswith(words))
        left, top, width, tall = desk.menu.places[desk.menu.entries.index(entry)]
        mouse.mouse(desk, Mouse("down", left + width // 2, top + tall // 2, held=True))
        assert desk.menu is None
        assert marks == {first.id}


def test_a_press_beside_the_menu_only_closes_it(sitting: Sitting) -> None:
    desk = sitting.desk
    mouse.mouse(desk, Mouse("right", 20, 20))
    sitting.screen.draw(SIZE)
    mouse.mouse(desk, Mouse("down", SIZE[0] - 3, 5, held=True))
    assert desk.menu is None
    assert desk.frozen is None


def test_nothing_is_called_lost_before_it_was_seen_and_the_welcome_waits(sitting: Sitting) -> None:
    fresh = Sitting(sitting.desk.pictures)
    with fresh.engine:
        fresh.settle()
        desk = fresh.desk
        desk._found = False
        desk.welcome_until = float("inf")
        lost = replace(desk.live, state=State.LOST, reason="lost the page", differences=(), panels=None)
        desk.update(fresh.frame, lost)
        assert "ost" not in said(fresh)
        fresh.now += 100
        assert fresh.now < desk.welcome_until
        desk.update(fresh.frame, fresh.spotter.spotting(fresh.frame))
        assert desk.welcome_until == fresh.now + 25
        desk.update(fresh.frame, lost)
        assert said(fresh) == "Lost the page"


def test_what_is_kept_goes_to_the_platforms_own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for kind in ("PICTURES", "VIDEOS"):
        monkeypatch.setenv(f"XDG_{kind}_DIR", str(tmp_path / kind))
    if sys.platform == "linux":
        assert naming.place("auto", "pictures") == tmp_path / "PICTURES" / "livespot"
        assert naming.place("auto", "videos") == tmp_path / "VIDEOS" / "livespot"
    assert naming.place(str(tmp_path), "videos") == tmp_path


def test_a_chip_opens_the_folder_of_what_was_kept(sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, opened = sitting.desk, []
    monkeypatch.setattr(keeping.shutil, "which", lambda name: name)
    monkeypatch.setattr(keeping.subprocess, "run", lambda words, **_: opened.append(words[-1]))
    dispatch.do(desk, Action.RECORD)
    for i in range(3):
        desk.outputs.write(replace(sitting.frame, time=i / 30, index=i), desk.live, wait=True)
    dispatch.do(desk, Action.RECORD)
    assert str(desk.videos) in said(sitting)
    sitting.screen.draw(SIZE)
    (left, top, width, tall), _ = next(chip for chip in desk.chips if chip[1] is Action.SHOW_KEPT)
    mouse.mouse(desk, Mouse("down", left + width // 2, top + tall // 2, held=True))
    until(lambda: opened)  # a thread of its own opens it
    assert opened == [str(desk.videos)]


@pytest.mark.parametrize("screen", [(640, 480), (1366, 768), (1920, 1080), (3840, 2160)])
@pytest.mark.parametrize("picture", [(640, 480), (1920, 1080), (720, 1280), (320, 240)])
def test_the_first_size_is_inside_every_screen(screen: tuple[int, int], picture: tuple[int, int]) -> None:
    frame = Frame(np.zeros((picture[1], picture[0], 3), np.uint8), 0.0, 0, 0.0)
    width, height = first_size(frame, screen)
    assert width <= screen[0]
    assert height <= screen[1]
    assert width >= min(640, screen[0])
    if screen[0] > 3000:
        assert max(width / screen[0], height / screen[1]) > 0.5  # and not a stamp in the middle of it


def test_what_is_shown_is_numbered_one_to_n_and_keeps_its_number(sitting: Sitting) -> None:
    desk, whole = sitting.desk, sitting.desk.live
    assert len(whole.differences) == 5
    odd = replace(whole, differences=tuple(replace(d, id=3 * d.id + 4) for d in whole.differences))
    desk.marks.clear()
    desk.update(sitting.frame, odd)
    first = dict(desk.marking.numbers)
    assert sorted(first.values()) == [1, 2, 3, 4, 5]
    desk.update(sitting.frame, replace(odd, differences=odd.differences[1:]))
    fewer = dict(desk.marking.numbers)
    assert sorted(fewer.values()) == [1, 2, 3, 4]
    kept = [i for i in fewer if first[i] <= 4]
    assert [fewer[i] for i in kept] == [first[i] for i in kept]
    desk.update(sitting.frame, replace(odd, differences=(), state=State.LOST))
    desk.update(sitting.frame, replace(odd, differences=odd.differences[1:]))
    assert dict(desk.marking.numbers) == fewer


def test_everything_saved_is_numbered_as_on_the_screen(tmp_path: Path, sitting: Sitting) -> None:
    whole = sitting.desk.live
    odd = replace(whole, differences=tuple(replace(d, id=d.id + 20) for d in whole.differences))
    sitting.desk.update(sitting.frame, odd)
    saved = snapshot.save(tmp_path / "kept", sitting.frame.image, odd, marking=sitting.desk.marking)
    data = json.loads(saved.data.read_text())
    assert [d["number"] for d in data["differences"]] == [1, 2, 3, 4, 5]
    sitting.do(Action.NEXT)
    assert said(sitting)[0] in "12345"


def test_one_remembers_what_is_seen_as_a_and_lays_it_beside_all_that_comes(sitting: Sitting) -> None:
    desk = sitting.desk
    sitting.do(Action.FREEZE, Action.REMEMBER)
    assert desk.frozen is None
    assert said(sitting).startswith("Remembered as A")
    width = sitting.frame.image.shape[1]
    both = desk.beside(sitting.frame.image)
    assert both.shape[1] == 2 * width
    assert np.array_equal(both[:, :width], both[:, width:])
    sitting.do(Action.REMEMBER)
    assert desk.beside(sitting.frame.image) is sitting.frame.image
    assert sitting.spotter.diary[-2:] == ["reference", "no reference"]


def test_corners_lie_on_the_view_that_the_close_look_brings(sitting: Sitting) -> None:
    """They lay where the page had been in the frame before it, when C froze the view."""
    desk = sitting.desk
    desk.live = replace(desk.live, panels=(desk.live.panels[0] + 9.0, desk.live.panels[1] + 9.0))
    dispatch.do(desk, Action.CORNERS)
    assert desk.frozen.corners is None
    sitting.settle()
    assert np.allclose(desk.frozen.corners.quads, desk.frozen.spotting.panels)
    assert np.allclose(desk.frozen.corners.quads, np.array(desk.live.panels) - 9.0)


def test_a_source_that_is_slow_while_all_gets_ready_is_no_trouble(sitting: Sitting) -> None:
    desk = sitting.desk
    desk.frame, desk.engine.ready = None, 0.4
    sitting.now += 9.0
    desk.feed = newest.Status(newest.Health.LOST, "demo:harbour stands still (no new picture for 8 s)")
    assert said(sitting).startswith("Opening")
    desk.engine.ready = 1.0
    assert said(sitting) == "No picture"
    desk.engine.ready, desk.feed = 0.4, newest.Status(newest.Health.FAILED, "C920 is not plugged in")
    assert said(sitting) == "No picture"


def test_while_nothing_is_found_two_frames_show_how_to_hold_the_page(tmp_path: Path) -> None:
    there = Sitting(tmp_path, empty=True)
    with there.engine:
        there.settle()
        before = there.screen.draw(SIZE).copy()
        there.now += 3.0
        there.engine.analysed = 2
        there.desk.update(there.frame, there.spotter.spotting(there.frame))
        seen = there.screen.draw(SIZE).copy()
        changed = np.flatnonzero((np.abs(before[:700].astype(int) - seen[:700]).max(axis=2) > 20).any(axis=1))
        assert changed[0] < 120  # the frames reach over the picture
        assert changed[-1] > 600
        there.desk.aimed = False  # a film, the screen: nobody holds a page before it
        assert not there.desk.searching
        there.desk.aimed = True
        assert there.desk.searching
        there.desk.beside.picture = there.frame.image  # which shows what is wanted
        assert not there.desk.searching
