"""Every screen at every size, drawn without a window: nothing fails, nothing is drawn where it does not belong."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from kit.screen.desk import Sitting
from kit.screen.pixels import near

from livespot.annotate import drawing
from livespot.annotate.words import sentence
from livespot.capture import newest
from livespot.frame import Frame, Image
from livespot.live.interaction import dispatch, mouse
from livespot.live.interaction.events import Echo, Mouse
from livespot.live.interaction.keys import Action
from livespot.live.window import status_bar, status_words
from livespot.live.window.canvas import Screen
from livespot.live.window.status_bar import Chip, Status
from livespot.record.outputs import Outputs
from livespot.record.recorder import RecordingStatus
from livespot.spotting.results import FrameResult, State
from livespot.spotting.spotter import LOST_PAGE
from livespot.spotting.temporal import advice
from livespot.spotting.temporal.analyser import NO_DIFFERENCE

INVITATION = "http://192.168.178.125:45678/AbCdEfGh12345678/"
SIZES = [(320, 240), (640, 480), (1280, 768), (3840, 2160), (500, 1400), (3000, 420)]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All the words that are drawn from here on."""
    said: list[str] = []
    plain = drawing.text

    def text(image: Image, words: str, *place: Any, **how: Any) -> int:
        said.append(words)
        return plain(image, words, *place, **how)

    monkeypatch.setattr(drawing, "text", text)
    return said


@pytest.fixture
def sitting(tmp_path: Path) -> Iterator[Sitting]:
    there = Sitting(tmp_path)
    with there.engine:
        yield there


STATES: dict[str, Callable[[Sitting], None]] = {
    "live": lambda s: None,
    "frozen": lambda s: s.do(Action.FREEZE),
    "stepped": lambda s: s.do(Action.NEXT),
    "faded": lambda s: s.do(Action.FREEZE, Action.VIEW, Action.VIEW),
    "split": lambda s: s.do(Action.FREEZE, Action.VIEW, Action.VIEW, Action.VIEW),
    "blinking": lambda s: s.do(Action.BLINK),
    "heated": lambda s: s.do(Action.HEAT),
    "heated pair": lambda s: s.do(Action.HEAT, Action.VIEW),
    "corners": lambda s: s.do(Action.CORNERS),
    "playing": lambda s: s.do(Action.HINT, Action.HINT, Action.HINT),
    "help": lambda s: s.do(Action.HELP),
    "counters": lambda s: s.do(Action.DETAILS),
    "mirrored and zoomed": lambda s: s.do(Action.MIRROR, Action.FREEZE, Action.ZOOM_IN, Action.ZOOM_IN, Action.LEFT),
    "invitation": lambda s: setattr(s.desk, "invitation", INVITATION),
    "trouble": lambda s: setattr(
        s.desk, "feed", newest.Status(message="camera lost, trying again (no new picture for 2 s)")
    ),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize("state", STATES)
def test_every_screen_draws_at_every_size(sitting: Sitting, state: str, size: tuple[int, int]) -> None:
    sitting.screen.draw(size)  # keys act on what is seen
    STATES[state](sitting)
    canvas = sitting.screen.draw(size)
    assert canvas.shape == (size[1], size[0], 3)
    # The strip is there whatever is above it, and its help chip with it.
    strip = canvas[size[1] - status_bar.height(drawing.unit(*size), size[0]) :]
    assert np.abs(strip[2, 2].astype(int) - drawing.DESK).max() == 0
    assert near(strip, drawing.PAPER, 60).sum() > 20
    assert sitting.screen.draw(size) is canvas


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
def test_the_help_is_legible_or_says_what_to_do(
    sitting: Sitting, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting.screen.draw(size)
    written: list[tuple[str, float]] = []
    text = drawing.text

    def listening(image: Image, words: str, x: float, y: float, letters: float, *rest: Any, **more: Any) -> int:
        written.append((words, letters))
        return text(image, words, x, y, letters, *rest, **more)

    monkeypatch.setattr(drawing, "text", listening)
    sitting.do(Action.HELP)
    sitting.screen.draw(size)
    assert min(letters for _, letters in written) > 6.0
    if size == (320, 240):
        assert "Make it larger" in " ".join(words for words, _ in written)


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
def test_a_phone_can_scan_the_code_off_every_window(sitting: Sitting, size: tuple[int, int]) -> None:
    STATES["invitation"](sitting)
    assert cv2.QRCodeDetectorAruco().detectAndDecode(sitting.screen.draw(size))[0] == INVITATION
    assert status_words.status(sitting.desk, 0.0).headline.startswith("Waiting for the")


def test_the_heat_map_is_refused_while_playing(sitting: Sitting) -> None:
    sitting.do(Action.FREEZE, Action.HEAT, Action.HINT)
    assert not sitting.desk.frozen.heat
    sitting.do(Action.HEAT)
    assert not sitting.desk.frozen.heat


def test_what_was_seen_last_can_be_inspected_while_the_camera_is_lost(sitting: Sitting) -> None:
    lit = sitting.screen.draw((1280, 768))[:700].mean()
    STATES["trouble"](sitting)
    assert sitting.screen.draw((1280, 768))[:700].mean() < 0.75 * lit
    sitting.do(Action.FREEZE)
    assert sitting.screen.draw((1280, 768))[:700].mean() > 0.95 * lit
    assert status_words.status(sitting.desk, 0.0).aside.endswith("frozen · camera lost, trying again")


def test_a_chip_does_what_its_key_does(sitting: Sitting) -> None:
    sitting.screen.draw((1280, 768))
    (x, y, width, height), action = sitting.desk.chips[0]
    assert action is Action.FREEZE
    mouse.mouse(sitting.desk, Mouse("down", x + width // 2, y + height // 2, True))
    assert sitting.desk.frozen is not None


def test_a_dismissed_difference_can_be_taken_back(sitting: Sitting) -> None:
    sitting.do(Action.NEXT, Action.DISMISS)
    assert sitting.desk.marks.dismissed == {1}
    sitting.do(Action.DISMISS)
    assert not sitting.desk.marks.dismissed


def test_without_a_page_every_key_is_harmless(tmp_path: Path) -> None:
    there = Sitting(tmp_path, empty=True)
    with there.engine:
        there.desk.frame = None
        there.screen.draw((640, 480))
        for _ in range(2):
            for action in Action:
                # Esc, pressed twice, quits as it says
                if action not in (Action.QUIT, Action.BACK, Action.RECORD, Action.FULL_SCREEN):
                    there.do(action)
                    there.screen.draw((640, 480))
            there.desk.update(
                there.frame, FrameResult(0, 0.0, State.SEARCHING, "no puzzle in view: show both pictures")
            )
        there.desk.outputs.close()
    assert not there.desk.quit


def test_search_again_forgets_the_marks_and_goes_live(sitting: Sitting) -> None:
    sitting.do(Action.NEXT, Action.TICK, Action.LOCK)
    sitting.do(Action.SEARCH)
    assert sitting.desk.frozen is None
    assert not sitting.desk.marks.ticked
    assert not sitting.desk.locked
    assert sitting.spotter.diary[-1] == "search_again"


def test_the_strip_says_how_many_boxes_a_sensitivity_gives_once_it_knows(sitting: Sitting) -> None:
    dispatch.do(sitting.desk, Action.PLAINER)
    assert status_words.status(sitting.desk, sitting.now).headline == "Sensitivity 0.8: comparing…"
    sitting.settle()
    sitting.desk.update(sitting.frame, sitting.spotter.spotting(sitting.frame))
    assert status_words.status(sitting.desk, sitting.now).headline == "Sensitivity 0.8: 3 boxes"
    dispatch.do(sitting.desk, Action.FREEZE)
    sitting.do(Action.FAINTER)
    assert status_words.status(sitting.desk, sitting.now).headline == "Sensitivity 1: 5 boxes"


def test_what_is_uncertain_or_locked_stays_said(sitting: Sitting) -> None:
    seen = sitting.desk.live
    guess = replace(seen.differences[0], confidence=0.5)
    sitting.desk.update(sitting.frame, replace(seen, differences=(guess, *seen.differences[1:])))
    sitting.do(Action.LOCK)
    sitting.now += 60
    said = status_words.status(sitting.desk, sitting.now)
    assert (said.headline, said.aside) == ("4 differences, 1 more perhaps", "locked")
    sitting.desk.update(sitting.frame, replace(seen, differences=(guess,)))
    assert status_words.status(sitting.desk, sitting.now).headline == "1 possible difference"
    sitting.desk.marks.toggle_tick(guess.id)
    assert status_words.status(sitting.desk, sitting.now).headline == "1 difference"


@pytest.mark.parametrize("width", [320, 480, 640, 900, 1280, 2560])
def test_the_strip_leaves_out_what_does_not_fit_and_overlaps_nothing(width: int) -> None:
    unit = drawing.unit(width, round(width * 0.6))
    canvas = np.zeros((status_bar.height(unit, width), width, 3), np.uint8)
    chips = tuple(Chip(action, "some words") for action in (Action.FREEZE, Action.SNAPSHOT, Action.RECORD, Action.HELP))
    status = Status(
        "A rather long headline about a page that is out of view", drawing.ALARM, "and an aside", 3725.0, "212 MB left",
        "30 fps   41 ms", chips,
    )  # fmt: skip
    places = status_bar.draw(canvas, (0, 0, width, canvas.shape[0]), unit, status, 0.0)
    assert Action.HELP in [action for _, action in places]
    edges = sorted((x, x + w) for (x, _, w, _), _ in places)
    assert all(left >= 0 and right <= width for left, right in edges)
    assert all(one[1] <= two[0] for one, two in pairwise(edges))


@pytest.mark.parametrize("size", [(320, 480), (480, 1000), (640, 480)], ids=lambda s: f"{s[0]}x{s[1]}")
def test_advice_is_never_cut_off(size: tuple[int, int], written: list[str]) -> None:
    unit = drawing.unit(*size)
    canvas = np.zeros((status_bar.height(unit, size[0]), size[0], 3), np.uint8)
    longest = sentence(f"{NO_DIFFERENCE} yet: {advice.GLARE.format('A and B')}")
    chips = (Chip(Action.FREEZE, "freeze"), Chip(Action.SNAPSHOT, "save"), Chip(Action.HELP, "help"))
    for words in (longest, sentence(LOST_PAGE), sentence(advice.BEYOND)):
        written.clear()
        status_bar.draw(canvas, (0, 0, *canvas.shape[1::-1]), unit, Status(words, drawing.MUTED, chips=chips), 0.0)
        assert " ".join(written).endswith(words)


def test_the_strip_is_drawn_again_only_when_it_says_something_else(
    sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    draw = status_bar.draw

    def counted(*arguments: Any) -> Any:
        drawn.append(arguments)
        return draw(*arguments)

    sitting.settle()
    monkeypatch.setattr(status_bar, "draw", counted)
    sitting.screen.draw((1280, 768))
    for age in (0.031, 0.044, 0.027):  # the figures change with every frame; they are read a few times a second
        sitting.now += 0.03
        sitting.desk.age = age
        sitting.desk.update(sitting.frame, sitting.spotter.spotting(sitting.frame))
        sitting.screen.draw((1280, 768))
    assert len(drawn) == 2  # the first without a rate yet
    sitting.desk.tell("something else")
    sitting.screen.draw((1280, 768))
    assert len(drawn) == 3
    sitting.now += 10.0
    fresh = Screen(sitting.desk).draw((1280, 768))
    assert np.array_equal(sitting.screen.draw((1280, 768)), fresh)


def test_a_mark_at_the_edge_of_the_picture_leaves_the_strip_alone(sitting: Sitting) -> None:
    sitting.settle()
    without = sitting.screen.draw((1280, 768))[720:].copy()
    sitting.desk.echo = Echo(300, 712, True, sitting.now + 1.0)
    sitting.desk.dirty = True
    with_mark = sitting.screen.draw((1280, 768))
    assert np.array_equal(with_mark[720:], without)
    assert near(with_mark[690:720, 270:330], drawing.FOUND).any()
    sitting.now += 2.0
    assert np.array_equal(sitting.screen.draw((1280, 768)), Screen(sitting.desk).draw((1280, 768)))


def test_what_the_encoder_dropped_is_said_in_the_strip(sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    status = RecordingStatus(True, 3.0, 80, 12, False, 9000.0, None, ())
    monkeypatch.setattr(Outputs, "status", property(lambda _: status))
    assert status_words.status(sitting.desk, sitting.now).warning == "12 frames dropped"
    status = replace(status, disk_low=True, free_mb=300.0)
    assert status_words.status(sitting.desk, sitting.now).warning == "300 MB left"
    status = replace(status, disk_low=False, dropped=0)
    assert status_words.status(sitting.desk, sitting.now).warning == ""


def test_the_age_of_the_frame_is_among_the_counters(sitting: Sitting, written: list[str]) -> None:
    sitting.do(Action.DETAILS)
    sitting.desk.age = 0.0474
    sitting.screen.draw((1280, 768))
    assert "47 ms" in written


def test_a_freeze_and_a_snapshot_become_chapters_of_the_recording(
    sitting: Sitting, tmp_path: Path, play: Callable[[Path], Any]
) -> None:
    film = tmp_path / "film.mp4"
    sitting.desk.outputs.start_recording(film)
    image, spotting = sitting.frame.image, sitting.spotter.spotting(sitting.frame)
    for n in range(90):
        frame = Frame(image, n / 30, n, 0.0)
        sitting.desk.update(frame, spotting)
        sitting.desk.outputs.write(frame, spotting, wait=True)
        if n == 30:
            sitting.do(Action.FREEZE, Action.FREEZE)
        if n == 60:
            sitting.do(Action.SNAPSHOT)
    sitting.desk.outputs.stop_recording()
    chapters = play(film).chapters
    assert [title for _, title in chapters] == ["livespot", "frozen", "snapshot"]
    assert [start for start, _ in chapters] == pytest.approx([0.0, 1.0, 2.0], abs=0.002)


class Lens:
    """A camera whose driver takes what it is asked for."""

    focus = "left to the camera"
    modes = ("1920x1080 at 30/s MJPG", "1280x720 at 12.5/s YUYV")

    def keep_focus(self, keep: bool) -> bool:
        self.focus = "as it is" if keep else "left to the camera"
        return True


def test_the_camera_s_focus_is_kept_by_a_key_and_said(sitting: Sitting) -> None:
    def headline() -> str:
        return status_words.status(sitting.desk, sitting.now).headline

    sitting.do(Action.FOCUS)
    assert headline() == "This source has no focus that can be held"
    lens = Lens()
    sitting.desk.camera = lambda: lens
    sitting.do(Action.FOCUS)
    assert headline() == "As it is"
    lens.focus = "only exposure stays"  # what the driver took is known a picture later
    assert headline() == "Only exposure stays"
    sitting.do(Action.FOCUS)
    assert headline() == "Left to the camera"


def test_the_counters_show_what_the_camera_was_asked_for_and_what_it_gives(
    sitting: Sitting, written: list[str]
) -> None:
    sitting.desk.camera = Lens
    sitting.do(Action.DETAILS)
    written.clear()
    sitting.screen.draw((1280, 768))
    rows = dict(pairwise(written))
    assert rows["asked for"] == "1920x1080 at 30/s MJPG"
    assert rows["given"] == "1280x720 at 12.5/s YUYV"
    for counter in ("captured", "shown", "analysed", "dropped: a newer one had come", "missed: not read in time"):
        assert rows[counter].isdecimal()
    # A word and its figure stand apart.
    for words, figure in (("asked for", rows["asked for"]), ("given", rows["given"])):
        assert drawing.text_width(words, 15) + drawing.text_width(figure, 15, drawing.MEDIUM) < 330 - 2 * 16 - 8
