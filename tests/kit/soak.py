"""The live loop for a long time on a camera that keeps failing: memory, handles, threads, recoveries.

`scripts/soak [SECONDS]` (default 1800). The simulated webcam films a page; at random moments it fails, blocks, ends,
repeats itself, sends rubbish or changes its size; everything is recorded. Exit status 1 when memory grew by more than
5 % after the first two minutes, a handle or thread was leaked, the camera did not come back, or the recording does not
hold the whole time from its first picture to its last. --keep DIR leaves what was recorded there.
"""

import argparse
import contextlib
import dataclasses
import itertools
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from livespot import startup
from livespot.capture.opening import DemoOptions, open_source
from livespot.capture.video import VideoSource
from livespot.errors import SourceError
from livespot.frame import Frame, Source
from livespot.live.loop import session
from livespot.settings import Settings, changed

FAULTS = ("raise", "crash", "none", "block", "repeat", "zeros", "junk", "back", "resize")
GROWTH = 1.05  # of the memory after the warm-up
WARM_UP = 120.0  # s
SPAN = 120.0  # s whose median is one figure: pictures that wait for a busy encoder come and go, 40 MB of them
LOOK_EVERY = 2.0  # s
LEFT_OUT = 0.01  # of the frames shown: pictures the encoder had no room for
SLACK = 1.0  # s of recording
HARD = ("raise", "crash", "none", "block", "repeat")  # faults after which the camera has to be opened again


class Troubles:
    """What was done to the camera, over all its openings. every: mean seconds between faults."""

    def __init__(self, seed: int, every: float) -> None:
        self._random = np.random.default_rng(seed)
        self._every = every
        self.done: dict[str, int] = dict.fromkeys(FAULTS, 0)
        # Of each fault: s until the camera was given up, s until a good frame came, frames of the camera lost.
        self.noticed: dict[str, list[float]] = {fault: [] for fault in FAULTS}
        self.waits: dict[str, list[float]] = {fault: [] for fault in FAULTS}
        self.lost: dict[str, list[int]] = {fault: [] for fault in FAULTS}
        self.openings = 1
        self.pending: tuple[str, float] | None = None
        self._last_good = -1
        self.next_at = time.monotonic() + 5.0

    def due(self) -> str | None:
        """A fault, when it is time for one and the last one is over."""
        now = time.monotonic()
        if self.pending is not None or now < self.next_at:
            return None
        fault = str(self._random.choice(FAULTS))
        self.done[fault] += 1
        self.pending = (fault, now)
        self.next_at = now + float(self._random.exponential(self._every)) + 1.0
        return fault

    def given_up(self) -> None:
        """The program closed the camera, to open it again."""
        if self.pending is not None:
            fault, since = self.pending
            self.noticed[fault].append(time.monotonic() - since)

    def good_frame(self, index: int) -> None:
        """The camera works (again); index: of its frames, those that nobody read counted too."""
        if self.pending is not None:
            fault, since = self.pending
            self.waits[fault].append(time.monotonic() - since)
            self.lost[fault].append(index - self._last_good - 1)
            self.pending = None
            self.next_at = max(self.next_at, time.monotonic() + 1.0)
        self._last_good = index


class FailingWebcam(Source):
    """The simulated webcam with these troubles; opened again, it films on."""

    live = True
    length = None

    def __init__(self, camera: Source, troubles: Troubles) -> None:
        self.name, self.fps = camera.name, camera.fps
        self._camera = camera
        self._troubles = troubles
        self._closed = threading.Event()
        self._stuck: str | None = None
        self._last: Frame | None = None

    def read(self) -> Frame | None:
        fault = self._stuck or self._troubles.due()
        frame = self._camera.read() if self._stuck != "repeat" or self._last is None else self._last
        if frame is None or self._closed.is_set():
            return None
        if fault is None:
            self._troubles.good_frame(frame.index)
            self._last = frame
            return frame
        return self._fail(fault, frame)

    def _fail(self, fault: str, frame: Frame) -> Frame | None:
        if fault in HARD:
            self._stuck = fault
        match fault:
            case "raise":
                raise SourceError(f"{self.name} failed as told")
            case "crash":
                raise RuntimeError("the driver lost its head")
            case "none":
                return None
            case "block":
                self._closed.wait(120.0)
                return None
            case "repeat":
                time.sleep(0.03)
                # Its clock goes on; the picture does not.
                shown = self._last if self._last is not None else frame
                self._last = dataclasses.replace(shown, index=shown.index + 1, time=shown.time + 0.033)
                return self._last
        picture: Any = frame.image
        if fault == "zeros":
            picture = np.zeros_like(frame.image)
        elif fault == "junk":
            picture = np.zeros((0, 0, 3), np.uint8)
        elif fault == "resize":
            picture = np.ascontiguousarray(frame.image[:-80, :-80])
        at = frame.time - 10.0 if fault == "back" else frame.time
        return dataclasses.replace(frame, image=picture, time=at)

    def reopen(self) -> Source:
        self._troubles.openings += 1
        return FailingWebcam(self._camera, self._troubles)

    def close(self) -> None:
        """The webcam itself stays: it is opened again."""
        if not self._closed.is_set() and self._stuck is not None:
            self._troubles.given_up()
        self._closed.set()


@dataclasses.dataclass(frozen=True)
class Sample:
    at: float
    memory_mb: float
    handles: int
    threads: int


def measure(samples: list[Sample], over: threading.Event, every: float) -> None:
    """Look at this process until it is over; print a line every so many seconds."""
    process = psutil.Process()
    start = time.monotonic()
    told = 0.0
    while not over.wait(LOOK_EVERY):
        sample = Sample(
            time.monotonic() - start, process.memory_info().rss / 1e6, process.num_fds(), process.num_threads()
        )
        samples.append(sample)
        if sample.at < told + every:
            continue
        told = sample.at
        print(
            f"{sample.at:7.0f} s  {sample.memory_mb:7.1f} MB  {sample.handles:3d} handles  {sample.threads:3d} threads",
            flush=True,
        )


def main() -> int:
    startup.prepare()
    parser = argparse.ArgumentParser(prog="scripts/soak", description="the live loop, for long, on a failing camera")
    parser.add_argument("seconds", type=float, nargs="?", default=1800.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--every", type=float, default=8.0, help="mean seconds between faults [8]")
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--window", action="store_true", help="in a window (needs a display)")
    parser.add_argument("--keep", type=Path, help="leave the recording and the event log in this folder")
    args = parser.parse_args()
    settings = changed(Settings(), {"size": args.size, "capture.retry_first": 0.2})
    compile_kernels()
    troubles = Troubles(args.seed, args.every)
    samples: list[Sample] = []
    over = threading.Event()
    watcher = threading.Thread(target=measure, args=(samples, over, max(1.0, args.seconds / 60)), daemon=True)
    with contextlib.ExitStack() as stack:
        folder = args.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        camera = open_source("demo", settings, DemoOptions(seed=args.seed, realtime=True))
        watcher.start()
        started = time.monotonic()
        options = session.SessionOptions(
            headless=not args.window,
            record=folder / "soak.mp4",
            events=folder / "soak.jsonl",
            seconds=args.seconds,
        )
        status = session.run(FailingWebcam(camera, troubles), settings, options)
        spent = time.monotonic() - started
        over.set()
        watcher.join(5)
        camera.close()
        problems = [] if status == 0 else [f"the session ended with status {status}"]
        print(f"\n{spent:.1f} s, {troubles.openings} openings")
        problems += recoveries(troubles)
        problems += recording(folder)
        problems += growth(samples)
    for problem in problems:
        print(f"PROBLEM: {problem}")
    return 1 if problems else 0


def compile_kernels() -> None:
    """Fill the kernels' cache from another process.

    Who compiles keeps some 200 MB of the compiler's, and is at it for the first minutes: the first start after a change
    is not what hours are judged by.
    """
    words = ["demo", "--headless", "--seconds", "0.2", "--size", "320x240"]
    subprocess.run([sys.executable, "-m", "livespot", *words], check=True, stderr=subprocess.DEVNULL)


def recoveries(troubles: Troubles) -> list[str]:
    """Print what became of each fault; what is wrong with it."""
    print("fault     injected  detected in: median, longest  recovered in: median, longest  frames lost: median, most")
    for fault in FAULTS:
        cells = [
            f"{np.median(values):.{digits}f} {max(values):6.{digits}f}" if values else "-"
            for values, digits in ((troubles.noticed[fault], 2), (troubles.waits[fault], 2), (troubles.lost[fault], 0))
        ]
        print(f"{fault:9} {troubles.done[fault]:8d}  {cells[0]:>28}  {cells[1]:>29}  {cells[2]:>25}")
    unrecovered = sum(troubles.done.values()) - sum(len(waits) for waits in troubles.waits.values())
    # One fault may be under way at the very end.
    if unrecovered > 1 or (troubles.pending and time.monotonic() - troubles.pending[1] > 30):
        return [f"{unrecovered} faults without recovery"]
    return []


def recording(folder: Path) -> list[str]:
    """Print whether the recorded parts hold the time of the event log, which has every frame shown."""
    lines = (folder / "soak.jsonl").read_text(encoding="utf-8").splitlines()
    times = [json.loads(line)["time"] for line in lines]
    parts = [contents(path) for path in sorted(folder.glob("soak*.mp4"), key=lambda path: path.stat().st_mtime_ns)]
    recorded, pictures = sum(seconds for seconds, _ in parts), sum(count for _, count in parts)
    meant = times[-1] - times[0] if times else 0.0
    apart = sorted((b - a for a, b in itertools.pairwise(times)), reverse=True)
    print(f"shown: {len(times)} frames over {meant:.1f} s, at most {apart[0] if apart else 0.0:.1f} s apart")
    print(
        f"recorded: {pictures} frames over {recorded:.1f} s in {len(parts)} parts: "
        + ", ".join(f"{seconds:.1f}" for seconds, _ in parts)
    )
    problems = []
    if len(times) - pictures > LEFT_OUT * len(times):
        problems.append(f"{len(times) - pictures} of {len(times)} frames are missing from the recording")
    # A part ends with its last picture; the time until the next part's first one is in neither.
    if not parts or meant - recorded > SLACK + sum(apart[: len(parts) - 1]):
        problems.append(f"{meant - recorded:.1f} s are missing from the recording")
    return problems


def contents(path: Path) -> tuple[float, int]:
    """Seconds, the last picture's own included, and pictures of a video."""
    times = []
    with VideoSource(path) as source:
        while (frame := source.read()) is not None:
            times.append(frame.time)
    return times[-1] + float(np.median(np.diff(times)) if len(times) > 1 else 1.0 / (source.fps or 30.0)), len(times)


def growth(samples: list[Sample]) -> list[str]:
    """Print memory, handles and threads after the warm-up and at the end; what grew."""
    settled = [sample for sample in samples if sample.at >= WARM_UP]
    if not settled or settled[-1].at < WARM_UP + SPAN:
        print("too short to judge memory, handles and threads: all of it is warm-up")
        return []
    problems = []
    for name, limit in (("memory_mb", GROWTH), ("handles", 1.0), ("threads", 1.0)):
        values = [getattr(sample, name) for sample in settled]
        begun = [getattr(sample, name) for sample in settled if sample.at < WARM_UP + SPAN]
        ended = [getattr(sample, name) for sample in settled if sample.at > settled[-1].at - SPAN]
        first, last = float(np.median(begun)), float(np.median(ended))
        print(f"{name}: {first:.1f} after the warm-up, {last:.1f} at the end, at most {max(values):.1f}")
        if last > first * limit + (2 if limit == 1.0 else 0):  # two handles or threads may be in passing
            problems.append(f"{name} grew from {first:.1f} to {last:.1f}")
    return problems


if __name__ == "__main__":
    sys.exit(main())
