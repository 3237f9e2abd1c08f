"""A recording that was cut off anywhere, at any moment, comes back with all but its last second."""

import argparse
import os
import random
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from kit.patience import until

from livespot.errors import UsageError
from livespot.record import recover as module
from livespot.record.recorder import Recorder
from livespot.record.recover import leftovers, offer, recover
from livespot.settings import RecordingSettings, Settings


def cut_off(folder: Path, picture: Any, extension: str = ".mp4", frames: int = 60) -> Path:
    """What a kill leaves after `frames` pictures at 30 a second: the file as it is on the disk at that moment."""
    made = folder / "made"
    made.mkdir()
    with Recorder(made / f"clip{extension}", RecordingSettings(), title="harbour") as recorder:
        for n in range(frames):
            recorder.write(picture(n), n / 30, wait=True)
        until(lambda: recorder.status.written == frames)
        (leftover,) = made.iterdir()
        shutil.copy(leftover, folder / leftover.name)
    shutil.rmtree(made)
    return folder / leftover.name


def test_a_name_with_a_colon_is_a_name(tmp_path: Path, picture: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """FFmpeg takes what stands before it for a protocol."""
    cut_off(tmp_path, picture).rename(tmp_path / "12:30.writing.mp4")
    monkeypatch.chdir(tmp_path)
    (done,) = recover(".")
    assert (done.problem, done.target) == (None, Path("12:30.mp4"))


@pytest.mark.parametrize("extension", [".mp4", ".mkv"])
def test_a_leftover_becomes_a_normal_file(tmp_path: Path, play: Any, picture: Any, extension: str) -> None:
    leftover = cut_off(tmp_path, picture, extension)
    (result,) = recover(leftover)
    assert result.problem is None
    assert result.target == tmp_path / f"clip{extension}"
    assert os.listdir(tmp_path) == [f"clip{extension}"]
    video = play(result.target)
    assert video.complaints == ""
    assert video.frames == result.frames >= 30
    assert video.seconds == pytest.approx(video.frames / 30, abs=0.05)
    assert video.times == pytest.approx([n / 30 for n in range(video.frames)], abs=0.001)
    assert video.tags["title"] == "harbour"


@pytest.mark.parametrize("extension", [".mp4", ".mkv"])
def test_chapters_come_back_too(tmp_path: Path, play: Any, picture: Any, extension: str) -> None:
    made = tmp_path / "made"
    made.mkdir()
    with Recorder(made / f"clip{extension}", RecordingSettings(), title="harbour") as recorder:
        for n in range(90):
            recorder.write(picture(n), n / 30, wait=True)
            if n in (30, 89):
                recorder.mark("frozen" if n == 30 else "in what is lost")
        until(lambda: recorder.status.written == 90)
        recorder.mark("the very last")
        until(lambda: "the very last" in "".join(file.read_text() for file in made.glob("*.marks")))
        for file in made.iterdir():
            shutil.copy(file, tmp_path / file.name)
    assert [file.name for file in made.iterdir()] == [f"clip{extension}"]
    shutil.rmtree(made)
    with (tmp_path / f"clip.writing{extension}.marks").open("a") as marks:
        marks.write('[-3, "no time"]\n[1, 2]\n{"half a li')
    with (tmp_path / f"clip.writing{extension}").open("r+b") as film:
        film.truncate(film.seek(0, os.SEEK_END) * 9 // 10)
    (result,) = recover(tmp_path)
    assert result.target is not None
    video = play(result.target)
    assert video.complaints == ""
    assert [title for _, title in video.chapters] == ["harbour", "frozen"]
    assert [start for start, _ in video.chapters] == pytest.approx([0.0, 1.0], abs=0.002)
    assert os.listdir(tmp_path) == [f"clip{extension}"]


@pytest.mark.parametrize("extension", [".mp4", ".mkv"])
def test_a_file_cut_at_any_byte_gives_every_whole_picture_before_the_cut(
    tmp_path: Path, play: Any, picture: Any, extension: str
) -> None:
    whole = cut_off(tmp_path, picture, extension).read_bytes()
    chance = random.Random(6)
    cuts = sorted(chance.sample(range(len(whole)), 10))
    frames = []
    for cut in cuts:
        (tmp_path / f"part.writing{extension}").write_bytes(whole[:cut])
        (result,) = recover(tmp_path / f"part.writing{extension}")
        frames.append(result.frames)
        if result.target is not None:
            assert play(result.target).complaints == ""
            result.target.unlink()
    assert frames == sorted(frames)
    assert frames[-1] >= 40


def test_recovering_overwrites_nothing(tmp_path: Path, picture: Any) -> None:
    cut_off(tmp_path, picture)
    (tmp_path / "clip.mp4").write_text("precious")
    (result,) = recover(tmp_path)
    assert result.target == tmp_path / "clip-2.mp4"
    assert (tmp_path / "clip.mp4").read_text() == "precious"


def test_the_name_it_should_have_had_is_enough(tmp_path: Path, picture: Any) -> None:
    cut_off(tmp_path, picture)
    (result,) = recover(tmp_path / "clip.mp4")
    assert result.target == tmp_path / "clip.mp4"


def test_a_recording_that_still_runs_is_left_alone(tmp_path: Path, picture: Any) -> None:
    with Recorder(tmp_path / "clip.mp4", RecordingSettings()) as recorder:
        recorder.write(picture(0), 0.0)
        until(lambda: recorder.status.written)
        assert leftovers(tmp_path) == []
        assert recover(tmp_path) == []
        (result,) = recover(tmp_path / "clip.writing.mp4")
        assert result.problem == "it is still being written"
    assert recorder.status.files == (tmp_path / "clip.mp4",)


@pytest.mark.parametrize(
    ("name", "why"),
    [("missing.mp4", "there is no"), ("notes.txt", "not an unfinished"), ("whole.mp4", "not an unfinished")],
)
def test_what_cannot_be_recovered_is_refused_in_one_line(tmp_path: Path, name: str, why: str) -> None:
    for made in ("notes.txt", "whole.mp4"):
        (tmp_path / made).write_text("precious")
    with pytest.raises(UsageError, match=why) as refused:
        recover(tmp_path / name)
    assert "\n" not in str(refused.value)
    assert (tmp_path / "whole.mp4").read_text() == "precious"


@pytest.mark.parametrize("extension", [".mp4", ".mkv"])
def test_rubbish_under_a_temporary_name_is_kept_and_said(tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"clip.writing{extension}"
    path.write_bytes(random.Random(1).randbytes(5000))
    (result,) = recover(path)
    assert result.target is None
    assert result.problem is not None
    assert os.listdir(tmp_path) == [path.name]


def test_a_leftover_without_a_picture_is_removed(tmp_path: Path) -> None:
    (tmp_path / "clip.writing.mp4").touch()
    (result,) = recover(tmp_path)
    assert result.problem == "it held no whole picture yet and was removed"
    assert os.listdir(tmp_path) == []


def test_the_next_start_offers_it(tmp_path: Path, picture: Any) -> None:
    assert offer(tmp_path) is None
    assert offer(tmp_path / "missing") is None
    cut_off(tmp_path, picture, frames=20)
    line = offer(tmp_path)
    assert line is not None
    assert "clip.writing.mp4" in line
    assert f"livespot recover {tmp_path}" in line
    recover(tmp_path)
    assert offer(tmp_path) is None


def test_the_command_says_one_line_a_file(tmp_path: Path, picture: Any, capsys: pytest.CaptureFixture[str]) -> None:
    cut_off(tmp_path, picture)
    (tmp_path / "other.writing.mkv").write_bytes(b"rubbish" * 1000)
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    arguments = parser.parse_args([str(tmp_path)])
    assert module.run(arguments, Settings()) == 1
    out, err = capsys.readouterr()
    assert out.startswith(f"{tmp_path / 'clip.mp4'}: ")
    assert err.count("\n") == 1
    (tmp_path / "other.writing.mkv").unlink()
    assert module.run(arguments, Settings()) == 0
    assert capsys.readouterr().out == f"nothing to recover in {tmp_path}\n"


# --- kill -9, for real

RECORDS = """
import os, sys, time
import cv2, numpy as np
from livespot.record import video_writer
from livespot.record.recorder import Recorder
from livespot.settings import RecordingSettings
path, plain, seconds = sys.argv[1], sys.argv[2] == "plain", float(sys.argv[3])
if plain:
    video_writer.FORMATS[".mp4"][1].clear()
scene = cv2.GaussianBlur(np.random.default_rng(0).integers(0, 255, (240, 1400, 3), np.uint8), (0, 0), 3)
recorder = Recorder(path, RecordingSettings())
began, n = time.monotonic(), 0
while (now := time.monotonic() - began) < seconds:
    recorder.write(np.ascontiguousarray(scene[:, 3 * n % 1000 :][:, :320]), now)
    os.write(1, f"{now:.4f}\\n".encode())
    n += 1
    time.sleep(max(0.0, began + n / 30 - time.monotonic()))
os.write(1, b"closing\\n")
recorder.close()
time.sleep(60)
"""


@dataclass(frozen=True)
class Kill:
    """One recording that was killed. written, readable: frames. lost: seconds of video. complaints: the decoder's."""

    method: str
    written: int
    readable: int
    lost: float
    complaints: str


def kill_one(folder: Path, play: Any, method: str, extension: str, after: float, seconds: float = 60.0) -> Kill:
    """Record in a child, kill it `after` seconds (after closing began, when `seconds` end the recording), recover."""
    folder.mkdir()
    child = subprocess.Popen(
        [sys.executable, "-c", RECORDS, str(folder / f"clip{extension}"), method, str(seconds)], stdout=subprocess.PIPE
    )
    lines = [child.stdout.readline()]
    while seconds < 60 and lines[-1] not in (b"closing\n", b""):
        lines.append(child.stdout.readline())
    time.sleep(after)
    child.kill()
    lines += child.stdout.read().splitlines()
    child.wait()
    child.stdout.close()
    times = [float(line) for line in lines if line and not line.startswith(b"closing")]
    recover(folder)
    whole = folder / f"clip{extension}"
    if not whole.exists():
        return Kill(method, len(times), 0, times[-1] - times[0], "")
    video = play(whole)
    return Kill(method, len(times), video.frames, times[-1] - times[0] - video.times[-1], video.complaints)


METHODS = {"hybrid MP4": ".mp4", "Matroska": ".mkv"}


def show(kills: list[Kill]) -> None:
    """The table of the README (`pytest -s`)."""
    print(f"\n{'method':<12} {'kills':>5} {'frames written':>15} {'frames readable':>16} {'lost at most (s)':>17}")
    for method in dict.fromkeys(kill.method for kill in kills):
        rows = [kill for kill in kills if kill.method == method]
        written, readable = sum(k.written for k in rows), sum(k.readable for k in rows)
        print(f"{method:<12} {len(rows):>5} {written:>15} {readable:>16} {max(k.lost for k in rows):>17.2f}")


@pytest.mark.slow
def test_a_kill_at_any_moment_loses_at_most_the_last_second(tmp_path: Path, play: Any) -> None:
    chance = random.Random()
    work = [(method, extension) for method, extension in METHODS.items() for _ in range(4)]
    work += [("plain", ".mp4")]
    with ThreadPoolExecutor(3) as pool:
        kills = list(
            pool.map(
                lambda n: kill_one(tmp_path / str(n), play, *work[n], after=chance.uniform(0.0, 2.5)), range(len(work))
            )
        )
    show(kills)
    for kill in kills:
        if kill.method == "plain":
            assert kill.readable == 0  # why plain MP4 is not used
        else:
            assert kill.lost <= 1.0, kill
            assert kill.complaints == "", kill


@pytest.mark.slow
def test_a_kill_while_the_file_is_being_finished_loses_nothing_more(tmp_path: Path, play: Any) -> None:
    work = [extension for extension in METHODS.values() for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        kills = list(
            pool.map(
                lambda n: kill_one(tmp_path / str(n), play, "closing", work[n], after=0.004 * (n % 3), seconds=1.2),
                range(len(work)),
            )
        )
    for kill in kills:
        assert kill.lost <= 1.0, kill
        assert kill.complaints == "", kill
