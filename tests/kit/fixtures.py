"""What tests share: an independent reader of recordings (Debian's ffprobe and ffmpeg), pictures to record, a window."""

import json
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from kit.screen.pixels import boxed
from kit.screen.sitting import QUADS, Sit
from kit.screen.xscreen import Person, XScreen
from livespot.frame import Image


@dataclass(frozen=True)
class Playback:
    """A video as a player that is not ours sees it. complaints: what the decoder said, "" when all is well."""

    codec: str
    size: tuple[int, int]
    frames: int
    seconds: float
    times: list[float]
    keyframes: list[float]
    chapters: list[tuple[float, str]]
    tags: dict[str, str]
    complaints: str


def _play(path: Path) -> Playback:
    wanted = ["-show_streams", "-show_chapters", "-show_format", "-show_entries", "packet=pts_time,flags"]
    probe = subprocess.run(
        ["ffprobe", "-v", "error", "-count_frames", *wanted, "-of", "json", str(path)], capture_output=True, text=True
    )
    said = json.loads(probe.stdout)
    decode = subprocess.run(
        # its own time base, else the null writer complains of pictures nearer than the usual frame
        ["ffmpeg", "-v", "error", "-threads", "1", "-i", str(path), "-fps_mode", "passthrough", "-enc_time_base", "-1",
         "-f", "null", "-"],
        capture_output=True, text=True,
    )  # fmt: skip
    stream = said["streams"][0]
    packets = said["packets"]
    return Playback(
        codec=stream["codec_name"],
        size=(stream["width"], stream["height"]),
        frames=int(stream.get("nb_read_frames", 0)),
        seconds=float(said["format"].get("duration", 0.0)),
        times=[float(p["pts_time"]) for p in packets],
        keyframes=[float(p["pts_time"]) for p in packets if "K" in p["flags"]],
        chapters=[(float(c["start_time"]), c["tags"]["title"]) for c in said["chapters"]],
        tags={key.lower(): value for key, value in said["format"].get("tags", {}).items()},
        complaints=probe.stderr + decode.stderr,
    )


@pytest.fixture(scope="session")
def play() -> Callable[[Path], Playback]:
    """Read a video through to its end with ffprobe and ffmpeg."""
    if shutil.which("ffprobe") is None or shutil.which("ffmpeg") is None:
        pytest.skip("no ffprobe here to play recordings back with (Debian: apt-get install ffmpeg)")
    return _play


@pytest.fixture(scope="session")
def picture() -> Callable[..., Image]:
    """picture(n, width, height): the n-th picture of a scene that moves a little."""
    scene = cv2.GaussianBlur(np.random.default_rng(6).integers(0, 255, (800, 1800, 3), np.uint8), (0, 0), 4)

    def at(n: int, width: int = 320, height: int = 240) -> Image:
        x = 3 * n % (scene.shape[1] - width)
        return np.ascontiguousarray(scene[:height, x : x + width])

    return at


@pytest.fixture(scope="module")
def screen() -> Iterator[XScreen]:
    missing = XScreen.missing()
    if missing:
        pytest.skip(f"needs {missing}")
    with XScreen(1920, 1200) as opened:
        yield opened


@pytest.fixture
def sit(screen: XScreen, tmp_path: Path) -> Iterator[Sit]:
    """Sit down at a window; the session is ended afterwards whatever happened."""
    people: list[Person] = []

    def down(*, until: Callable[[Image], bool] | None = None, **wishes: Any) -> Person:
        person = Person(screen, tmp_path, **wishes)
        people.append(person)
        person.point(640, 690)
        person.wait(until or boxed(QUADS), "the first boxes", 30.0)
        return person

    yield down
    for person in people:
        if person.process.poll() is None:
            person.leave(signal.SIGKILL)
