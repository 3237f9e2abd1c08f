"""The loop: frames from a source, through the spotter, to the window, the recorder and the event log.

Three ways to run it. In step: a file without a window; every frame is tracked, analysis comes at a fixed rate of source
time, so that the same file gives the same result. At its own pace: a camera without a window (or `--realtime`); the
newest frame is tracked, analysis runs on a thread of its own. In a window (livespot.live.windowed): as the second.
A file in a window is paced by its own times and loses no frame, unless `--realtime` says to drop like a camera.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import cv2

from livespot import memory, startup, threads
from livespot.capture.newest import NewestFrame
from livespot.capture.pacing import Paced
from livespot.errors import LivespotError, SourceError
from livespot.frame import Frame, Source
from livespot.live import display, recover
from livespot.live.engine import AT_REST, Engine, Spots
from livespot.live.outputs import Outputs
from livespot.live.recorder import RecordingStatus
from livespot.live.words import in_brief
from livespot.saying import Forgiving, heard, say
from livespot.settings import Settings
from livespot.spotting.findings import Spotting, State

MOST_LISTED = 3  # parts of a recording: of more the line at the end names the first and the last

if TYPE_CHECKING:
    from tqdm import tqdm


@dataclass(frozen=True)
class SessionOptions:
    """What the command line asks of one session.

    headless: no window. events, record, record_raw: files to write, or None. realtime: pace a file like a camera, and
    drop like one. seconds: end after that much time of the source. progress: show a progress bar for long work.
    """

    headless: bool = False
    events: Path | None = None
    record: Path | None = None
    record_raw: Path | None = None
    realtime: bool = False
    seconds: float | None = None
    progress: bool = True

    @property
    def keeps(self) -> bool:
        """Whether anything is left on the disk, so that a session without a window has a result."""
        return any(path is not None for path in (self.events, self.record, self.record_raw))


@dataclass
class Tally:
    """What was done with the frames, for the line at the end."""

    captured: int = 0
    shown: int = 0
    analysed: int = 0
    dropped: int = 0
    refused: int = 0
    missed: int = 0
    losses: int = 0
    last: Spotting | None = None


def run(source: Source, settings: Settings, options: SessionOptions, *, spotter: Spots | None = None) -> int:
    """Run one session until the source ends, the user quits or `options.seconds` are over. Returns the exit status.

    spotter: another one than the settings ask for (tests). Closes the source. Raises LivespotError for what cannot be
    done at all (no display, an output that exists). Without a window it is over, too, when nothing can be kept any
    more (a full disk); a file that stopped by itself gives status 1.
    """
    headless = options.headless
    with source, _stoppable() as stop, memory.kept_small(), ExitStack() as opened:
        if not headless:
            screen = display.probe()
            if not screen.usable:
                if source.live and not options.keeps:
                    raise LivespotError(f"no window can be opened: {screen.reason}; {screen.remedy}")
                say(f"no window: {screen.reason}; going on without one")
                headless = True
        if not headless or source.live or options.realtime:
            settings = opened.enter_context(_beside_a_display(settings))
        if spotter is None:
            from livespot.live.straight import through_profile

            spotter = through_profile(_spotter(settings), source, settings, say)
        tally = Tally()
        for folder in {path.parent for path in (options.record, options.record_raw) if path is not None}:
            leftover = recover.offer(folder)
            if leftover:
                say(leftover)
        outputs = Outputs(
            settings,
            record=options.record,
            record_raw=options.record_raw,
            events=options.events,
            fps=source.fps,
            title=f"livespot: {source.name}",
        )
        paced = source.live or options.realtime
        try:
            with outputs:
                if not headless:
                    from livespot.live import windowed

                    windowed.run(source, spotter, settings, options, outputs, tally, stop)
                elif paced:
                    _at_its_own_pace(source, spotter, settings, options, outputs, tally, stop)
                else:
                    _in_step(source, spotter, settings, options, outputs, tally, stop)
        finally:
            _let_threads_finish()
            for line in outputs.messages():  # what went wrong while the files were finished
                say(line)
            if tally.captured:
                say(summary(source.name, tally, outputs.finished))
    return 1 if outputs.failed else 0


@contextmanager
def _beside_a_display(settings: Settings) -> Iterator[Settings]:
    """The same settings with threads for one core less, as decoder, display and encoder fill one; meanwhile OpenCV has
    no helpers of its own, which wait in a loop, behind whoever has the core.
    """
    helpers = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield replace(settings, threads=max(1, min(settings.threads, (os.cpu_count() or 1) - 1)))
    finally:
        cv2.setNumThreads(helpers)


def _spotter(settings: Settings) -> Spots:
    from livespot.spotting.spotter import Spotter

    return Spotter(settings)


# --- a file, in step ---


def _in_step(
    source: Source,
    spotter: Spots,
    settings: Settings,
    options: SessionOptions,
    outputs: Outputs,
    tally: Tally,
    stop: threading.Event,
) -> None:
    """Every frame, none dropped; a frame that is analysed shows its own findings."""
    _warm_up(spotter, options)
    first: float | None = None
    due = 0.0
    with _progress(source, options) as bar:
        while not stop.is_set():
            frame = source.read()
            if frame is None:
                break
            if first is None:
                first = due = frame.time
            if options.seconds is not None and frame.time - first >= options.seconds:
                break
            # Half a millisecond of grace: 0.2 s of 30 frames/s must not slip by a frame because of rounding.
            analyse = frame.time >= due - 5e-4
            if analyse:
                tally.analysed += 1
                due = max(due + 1.0 / settings.analysis_rate, frame.time)
            started = time.perf_counter()
            spotting = spotter.step(frame, analyse)
            if source.length == 1:
                # nothing newer will come: one look leaves what is faint, and "no difference found", unsaid
                for _ in range(AT_REST - 1):
                    spotting = spotter.step(frame, True)
                tally.analysed += AT_REST - 1
                spotting = timed(spotting, started)
            tally.captured += 1
            tally.last = spotting
            outputs.write(frame, spotting, wait=True)
            for line in outputs.messages():
                say(line)
            if outputs.in_vain:
                break
            bar.set_postfix_str(in_brief(spotting), refresh=False)
            bar.update()
    if tally.captured == 0 and not stop.is_set():
        raise LivespotError(f"{source.name} holds no pictures")


def timed(spotting: Spotting, started: float) -> Spotting:
    """`spotting` with what it cost since `started` (time.perf_counter)."""
    return replace(spotting, latency_ms=(time.perf_counter() - started) * 1e3)


def _warm_up(spotter: Spots, options: SessionOptions) -> None:
    timer = threading.Timer(1.5, lambda: say(startup.FIRST_START))
    timer.daemon = True
    if options.progress:
        timer.start()
    try:
        spotter.warm_up()
    finally:
        timer.cancel()


@contextmanager
def _progress(source: Source, options: SessionOptions) -> Iterator[tqdm[None]]:
    from tqdm import tqdm  # a fifth of a second that a window need not wait for

    total = source.length
    if options.seconds is not None and source.fps:
        wanted = max(1, round(options.seconds * source.fps))
        total = wanted if total is None else min(total, wanted)
    # Nobody reads a bar in a log file.
    shown = options.progress and heard()
    with tqdm(total=total, unit=" frames", disable=not shown, dynamic_ncols=True, leave=False, file=Forgiving()) as bar:
        yield bar


# --- a camera without a window ---


def _at_its_own_pace(
    source: Source,
    spotter: Spots,
    settings: Settings,
    options: SessionOptions,
    outputs: Outputs,
    tally: Tally,
    stop: threading.Event,
) -> None:
    feed = NewestFrame(source if source.live else Paced(source), settings.capture)
    with feed, Engine(spotter) as engine, _progress(source, options) as bar:
        first: Frame | None = None
        trouble = ""
        began = time.monotonic()
        while not stop.is_set():
            frame = feed.take(timeout=0.1)
            status = feed.status
            if status.message != trouble:
                trouble = status.message
                if trouble and status.running:
                    say(trouble)
            for line in engine.problems() + outputs.messages():
                say(line)
            if frame is None:
                if not status.running:
                    break
                # A camera has its time to open; one that never gives a picture must not hold up the end.
                since = first.captured if first is not None else began + settings.capture.open_timeout
                if over(options, time.monotonic() - since):
                    break
                continue
            first = first or frame
            if over(options, frame.time - first.time):
                break
            engine.offer(frame)
            started = time.perf_counter()
            spotting = timed(tracked(spotter, frame, engine), started)
            tally.last = spotting
            tally.shown += 1
            outputs.write(frame, spotting)
            if outputs.in_vain:
                break
            bar.set_postfix_str(in_brief(spotting), refresh=False)
            bar.update()
        _count(tally, feed, engine)
        if not stop.is_set():
            feed.raise_if_failed()
            if tally.captured == 0 and source.live:
                refused = f", {tally.refused} were refused as broken or without a time" if tally.refused else ""
                raise SourceError(f"{source.name} gave no picture that can be used{refused}: does it work elsewhere?")


def tracked(spotter: Spots, frame: Frame, engine: Engine) -> Spotting:
    """The spotting of a frame; a failure of the tracker is noted, and nothing is known for this frame."""
    try:
        return spotter.track(frame)
    except Exception as error:
        engine.note(error)
        return Spotting(frame.index, frame.time, State.SEARCHING, "tracking failed; press A to search again")


def over(options: SessionOptions, seconds: float) -> bool:
    """Whether the time asked for is over after this many seconds."""
    return options.seconds is not None and seconds >= options.seconds


def _count(tally: Tally, feed: NewestFrame, engine: Engine) -> None:
    status = feed.status
    tally.captured = status.captured
    tally.dropped = status.dropped
    tally.refused = status.refused
    tally.missed = status.missed
    tally.losses = status.losses
    tally.analysed = engine.analysed


# --- words ---


def summary(name: str, tally: Tally, recordings: list[RecordingStatus]) -> str:
    """The line at the end: what came, what became of it, what was left on the disk."""
    parts = [f"{tally.captured} frame{'' if tally.captured == 1 else 's'}"]
    if tally.shown:
        parts.append(f"{tally.shown} shown")
    parts.append(f"{tally.analysed} analysed")
    if tally.dropped:
        parts.append(f"{tally.dropped} dropped (a newer one had come)")
    if tally.refused:
        parts.append(f"{tally.refused} refused (broken, or out of time)")
    if tally.missed:
        parts.append(f"{tally.missed} missed (not read in time)")
    if tally.losses:
        parts.append(f"lost {tally.losses} time{'' if tally.losses == 1 else 's'}")
    line = f"{name}: " + ", ".join(parts)
    if tally.last is not None:
        line += f"; last: {in_brief(tally.last)}"
    for status in recordings:
        lost = f", {status.dropped} frames dropped by the encoder" if status.dropped else ""
        if status.files:
            length = f"{status.seconds:.1f} s" + (" in all" if len(status.files) > 1 else "")
            line += f"; wrote {_listed(status.files)} ({length}{lost})"
    return line


def _listed(files: Sequence[Path]) -> str:
    """The parts of a recording: all of a few, the first and the last of many."""
    if len(files) <= MOST_LISTED:
        return " and ".join(map(str, files))
    return f"{files[0]} and {len(files) - 1} more parts, up to {files[-1]}"


# --- the end ---


def _let_threads_finish(patience: float = 4.0, for_a_device: float = 0.5) -> None:
    """Wait a little for threads that are in the middle of something, less for those that wait for a device.

    One that comes back from OpenCV while Python shuts down aborts the process, so the program leaves without that
    (livespot.__main__) when one is still there.
    """
    began = time.monotonic()
    for thread in threads.helpers():
        longest = for_a_device if thread.name.startswith("capture") else patience
        thread.join(max(0.0, began + longest - time.monotonic()))


@contextmanager
def _stoppable() -> Iterator[threading.Event]:
    """Ctrl+C and SIGTERM set the event, so that everything is closed in order; a second Ctrl+C insists."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    # A terminal that is closed is an end like any other (there is no such signal on Windows).
    numbers = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
