"""The one loop of a session: frames through the spotter to whoever looks on, at one of three paces.

In step: a file without a window. Every frame is tracked, analysis comes at a fixed rate of source time, so that the
same file gives the same result. At its own pace: a camera, or a file with `--realtime`. The newest frame is tracked,
analysis runs on a thread of its own. Played: a file in a window (playback), which loses no frame.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from livespot import startup
from livespot.annotate.words import in_brief
from livespot.capture.newest import Health, NewestFrame, Status
from livespot.capture.pacing import Paced
from livespot.errors import LivespotError, SourceError
from livespot.frame import Frame, Source
from livespot.live.analysis_thread import AT_REST, Engine
from livespot.live.loop.playback import Playback
from livespot.live.loop.tally import Following, SessionOptions, Work
from livespot.saying import Forgiving, getting_ready, heard, say
from livespot.spotting.results import FrameResult

if TYPE_CHECKING:
    from tqdm import tqdm


class View:
    """Who looks on. This one: nobody, but for a progress bar on the terminal.

    open: False ends the session. patience: s to wait for a frame in one round. stays: the last picture of a file stays
    in view at its end. following: what was chosen to go on with.
    """

    stays = False
    following: Following | None = None

    def __init__(self, bar: tqdm[None], work: Work, *, wait: bool) -> None:
        """wait: for the encoder, where no camera is lost by it."""
        self._bar, self._work, self._wait = bar, work, wait
        self._trouble = ""

    @property
    def open(self) -> bool:
        return not self._work.outputs.in_vain

    @property
    def patience(self) -> float:
        return 0.1

    def came(self, frame: Frame, spotting: FrameResult, again: bool) -> None:
        """A frame to show and to keep. again: the last one once more, about which more is known."""
        self._work.outputs.write(frame, spotting, wait=self._wait)
        self._work.tally.shown += not self._wait
        self._bar.set_postfix_str(in_brief(spotting), refresh=False)
        self._bar.update()

    def turn(self, status: Status, frame: Frame | None, problems: list[str]) -> None:
        """The end of a round. frame: that has just come, if any. problems: new ones, a line each."""
        if status.message != self._trouble and status.running:
            self._trouble = status.message
            problems = [status.message] * bool(status.message) + problems
        for line in problems:
            say(line)


class InStep:
    """A file as fast as it can be looked at: no frame is dropped, one that is analysed shows its own findings."""

    def __init__(self, source: Source, work: Work) -> None:
        self._source, self._work = source, work
        self._due: float | None = None
        self.status = Status(Health.RUNNING)
        self.analysed = 0

    def __enter__(self) -> Self:
        with getting_ready(startup.getting_ready()) as progress:
            self._work.spotter.warm_up(progress)
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def take(self, timeout: float = 0.0) -> Frame | None:
        """The next frame; None at the end. Raises LivespotError when the source fails."""
        frame = self._source.read()
        if frame is None:
            self.status = dataclasses.replace(self.status, health=Health.ENDED)
        return frame

    def see(self, frame: Frame, again: bool = False) -> FrameResult:
        """Track a frame, and analyse it when that is due."""
        self.status = dataclasses.replace(self.status, captured=self.status.captured + 1)
        self._due = frame.time if self._due is None else self._due
        # Half a millisecond of grace: 0.2 s of 30 frames/s must not slip by a frame because of rounding.
        due = frame.time >= self._due - 5e-4
        # Of one picture nothing newer will come: one look leaves what is faint, and "no difference found", unsaid.
        looks = AT_REST if due and self._source.length == 1 else int(due)
        started = time.perf_counter()
        spotting = self._work.spotter.step(frame, due)
        for _ in range(looks - 1):
            spotting = self._work.spotter.step(frame, True)
        if due:
            self._due = max(self._due + 1.0 / self._work.settings.analysis_rate, frame.time)
        self.analysed += looks
        spent = (time.perf_counter() - started) * 1e3
        return dataclasses.replace(spotting, latency_ms=spent) if looks > 1 else spotting

    def problems(self) -> list[str]:
        """None: what goes wrong in step ends the session."""
        return []

    def raise_if_failed(self) -> None:
        """`take` has done it."""


def run(source: Source, pace: NewestFrame | Playback | InStep, eyes: Engine | InStep, view: View, work: Work) -> None:
    """Go on until the source ends, the view closes, `stop` is set or the time is over. Raises LivespotError."""
    options, tally = work.options, work.tally
    first: Frame | None = None
    last: Frame | None = None
    seen = 0
    status = pace.status
    began = time.monotonic()
    try:
        while view.open and not work.stop.is_set():
            frame = pace.take(view.patience)
            status = pace.status
            # The end of what stays: what the analyser finds from now on still has to be shown.
            again = frame is None and view.stays and not status.running and eyes.analysed != seen
            if again:
                frame, seen = last, eyes.analysed
            if frame is not None:
                first = first or frame
                if not again and _over(options, frame.time - first.time):
                    break
                tally.last, last = eyes.see(frame, again), frame
                view.came(frame, tally.last, again)
            elif not status.running and not view.stays:
                break
            elif isinstance(pace, NewestFrame):
                # A camera has its time to open; one that never gives a picture must not hold up the end.
                since = first.captured if first is not None else began + work.settings.capture.open_timeout
                if _over(options, time.monotonic() - since):
                    break
            view.turn(status, None if again else frame, eyes.problems() + work.outputs.messages())
    finally:
        tally.source, tally.analysed = pace.status, eyes.analysed
    if view.following is None and (status.health is Health.FAILED or not work.stop.is_set()):
        pace.raise_if_failed()


def _over(options: SessionOptions, seconds: float) -> bool:
    """Whether the time asked for is over after this many seconds."""
    return options.seconds is not None and seconds >= options.seconds


def without_window(source: Source, work: Work) -> None:
    """Run a session that nobody looks at. Raises LivespotError."""
    with _progress(source, work.options) as bar:
        if not (paced := source.live or work.options.realtime):
            with InStep(source, work) as steps:
                run(source, steps, steps, View(bar, work, wait=True), work)
        else:
            feed = NewestFrame(source if source.live else Paced(source), work.settings.capture)
            with feed, Engine(work.spotter) as engine:
                run(source, feed, engine, View(bar, work, wait=False), work)
    came = work.tally.source
    if came.captured == 0 and not work.stop.is_set():
        if not paced:
            raise LivespotError(f"{source.name} holds no pictures")
        if source.live:
            refused = f", {came.refused} were refused as broken or without a time" if came.refused else ""
            raise SourceError(
                f"{source.name} gave no picture that can be used{refused}: does it work in another program?"
            )


@contextmanager
def _progress(source: Source, options: SessionOptions) -> Iterator[tqdm[None]]:
    from tqdm import tqdm  # a fifth of a second that a window need not wait for

    total = source.length
    if options.seconds is not None and source.fps:
        wanted = max(1, round(options.seconds * source.fps))
        total = wanted if total is None else min(total, wanted)
    shown = heard()  # nobody reads a bar in a log file
    with tqdm(total=total, unit=" frames", disable=not shown, dynamic_ncols=True, leave=False, file=Forgiving()) as bar:
        yield bar
