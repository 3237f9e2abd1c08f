"""The doctor looks at this machine, names a remedy for what is missing, and says whether livespot can be used."""

import argparse
import importlib.metadata
from pathlib import Path
from types import SimpleNamespace

import pytest
from kit.cameras import Device, plug

from livespot import libraries, packages, startup
from livespot.cli import doctor
from livespot.cli.doctor import Check, Finding
from livespot.settings import Settings


def run() -> int:
    return doctor.run(argparse.Namespace(), Settings())


def test_this_machine_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    said = capsys.readouterr().out
    for check in doctor.CHECKS:
        assert check.name in said
    assert "everything essential works" in said
    assert "libx264" in said


def test_every_missing_thing_has_its_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setattr(libraries, "_loads", lambda file: False)
    monkeypatch.setattr(libraries, "font_folder", lambda: None)
    plug(monkeypatch)
    assert run() == 0
    lines = capsys.readouterr().out.splitlines()
    for name in ("libraries", "window", "fonts", "cameras"):
        at = next(n for n, line in enumerate(lines) if line.split()[:2] == ["missing", name])
        assert lines[at + 1].strip().startswith("-> ")
    assert any("sudo apt-get install libgl1 libglib2.0-0 libsm6 libgomp1" in line for line in lines)


def test_another_platform_than_the_tested_one_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "tested on Linux alone" not in doctor._python().says
    monkeypatch.setattr(doctor, "sys", SimpleNamespace(platform="win32", executable="python.exe"))
    assert "tested on Linux alone" in doctor._python().says
    assert doctor._fonts().works
    assert doctor._libraries().works


def test_something_essential_missing_is_exit_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = Check("hands", lambda: Finding(False, "all thumbs", "practise"), essential=True)
    monkeypatch.setattr(doctor, "CHECKS", (*doctor.CHECKS[:1], broken))
    assert run() == 1
    said = capsys.readouterr().out
    assert "MISSING  hands" in said
    assert "-> practise" in said
    assert "1 essential thing does not work" in said


def test_a_check_that_breaks_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    found = doctor.examine(Check("hands", lambda: Finding(bool(1 / 0), ""), essential=True))
    assert not found.works
    assert "ZeroDivisionError" in found.says
    assert found.remedy


def test_cameras_are_listed_with_their_permissions(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plug(monkeypatch, Device(0, "C270", "/dev/null"))
    monkeypatch.setattr("os.access", lambda path, mode: path != "/dev/null")
    run()
    said = capsys.readouterr().out
    assert "0: C270" in said
    assert "usermod -aG video" in said


def test_a_folder_that_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(startup, "config_dir", lambda: tmp_path / "file" / "livespot")
    assert run() == 0
    assert "not a directory" in capsys.readouterr().out


def test_packages_for_what_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "_loads", lambda file: file != "libSM.so.6")
    monkeypatch.setattr(libraries, "font_folder", lambda: Path("/fonts"))
    assert libraries.missing_packages() == ["libsm6"]


def test_another_opencv_than_the_declared_one_is_no_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: ["opencv-contrib-python<6,>=5", "numpy>=2.2"])
    monkeypatch.setattr(importlib.metadata, "version", lambda name: {"opencv-python": "5.0", "numpy": "2.4"}[name])
    monkeypatch.setattr(packages, "opencvs", lambda: {"opencv-python": "5.0"})
    assert doctor._packages() == Finding(True, "opencv-python 5.0, numpy 2.4")
