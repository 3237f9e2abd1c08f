"""Which camera a word means, and which one is opened first."""

import sys
from pathlib import Path

import pytest
from kit.cameras import Device, plug, sysfs

from livespot import startup
from livespot.capture import devices
from livespot.capture.devices import Camera
from livespot.errors import SourceError

BUILT_IN = Camera(0, "Integrated Camera", "/dev/video0", "usb:0001:0002:Integrated Camera")
C920 = Camera(
    2, "HD Pro Webcam C920", "/dev/video2", "id:usb-046d_HD_Pro_Webcam_C920_ABC-video-index0", "046d:082d", "ABC1200"
)
SECOND = Camera(4, "HD Webcam", "/dev/video4", "/dev/video4")
ALL = [BUILT_IN, C920, SECOND]


@pytest.mark.parametrize(
    ("text", "camera"),
    [
        ("0", BUILT_IN),
        ("2", C920),
        ("1", None),
        ("/dev/video4", SECOND),
        ("/dev/video1", None),
        (C920.identity, C920),
        ("c920", C920),
        ("Integrated", BUILT_IN),
        ("microscope", None),
        ("hd webcam", SECOND),
        ("  HD  Pro webcam ", C920),
        ("046d:082d", C920),
        ("46D:82D", C920),
        ("usb:046d:082d", C920),
        ("046d:082d:abc1200", C920),
        ("046d:082d:HD Pro Webcam C920", C920),
        ("046d:082d:other", None),
        ("abc1200", C920),
        ("²", None),
        ("02", None),
    ],
    ids=[
        "index",
        "another",
        "no-index",
        "path",
        "no-path",
        "identity",
        "part",
        "start",
        "no-name",
        "whole-name-and-part-of-another",
        "spaces-and-case",
        "usb",
        "usb-short",
        "usb-said",
        "usb-and-serial",
        "usb-and-name",
        "usb-and-other",
        "serial",
        "a-digit-that-is-no-number",
        "no-plain-number",
    ],
)
def test_find(text: str, camera: Camera | None) -> None:
    assert devices.find(text, ALL) is camera


def test_a_part_of_several_names_is_not_guessed() -> None:
    with pytest.raises(SourceError, match=r"part of the name of several.*2: HD Pro Webcam C920; 4: HD Webcam\)"):
        devices.find("webcam", ALL)


@pytest.mark.parametrize("text", ["C270", "c2", "046d:0825", "usb:046d:0825:C270", "0001"])
def test_two_of_a_kind_are_not_guessed(text: str) -> None:
    twins = [Camera(n, "C270", f"/dev/video{n}", f"usb:046d:0825:C270#{n}", "046d:0825", "0001") for n in (0, 2)]
    with pytest.raises(
        SourceError, match=r"of several cameras \(0: C270, /dev/video0; 2: C270, /dev/video2\)"
    ) as caught:
        devices.find(text, twins)
    assert "\n" not in str(caught.value)
    assert devices.find(twins[1].identity, twins) is twins[1]


def test_a_link_means_the_device_it_leads_to(tmp_path: Path) -> None:
    device = tmp_path / "video7"
    device.touch()
    link = tmp_path / "by-id"
    link.symlink_to(device)
    camera = Camera(7, "Microscope", str(device), "x")
    assert devices.find(str(link), [BUILT_IN, camera]) is camera


def test_listed_in_order_with_names_and_identities(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(
        monkeypatch,
        Device(2, "C920", "/dev/video2"),
        Device(0, "Built-in", "/dev/video0", vid=None, pid=None),
        Device(4, "", "", vid=None, pid=None),
    )
    monkeypatch.setattr(devices, "_serial_links", lambda: {"/dev/video2": "id:C920-serial-5"})
    listed = devices.cameras()
    assert [(c.index, c.name) for c in listed] == [(0, "Built-in"), (2, "C920"), (4, "")]
    assert [c.identity for c in listed] == ["Built-in", "id:C920-serial-5", "index:4"]
    assert [c.lasting for c in listed] == [True, True, False]
    assert listed[2].label() == "camera 4"


def test_usb_numbers_are_an_identity_where_there_is_no_serial(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, Device(0, "C270", "/dev/video0"))
    assert devices.cameras()[0].identity == "usb:046d:0825:C270"


def test_a_camera_is_remembered_by_identity_not_by_index() -> None:
    assert devices.remembered(ALL) is None
    devices.remember(C920)
    moved = Camera(6, C920.name, "/dev/video6", C920.identity)
    assert devices.remembered([BUILT_IN, moved]) is moved
    assert devices.remembered([BUILT_IN]) is None


TWINS = (Device(0, "C270", "/dev/video0"), Device(2, "C270", "/dev/video2"))


@pytest.fixture
def plugs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What Linux shows of two cameras of a kind without serial numbers: video0 in plug 1-1, video2 in plug 1-2."""
    root = tmp_path / "sys"
    for node, interface in (("video0", "1-1:1.0"), ("video2", "1-2:1.0")):
        sysfs(root, node, interface)
    return root


def twins(monkeypatch: pytest.MonkeyPatch, plugs: Path, *there: Device, link: str) -> list[Camera]:
    """The cameras that are listed; udev has one link for all of a kind, to the one at `link`."""
    plug(monkeypatch, *there)
    monkeypatch.setattr(devices, "_NODES", plugs)
    monkeypatch.setattr(devices, "_serial_links", lambda: {link: "id:usb-046d_C270-video-index0"})
    return devices.cameras()


def test_two_of_a_kind_are_told_apart_by_their_plugs(monkeypatch: pytest.MonkeyPatch, plugs: Path) -> None:
    first, second = twins(monkeypatch, plugs, *TWINS, link="/dev/video2")
    assert (first.identity, second.identity) == ("usb:046d:0825:C270#1-1:1.0", "usb:046d:0825:C270#1-2:1.0")
    # The second goes: its link leads to the first now, which is still the first.
    (left,) = twins(monkeypatch, plugs, TWINS[0], link="/dev/video0")
    assert left.identity == "id:usb-046d_C270-video-index0"
    assert devices.again(first, [left]) is left
    assert devices.again(second, [left]) is None
    # It comes back, and either is what it was.
    both = twins(monkeypatch, plugs, *TWINS, link="/dev/video0")
    assert [devices.again(camera, both) for camera in (left, first, second)] == [both[0], both[0], both[1]]


def test_of_two_of_a_kind_the_one_chosen_last_is_remembered(monkeypatch: pytest.MonkeyPatch, plugs: Path) -> None:
    devices.remember(twins(monkeypatch, plugs, *TWINS, link="/dev/video0")[1])
    assert devices.remembered(twins(monkeypatch, plugs, *TWINS, link="/dev/video0")) == devices.cameras()[1]
    (alone,) = twins(monkeypatch, plugs, TWINS[1], link="/dev/video2")
    assert devices.remembered([alone]) is alone
    assert devices.remembered(twins(monkeypatch, plugs, TWINS[0], link="/dev/video0")) is None


def test_two_of_a_kind_with_numbers_of_their_own_have_links_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, *TWINS)
    monkeypatch.setattr(devices, "_serial_links", lambda: {"/dev/video0": "id:A", "/dev/video2": "id:B"})
    assert [c.identity for c in devices.cameras()] == ["id:A", "id:B"]


def test_serial_number_and_plug_come_from_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sysfs(tmp_path, "video0", "2-1.3:1.0", serial="A1B2")
    plug(monkeypatch, Device(0, "C920", "/dev/video0"))
    monkeypatch.setattr(devices, "_NODES", tmp_path)
    (camera,) = devices.cameras()
    assert (camera.usb, camera.serial, camera.port) == ("046d:0825", "A1B2", "2-1.3:1.0")
    assert devices.find("046d:0825:A1B2", [camera]) is camera


def test_a_second_node_is_no_second_camera_when_neither_may_be_opened(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A UVC camera's second node carries data about the pictures. Without permission nobody can ask which one it is."""
    sysfs(tmp_path, "video0", "1-1:1.0")
    sysfs(tmp_path, "video1", "1-1:1.0", index=1)
    sysfs(tmp_path, "video2", "1-1:1.2")  # the infrared camera of the same device
    plug(monkeypatch, *(Device(n, "Integrated", f"/dev/video{n}") for n in range(3)))
    monkeypatch.setattr(devices, "_NODES", tmp_path)
    monkeypatch.setattr(devices, "permission_problem", lambda path: "no permission")
    assert [c.index for c in devices.cameras()] == [0, 2]
    monkeypatch.setattr(devices, "permission_problem", lambda path: "")
    assert [c.index for c in devices.cameras()] == [0, 1, 2]  # the library asked each, and each sends pictures
    assert len({c.identity for c in devices.cameras()}) == 3


def test_what_is_known_by_its_number_alone_is_not_remembered() -> None:
    devices.remember(C920)
    devices.remember(devices.numbered(0))
    assert devices.remembered(ALL) is C920


def test_a_library_that_does_not_load_lists_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", None)
    assert devices.cameras() == []


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"name": "x"}', "\x00", "3"], ids=["empty", "half", "list", "key", "nul", "number"]
)
def test_a_spoiled_memory_is_no_memory(text: str) -> None:
    startup.config_dir().mkdir(parents=True)
    (startup.config_dir() / "camera.json").write_text(text)
    assert devices.remembered(ALL) is None
    devices.remember(SECOND)
    assert devices.remembered(ALL) is SECOND


def test_remembering_where_nothing_can_be_written_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(startup, "config_dir", lambda: tmp_path / "file" / "livespot")
    devices.remember(C920)
    assert devices.remembered(ALL) is None
