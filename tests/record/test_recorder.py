"""Recordings worth trusting: they play elsewhere, keep real time, and never take the live view down with them."""

import os
import subprocess
import threading
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from livespot.errors import LivespotError, UsageError
from livespot.record.recorder import Recorder
from livespot.settings import RecordingSettings

SETTINGS = RecordingSettings()


@pytest.mark.parametrize(("extension", "codec"), [(".mp4", "h264"), (".mkv", "h264")])
def test_a_recording_plays_from_start_to_end(
    tmp_path: Path, play: Any, picture: Any, extension: str, codec: str
) -> None:
    path = tmp_path / f"clip{extension}"
    with Recorder(path, SETTINGS, fps_hint=30, title="market, panel A and B") as recorder:
        for n in range(90):
            recorder.write(picture(n), 5.0 + n / 30, wait=True)
            if n == 30:
                recorder.mark("frozen")
            if n == 60:
                recorder.mark("snapshot 1.png")
                recorder.mark("frozen")
    status = recorder.status
    assert (status.written, status.dropped, status.error, status.files) == (90, 0, None, (path,))
    assert os.listdir(tmp_path) == [path.name]
    video = play(path)
    assert video.complaints == ""
    assert (video.codec, video.size, video.frames) == (codec, (320, 240), 90)
    assert video.seconds == pytest.approx(3.0, rel=0.01)
    assert status.seconds == pytest.approx(3.0, rel=0.01)
    assert video.times == pytest.approx([n / 30 for n in range(90)], abs=0.001)
    assert max(b - a for a, b in pairwise([*video.keyframes, 3.0])) <= 1.05
    assert [title for _, title in video.chapters] == ["market, panel A and B", "frozen", "snapshot 1.png, frozen"]
    assert [start for start, _ in video.chapters] == pytest.approx([0.0, 1.0, 2.0], abs=0.002)
    assert video.tags["title"] == "market, panel A and B"
    assert video.tags["comment"].strip() == "frames dropped: 0"
    assert video.tags["creation_time"][:2] == "20"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("clip.avi", "end the name in"),
        ("clip", "end the name in"),
        ("taken.mp4", "exists and is not overwritten"),
        ("missing/clip.mp4", "no folder"),
        ("folder.mp4", "it is a folder"),
        ("taken.mp4/clip.mp4", "no folder"),
        ("x" * 250 + ".mp4", "cannot record to"),
    ],
)
def test_a_target_that_cannot_be_written_is_refused_up_front(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "taken.mp4").write_text("precious")
    (tmp_path / "folder.mp4").mkdir()
    with pytest.raises(UsageError, match=why) as refused:
        Recorder(tmp_path / name, SETTINGS)
    assert "\n" not in str(refused.value)
    assert sorted(os.listdir(tmp_path)) == ["folder.mp4", "taken.mp4"]
    assert (tmp_path / "taken.mp4").read_text() == "precious"


def test_a_folder_that_takes_no_files_is_refused_up_front() -> None:
    with pytest.raises(UsageError, match="cannot record to /proc"):
        Recorder("/proc/clip.mp4", SETTINGS)


def test_a_disk_without_room_is_refused_up_front(tmp_path: Path) -> None:
    with pytest.raises(LivespotError, match="MB are free"):
        Recorder(tmp_path / "clip.mp4", replace(SETTINGS, stop_free_mb=1e9))
    assert os.listdir(tmp_path) == []


def test_nothing_recorded_leaves_nothing(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "clip.mp4", SETTINGS)
    recorder.mark("frozen")
    assert recorder.status.recording
    assert recorder.close() == recorder.close()
    assert not recorder.status.recording
    assert recorder.status.error is None
    assert os.listdir(tmp_path) == []


def test_a_single_picture_is_a_film(tmp_path: Path, play: Any, picture: Any) -> None:
    with Recorder(tmp_path / "clip.mp4", SETTINGS, fps_hint=25) as recorder:
        recorder.write(picture(0), 0.0)
    assert play(tmp_path / "clip.mp4").frames == 1


def test_a_name_that_is_taken_while_recording_is_not_overwritten(tmp_path: Path, play: Any, picture: Any) -> None:
    with Recorder(tmp_path / "clip.mp4", SETTINGS) as recorder:
        recorder.write(picture(0), 0.0)
        (tmp_path / "clip.mp4").write_text("precious")
    assert (tmp_path / "clip.mp4").read_text() == "precious"
    assert recorder.status.files == (tmp_path / "clip-2.mp4",)
    assert play(tmp_path / "clip-2.mp4").frames == 1


@pytest.mark.parametrize("extension", [".mp4", ".mkv"])
def test_a_source_of_five_frames_a_second_keeps_its_length(
    tmp_path: Path, play: Any, picture: Any, extension: str
) -> None:
    path = tmp_path / f"clip{extension}"
    with Recorder(path, SETTINGS, fps_hint=30) as recorder:
        for n in range(50):
            recorder.write(picture(n), n / 5, wait=True)
    video = play(path)
    assert (video.frames, video.complaints) == (50, "")
    assert video.seconds == pytest.approx(10.0, rel=0.01)
    assert max(b - a for a, b in pairwise(video.keyframes)) <= 1.01


def test_a_camera_that_slows_down_and_stalls_keeps_its_length(tmp_path: Path, play: Any, picture: Any) -> None:
    times = [n / 30 for n in range(60)] + [2 + n / 8 for n in range(24)] + [9 + n / 30 for n in range(60)]
    with Recorder(tmp_path / "clip.mp4", SETTINGS) as recorder:
        for n, t in enumerate(times):
            recorder.write(picture(n), t, wait=True)
    assert play(tmp_path / "clip.mp4").seconds == pytest.approx(11.0, rel=0.01)


def test_a_clock_that_jumps_leaves_the_length_of_the_wall_clock(tmp_path: Path, play: Any, picture: Any) -> None:
    began = time.monotonic()
    with Recorder(tmp_path / "clip.mp4", SETTINGS) as recorder:
        for n in range(100):
            jump = 0.0 if n < 45 else 3600.0 if n < 70 else -86400.0
            recorder.write(picture(n), time.monotonic() + jump)
            time.sleep(0.03)
        lasted = time.monotonic() - began
    video = play(tmp_path / "clip.mp4")
    assert video.complaints == ""
    # a single last picture is 1 % of this short film, on top of the promised 1 %
    assert video.seconds == pytest.approx(lasted, rel=0.01, abs=0.06)
    assert all(b > a for a, b in pairwise(video.times))


def test_a_change_of_size_starts_a_new_numbered_part(tmp_path: Path, play: Any, picture: Any) -> None:
    (tmp_path / "clip-2.mp4").write_text("precious")
    with Recorder(tmp_path / "clip.mp4", SETTINGS) as recorder:
        for n in range(90):
            width, height = ((320, 240), (640, 360), (320, 240))[n // 30]
            recorder.write(picture(n, width, height), n / 30, wait=True)
    names = ["clip.mp4", "clip-2-2.mp4", "clip-3.mp4"]
    assert [file.name for file in recorder.status.files] == names
    assert (tmp_path / "clip-2.mp4").read_text() == "precious"
    videos = [play(tmp_path / name) for name in names]
    assert [video.size for video in videos] == [(320, 240), (640, 360), (320, 240)]
    assert [video.frames for video in videos] == [30, 30, 30]
    assert [video.times[0] for video in videos] == [0.0, 0.0, 0.0]
    assert recorder.status.written == 90


@pytest.mark.parametrize(("width", "height"), [(321, 241), (33, 17), (2, 2), (1, 1)])
def test_odd_and_tiny_pictures_are_recorded_unstretched(tmp_path: Path, play: Any, width: int, height: int) -> None:
    with Recorder(tmp_path / "clip.mp4", SETTINGS) as recorder:
        for n in range(5):
            recorder.write(np.full((height, width, 3), 90, np.uint8), n / 30, wait=True)
    assert recorder.status.error is None
    video = play(tmp_path / "clip.mp4")
    assert video.size == (width + width % 2, height + height % 2)
    assert video.frames == 5


def test_colours_stay_true(tmp_path: Path) -> None:
    colours = [(40, 40, 200), (30, 180, 60), (200, 60, 30), (200, 200, 200)]
    with Recorder(tmp_path / "clip.mp4", SETTINGS) as recorder:
        for n in range(40):
            recorder.write(np.full((120, 160, 3), colours[n // 10], np.uint8), n / 30, wait=True)
    decoded = _decode(tmp_path / "clip.mp4", 160, 120)
    assert len(decoded) == 40
    for n in (5, 15, 25, 35):
        # 4:2:0 in limited range and two conversions cost a few grey levels
        assert decoded[n].mean(axis=(0, 1)) == pytest.approx(colours[n // 10], abs=4)


def test_what_is_drawn_is_recorded_and_the_picture_itself_stays_clean(tmp_path: Path) -> None:
    picture = np.full((120, 160, 3), 90, np.uint8)
    drawers = set()

    def draw(image: Any) -> None:
        drawers.add(threading.current_thread())
        image[40:80, 40:120] = 220

    with Recorder(tmp_path / "clip.mp4", SETTINGS) as recorder:
        for n in range(8):
            recorder.write(picture, n / 30, draw=draw if n % 2 else None, wait=True)
    assert (picture == 90).all()
    assert drawers
    assert threading.current_thread() not in drawers
    middles = [float(image[60, 80].mean()) for image in _decode(tmp_path / "clip.mp4", 160, 120)]
    assert middles == pytest.approx([90.0, 220.0] * 4, abs=4)


def test_a_fault_in_drawing_stops_the_recording_not_the_display(tmp_path: Path, play: Any, picture: Any) -> None:
    said: list[str] = []

    def draw(image: Any) -> None:
        raise ValueError("no such colour")

    with Recorder(tmp_path / "clip.mp4", SETTINGS, notify=said.append) as recorder:
        for n in range(30):
            recorder.write(picture(n), n / 30, wait=True)
        for n in range(30, 40):
            recorder.write(picture(n), n / 30, draw=draw, wait=True)
    assert len(said) == 1
    assert "no such colour" in said[0]
    assert play(tmp_path / "clip.mp4").frames == recorder.status.written == 30


def _decode(path: Path, width: int, height: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(path), "-fps_mode", "passthrough",
         "-f", "rawvideo", "-pix_fmt", "bgr24", "-"],
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)
