"""What may go wrong with a recording: a slow or failing encoder, a full disk, a folder or a process that goes away."""

import errno
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from kit.patience import until

from livespot.record.recorder import Recorder
from livespot.settings import RecordingSettings

SETTINGS = RecordingSettings()


class _HeldEncoder:
    """Stands in front of the encoder and lets nothing through until told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from livespot.record import video_writer

        self.go = threading.Event()
        add = video_writer.VideoFile.add

        def held(file: Any, *arguments: Any) -> None:
            self.go.wait(60)
            add(file, *arguments)

        monkeypatch.setattr(video_writer.VideoFile, "add", held)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[_HeldEncoder]:
    encoder = _HeldEncoder(monkeypatch)
    yield encoder
    encoder.go.set()


def test_a_slow_encoder_drops_and_counts_and_the_display_goes_on(
    tmp_path: Path, play: Any, picture: Any, held: _HeldEncoder
) -> None:
    with Recorder(tmp_path / "clip.mp4", replace(SETTINGS, queue=10)) as recorder:
        for n in range(100):
            recorder.write(picture(n), n / 100)  # would never come back if it waited for the encoder
        during = recorder.status.dropped
        held.go.set()
    status = recorder.status
    assert 85 <= during <= 90
    assert status.dropped == during
    assert status.written + status.dropped == 100
    video = play(tmp_path / "clip.mp4")
    assert video.frames == status.written
    assert video.tags["comment"].strip() == f"frames dropped: {during}"


def test_what_waits_for_the_encoder_is_never_a_second_of_video(
    tmp_path: Path, picture: Any, held: _HeldEncoder
) -> None:
    with Recorder(tmp_path / "clip.mp4", replace(SETTINGS, queue=600)) as recorder:
        for n in range(60):
            recorder.write(picture(n), n / 30)
        assert recorder.status.dropped >= 60 - 0.7 * 30
        held.go.set()


def test_a_file_read_in_step_waits_and_loses_nothing(tmp_path: Path, play: Any, picture: Any) -> None:
    with Recorder(tmp_path / "clip.mp4", replace(SETTINGS, queue=2)) as recorder:
        for n in range(200):
            recorder.write(picture(n), n / 30, wait=True)
    assert recorder.status.dropped == 0
    assert play(tmp_path / "clip.mp4").frames == 200


def test_an_exception_in_the_callers_code_still_closes_the_file(tmp_path: Path, play: Any, picture: Any) -> None:
    def session() -> None:
        with Recorder(tmp_path / "clip.mp4", SETTINGS) as recorder:
            recorder.write(picture(0), 0.0)
            recorder.write(picture(1), 0.1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        session()
    assert play(tmp_path / "clip.mp4").frames == 2


FORGETFUL = """
import sys, numpy as np
from livespot.record.recorder import Recorder
from livespot.settings import RecordingSettings
recorder = Recorder(sys.argv[1], RecordingSettings())
for n in range(10):
    recorder.write(np.full((48, 64, 3), 20 * n, np.uint8), n / 30, wait=True)
sys.exit(3)
"""


def test_a_process_that_ends_without_closing_leaves_a_whole_file(tmp_path: Path, play: Any) -> None:
    path = tmp_path / "clip.mp4"
    assert subprocess.run([sys.executable, "-c", FORGETFUL, str(path)], timeout=60).returncode == 3
    assert os.listdir(tmp_path) == ["clip.mp4"]
    assert play(path).frames == 10


def test_an_encoder_that_refuses_stops_the_recording_with_one_line(tmp_path: Path, capfd: Any) -> None:
    with Recorder(tmp_path / "clip.mp4", SETTINGS) as recorder:
        for n in range(5):
            recorder.write(np.zeros((2, 20_000, 3), np.uint8), n / 30)  # H.264 ends at 16384 px
    error = recorder.status.error
    assert error.startswith("recording stopped: the encoder failed: invalid width")
    assert capfd.readouterr().err == error + "\n"
    assert os.listdir(tmp_path) == []


def test_an_encoder_that_fails_later_keeps_what_was_written(
    tmp_path: Path, play: Any, picture: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    with Recorder(tmp_path / "clip.mp4", SETTINGS, notify=said.append) as recorder:
        for n in range(60):
            recorder.write(picture(n), n / 30, wait=True)
        until(lambda: recorder.status.written == 60)
        monkeypatch.setattr(cv2, "cvtColor", lambda *_, **__: 1 / 0)
        recorder.write(picture(60), 2.0, wait=True)
        recorder.write(picture(61), 2.1, wait=True)
    assert said == [recorder.status.error]
    assert "clip.mp4" in said[0]
    video = play(tmp_path / "clip.mp4")
    assert video.complaints == ""
    assert video.frames == recorder.status.written >= 50


@pytest.mark.parametrize("fate", ["deleted", "moved"])
def test_a_folder_that_vanishes_stops_the_recording_with_one_line(
    tmp_path: Path, picture: Any, monkeypatch: pytest.MonkeyPatch, fate: str
) -> None:
    from livespot.record import recorder as module

    monkeypatch.setattr(module, "CHECK_EVERY", 0.0)
    folder = tmp_path / "stick"
    folder.mkdir()
    said: list[str] = []
    with Recorder(folder / "clip.mp4", SETTINGS, notify=said.append) as recorder:
        for n in range(40):
            recorder.write(picture(n), n / 30, wait=True)
            if n == 20:
                until(lambda: recorder.status.written == 21)
                shutil.rmtree(folder) if fate == "deleted" else folder.rename(tmp_path / "elsewhere")
    assert said == [recorder.status.error]
    assert "moved or deleted" in said[0]
    assert ("recover" in said[0]) == (fate == "moved")
    if fate == "moved":
        from livespot.record.recover import recover

        (result,) = recover(tmp_path / "elsewhere")
        assert result.target == tmp_path / "elsewhere" / "clip.mp4"
        assert result.frames >= 20


def test_a_folder_that_vanishes_before_the_first_picture_is_said(tmp_path: Path, picture: Any) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    said: list[str] = []
    with Recorder(folder / "clip.mp4", SETTINGS, notify=said.append) as recorder:
        folder.rmdir()
        for n in range(3):
            recorder.write(picture(n), n / 30, wait=True)
    assert said == [f"recording stopped: its folder {folder} was moved or deleted; nothing is kept"]


def test_a_disk_that_runs_low_warns_then_stops_and_the_film_is_whole(
    tmp_path: Path, play: Any, picture: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from livespot.record import recorder as module

    free = {"mb": 9000}

    def usage(_: object) -> Any:
        return shutil._ntuple_diskusage(10**12, 0, free["mb"] * module.MB)  # type: ignore[attr-defined]

    monkeypatch.setattr(module.shutil, "disk_usage", usage)
    monkeypatch.setattr(module, "CHECK_EVERY", 0.0)
    said: list[str] = []
    recorder = Recorder(tmp_path / "clip.mp4", SETTINGS, notify=said.append)
    shown = []
    for n in range(60):
        free["mb"] = 9000 if n < 20 else 300 if n < 40 else 40
        recorder.write(picture(n), n / 30, wait=True)
        until(lambda n=n: recorder.status.written > n or recorder.status.error is not None)
        shown.append((recorder.status.recording, recorder.status.disk_low))
    recorder.close()
    assert shown[10] == (True, False)
    assert shown[35] == (True, True)
    assert shown[55][0] is False
    assert len(said) == 2
    assert "only 300 MB are free" in said[0]
    assert said[1] == recorder.status.error
    assert "only 40 MB are free" in said[1]
    video = play(tmp_path / "clip.mp4")
    assert video.frames == recorder.status.written == 41
    assert video.seconds == pytest.approx(41 / 30, rel=0.01)


def test_a_disk_that_fails_at_the_very_end_is_said(
    tmp_path: Path, picture: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that became read-only takes everything, and keeps nothing."""

    def broken(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("livespot.record.video_writer.os.fsync", broken)
    said: list[str] = []
    with Recorder(tmp_path / "clip.mp4", SETTINGS, notify=said.append) as recorder:
        recorder.write(picture(0), 0.0, wait=True)
    until(lambda: bool(said))
    assert said == ["the disk did not take all of the recording: the disk failed"]


def test_a_file_system_that_says_no_size_is_not_full(
    tmp_path: Path, picture: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from livespot.record import recorder as module

    nothing = shutil._ntuple_diskusage(0, 0, 0)  # type: ignore[attr-defined]
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: nothing)
    monkeypatch.setattr(module, "CHECK_EVERY", 0.0)
    said: list[str] = []
    with Recorder(tmp_path / "clip.mp4", SETTINGS, notify=said.append) as recorder:
        for n in range(5):
            recorder.write(picture(n), n / 30, wait=True)
    assert said == []
    assert recorder.status.written == 5


LIMITED = """
import resource, sys, numpy as np
from livespot.record.recorder import Recorder
from livespot.settings import RecordingSettings
limit = int(sys.argv[2])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
rng = np.random.default_rng(1)
with Recorder(sys.argv[1], RecordingSettings(warn_free_mb=0.0, stop_free_mb=0.0)) as recorder:
    for n in range(3000):
        recorder.write(rng.integers(0, 255, (240, 320, 3), np.uint8), n / 30, wait=True)
        if not recorder.status.recording:
            break
print(recorder.status.written, flush=True)
"""


@pytest.mark.parametrize("extension", [".mp4", ".mkv"])
def test_a_size_limit_stops_the_recording_and_what_was_written_plays(tmp_path: Path, play: Any, extension: str) -> None:
    path = tmp_path / f"clip{extension}"
    result = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path), "900000"], capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 0
    assert result.stderr.count("\n") == 1
    assert "largest size allowed" in result.stderr
    video = play(path)
    assert video.frames == int(result.stdout) > 5
    assert os.listdir(tmp_path) == [path.name]
    if extension == ".mp4":
        assert video.complaints == ""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(disk)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.parametrize("extension", [".mp4", ".mkv"])
def test_a_disk_that_fills_up_stops_the_recording_and_what_was_written_plays(
    small_disk: Path, play: Any, extension: str
) -> None:
    path = small_disk / f"clip{extension}"
    result = subprocess.run([sys.executable, "-c", LIMITED, str(path), "0"], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0
    assert result.stderr.count("\n") == 1
    assert "the disk is full" in result.stderr
    assert os.listdir(small_disk) == [path.name]
    video = play(path)
    assert video.frames == int(result.stdout) > 5
    if extension == ".mp4":  # Matroska that was not closed has no length in its head; players find the end
        assert video.complaints == ""
        assert video.seconds == pytest.approx(video.frames / 30, abs=0.1)
