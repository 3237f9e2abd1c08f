"""Every word a user may give for SOURCE: the right source, or one clear line."""

import os
import stat
from pathlib import Path

import cv2
import numpy as np
import pytest
from kit.cameras import Device, plug, sysfs

from livespot.capture import devices
from livespot.capture.camera import CameraSource
from livespot.capture.newest import Reopenable
from livespot.capture.opening import DemoOptions, NoCamera, is_demo, open_source
from livespot.capture.stills import StillsSource
from livespot.errors import SourceError, UsageError
from livespot.settings import Settings, changed

SETTINGS = changed(Settings(), {"capture.open_timeout": 0.5})


@pytest.fixture
def page(work: Path) -> Path:
    image = np.random.default_rng(0).integers(0, 256, (90, 160, 3), dtype=np.uint8)
    cv2.imwrite("page.png", image)
    return work / "page.png"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("", "an empty word"),
        ("nothing.mp4", "there is no file nothing.mp4"),
        ("folder/nothing", "there is no file"),
        ("microscope", "not a file, a camera's name or a command"),
        ("7", "there is no camera 7"),
        ("²", "not a file, a camera's name or a command"),
        ("046d:0825", "not a file, a camera's name or a command"),
        ("/dev/video77", "there is no device"),
        ("/dev/null", "not a camera"),
        ("empty.mp4", "is empty"),
        ("empty-folder", "no picture in folder"),
        ("pipe", "not a file but a pipe"),
        ("dangling", "cannot read"),
        ("ftp://host/clip.mp4", "not ftp"),
        ("page.heic", "HEIC|convert it"),
    ],
)
def test_refused_in_one_line(work: Path, monkeypatch: pytest.MonkeyPatch, source: str, says: str) -> None:
    plug(monkeypatch)
    Path("empty.mp4").touch()
    Path("page.heic").write_bytes(b"x")
    Path("empty-folder").mkdir()
    os.mkfifo("pipe")
    Path("dangling").symlink_to("nowhere")
    with pytest.raises(SourceError, match=says) as caught:
        open_source(source, SETTINGS)
    assert "\n" not in str(caught.value)


def test_no_source_and_no_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch)
    with pytest.raises(NoCamera):
        open_source(None, SETTINGS)


def test_no_source_is_the_first_camera_then_the_one_chosen_last(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, Device(0, "Built-in", pid=1), Device(2, "HD Pro Webcam C920", pid=2))
    with open_source(None, SETTINGS) as first:
        assert first.name == "Built-in"
    with open_source("c920", SETTINGS) as chosen:
        assert chosen.name == "HD Pro Webcam C920"
    with open_source(None, SETTINGS) as again:
        assert again.name == "HD Pro Webcam C920"


@pytest.mark.parametrize("text", ["2", "C920", "/dev/video2"])
def test_a_camera_by_number_name_or_path(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    plug(monkeypatch, Device(0, "Built-in", "/dev/video0"), Device(2, "HD Pro Webcam C920", "/dev/video2"))
    with open_source(text, SETTINGS) as source:
        assert isinstance(source, CameraSource)
        assert source.camera.index == 2


@pytest.mark.parametrize(
    "text", ["046d:0825", "046d:0825:SN7", "SN7", "hd pro webcam c920", "usb:046d:0825:HD Pro Webcam C920"]
)
def test_a_camera_by_what_it_is_and_remembered_under_another_number(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str
) -> None:
    sysfs(tmp_path, "video2", "1-2:1.0", serial="SN7")
    plug(monkeypatch, Device(0, "Built-in", "/dev/video0", pid=1), Device(2, "HD Pro Webcam C920", "/dev/video2"))
    monkeypatch.setattr(devices, "_NODES", tmp_path)
    with open_source(text, SETTINGS) as source:
        assert source.name == "HD Pro Webcam C920"
    plug(monkeypatch, Device(0, "HD Pro Webcam C920", "/dev/video0"), Device(2, "Built-in", "/dev/video2", pid=1))
    with open_source(None, SETTINGS) as again:
        assert isinstance(again, CameraSource)
        assert (again.camera.index, again.name) == (0, "HD Pro Webcam C920")


def test_the_camera_used_last_is_missed_by_name_and_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    built_in, c920 = Device(0, "Built-in", pid=1), Device(2, "HD Pro Webcam C920", pid=2)
    plug(monkeypatch, built_in, c920)
    open_source("c920", SETTINGS).close()
    plug(monkeypatch, built_in)
    with open_source(None, SETTINGS) as other:
        assert other.name == "Built-in"
        assert getattr(other, "notice", "") == "HD Pro Webcam C920, used last, is not plugged in: this is Built-in"
    plug(monkeypatch, built_in, c920)
    with open_source(None, SETTINGS) as back:
        assert back.name == "HD Pro Webcam C920"


def test_two_of_a_kind_are_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, Device(0, "C270", "/dev/video0"), Device(2, "C270", "/dev/video2"))
    with pytest.raises(SourceError, match=r"0: C270, /dev/video0; 2: C270, /dev/video2") as caught:
        open_source("c270", SETTINGS)
    assert "\n" not in str(caught.value)


def test_a_file_comes_before_a_name_and_a_number_before_a_file(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, Device(0, "page.png"))
    image = np.random.default_rng(0).integers(0, 256, (90, 160, 3), dtype=np.uint8)
    cv2.imwrite("page.png", image)
    Path("page.png").rename("0.png")
    Path("0.png").rename("0")
    with open_source("page.png", SETTINGS) as camera:
        assert isinstance(camera, CameraSource)
    with open_source("0", SETTINGS) as camera:
        assert isinstance(camera, CameraSource)
    Path("0").rename("page.png")
    with open_source("page.png", SETTINGS) as still:
        assert isinstance(still, StillsSource)
    Path("page.png").rename("1")
    with pytest.raises(SourceError, match=r"there is no camera 1: there are 0; \./1 is the file"):
        open_source("1", SETTINGS)


@pytest.mark.parametrize("text", [None, "0", "C270", "/dev/null"])
def test_without_permission_the_line_says_what_why_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    device = Device(0, "C270", "/dev/null")
    plug(monkeypatch, device)
    monkeypatch.setattr("os.access", lambda path, mode: path != "/dev/null")
    with pytest.raises(SourceError) as caught:
        open_source(text, SETTINGS)
    remedy = "run `sudo usermod -aG video $USER`, then log out and in again"
    assert str(caught.value) == f"C270: no permission to use /dev/null: {remedy}"
    assert device.openings == 0


@pytest.mark.parametrize(
    "path", [r"\\?\usb#vid_046d&pid_0825&mi_00#7&1a2b&0&0000#{e5323777-f976-4f5b}\global", "0x1420000046d0825"]
)
def test_a_camera_by_its_path_on_windows_and_macos(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    plug(monkeypatch, Device(0, "C270", path), Device(1, "C270", path + "2"))
    monkeypatch.setattr(os.path, "lexists", lambda text: "?" in str(text))  # there a device is found like a file
    with open_source(path, SETTINGS) as source:
        assert isinstance(source, CameraSource)
        assert source.camera.index == 0
        assert source.identity == f"usb:046d:0825:C270#{path}"  # lasting, as the path there is
    plug(monkeypatch, Device(0, "Other", pid=1), Device(1, "C270", path))  # the other one of its kind is gone
    with open_source(None, SETTINGS) as again:
        assert isinstance(again, CameraSource)
        assert again.camera.index == 1


def test_a_camera_opened_by_number_alone_has_no_identity_and_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, Device(1, "Seen by OpenCV alone"))
    monkeypatch.setattr(devices, "cameras", list)
    with open_source("1", SETTINGS) as source:
        assert getattr(source, "identity", None) == ""
    assert devices.chosen_last() is None


def test_a_camera_that_did_not_open_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, Device(0, "Built-in", opens=False))
    with pytest.raises(SourceError):
        open_source("0", SETTINGS)
    assert devices.remembered(devices.cameras()) is None


def test_a_number_that_is_not_there_names_those_that_are(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, Device(0), Device(2))
    with pytest.raises(SourceError, match="there are 0, 2"):
        open_source("1", SETTINGS)


def test_a_picture_and_a_folder(page: Path, work: Path) -> None:
    with open_source("page.png", SETTINGS) as still:
        assert isinstance(still, StillsSource)
        assert still.length == 1
        frame = still.read()
        assert frame.image.shape == (90, 160, 3)
        assert still.read() is None
    with open_source(str(work), SETTINGS) as folder:
        assert folder.length == 1


def test_a_file_nobody_may_read(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page.chmod(0)
    if os.access(page, os.R_OK):  # root may read everything
        monkeypatch.setattr("os.access", lambda path, mode: False)
    with pytest.raises(SourceError, match="permission denied"):
        open_source("page.png", SETTINGS)
    page.chmod(stat.S_IRUSR | stat.S_IWUSR)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_turned_clockwise(page: Path, degrees: int) -> None:
    upright = cv2.imread(str(page))
    assert upright is not None
    with open_source("page.png", changed(SETTINGS, {"rotate": degrees})) as source:
        frame = source.read()
    # np.rot90 turns anticlockwise.
    assert np.array_equal(frame.image, np.rot90(upright, -degrees // 90))


def test_a_turned_camera_can_still_be_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, Device(0))
    with open_source("0", changed(SETTINGS, {"rotate": 90})) as source:
        assert isinstance(source, Reopenable)
        with source.reopen() as again:
            frame = again.read()
    assert frame.image.shape == (1280, 720, 3)


def test_the_demo_by_name() -> None:
    settings = changed(SETTINGS, {"size": "640x480", "fps": 20})
    with open_source("demo", settings, DemoOptions(seconds=0.2, seed=3)) as source:
        assert source.name.startswith("demo")
        assert source.length == 4
        first = source.read()
    assert first.image.shape == (480, 640, 3)
    with pytest.raises(UsageError, match="unknown demo"):
        open_source("demo:nothing", settings)


def test_what_is_the_demo() -> None:
    assert is_demo("demo")
    assert is_demo("demo:harbour")
    assert not is_demo("demonstration.mp4")
    assert not is_demo(None)
