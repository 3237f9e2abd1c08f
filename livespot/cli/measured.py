"""The measured process: the real command line with a stopwatch on tracking, analysis and the window.

With the words REPORT START WORDS... it runs `livespot WORDS...` and writes a JSON object to REPORT.
START is the parent's time.monotonic() just before this process was started; all times in the report count from it.
"""

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from livespot.frame import Frame
from livespot.spotting.results import FrameResult, State


class Probe:
    """Notes when each frame was captured, tracked and painted."""

    def __init__(self, start: float) -> None:
        self.start = start
        # index, source time, captured, tracking began, tracked, painted (None without a window), locked, differences
        self.frames: list[list[Any]] = []
        self.analyses: list[list[float]] = []
        self.quads: dict[int, Any] = {}
        self._pending: list[Any] | None = None  # tracked, not given to the window yet
        self._given: list[Any] | None = None  # given to the window, not painted yet

    def install(self) -> None:
        """Put the stopwatch around the spotter's and the window's calls."""
        from livespot.live.window.window import Window
        from livespot.spotting.spotter import Spotter

        track, analyse, show, pressed = Spotter.track, Spotter.analyse, Window.show, Window.pressed

        def timed_track(spotter: Spotter, frame: Frame) -> FrameResult:
            began = time.monotonic()
            spotting = track(spotter, frame)
            self.tracked(frame, spotting, began, time.monotonic())
            return spotting

        def timed_analyse(spotter: Spotter, frame: Frame) -> None:
            began = time.monotonic()
            analyse(spotter, frame)
            self.analyses.append([began - self.start, time.monotonic() - self.start])

        def timed_show(window: Window, canvas: NDArray[np.uint8]) -> None:
            show(window, canvas)
            self._given, self._pending = self._pending, None

        def timed_pressed(window: Window, *, typing: bool = False) -> list[int]:
            codes = pressed(window, typing=typing)  # the window paints what it was given while it is asked for keys
            if self._given is not None:
                self._given[5] = time.monotonic() - self.start
                self._given = None
            return codes

        for owner, name, call in (
            (Spotter, "track", timed_track),
            (Spotter, "analyse", timed_analyse),
            (Window, "show", timed_show),
            (Window, "pressed", timed_pressed),
        ):
            setattr(owner, name, call)

    def tracked(self, frame: Frame, spotting: FrameResult, began: float, ended: float) -> None:
        """Note one tracked frame."""
        locked = spotting.state is State.LOCKED
        times = [frame.captured - self.start, began - self.start, ended - self.start, None]
        row = [frame.index, frame.time, *times, locked, len(spotting.differences)]
        self.frames.append(row)
        self._pending = row
        if spotting.differences:
            self.quads[frame.index] = [d.a.round(2).tolist() for d in spotting.differences]

    def report(self) -> dict[str, Any]:
        """Everything noted, with what the process took."""
        import psutil

        process = psutil.Process()
        times = process.cpu_times()
        return {
            "frames": self.frames,
            "analyses": self.analyses,
            "quads": self.quads,
            "cpu_s": times.user + times.system,
            "wall_s": time.monotonic() - self.start,
            "peak_mb": _peak_mb(),
            "threads": threading.active_count(),
        }


def _peak_mb() -> float:
    if sys.platform == "win32":
        import psutil

        return float(psutil.Process().memory_info().peak_wset) / 1e6
    if sys.platform == "linux":
        # Not getrusage's ru_maxrss: a process that was just started has inherited that from the one that started it.
        for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1e6 if sys.platform == "darwin" else used * 1024 / 1e6


def main() -> int:
    """See the module."""
    target, start, words = Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
    probe = Probe(start)
    probe.install()
    from livespot.cli.main import main as livespot

    status = livespot(words)
    target.write_text(json.dumps(probe.report()), encoding="utf-8")
    return status
