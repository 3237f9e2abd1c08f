"""`livespot cameras`, and which camera is opened: what people are told."""

import re
from pathlib import Path

import pytest
from kit.cameras import Device, plug, sysfs

from livespot.capture import devices
from livespot.cli import main


def test_cameras(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    plug(monkeypatch, Device(0, "Built-in", pid=1), Device(2, "C920", "/dev/video92", sizes=[(640, 480)], opens=True))
    assert main(["cameras"]) == 0
    out = capsys.readouterr().out
    assert "0: Built-in" in out
    assert "2: C920" in out
    assert "/dev/video92" in out
    assert "640x480 at 30/s MJPG" in out


def test_cameras_shows_which_is_which(
    work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sysfs(work / "sys", "video0", "1-1:1.0", serial="SN1")
    sysfs(work / "sys", "video2", "1-2:1.0")
    denied = Device(4, "Locked", "/dev/null", pid=3)
    plug(monkeypatch, Device(0, "C270", "/dev/video0"), Device(2, "C270", "/dev/video2"), denied)
    monkeypatch.setattr(devices, "_NODES", work / "sys")
    monkeypatch.setattr("os.access", lambda path, mode: path != "/dev/null")
    assert main(["live", "2", "--headless", "--seconds", "0.1"]) == 0
    capsys.readouterr()
    assert main(["cameras"]) == 0
    said_all = capsys.readouterr().out
    first, second, third = (part.splitlines() for part in re.split(r"^(?=\d: )", said_all, flags=re.MULTILINE)[1:])
    assert "  usb       046d:0825, serial number SN1" in first
    assert "  identity  usb:046d:0825:C270#1-1:1.0" in first
    assert second[0] == "2: C270  (opened first: it was used last)"
    assert any("no permission to use /dev/null" in line for line in third)
    assert denied.openings == 0  # that it is in use by another program would be no help


@pytest.mark.parametrize("command", [["live"], ["selfcheck", "--no-profile"], ["calibrate", "lens"]])
def test_another_camera_than_the_one_used_last_is_said_whatever_it_is_for(
    work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    plug(monkeypatch, Device(0, "Built-in", pid=1, sizes=[(1280, 720)], pictures=40))
    devices.remember(devices.Camera(4, "C920", "", "usb:046d:082d:C920"))
    retry = ["--set", "capture.stall_timeout=0.5", "--set", "capture.open_timeout=0.5"]
    main([*command, "--headless", "--seconds", "0.3", *retry])
    assert "C920, used last, is not plugged in: this is Built-in" in capsys.readouterr().err


def test_no_cameras(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    plug(monkeypatch)
    assert main(["cameras"]) == 0
    assert "no camera found" in capsys.readouterr().out
