"""A camera: what is asked of it and in which order, and every way it fails."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from kit.cameras import Device, FakeCapture, plug, sysfs
from kit.sources import Misbehaving

from livespot.capture import camera, devices
from livespot.capture.camera import CameraSource, Mode, probe_modes
from livespot.capture.judging import Judge
from livespot.capture.newest import NewestFrame
from livespot.capture.turned import turned
from livespot.errors import SourceError
from livespot.settings import Settings, changed

SETTINGS = changed(Settings(), {"capture.open_timeout": 0.5, "size": "1920x1080"})


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The camera's clock, s: it stands still until a test moves it."""
    now = [100.0]
    monkeypatch.setattr(camera.time, "perf_counter", lambda: now[0])
    return now


def test_asked_in_the_order_drivers_understand_and_read_back(monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device(0, "C270", sizes=[(640, 480), (1280, 720)], fps=25.0)
    plug(monkeypatch, device)
    with CameraSource(devices.cameras()[0], SETTINGS) as source:
        assert source.asked == Mode(1920, 1080, 30.0, "MJPG")
        assert source.got == Mode(1280, 720, 25.0, "MJPG")
        assert str(source.got) == "1280x720 at 25/s MJPG"
        assert source.fps == 25.0
        assert source.notice == "C270 gives 1280x720 at 25/s MJPG; asked for 1920x1080 at 30/s MJPG"
        assert source.live
        first, second = source.read(), source.read()
    assert device.asked[:4] == [
        cv2.CAP_PROP_FOURCC,
        cv2.CAP_PROP_FRAME_WIDTH,
        cv2.CAP_PROP_FRAME_HEIGHT,
        cv2.CAP_PROP_FPS,
    ]
    assert first.image.shape == (720, 1280, 3)
    assert second.time > first.time
    assert (first.index, second.index) == (0, 1)
    assert device.released == 1


def test_mjpg_can_be_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device(0)
    plug(monkeypatch, device)
    CameraSource(devices.cameras()[0], changed(SETTINGS, {"capture.mjpg": False})).close()
    assert cv2.CAP_PROP_FOURCC not in device.asked


@pytest.mark.parametrize(
    ("device", "says"),
    [
        (Device(0, "C270", opens=False), "C270 cannot be opened: it may be in use"),
        (Device(0, "C270", hangs=True), "C270 does not answer"),
    ],
    ids=["in-use", "hangs"],
)
def test_a_camera_that_does_not_open(monkeypatch: pytest.MonkeyPatch, device: Device, says: str) -> None:
    plug(monkeypatch, device)
    there = devices.cameras()[0]
    try:
        with pytest.raises(SourceError, match=says):
            CameraSource(there, SETTINGS)
    finally:
        FakeCapture.never.set()
        FakeCapture.never.clear()


def test_no_permission_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, Device(0, "C270", "/dev/null"))
    monkeypatch.setattr("os.access", lambda path, mode: path != "/dev/null")
    with pytest.raises(SourceError, match="usermod -aG video"):
        CameraSource(devices.cameras()[0], SETTINGS)


def test_unplugged_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, Device(0, "C270", pictures=2))
    with CameraSource(devices.cameras()[0], SETTINGS) as source:
        assert source.read() is not None
        assert source.read() is not None
        with pytest.raises(SourceError, match="sends no pictures"):
            source.read()


def test_opened_again_under_another_index(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, Device(0, "C270"), Device(1, "Other", pid=0x0001))
    source = CameraSource(devices.cameras()[0], SETTINGS)
    plug(monkeypatch, Device(1, "Other", pid=0x0001), Device(3, "C270"))
    again = source.reopen()
    assert again.camera.index == 3
    plug(monkeypatch, Device(1, "Other", pid=0x0001))
    with pytest.raises(SourceError, match="C270 is not plugged in"):
        again.reopen()


def test_another_of_the_same_kind_is_not_taken_for_the_one_that_was_lost(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """udev has one link for two cameras without serial numbers; it leads to the other when one is unplugged."""
    for node, interface in (("video0", "1-1:1.0"), ("video2", "1-2:1.0"), ("video4", "1-2:1.0")):
        sysfs(tmp_path, node, interface)

    def there(*cameras: Device, link: str) -> None:
        plug(monkeypatch, *cameras)
        monkeypatch.setattr(devices, "_NODES", tmp_path)
        monkeypatch.setattr(devices, "_serial_links", lambda: {link: "id:usb-C270-video-index0"})

    first, second = Device(0, "C270", "/dev/video0"), Device(2, "C270", "/dev/video2")
    there(first, second, link="/dev/video2")
    source = CameraSource(devices.cameras()[1], SETTINGS)
    there(first, link="/dev/video0")
    with pytest.raises(SourceError, match="C270 is not plugged in"):
        source.reopen()
    there(first, Device(4, "C270", "/dev/video4"), link="/dev/video0")
    assert source.reopen().camera.index == 4
    there(Device(4, "C270", "/dev/video4"), link="/dev/video4")
    assert source.reopen().camera.index == 4


@pytest.mark.parametrize("fps", [1.0, 120.0])
def test_a_slow_and_a_fast_camera_lose_no_frame_to_a_coarse_clock(
    monkeypatch: pytest.MonkeyPatch, clock: list[float], fps: float
) -> None:
    """monotonic() counts in steps of 16 ms on Windows."""
    plug(monkeypatch, Device(0, "Fast", sizes=[(64, 64)], fps=fps))
    monkeypatch.setattr(camera.time, "monotonic", lambda: clock[0] // 0.015625 * 0.015625)
    judge = Judge(watch_repeats=True)
    with CameraSource(devices.cameras()[0], changed(SETTINGS, {"fps": fps})) as source:
        assert source.fps == fps
        for _ in range(30):
            clock[0] += 1.0 / fps
            frame = source.read()
            good = judge.accept(frame, frame.captured)
            assert good is not None
            judge.is_new(good, frame.captured)
    assert judge.refused == 0


def test_nothing_to_notice_when_it_gives_what_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, Device(0, sizes=[(1920, 1080)]))
    with CameraSource(devices.cameras()[0], SETTINGS) as source:
        assert source.notice == ""


def test_focus_and_exposure_are_kept_after_a_second_and_over_a_loss(
    monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    device = Device(0, "C270", focus=120.0, exposure=250.0)
    plug(monkeypatch, device)
    source = CameraSource(devices.cameras()[0], changed(SETTINGS, {"lock_focus": True}))
    source.read()
    assert device.values[cv2.CAP_PROP_AUTOFOCUS] == 1  # what another program left locked would never settle
    assert source.focus == "keeping focus and exposure…"
    clock[0] += 1.1
    device.focus = 140.0  # where it has come to rest
    source.read()
    assert device.values[cv2.CAP_PROP_AUTOFOCUS] == 0
    assert device.values[cv2.CAP_PROP_FOCUS] == 140.0
    assert device.values[cv2.CAP_PROP_EXPOSURE] == 250.0
    device.values.clear()
    device.focus = 10.0  # an unplugged camera forgets
    with source.reopen() as again:
        assert device.values[cv2.CAP_PROP_FOCUS] == 140.0
        assert again.locks == source.locks
        source.close()  # late, as what is lost often is: what is locked by now is the other's
        assert device.values[cv2.CAP_PROP_AUTOFOCUS] == 0
    assert device.values[cv2.CAP_PROP_AUTOFOCUS] == 1  # a driver keeps it when the program has ended
    assert device.values[cv2.CAP_PROP_AUTO_EXPOSURE] == 3


@pytest.mark.parametrize("degrees", [0, 90])
def test_focus_is_kept_and_left_again_by_a_key_also_over_a_loss(
    monkeypatch: pytest.MonkeyPatch, clock: list[float], degrees: int
) -> None:
    device = Device(0, "C270", focus=120.0, pictures=1)
    plug(monkeypatch, device)
    source: Any = turned(CameraSource(devices.cameras()[0], SETTINGS), degrees)
    newest = NewestFrame(source)
    clock[0] += 2.0
    assert newest.source.modes == ("1920x1080 at 30/s MJPG", "1280x720 at 30/s MJPG")
    assert newest.source.focus == "focus and exposure are left to the camera"
    assert newest.source.keep_focus(True)
    source.read()
    assert newest.source.focus == "focus and exposure stay as they are"
    assert device.values[cv2.CAP_PROP_FOCUS] == 120.0
    device.pictures, device.focus = 2, 5.0
    again = source.reopen()
    assert device.values[cv2.CAP_PROP_FOCUS] == 120.0
    assert again.keep_focus(False)
    again.read()
    assert device.values[cv2.CAP_PROP_AUTOFOCUS] == 1
    assert again.focus == "focus and exposure are left to the camera"
    again.close()


def test_a_focus_that_the_user_set_by_hand_is_by_hand_again_at_the_end(
    monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    device = Device(0, "C270", values={cv2.CAP_PROP_AUTOFOCUS: 0.0})
    plug(monkeypatch, device)
    with CameraSource(devices.cameras()[0], SETTINGS) as source:
        source.keep_focus(True)
        clock[0] += 2.0
        source.read()
        assert device.values[cv2.CAP_PROP_AUTO_EXPOSURE] == 1
    assert device.values[cv2.CAP_PROP_AUTOFOCUS] == 0
    assert device.values[cv2.CAP_PROP_AUTO_EXPOSURE] == 3


def test_a_file_has_no_focus_to_keep() -> None:
    newest = NewestFrame(Misbehaving(["frame"]))
    assert not newest.source.keep_focus(True)
    assert (newest.source.focus, newest.source.modes) == ("", None)


FOCUS, EXPOSURE = (cv2.CAP_PROP_AUTOFOCUS, cv2.CAP_PROP_FOCUS), (cv2.CAP_PROP_AUTO_EXPOSURE, cv2.CAP_PROP_EXPOSURE)


@pytest.mark.parametrize(
    ("device", "says"),
    [
        (Device(0, focus=-1.0), "exposure stays as it is; this camera's focus cannot be kept"),
        (Device(0, refuses=EXPOSURE), "focus stays as it is; this camera's exposure cannot be kept"),
        (Device(0, refuses=FOCUS + EXPOSURE), "this camera's driver keeps neither focus nor exposure"),
        (Device(0, focus=-1.0, exposure=-6.0), "this camera's driver keeps neither focus nor exposure"),
    ],
    ids=["fixed-focus", "refuses-exposure", "refuses-both", "counts-below-zero"],
)
def test_what_a_driver_does_not_lock_is_said(
    monkeypatch: pytest.MonkeyPatch, clock: list[float], device: Device, says: str
) -> None:
    plug(monkeypatch, device)
    with CameraSource(devices.cameras()[0], SETTINGS) as source:
        source.keep_focus(True)
        clock[0] += 2.0
        source.read()
        assert source.focus == says


def test_lock_focus_where_nothing_can_be_locked_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, Device(0, "C270", sizes=[(1920, 1080)], focus=-1.0, exposure=-1.0))
    with CameraSource(devices.cameras()[0], changed(SETTINGS, {"lock_focus": True})) as source:
        assert source.notice == "C270: its driver keeps neither focus nor exposure"


def test_a_driver_without_focus_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device(0, focus=-1.0, exposure=-1.0)
    plug(monkeypatch, device)
    with CameraSource(devices.cameras()[0], SETTINGS) as source:
        camera.lock(source._capture, camera.locks_of(source._capture))
    assert cv2.CAP_PROP_AUTOFOCUS not in device.values
    assert cv2.CAP_PROP_AUTO_EXPOSURE not in device.values


@pytest.mark.parametrize("form", ["GREY", "Y16 "])
def test_grey_and_16_bit_sensors_give_a_picture_and_the_form_is_said(
    monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    plug(monkeypatch, Device(0, "Thermal", sizes=[(1920, 1080)], form=form))
    with CameraSource(devices.cameras()[0], SETTINGS) as source:
        assert source.notice == f"Thermal gives 1920x1080 at 30/s {form}; asked for 1920x1080 at 30/s MJPG"
        frame = source.read()
    assert frame.image.shape == (1080, 1920, 3)
    deep, highest = (np.uint16, 65536) if form == "Y16 " else (np.uint8, 256)
    sent = np.random.default_rng(0).integers(0, highest, (1080, 1920), deep)  # as the stand-in does
    assert np.abs(frame.image[:, :, 1] - sent / (257.0 if form == "Y16 " else 1.0)).max() <= 0.5


def test_what_is_no_picture_is_a_read_that_gave_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, Device(0, "C270", pictures=4))
    pictures = [(True, np.zeros((0, 0, 3), np.uint8)), (True, None), (True, np.zeros((4, 4, 7), np.uint8))]
    retrieve = FakeCapture.retrieve
    monkeypatch.setattr(FakeCapture, "retrieve", lambda self: pictures.pop() if pictures else retrieve(self))
    with CameraSource(devices.cameras()[0], SETTINGS) as source:
        assert source.read() is not None
        with pytest.raises(SourceError, match="sends no pictures"):
            source.read()


def test_damage_that_libjpeg_reads_over_is_not_told_at_every_picture(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    plug(monkeypatch, Device(0, "C270"))
    whole = cv2.imencode(".jpg", np.full((480, 640, 3), 90, np.uint8))[1].tobytes()
    scratched = np.frombuffer(whole[:-2] + b"padding" + whole[-2:], np.uint8)
    monkeypatch.setattr(FakeCapture, "retrieve", lambda self: (True, cv2.imdecode(scratched, cv2.IMREAD_COLOR)))
    with CameraSource(devices.cameras()[0], SETTINGS) as source:
        assert all(source.read() is not None for _ in range(3))
    assert capfd.readouterr().err == ""


def test_modes_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, Device(0, sizes=[(640, 480), (1280, 720)]))
    modes = probe_modes(devices.cameras()[0], SETTINGS, [(640, 480), (1280, 720), (1920, 1080)])
    assert [(m.width, m.height) for m in modes] == [(640, 480), (1280, 720)]
