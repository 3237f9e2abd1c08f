"""Real V4L2 cameras, in the emulated machine of scripts/camera-machine: two boots, and what was seen in each of them.

kit/machine/live.py and faults.py run there and tell facts; every fact has its test here. Skipped where the machine was
not built.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kit.fixtures import Playback
from kit.machine import boot, film

Facts = dict[str, Any]
pytestmark = pytest.mark.timeout(900)  # a test may have to wait for the machine, which is ten times slower


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared by all processes of this run: the machine is booted once for all."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if base.name.startswith("popen-") else base) / "camera machine"
    folder.mkdir(exist_ok=True)
    return folder


def _facts(place: Path, program: str) -> Facts:
    return boot.once(place, program, lambda: [("film", film.in_one(film.pictures(20)))])


@pytest.fixture
def live(place: Path) -> Facts:
    return _facts(place, "live")


@pytest.fixture
def faults(place: Path) -> Facts:
    return _facts(place, "faults")


def _one_line(told: Facts) -> str:
    """What a session said before it ended with status 1: one line."""
    assert told["status"] == 1, told
    (line,) = told["said"].splitlines()
    assert line.startswith("livespot: ")
    return str(line)


def _boxes(event: Facts) -> dict[int, list[float]]:
    return {difference["id"]: np.mean(difference["a"], axis=0).tolist() for difference in event["differences"]}


# --- the whole program ---


def test_nothing_failed_in_the_machine(live: Facts, faults: Facts) -> None:
    for facts in (live, faults):
        assert not {name: what for name, what in facts.items() if name.startswith("failure")}
        assert "Traceback" not in str(facts)
        assert "hangs" not in str(facts)


def test_an_mjpg_film_through_v4l2loopback_is_locked_and_right(live: Facts) -> None:
    assert live["film found"]
    assert live["film session"]["status"] == 0
    last = live["film last"]
    assert last["state"] == "locked"
    assert len(last["differences"]) == film.DIFFERENCES


def test_damage_that_is_read_over_is_not_told_at_every_picture(live: Facts) -> None:
    assert "Corrupt JPEG" not in live["film session"]["said"]


def test_its_recording_plays(live: Facts, place: Path, play: Callable[[Path], Playback]) -> None:
    recorded = play(place / "live" / "film.mp4")
    assert recorded.complaints == ""
    assert recorded.codec == "h264"
    assert recorded.size == film.SIZE
    assert recorded.frames > 10


def test_its_recording_is_as_long_as_the_session(live: Facts, place: Path, play: Callable[[Path], Playback]) -> None:
    recorded = play(place / "live" / "film.mp4")
    with (place / "live" / "film.jsonl").open() as events:
        first = json.loads(next(events))["time"]
    # the encoder of a slow machine may have left frames out, also the first and the last, and never time between
    assert recorded.seconds == pytest.approx(live["film last"]["time"] - first, abs=3.0)


def test_a_camera_that_goes_is_said_to_be_lost(live: Facts) -> None:
    assert live["found"]
    assert live["lost"]


def test_another_one_under_its_number_is_not_taken_for_it(live: Facts) -> None:
    assert live["number of the other"] == 0
    assert live["frames of the other"] == 0


def test_it_is_taken_up_again_under_another_number(live: Facts) -> None:
    assert live["number afterwards"] not in (0, None)
    assert live["came back"]
    assert "lost 1 time" in live["session"]["said"]
    assert live["session"]["status"] == 0


def test_the_page_and_its_differences_are_kept(live: Facts) -> None:
    """The same differences under the same numbers, at the same places."""
    assert live["found again"]
    before, after = _boxes(live["before"]), _boxes(live["after"])
    assert sorted(after) == sorted(before)
    for number, centre in before.items():
        assert np.hypot(*np.subtract(after[number], centre)) < 6.0  # px; a difference is 15 or larger


def test_the_recording_goes_on_after_the_gap(live: Facts, place: Path, play: Callable[[Path], Playback]) -> None:
    recorded = play(place / "live" / "recording.mp4")
    assert recorded.complaints == ""
    gaps = np.diff(recorded.times)
    assert gaps.max() > 4.0  # the time without a camera
    assert recorded.times[-1] - recorded.times[int(gaps.argmax()) + 1] > 1.0


# --- formats and sizes ---

COLOURS = [[200, 40, 40], [40, 180, 60], [50, 60, 200], [128, 128, 128]]
GREY = [[0.299 * r + 0.587 * g + 0.114 * b] * 3 for r, g, b in COLOURS]


@pytest.mark.parametrize("form", ["MJPG", "YUYV", "NV12", "RGB3"])
def test_colours(faults: Facts, form: str) -> None:
    shape, mode, seen = faults["colours"][form]
    assert shape == [240, 320, 3]
    assert mode.startswith("320x240")
    assert np.abs(np.subtract(seen, COLOURS)).max() <= 4  # rounding, twice


def test_a_grey_camera(faults: Facts) -> None:
    """In video range: 16 is black and 235 white, as V4L2 has it for grey, too, or the whole range: both are grey."""
    seen = np.array(faults["colours"]["GREY"][2])
    assert np.ptp(seen, axis=1).max() == 0
    video = 16 + np.array(GREY) * 219 / 255
    assert min(np.abs(seen - GREY).max(), np.abs(seen - video).max()) <= 4


def test_a_size_the_driver_does_not_have_is_said(faults: Facts) -> None:
    shape, notice = faults["rounded"]
    assert shape == [480, 640, 3]
    assert "gives 640x480" in notice
    assert "asked for 700x500" in notice
    shape, notice = faults["film size"]
    assert shape == [240, 320, 3]
    assert "gives 320x240" in notice


def test_4k(faults: Facts) -> None:
    assert faults["4K"][0] == [2160, 3840, 3]


# --- what is not to be had ---


def test_two_programs_on_one_camera(faults: Facts) -> None:
    assert "cannot be opened: it may be in use by another program" in _one_line(faults["busy"])
    assert "it may be in use by another program" in faults["busy list"]["said"]
    assert faults["busy first"], "the first one was disturbed"


def test_no_permission(faults: Facts) -> None:
    assert "no permission to use /dev/video0: run `sudo usermod -aG video $USER`" in _one_line(faults["forbidden"])
    assert faults["forbidden list"]["status"] == 0
    assert "problem   no permission" in faults["forbidden list"]["said"]


@pytest.mark.parametrize("name", ["output", "null", "media"])
def test_a_device_that_is_no_camera(faults: Facts, name: str) -> None:
    assert "is not a camera" in _one_line(faults[f"no camera: {name}"])


def test_a_device_that_is_not_there(faults: Facts) -> None:
    assert "there is no device /dev/video77" in _one_line(faults["no camera: none"])


def test_a_camera_that_sends_nothing(faults: Facts) -> None:
    assert faults["silent"]["status"] == 1
    *before, last = faults["silent"]["said"].splitlines()
    assert "gave no picture that can be used" in last
    assert all("camera lost, trying again" in line for line in before)


# --- faults on the way ---


@pytest.mark.parametrize("fault", ["at first", "dropped", "broken", "queue refused", "fatal"])
def test_pictures_go_on_after(faults: Facts, fault: str) -> None:
    assert faults["injected"][fault]


def test_broken_buffers_are_no_loss_and_a_driver_that_gives_up_is_one(faults: Facts) -> None:
    assert faults["injected"]["queue refused: losses"] <= 1
    assert faults["injected"]["fatal: losses"] >= 1
    assert faults["injected"]["status"][:2] == ["running", ""]


def test_a_driver_that_does_not_start(faults: Facts) -> None:
    assert faults["injected"]["start refused"].startswith("refused: vivid-000-vid-cap")
    assert faults["injected"]["started then"] == [360, 640, 3]


def test_disconnected_and_back_under_another_number(faults: Facts) -> None:
    known = faults["vivid numbers"]
    assert known["lost"]
    assert known["taken for it"] == 0
    assert known["back"]
    assert (known["at first"], known["afterwards"]) == (1, 5)


# --- controls ---


def test_focus_and_exposure_are_kept_and_given_back(faults: Facts) -> None:
    """Autofocus, focus, exposure mode (1: by hand, 8: aperture priority) and exposure, as the camera has them."""
    own, by_hand = [1, 120, 8, 250], [0, 120, 1, 250]
    states = faults["controls"]
    assert states["at first"] == states["untouched"] == own
    assert states["kept"] == states["kept again"] == by_hand
    assert states["says"] == "focus and exposure stay as they are"
    assert states["let go"] == states["closed"] == own


def test_they_are_kept_again_by_a_camera_that_was_without_power(faults: Facts) -> None:
    states = faults["controls"]
    assert states["lock_focus"] == states["plugged in again"] == [0, 120, 1, 250]
    assert states["at the end"] == [1, 120, 8, 250]


def test_no_other_control_is_touched(faults: Facts) -> None:
    assert faults["controls"]["brightness"] == []
    before, kept, after, says = faults["vivid controls"]
    assert before == kept == after
    assert says == "this camera's driver keeps neither focus nor exposure"


# --- USB ---


def test_vendor_product_and_serial_number_are_listed(faults: Facts) -> None:
    said = faults["listed"]["said"]
    assert "HD Pro Webcam C920" in said
    assert "046d:082d, serial number A1B2C3D4" in said
    assert "480x360 at 5/s MJPG" in said


def test_source_takes_them(faults: Facts) -> None:
    meant = faults["meant"]
    assert meant.pop("0c45:6366") == "0c45:6366"
    assert meant.pop("/dev/video1") is None  # the second node of the camera: its metadata
    assert len(meant) >= 7
    assert set(meant.values()) == {"046d:082d"}


def test_unbound_and_bound_again(faults: Facts) -> None:
    assert faults["unbound"]
    assert faults["bound"]


def test_two_alike_are_told_apart_by_their_plugs(faults: Facts) -> None:
    first, second = faults["twins"]
    assert first != second
    assert "is the USB number of several cameras" in faults["twins refused"]


def test_the_twin_that_stays_is_not_taken_for_the_one_that_went(faults: Facts) -> None:
    assert faults["twin runs"]
    assert faults["twin lost"] == ["lost", 0]


def test_the_twin_is_taken_up_again_under_another_number(faults: Facts) -> None:
    assert faults["twin back"]
    before, again, taken = faults["twin numbers"]
    assert before != again == taken
