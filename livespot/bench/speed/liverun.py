"""The live loop in real time, as a user runs it: a process of its own plays a rendered clip like a camera.

Out: frames shown and dropped, analyses a second, latency and frame age, processor use, peak memory, and the time
from start to the first frame and the first right answer. Windows open on a virtual display of their own (Xvfb).
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import cv2
import numpy as np

from livespot.bench import clips, report
from livespot.bench.filmed import RIGHT
from livespot.errors import LivespotError
from livespot.reference.scoring import score

PROBE = """
from livespot import startup
startup.prepare()
import sys
from livespot.cli.measured import main
sys.exit(main())
"""


@dataclass(frozen=True, eq=False)
class Run:
    """One played clip. All times in s since the process was started; nan for what never happened."""

    shown_share: float
    dropped: int
    analyses_per_s: float
    latency_ms: tuple[float, float, float]
    age_ms: tuple[float, float, float]
    cpu_cores: float
    peak_mb: float
    first_frame_s: float
    first_right_s: float
    locked_share: float


def measure_live(quick: bool) -> dict[str, float]:
    """720p30 and 1080p30, headless and in a window, with and without recording."""
    numbers: dict[str, float] = {}
    rows = []
    with screen() as display:
        cases = [
            (label, window, record)
            for label in ("720p", "1080p")
            for window in ((False, True) if display else (False,))
            for record in (False, True)
        ]
        if not display:
            print("no virtual display (Xvfb is not installed): the loop is measured without a window only")
        for label, window, record in report.progress(cases, "live loop"):
            clip = clips.rendered(clips.SIZES[label], seconds=5.0 if quick else 10.0)
            run = play(clip, display if window else None, record=record)
            where = "window" if window else "headless"
            name = f"live_{label}30_{where}{'_recording' if record else ''}"
            single = ("shown_share", "dropped", "analyses_per_s", "cpu_cores", "peak_mb", "locked_share")
            numbers |= {f"{name}_{what}": getattr(run, what) for what in single}
            for what in ("latency_ms", "age_ms"):
                spread = zip(("median", "p95", "p99"), getattr(run, what), strict=True)
                numbers |= {f"{name}_{what}_{which}": value for which, value in spread}
            if label == "1080p" and record and (window or not display):
                numbers |= {
                    "live_1080p30_shown_share": run.shown_share,
                    "live_1080p30_analyses_per_s": run.analyses_per_s,
                    "peak_memory_1080p_mb": run.peak_mb,
                }
            rows.append(
                [
                    f"{label}30", where, "yes" if record else "no",
                    f"{100 * run.shown_share:.1f} %", run.dropped, run.analyses_per_s,
                    " / ".join(f"{v:.1f}" for v in run.latency_ms), " / ".join(f"{v:.0f}" for v in run.age_ms),
                    run.cpu_cores, round(run.peak_mb), f"{100 * run.locked_share:.0f} %",
                ]
            )  # fmt: skip
    report.heading("The live loop in real time; ms are median / p95 / p99")
    head = "clip, where, recording, shown, dropped, analyses/s, latency ms, frame age ms, cores, peak MB, locked"
    report.show(head.split(", "), rows)
    return numbers


def measure_start(quick: bool) -> dict[str, float]:
    """From starting the process to the first frame and the first right answer, warm and with nothing compiled: in a
    window, headless, and of `photo`.
    """
    clip = clips.rendered(clips.SIZES["720p"], seconds=5.0 if quick else 10.0)
    long = clips.rendered(clips.SIZES["720p"], seconds=90.0)  # where compiling takes longer, no answer is in it
    numbers: dict[str, float] = {}
    rows = []
    with screen() as display:
        play(clip, display, seconds=1.0)  # the machine's own file cache is warm in both
        warm = [play(clip, display, seconds=4.0) for _ in range(1 if quick else 3)]
        cold = [_cold(lambda empty: play(long, display, seconds=90.0, environment=empty))]
        headless = [_cold(lambda empty: play(long, None, seconds=90.0, environment=empty))]
        for name, runs in (("warm", warm), ("cold", cold), ("cold_headless", headless)):
            first = float(np.median([r.first_frame_s for r in runs]))
            right = float(np.median([r.first_right_s for r in runs]))
            numbers |= {f"start_{name}_first_frame_s": first, f"start_{name}_first_right_s": right}
            rows.append([name, len(runs), first, right])
    photo = {"warm": photo_answer({}), "cold": _cold(photo_answer)}
    numbers |= {f"start_{name}_photo_first_right_s": took for name, took in photo.items()}
    rows += [[f"{name} photo", 1, float("nan"), took] for name, took in photo.items()]
    report.heading("Start: s from the process to the first frame shown, and to the first right answer (F1 >= 0.9)")
    report.show(["start", "runs", "first frame", "first right"], rows)
    return numbers


Taken = TypeVar("Taken")


def _cold(work: Callable[[dict[str, str]], Taken]) -> Taken:
    """Do `work` in an environment where no kernel was ever compiled."""
    with tempfile.TemporaryDirectory(prefix="livespot-cold-") as empty:
        return work({"NUMBA_CACHE_DIR": empty})


def photo_answer(environment: dict[str, str]) -> float:
    """Seconds that `livespot photo` takes on the demo's flat page; nan where it does not count right."""
    from livespot.demo import page_picture

    page = page_picture(seed=1001)
    with tempfile.TemporaryDirectory(prefix="livespot-bench-") as folder:
        picture = Path(folder) / "page.png"
        cv2.imwrite(str(picture), page.image)
        words = ["photo", str(picture), "--no-picture", "--json", "-"]
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "livespot", *words], env={**os.environ, **environment}, capture_output=True,
            text=True, timeout=300, check=False,
        )  # fmt: skip
        took = time.monotonic() - began
    right = done.returncode == 0 and len(json.loads(done.stdout)["differences"]) == len(page.differences)
    return took if right else float("nan")


@contextlib.contextmanager
def screen() -> Iterator[str | None]:
    """The name of a virtual display of our own, or None where Xvfb is not installed."""
    xvfb = shutil.which("Xvfb")
    if xvfb is None:
        yield None
        return
    read, write = os.pipe()
    server = subprocess.Popen(
        [xvfb, "-displayfd", str(write), "-screen", "0", "1920x1200x24", "-nolisten", "tcp"],
        pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise LivespotError("the virtual display (Xvfb) did not start: run it by hand to see why")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


def play(
    clip: clips.Clip,
    display: str | None,
    *,
    record: bool = False,
    seconds: float | None = None,
    environment: dict[str, str] | None = None,
) -> Run:
    """Play the clip like a camera through `livespot live`, in a window on `display` or headless."""
    with tempfile.TemporaryDirectory(prefix="livespot-bench-") as folder:
        target = Path(folder) / "report.json"
        words = ["live", str(clip.path), "--realtime", "--events", str(Path(folder) / "events.jsonl")]
        words += [] if display else ["--headless"]
        words += ["--record", str(Path(folder) / "out.mp4")] if record else []
        words += ["--seconds", str(seconds)] if seconds is not None else []
        around = {**os.environ, **(environment or {}), "QT_LOGGING_RULES": "*=false"}
        if display:
            around["DISPLAY"] = display
        command = [sys.executable, "-c", PROBE, str(target), repr(time.monotonic()), *words]
        try:
            done = subprocess.run(command, env=around, capture_output=True, text=True, timeout=300, check=False)
        except subprocess.TimeoutExpired:
            raise LivespotError(f"the live loop on {clip.path.name} did not end within 300 s") from None
        if done.returncode or not target.exists():
            last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise LivespotError(f"the live loop on {clip.path.name} failed: {last}")
        return _run(json.loads(target.read_text(encoding="utf-8")), clip, seconds, bool(display))


def _run(noted: dict[str, Any], clip: clips.Clip, seconds: float | None, window: bool) -> Run:
    # A frame that is tracked twice (the last one, when it stays on screen) counts once, at its first time.
    frames: dict[int, list[Any]] = {}
    for row in noted["frames"]:
        frames.setdefault(row[0], row)
    expected = clip.length if seconds is None else min(clip.length, round(seconds * clips.RATE))
    seen = {i: row for i, row in frames.items() if i < expected and (row[5] is not None or not window)}
    when = {i: (row[5] if window else row[4]) for i, row in seen.items()}
    after = [row for row in seen.values() if row[6]] or list(seen.values())
    latency = [(row[4] - row[3]) * 1e3 for row in after]
    age = [(when[row[0]] - row[2]) * 1e3 for row in after]
    answers = ((i, noted["quads"].get(str(i))) for i in sorted(seen))
    right = (when[i] for i, quads in answers if quads and score(quads, clip.labels(i)).f1 >= RIGHT)
    begin = min(when.values(), default=0.0)
    end = max(when.values(), default=0.0)
    span = max(end - begin, 1e-9)
    analyses = [e for _, e in noted["analyses"] if begin <= e <= end]
    return Run(
        shown_share=len(seen) / max(expected, 1),
        dropped=expected - len(seen),
        analyses_per_s=len(analyses) / span,
        latency_ms=_percentiles(latency),
        age_ms=_percentiles(age),
        cpu_cores=noted["cpu_s"] / noted["wall_s"],
        peak_mb=noted["peak_mb"],
        first_frame_s=begin if seen else float("nan"),
        first_right_s=next(right, float("nan")),
        locked_share=sum(1 for row in seen.values() if row[6]) / max(len(seen), 1),
    )


def _percentiles(values: list[float]) -> tuple[float, float, float]:
    if not values:
        return (float("nan"),) * 3
    median, p95, p99 = (float(v) for v in np.percentile(values, (50, 95, 99)))
    return median, p95, p99
