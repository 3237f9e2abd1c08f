"""What becomes of what a phone films: `scripts/phone [RUNS] [--fps N]`.

A headless Chromium is the phone; its camera plays a page on a desk, 720p, each picture with its number drawn into a
corner. The window stands on a virtual display. Printed: how long after the press on "Start the camera" the window shows
the right answer; how old a picture is when it is in the window, from the moment the browser's camera had it; and what
livespot takes of the processor meanwhile. The browser and the window share this machine: a phone of its own is faster.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from kit.network.phone import browser, write_film
from livespot.bench.clips import Clip
from livespot.bench.speed.liverun import RIGHT, screen
from livespot.cli import measured
from livespot.demo import open_demo
from livespot.frame import Frame, Image
from livespot.reference.scoring import score
from livespot.spotting.results import FrameResult
from livespot.spotting.warming import warm_up

Values = NDArray[np.float64]
SETTLED = 3.0  # s after the first picture: what is measured then is not the start
_BITS, _CELL = 6, 32  # of a picture's number; px of a cell
_PROBE = "from livespot import startup; startup.prepare(); from kit.network import phone_path; "
_PROBE += "phone_path.measured.Probe = phone_path.Numbered; "
_PROBE += "phone_path.os._exit(phone_path.measured.main())"  # as livespot ends: an analysis may be under way
# What the page's camera had when: [number, ms since 1970].
_WATCH = """
const pen = new OffscreenCanvas(BITS, 1).getContext("2d", { willReadFrequently: true });
window.seen = [];
video.requestVideoFrameCallback(function look(now, about) {
  video.requestVideoFrameCallback(look);
  pen.drawImage(video, 0, 0, BITS * CELL, CELL, 0, 0, BITS, 1);
  const cells = pen.getImageData(0, 0, BITS, 1).data;
  let number = 0;
  for (let bit = 0; bit < BITS; bit++) number |= (cells[4 * bit] > 127) << bit;
  window.seen.push([number, performance.timeOrigin + about.captureTime]);
});
""".replace("BITS", str(_BITS)).replace("CELL", str(_CELL))


class Numbered(measured.Probe):
    """The stopwatch, with the number in each picture at the end of its row."""

    def tracked(self, frame: Frame, spotting: FrameResult, began: float, ended: float) -> None:
        super().tracked(frame, spotting, began, ended)
        cells = frame.image[_CELL // 2, _CELL // 2 : _BITS * _CELL : _CELL, 0] > 127
        self.frames[-1].append(int(cells @ (1 << np.arange(_BITS))))


@dataclass(frozen=True)
class Run:
    """answer: s from the press to the right answer in the window, nan without one. ages: ms. rate: pictures a second.

    cores: of the processor that livespot took.
    """

    answer: float
    ages: Values
    rate: float
    cores: float


def film(folder: Path) -> tuple[Path, Clip]:
    """Two seconds for the browser's camera, and their truth."""
    demo = open_demo(None, size=(1280, 720), fps=30.0, seconds=2.0, seed=3, scenario="desk")
    length = demo.length or 0
    path = write_film(folder / "page.mjpeg", [_numbered(demo.webcam.image(index), index) for index in range(length)])
    return path, Clip(path, demo, length)


def _numbered(picture: Image, number: int) -> Image:
    picture = picture.copy()
    for bit in range(_BITS):
        picture[:_CELL, bit * _CELL : (bit + 1) * _CELL] = 255 * (number >> bit & 1)
    return picture


def watch(driver: Any, clip: Clip, display: str, seconds: float, fps: float) -> Run:
    """livespot in a window, the phone in front of it for so many seconds."""
    warm_up()  # what is measured is no first start
    with tempfile.TemporaryDirectory() as folder, _program(Path(folder), display, seconds, fps) as (program, started):
        assert program.stderr is not None
        driver.get(next(found[0] for line in program.stderr if (found := re.search(r"http://\S+/", line))))
        driver.get(driver.execute_script("return facts.secure"))
        driver.execute_script(_WATCH)
        time.sleep(1.0)  # a person takes longer
        pressed = time.monotonic() - started
        driver.find_element("id", "camera").click()
        time.sleep(SETTLED)
        process, began = psutil.Process(program.pid), time.monotonic()
        used = -sum(process.cpu_times()[:2])
        time.sleep(seconds - SETTLED - 1.0)
        used += sum(process.cpu_times()[:2])
        cores = used / (time.monotonic() - began)
        seen = driver.execute_script("return seen")
        said = program.communicate(timeout=60)[1]
        assert program.returncode == 0, said
        noted = json.loads((Path(folder) / "report.json").read_text())
    rows = [row for row in noted["frames"] if row[5] is not None]
    right = (row[5] for row in rows if (quads := noted["quads"].get(str(row[0]))) and _right(quads, clip, row[8]))
    since = time.time() - time.monotonic() + started  # the program's times count from here, s since 1970
    at, shown = np.array([(row[5], row[8]) for row in rows]).T
    rate = (len(rows) - 1) / (at[-1] - at[0])
    return Run(next(right, float("nan")) - pressed, _ages(at, shown, seen, since, clip.length), rate, cores)


def _ages(at: Values, shown: Values, seen: list[list[float]], since: float, length: int) -> Values:
    """How old a picture was when it was shown, ms. at, shown: when, s, and its number. seen: as _WATCH has it."""
    had = np.array(seen)
    had[:, 0], had[:, 1] = np.unwrap(had[:, 0], period=length), had[:, 1] / 1e3 - since
    late = (at > at[0] + SETTLED) & (at < had[-1, 1])
    newest = np.interp(at[late], had[:, 1], had[:, 0])
    ages: Values = at[late] - np.interp(newest - (newest - shown[late]) % length, had[:, 0], had[:, 1])
    return 1e3 * ages


def _right(quads: Any, clip: Clip, number: int) -> bool:
    return score(quads, clip.labels(number)).f1 >= RIGHT


@contextlib.contextmanager
def _program(folder: Path, display: str, seconds: float, fps: float) -> Iterator[tuple[subprocess.Popen[str], float]]:
    """livespot, and when it was started."""
    words = ["live", "phone", "--seconds", str(seconds), "--set", "phone.address=127.0.0.1", "--set", f"fps={fps}"]
    started = time.monotonic()
    program = subprocess.Popen(
        [sys.executable, "-c", _PROBE, str(folder / "report.json"), repr(started), *words],
        env=os.environ | {"DISPLAY": display, "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield program, started
    finally:
        program.kill()
        program.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/phone", description="what a phone films: when it is in the window")
    parser.add_argument("runs", type=int, nargs="?", default=5)
    parser.add_argument("--fps", type=float, default=15.0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, screen() as display:
        assert display, "needs Xvfb"
        path, clip = film(Path(folder))
        with browser(Path(folder), path) as driver:
            runs = [watch(driver, clip, display, 15.0, args.fps) for _ in range(args.runs)]
    answers = [run.answer for run in runs]
    print(f"right answer: {np.median(answers):.2f} s after the press (" + ", ".join(f"{a:.2f}" for a in answers) + ")")
    ages = np.concatenate([run.ages for run in runs])
    print(f"age in the window: median {np.median(ages):.0f} ms, p95 {np.percentile(ages, 95):.0f} ms ({len(ages)})")
    print(f"pictures a second: {np.median([run.rate for run in runs]):.1f}")
    print(f"livespot's cores: {np.median([run.cores for run in runs]):.2f}, the vision and the window included")


if __name__ == "__main__":
    main()
