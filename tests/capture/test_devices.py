"""Which camera a word means, and which one is opened first."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit.cameras import Device, plug

from livespot import startup
from livespot.capture import devices
from livespot.capture.devices import Camera
from livespot.errors import SourceError

BUILT_IN = Camera(0, "Integrated Camera", "/dev/video0", "usb:0001:0002:Integrated Camera")
C920 = Camera(2, "HD Pro Webcam C920", "/dev/video2", "id:usb-046d_HD_Pro_Webcam_C920_ABC-video-index0")
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
    ],
    ids=["index", "another", "no-index", "path", "no-path", "identity", "part", "start", "no-name"],
)
def test_find(text: str, camera: Camera | None) -> None:
    assert devices.find(text, ALL) is camera


def test_a_part_of_several_names_is_not_guessed() -> None:
    with pytest.raises(SourceError, match=r"part of several.*2: HD Pro Webcam C920; 4: HD Webcam"):
        devices.find("webcam", ALL)


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
    assert [c.identity for c in listed] == ["/dev/video0", "id:C920-serial-5", "4"]
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


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "x"}', "\x00"], ids=["empty", "half", "list", "key", "nul"])
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
