"""A file shown in a window: paced by its own times, none dropped, and it can be held still.

When drawing is slower than the file, the file plays slower: what is on screen was analysed, not skipped. `--realtime`
is the other choice. Read on a thread of its own, so that decoding never holds up the window.
"""

from __future__ import annotations

import dataclasses
import queue
import threading
import time

from livespot.capture.newest import Health, Status
from livespot.errors import LivespotError, SourceError
from livespot.frame import Closing, Frame, Source


class Playback(Closing):
    """Frames of `source`, each when its time has come. A context manager; closes the source."""

    def __init__(self, source: Source) -> None:
        self.source = source
        # Two frames ahead hide the decoder's unevenness; more would only cost memory.
        self._queue: queue.Queue[Frame | BaseException | None] = queue.Queue(maxsize=2)
        self._ahead: Frame | None = None
        self._start: float | None = None
        self._held_since: float | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._read, name="playback", daemon=True)
        self.status = Status(Health.RUNNING)
        self._error: LivespotError | None = None

    def take(self, timeout: float) -> Frame | None:
        """The next frame if its time comes within `timeout` s; None when not, when held, or at the end."""
        until = time.monotonic() + timeout
        if self._held_since is not None or not self.status.running:
            self._closed.wait(timeout)
            return None
        if self._ahead is None:
            try:
                item = self._queue.get(timeout=timeout)
            except queue.Empty:
                return None
            if isinstance(item, BaseException):
                failed = SourceError(f"{self.source.name} failed: {item}")
                self._error = item if isinstance(item, LivespotError) else failed
                self.status = dataclasses.replace(self.status, health=Health.FAILED, message=str(self._error))
                return None
            if item is None:
                self.status = dataclasses.replace(self.status, health=Health.ENDED)
                return None
            self._ahead = item
        frame = self._ahead
        now = time.monotonic()
        if self._start is None:
            self._start = now - frame.time
        due = self._start + frame.time
        if due > until:
            self._closed.wait(max(0.0, until - now))
            return None
        if due > now:
            self._closed.wait(due - now)
        elif now - due > 0.1:
            self._start += now - due  # it cannot be kept up with: go on from here, slower, without a rush
        self._ahead = None
        self.status = dataclasses.replace(self.status, captured=self.status.captured + 1)
        return dataclasses.replace(frame, captured=time.monotonic())

    def raise_if_failed(self) -> None:
        """Raises the error the source ended with, if it did."""
        if self._error is not None:
            raise self._error

    def hold(self, held: bool) -> None:
        """Stand still, or go on from there."""
        now = time.monotonic()
        if held and self._held_since is None:
            self._held_since = now
        elif not held and self._held_since is not None:
            if self._start is not None:
                self._start += now - self._held_since
            self._held_since = None

    def _read(self) -> None:
        last: Frame | BaseException | None = None
        try:
            while not self._closed.is_set():
                frame = self.source.read()
                if frame is None:
                    break
                self._put(frame)
        except Exception as error:
            last = error
        self._put(last)

    def _put(self, item: Frame | BaseException | None) -> None:
        while not self._closed.is_set():
            try:
                self._queue.put(item, timeout=0.1)
            except queue.Full:
                continue
            return

    def close(self) -> None:
        self._closed.set()
        self.source.close()
        if self._thread.is_alive():
            self._thread.join(1.0)

    def __enter__(self) -> Playback:
        self._thread.start()
        return self
