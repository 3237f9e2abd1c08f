"""The newest frame of a source, whatever the source does: read on a thread of its own that can be abandoned.

In: a Source. Out: `take` gives the newest frame not yet taken (a reader that is usually fast enough, and was held up
for a moment, first gets the few frames before it), `status` says how the source is. A source with a `reopen()` (a
camera, a stream) is opened again with growing waits when it fails, ends, blocks or repeats itself; every other one ends
with its end or its error. Freshness is judged by our own clock, never by the source's.

    with NewestFrame(source, settings.capture) as newest:
        while newest.status.running:
            frame = newest.take(timeout=0.1)     # None: nothing new; show newest.status.message over the last picture
        newest.raise_if_failed()
"""

import dataclasses
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, Self, runtime_checkable

from livespot.capture.judging import Judge
from livespot.capture.patience import Attempt, aside
from livespot.errors import LivespotError, SourceError
from livespot.frame import Closing, Frame, Source
from livespot.settings import CaptureSettings

_SPARE = 2  # frames that may wait behind the oldest: finding a lost page again holds up the display for up to 0.1 s
_KEEPS_UP = 0.25  # s; a reader that had to wait for a frame within this time is fast enough for all of them
_REFUSED = 0.005  # s until the next is read: a driver may give rubbish as fast as it is asked
_MOST_ABANDONED = 4  # threads that never came back; after so many, opening again waits until one does


@runtime_checkable
class Reopenable(Protocol):
    """A source that can be opened again: the same device or address. `reopen` may block, and raises SourceError."""

    def reopen(self) -> Source: ...


class Health(StrEnum):
    """waiting: no frame yet; running: frames come; lost: none come just now; ended, failed: over."""

    WAITING = "waiting"
    RUNNING = "running"
    LOST = "lost"
    ENDED = "ended"
    FAILED = "failed"


@dataclass(frozen=True)
class Status:
    """How the source is, and what was counted.

    message: "" when all is well, else what to show over the last picture.
    captured: good frames that came. dropped: of those, never taken because a newer one came. refused: no picture, no
    time, or time going backwards. missed: not read in time, as the source counts.
    losses: times the source was lost. recoveries: times it came back.
    """

    health: Health = Health.WAITING
    message: str = ""
    captured: int = 0
    dropped: int = 0
    refused: int = 0
    missed: int = 0
    losses: int = 0
    recoveries: int = 0

    @property
    def running(self) -> bool:
        """Whether frames come or may come again."""
        return self.health not in (Health.ENDED, Health.FAILED)


class NewestFrame(Closing):
    """Reads `source` on a thread of its own and keeps only the newest frame. Closes it at the end.

    clock: seconds, monotonic (for tests).
    """

    def __init__(
        self, source: Source, settings: CaptureSettings | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings or CaptureSettings()
        self._clock = clock
        self._can_reopen = isinstance(source, Reopenable)
        self._changed = threading.Condition()
        # All that follows is read and written with the condition held.
        self._source = source
        self._status = Status()
        self._error: LivespotError | None = None
        self._waiting: deque[Frame] = deque()  # the newest last
        self._idle = -math.inf  # when the one who shows last had to wait for a frame
        self._closed = False
        self._opening = 0  # the number of the opening whose frames count; an abandoned reader has an older one
        self._over: str | None = None  # why the reader of this opening is done, when it is
        self._judge = Judge(watch_repeats=self._can_reopen)
        self._fresh = clock()  # when the last new frame came
        self._interval = 1.0 / source.fps if source.fps else 0.0
        self._refused_before = 0  # frames refused until the last good one
        self._unproven = 0  # openings in a row since the last new picture
        self.rest = 0.0  # s between two reads of what is no device: the processor may be needed elsewhere for a while
        self._abandoned: list[threading.Thread] = []
        self._supervisor: threading.Thread | None = None

    # For the one who shows.

    def start(self) -> Self:
        """Begin to read."""
        if self._supervisor is None:
            self._fresh = self._clock()
            self._supervisor = threading.Thread(target=self._supervise, name="capture", daemon=True)
            self._supervisor.start()
        return self

    def take(self, timeout: float = 0.0) -> Frame | None:
        """The next frame to show, waiting up to `timeout` s; None when none came or the source is over."""
        with self._changed:
            if not self._waiting:
                self._idle = self._clock()
            self._changed.wait_for(lambda: bool(self._waiting) or not self._status.running or self._closed, timeout)
            return self._waiting.popleft() if self._waiting else None

    @property
    def status(self) -> Status:
        """How the source is now."""
        with self._changed:
            if self._waiting and not self._status.running:
                # The last frame is still to be taken: for the one who shows, the source is not over yet.
                return dataclasses.replace(self._status, health=Health.RUNNING, message="")
            return self._status

    @property
    def source(self) -> Source:
        """The source as it is open now."""
        with self._changed:
            return self._source

    def raise_if_failed(self) -> None:
        """Raises the error the source ended with, if it did."""
        with self._changed:
            if self._error is not None:
                raise self._error

    def close(self) -> None:
        """Stop reading and close the source; returns in a second at most, whatever the source does."""
        with self._changed:
            self._closed = True
            self._opening += 1
            source = self._source
            self._changed.notify_all()
        aside(source.close).join(0.5)
        if self._supervisor is not None and self._supervisor is not threading.current_thread():
            self._supervisor.join(0.5)

    def __enter__(self) -> Self:
        return self.start()

    # The supervisor's thread: notices, abandons, opens again.

    def _supervise(self) -> None:
        while True:
            with self._changed:
                source, opening = self._source, self._opening
                self._over = None
            reader = threading.Thread(target=self._read, args=(source, opening), name="capture reader", daemon=True)
            reader.start()
            why = self._watch()
            if why is None:
                return
            with self._changed:
                self._opening += 1
                self._lose(why)
            self._abandoned += [reader, aside(source.close)]
            if not self._open_again(source):
                return

    def _watch(self) -> str | None:
        """Wait until the source must be opened again; returns why. None: all is over, or it cannot be."""
        with self._changed:
            while not self._closed:
                if self._over is not None:
                    return self._over if self._can_reopen else None
                patience = max(2.0 * self._interval, self._settings.stall_timeout)
                if self._status.health is Health.WAITING:
                    patience = max(patience, self._settings.open_timeout)
                elif self._unproven:  # many cameras take seconds from opening to their first picture
                    patience = max(patience, min(self._settings.open_timeout, patience * 2**self._unproven))
                left = patience - (self._clock() - self._fresh)
                if left <= 0:
                    broken = self._status.refused > self._refused_before
                    why = f"no {'picture that can be used' if broken else 'new picture'} for {patience:.2g} s"
                    if self._can_reopen:
                        return why
                    if self._status.health is not Health.LOST:
                        self._lose(why)
                self._changed.wait(max(0.01, min(0.25, left)))
            return None

    def _lose(self, why: str) -> None:
        still = self._source.absence or f"{self._source.name} stands still"
        what = "camera lost, trying again" if self._can_reopen else still
        self._status = dataclasses.replace(
            self._status,
            health=Health.LOST,
            message=f"{what} ({why})",
            losses=self._status.losses + (self._status.health is not Health.LOST),
        )
        self._changed.notify_all()

    def _open_again(self, source: Source) -> bool:
        """Open `source` again, with growing waits; False when closed meanwhile."""
        assert isinstance(source, Reopenable)
        wait = self._settings.retry_first
        while True:
            with self._changed:
                if self._changed.wait_for(lambda: self._closed, wait):
                    return False
            wait = min(2.0 * wait, self._settings.retry_longest)
            self._abandoned = [thread for thread in self._abandoned if thread.is_alive()]
            if len(self._abandoned) >= _MOST_ABANDONED:
                continue
            attempt = Attempt(source.reopen, too_late=lambda late: late.close())
            fresh = attempt.wait(self._settings.open_timeout)
            if fresh is None:
                self._abandoned.append(attempt.thread)
                continue
            with self._changed:
                if self._closed:
                    aside(fresh.close)
                    return False
                self._source = fresh
                self._judge.open_again()
                self._unproven += 1
                self._fresh = self._clock()
                return True

    # The reader's thread.

    def _read(self, source: Source, opening: int) -> None:
        while True:
            frame, error = None, None
            try:
                frame = source.read()
                why = "the stream ended"
            except LivespotError as failure:
                error, why = failure, str(failure)
            except Exception as failure:  # a driver's own exception is a failed source, not a failed program
                error = SourceError(f"{source.name} failed: {type(failure).__name__}: {failure}")
                why = str(error)
            with self._changed:
                if self._opening != opening:
                    return
                if frame is None:
                    self._finish(why, error)
                    return
                good = self._keep(frame)
            if not good:
                time.sleep(_REFUSED)
            elif self.rest and not self._can_reopen:
                time.sleep(self.rest)

    def _keep(self, frame: Frame) -> bool:
        now = self._clock()
        good = self._judge.accept(frame, now)
        if good is None:
            self._status = dataclasses.replace(self._status, refused=self._judge.refused)
            return False
        # A reader that was held up for a moment gets the frames it missed; one that is too slow only the newest.
        room = 1 + _SPARE if now - self._idle < _KEEPS_UP else 1
        dropped = max(0, len(self._waiting) + 1 - room)
        for _ in range(dropped):
            self._waiting.popleft()
        status = dataclasses.replace(
            self._status,
            captured=self._status.captured + 1,
            dropped=self._status.dropped + dropped,
            missed=self._judge.missed,
        )
        if self._judge.is_new(good, now):
            if status.captured > 1 and status.health is Health.RUNNING:
                self._interval = 0.9 * self._interval + 0.1 * (now - self._fresh)
            self._fresh = now
            self._refused_before = status.refused
            self._unproven = 0
            if status.health is Health.LOST:
                status = dataclasses.replace(status, recoveries=status.recoveries + 1)
            message = "the camera sends the same picture again and again" if self._judge.for_good else ""
            status = dataclasses.replace(status, health=Health.RUNNING, message=message)
        self._status = status
        self._waiting.append(good)
        self._changed.notify_all()
        return True

    def _finish(self, why: str, error: LivespotError | None) -> None:
        self._over = why
        if not self._can_reopen:
            self._error = error
            health = Health.ENDED if error is None else Health.FAILED
            self._status = dataclasses.replace(self._status, health=health, message=str(error or ""))
        self._changed.notify_all()
