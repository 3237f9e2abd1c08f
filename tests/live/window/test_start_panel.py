"""The start panel: what it offers, what keys and clicks choose, and what becomes of it."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from kit.patience import until
from kit.screen.desk import Sitting
from kit.truth_page import PageSource

from livespot.capture import devices
from livespot.capture.devices import Camera
from livespot.errors import SourceError
from livespot.frame import Source
from livespot.live.interaction import dispatch, keys, mouse, start_panel
from livespot.live.interaction.events import Mouse
from livespot.live.interaction.keys import Action
from livespot.live.loop import remembered
from livespot.live.loop.choosing import Chooser
from livespot.live.window import desktop, status_words
from livespot.settings import Settings

SIZE = (1280, 768)
WEBCAM = Camera(0, "Webcam C920", "/dev/video0", "usb:046d:0825:C920")
DOWN, ENTER = keys.code("down"), keys.code("return")


@pytest.fixture
def sitting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sitting]:
    monkeypatch.setattr(devices, "cameras", lambda: [])
    there = Sitting(tmp_path)
    there.desk.choosable = True
    with there.engine:
        there.settle()
        yield there


def opened(text: str) -> Source:
    if text == "/nowhere.png":
        raise SourceError(f"there is no file {text}: is the name right?")
    source = PageSource(frames=3)
    source.name = text
    return source


def served(sitting: Sitting, chooser: Chooser) -> Source | None:
    """What is chosen, if anything; soon."""
    limit = time.monotonic() + 5
    while time.monotonic() < limit:
        source = chooser.serve(sitting.desk)
        if source is not None:
            return source
        if sitting.desk.toast is not None and "opening" not in sitting.desk.toast.words():
            return None
        time.sleep(0.01)
    return None


def pressed(sitting: Sitting, *codes: int | None) -> None:
    for code in codes:
        assert code is not None
        dispatch.key(sitting.desk, code)


def test_what_was_used_last_stands_first_and_a_camera_before_all_else() -> None:
    plain = start_panel.offers([WEBCAM], None, ["harbour"])
    assert [offer.source for offer in plain] == [
        WEBCAM.identity, "phone", "screen", start_panel.FILE, start_panel.TYPED, "demo:harbour",
    ]  # fmt: skip
    assert start_panel.offers([WEBCAM], "/home/me/page.jpg", [])[0].title == "page.jpg"
    again = start_panel.offers([WEBCAM], "phone", [])
    assert [offer.source for offer in again].count("phone") == 1
    assert (again[0].source, again[0].aside) == ("phone", "used last")
    assert not start_panel.offers([], None, [])[0].source  # it only says that there is no camera


def test_w_opens_it_beside_the_picture_and_arrows_and_enter_choose(sitting: Sitting) -> None:
    desk = sitting.desk
    with Chooser(opened, PageSource(), Settings()) as chooser:
        dispatch.do(desk, Action.SOURCES)
        assert chooser.serve(desk) is None
        sitting.screen.draw(SIZE)
        assert desk.view.rect[0] >= desk.panel.rect[2]  # nothing of the picture is covered
        assert desk.panel.at == "phone"  # the first that can be chosen
        pressed(sitting, DOWN, ENTER)
        source = served(sitting, chooser)
    assert source.name == "screen"
    assert remembered.source() == "screen"


def test_a_click_chooses_and_what_cannot_be_opened_is_said_and_costs_nothing(sitting: Sitting) -> None:
    desk = sitting.desk
    with Chooser(opened, PageSource(), Settings()) as chooser:
        dispatch.do(desk, Action.SOURCES)
        chooser.serve(desk)
        sitting.screen.draw(SIZE)
        places = {offer.source: rect for rect, offer in desk.panel.places}
        x, y, w, h = places[start_panel.TYPED]
        mouse.mouse(desk, Mouse("down", x + w // 2, y + h // 2, True))
        pressed(sitting, *map(ord, "/nowhere.pngg"), 8, ENTER)  # with one letter too many, and Backspace
        assert served(sitting, chooser) is None
        assert "there is no file /nowhere.png" in status_words.status(desk, sitting.now).headline.lower()
        assert desk.panel is not None
        assert desk.panel.typed == "/nowhere.png"  # it can be mended
        x, y, w, h = places["demo:reef"]
        mouse.mouse(desk, Mouse("down", x + 3, y + 3, True))
        mouse.mouse(desk, Mouse("up", x + 3, y + 3))
        desk.toast = None
        source = served(sitting, chooser)
    assert source.name == "demo:reef"


def test_what_is_chosen_twice_is_opened_once(sitting: Sitting) -> None:
    times: list[str] = []

    def slow(text: str) -> Source:
        times.append(text)
        time.sleep(0.2)
        return opened(text)

    with Chooser(slow, PageSource(), Settings()) as chooser:
        dispatch.do(sitting.desk, Action.SOURCES)
        for _ in range(2):
            sitting.desk.chosen = "demo:reef"
            assert chooser.serve(sitting.desk) is None
        assert served(sitting, chooser) is not None
    assert times == ["demo:reef"]


def test_a_camera_is_opened_by_its_name_and_not_by_its_number(sitting: Sitting) -> None:
    desk = sitting.desk
    with Chooser(opened, PageSource(), Settings()) as chooser:
        dispatch.do(desk, Action.SOURCES)
        desk.panel.update(start_panel.offers([WEBCAM], None, []))
        desk.chosen = WEBCAM.identity
        chooser.serve(desk)
        assert desk.toast.words() == "opening Webcam C920…"


def test_while_typing_letters_are_letters_and_esc_steps_back(sitting: Sitting) -> None:
    desk = sitting.desk
    dispatch.do(desk, Action.SOURCES)
    desk.panel.update(start_panel.offers([], None, []))
    desk.panel.typed = ""
    pressed(sitting, *map(ord, "Q rs:/ä"), keys.UNICODE + ord("я"), keys.code("left"), keys.UNICODE + 7)
    assert (desk.panel.typed, desk.quit) == ("Q rs:/äя", False)
    dispatch.do(desk, Action.BACK)
    assert desk.panel.typed is None
    dispatch.do(desk, Action.BACK)
    assert desk.panel is None
    assert not desk.quit


def test_a_file_from_the_desktops_dialogue_and_an_address_from_the_clipboard(
    sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = sitting.desk
    monkeypatch.setattr(desktop, "file_dialogue", lambda: "/pictures/page.jpg")
    monkeypatch.setattr(desktop, "clipboard", lambda: "rtsp://camera/1\nmore")
    with Chooser(opened, PageSource(), Settings()) as chooser:
        dispatch.do(desk, Action.SOURCES)
        desk.panel.update(start_panel.offers([], None, []))
        desk.panel.typed = ""
        pressed(sitting, 22)  # Ctrl+V
        until = time.monotonic() + 5
        while desk.panel.typed == "" and time.monotonic() < until:
            chooser.serve(desk)
        assert desk.panel.typed == "rtsp://camera/1"
        desk.chosen = start_panel.FILE
        desk.panel.typed = None
        source = served(sitting, chooser)
    assert source.name == "/pictures/page.jpg"


def test_cameras_have_a_live_picture_and_are_let_go_when_the_panel_closes(
    sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    cameras: list[PageSource] = []

    def camera(*_: object) -> PageSource:
        cameras.append(PageSource(frames=None, live=True))
        return cameras[-1]

    monkeypatch.setattr(devices, "cameras", lambda: [WEBCAM])
    monkeypatch.setattr("livespot.live.loop.choosing.CameraSource", camera)
    desk = sitting.desk
    with Chooser(opened, PageSource(), Settings()) as chooser:
        dispatch.do(desk, Action.SOURCES)
        until(lambda: chooser.serve(desk) or WEBCAM.identity in chooser.pictures)
        assert np.ptp(chooser.pictures[WEBCAM.identity]) > 50  # a picture with something in it
        assert desk.panel.offers[0].title == "Webcam C920"
        dispatch.do(desk, Action.BACK)
        chooser.serve(desk)
        until(lambda: cameras[0].closed)


def test_a_recording_is_not_ended_by_another_source(sitting: Sitting) -> None:
    desk = sitting.desk
    dispatch.do(desk, Action.RECORD)
    dispatch.do(desk, Action.SOURCES)
    assert desk.panel is None
    assert "stop it with R" in status_words.status(desk, sitting.now).headline
    dispatch.do(desk, Action.RECORD)


def test_an_address_with_a_password_is_not_written_down() -> None:
    remembered.keep_source("rtsp://me:secret@camera/1")
    assert remembered.source() is None
    remembered.keep_source("rtsp://camera/1")
    assert remembered.source() == "rtsp://camera/1"
