"""The analyser's thread: the newest frame only, requests first, so that the display never waits for the vision.

In: frames (`offer`) and requests (`ask`). Out: what requests returned, handed back on the display's own thread
(`finished`), and one line for whatever went wrong (`problems`). Nothing that happens here ends the live view.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import cv2
import numpy as np

from livespot import threads
from livespot.errors import LivespotError
from livespot.frame import Closing, Frame
from livespot.geometry import Quad
from livespot.spotting.panels.beside import Reference
from livespot.spotting.results import FrameResult, Inspection, State

if TYPE_CHECKING:
    from livespot.spotting.explain import Explanation

AT_REST = 6  # analyses of a picture that stays: as many as the faintest difference needs to be believed
GETTING_READY = "getting ready…"
NOT_READY = 0.01  # s until a frame that waits for the tracker is looked at again


class SpotterProtocol(Protocol):
    """What a session needs of a spotter; livespot.spotting.spotter.Spotter keeps it."""

    def warm_up(self, progress: Callable[[float], object] = ...) -> None: ...
    def track(self, frame: Frame) -> FrameResult: ...
    def ready(self, frame: Frame) -> bool: ...
    def analyse(self, frame: Frame) -> None: ...
    def step(self, frame: Frame, due: bool) -> FrameResult: ...
    def inspect(self) -> Inspection | None: ...
    def explain(self, frame: Frame) -> Explanation: ...
    def search_again(self) -> None: ...
    def set_sensitivity(self, sensitivity: float) -> None: ...
    def set_panels(self, frame: Frame, a: Quad, b: Quad) -> None: ...
    def lock_panels(self, locked: bool) -> None: ...
    def use_reference(self, reference: Reference | None) -> None: ...


@dataclass(frozen=True)
class _Request:
    words: str
    work: Callable[[], Any]
    done: Callable[[Any], None]


class Engine(Closing):
    """Does the spotter's slow work on a thread of its own. A context manager."""

    def __init__(self, spotter: SpotterProtocol) -> None:
        self._spotter = spotter
        self._changed = threading.Condition()
        self._frame: Frame | None = None
        self._requests: deque[_Request] = deque()
        self._finished: deque[Callable[[], None]] = deque()
        self._problems: deque[str] = deque()
        self._told: set[str] = set()
        self._closed = False
        self._paused = False
        self._words = ""
        self.analysed = 0
        self._thread = threading.Thread(target=self._run, name="analyser", daemon=True)
        self.ready: float = 0.0  # share of the getting ready that is done; 1: the analyser can look

    def see(self, frame: Frame, again: bool = False) -> FrameResult:
        """Track a frame, and offer it to the analyser; again: the last one, looked at no more often than is of use.

        When the tracker fails, that is a problem like any other, and nothing is known for this frame.
        """
        started = time.perf_counter()
        try:
            spotting = self._spotter.track(frame)
        except Exception as error:
            self.note(error)
            spotting = FrameResult(frame.index, frame.time, State.SEARCHING, "tracking failed; press A to search again")
        spotting = replace(spotting, latency_ms=(time.perf_counter() - started) * 1e3)
        if not again or self.analysed < AT_REST:
            self.offer(frame)
        return spotting

    def offer(self, frame: Frame) -> None:
        """A frame to analyse, unless a newer one comes first."""
        with self._changed:
            if self._paused:
                return
            self._frame = frame
            self._changed.notify_all()

    def ask(self, words: str, work: Callable[[], Any], done: Callable[[Any], None] = lambda _: None) -> None:
        """Do `work` before the next analysis; `done(result)` is then among `finished`. `words` say what is done."""
        with self._changed:
            self._requests.append(_Request(words, work, done))
            self._changed.notify_all()

    def pause(self, paused: bool) -> None:
        """Analyse no more frames, or again. Requests are still done."""
        with self._changed:
            self._paused = paused
            if paused:
                self._frame = None
            self._changed.notify_all()

    @property
    def words(self) -> str:
        """What it is busy with, when that is worth showing."""
        with self._changed:
            return self._words or (self._requests[0].words if self._requests else "")

    def finished(self) -> list[Callable[[], None]]:
        """Calls to be made on the display's thread, for requests that are done."""
        with self._changed:
            calls = list(self._finished)
            self._finished.clear()
            return calls

    def problems(self) -> list[str]:
        """New problems, one line each; the same one is told once."""
        with self._changed:
            lines = list(self._problems)
            self._problems.clear()
            return lines

    def note(self, error: BaseException) -> None:
        """Remember a problem for `problems`."""
        known = isinstance(error, LivespotError)
        line = str(error) if known else f"analysis failed: {type(error).__name__}: {error}"
        line = " ".join(line.split())
        with self._changed:
            if line not in self._told and len(self._told) < 20:
                self._told.add(line)
                self._problems.append(line)

    def __enter__(self) -> Engine:
        # OpenCV's helper threads take the priority of whoever needs them first. That must be the display's thread: it
        # would else wait for helpers that give way to everybody.
        cv2.cvtColor(np.zeros((512, 512, 3), np.uint8), cv2.COLOR_BGR2GRAY)
        self._thread.start()
        return self

    def close(self, patience: float = 0.5) -> None:
        """Stop after what is being done; waits for that for `patience` s at most."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(patience)

    def _get_ready(self) -> None:
        """At the display's priority: nobody sees anything before it is done."""

        def progress(share: float) -> None:
            self.ready = min(share, 0.99)

        with self._changed:
            self._words = GETTING_READY
        try:
            self._spotter.warm_up(progress)
        except Exception as error:
            self.note(error)
        self.ready = 1.0
        with self._changed:
            self._words = ""

    def _run(self) -> None:
        self._get_ready()
        threads.lower_priority(threads.ANALYSER)
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._requests or self._frame is not None)
                if self._closed:
                    return
                request = self._requests.popleft() if self._requests else None
                frame = None
                if request is None:
                    frame, self._frame = self._frame, None
                self._words = request.words if request is not None else ""
            try:
                if request is not None:
                    self._answer(request)
                elif frame is not None and not self._spotter.ready(frame):
                    self._wait_with(frame)
                elif frame is not None:
                    self._spotter.analyse(frame)
                    self.analysed += 1
            except Exception as error:
                self.note(error)
                time.sleep(0.05)  # a failure that repeats must not eat the processor
            finally:
                with self._changed:
                    self._words = ""

    def _wait_with(self, frame: Frame) -> None:
        """Take this frame up again a little later, unless a newer one comes or something is asked for."""
        with self._changed:
            if self._frame is None and not self._paused:
                self._frame = frame
                self._changed.wait_for(
                    lambda: self._closed or self._requests or self._paused or self._frame is not frame, NOT_READY
                )

    def _answer(self, request: _Request) -> None:
        try:
            result = request.work()
        except Exception as error:
            self.note(error)
            result = None
        with self._changed:
            self._finished.append(lambda: request.done(result))
