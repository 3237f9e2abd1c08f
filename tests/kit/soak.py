"""The live loop for a long time on a camera that keeps failing: memory, handles, threads, recoveries.

`scripts/soak [SECONDS]` (default 1800). The simulated webcam films a page; at random moments it fails, blocks, ends,
repeats itself, sends rubbish or changes its size; everything is recorded. Exit status 1 when memory grew by more than
5 % after the warm-up, a handle or thread was leaked, or the camera did not come back.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from livespot.capture.opening import DemoOptions, open_source
from livespot.capture.video import VideoSource
from livespot.errors import SourceError
from livespot.frame import Frame, Source
from livespot.live import session
from livespot.settings import Settings, changed

FAULTS = ("raise", "crash", "none", "block", "repeat", "zeros", "junk", "back", "resize")
GROWTH = 1.05  # of the memory after the warm-up
HARD = ("raise", "crash", "none", "block", "repeat")  # faults after which the camera has to be opened again


class Troubles:
    """What was done to the camera, over all its openings. every: mean seconds between faults."""

    def __init__(self, seed: int, every: float) -> None:
        self._random = np.random.default_rng(seed)
        self._every = every
        self.done: dict[str, int] = dict.fromkeys(FAULTS, 0)
        self.waits: dict[str, list[float]] = {fault: [] for fault in FAULTS}  # s from the fault to a good frame
        self.openings = 1
        self.pending: tuple[str, float] | None = None
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

    def good_frame(self) -> None:
        """The camera works (again)."""
        if self.pending is not None:
            fault, since = self.pending
            self.waits[fault].append(time.monotonic() - since)
            self.pending = None
            self.next_at = max(self.next_at, time.monotonic() + 1.0)


class FailingWebcam:
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
            self._troubles.good_frame()
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
        self._closed.set()

    def __enter__(self) -> FailingWebcam:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclasses.dataclass(frozen=True)
class Sample:
    at: float
    memory_mb: float
    handles: int
    threads: int


def measure(samples: list[Sample], over: threading.Event, every: float) -> None:
    """Look at this process until it is over."""
    process = psutil.Process()
    start = time.monotonic()
    while not over.wait(every):
        sample = Sample(
            time.monotonic() - start, process.memory_info().rss / 1e6, process.num_fds(), process.num_threads()
        )
        samples.append(sample)
        print(
            f"{sample.at:7.0f} s  {sample.memory_mb:7.1f} MB  {sample.handles:3d} handles  {sample.threads:3d} threads",
            flush=True,
        )


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/soak", description="the live loop, for long, on a failing camera")
    parser.add_argument("seconds", type=float, nargs="?", default=1800.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--every", type=float, default=8.0, help="mean seconds between faults [8]")
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--window", action="store_true", help="in a window (needs a display)")
    args = parser.parse_args()
    settings = changed(Settings(), {"size": args.size, "capture.retry_first": 0.2})
    troubles = Troubles(args.seed, args.every)
    samples: list[Sample] = []
    over = threading.Event()
    watcher = threading.Thread(target=measure, args=(samples, over, max(1.0, args.seconds / 60)), daemon=True)
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "soak.mp4"
        camera = open_source("demo", settings, DemoOptions(seed=args.seed, realtime=True))
        watcher.start()
        started = time.monotonic()
        options = session.SessionOptions(
            headless=not args.window,
            record=record,
            events=Path(folder) / "soak.jsonl",
            seconds=args.seconds,
            progress=False,
        )
        status = session.run(FailingWebcam(camera, troubles), settings, options)
        spent = time.monotonic() - started
        over.set()
        watcher.join(5)
        camera.close()
        parts = [seconds_of(path) for path in sorted(Path(folder).glob("soak*.mp4"))]
    return report(troubles, samples, parts, spent, status)


def seconds_of(path: Path) -> float:
    last = 0.0
    with VideoSource(path) as source:
        while (frame := source.read()) is not None:
            last = frame.time
    return last


def report(troubles: Troubles, samples: list[Sample], parts: list[float], spent: float, status: int) -> int:
    """Print the table; 1 when something is not as it should be."""
    print("\nfault     injected  median s to a good frame  longest")
    for fault in FAULTS:
        waits = troubles.waits[fault]
        median, longest = (f"{np.median(waits):.2f}", f"{max(waits):.2f}") if waits else ("-", "-")
        print(f"{fault:9} {troubles.done[fault]:8d}  {median:>24}  {longest:>7}")
    print(f"{troubles.openings} openings; {len(parts)} recorded parts, {sum(parts):.1f} s of {spent:.1f} s")
    problems = [] if status == 0 else [f"the session ended with status {status}"]
    unrecovered = sum(troubles.done.values()) - sum(len(w) for w in troubles.waits.values())
    # One fault may be under way at the very end.
    if unrecovered > 1 or (troubles.pending and time.monotonic() - troubles.pending[1] > 30):
        problems.append(f"{unrecovered} faults without recovery")
    settled = [s for s in samples if s.at >= min(120.0, spent / 3)]
    if settled and settled[-1].at - settled[0].at >= 120.0:  # a shorter run is all warm-up
        quarter = max(1, len(settled) // 4)
        before, after = settled[:quarter], settled[-quarter:]
        for name, limit in (("memory_mb", GROWTH), ("handles", 1.0), ("threads", 1.0)):
            first = float(np.median([getattr(s, name) for s in before]))
            last = float(np.median([getattr(s, name) for s in after]))
            print(f"{name}: {first:.1f} after the warm-up, {last:.1f} at the end")
            if last > first * limit + (2 if limit == 1.0 else 0):  # two handles or threads may be in passing
                problems.append(f"{name} grew from {first:.1f} to {last:.1f}")
    for problem in problems:
        print(f"PROBLEM: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
