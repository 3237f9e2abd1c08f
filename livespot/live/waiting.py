"""The line of pictures between the display and the encoder: bounded, so that neither waits for nor floods the other.

In: pictures and marks, from one thread. Out: the same in order, to another. A picture is copied into a buffer of a
small pool that grows only as far as the line ever did; the caller's picture is free at once.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from time import monotonic

import numpy as np

from livespot.frame import Image

LONGEST_WAIT = 0.6  # s of video that may wait: what waits is lost in a crash


@dataclass(frozen=True, eq=False)
class Picture:
    """image: (H, W, 3) uint8 BGR, ours until it is given back. time: source clock, s. arrival: monotonic clock, s."""

    image: Image
    time: float
    arrival: float


@dataclass(frozen=True)
class Mark:
    """Something happened at the picture before."""

    text: str


class WaitingLine:
    """At most `length` pictures, and not more than LONGEST_WAIT of video; two always fit."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._items: deque[Picture | Mark] = deque()
        self._pictures = 0
        self._pool: list[Image] = []
        self._open = True
        self._changed = threading.Condition()

    @property
    def is_open(self) -> bool:
        """Whether anything may still come in."""
        return self._open

    def put(self, image: Image, time: float, *, wait: bool = False) -> bool:
        """Take a copy of a picture; False when there was no room. wait: until there is room, or the line closes."""
        arrival = monotonic()
        with self._changed:
            while wait and self._open and not self._has_room(time):
                self._changed.wait()
            if not self._open:
                return True  # not for want of room
            if not self._has_room(time):
                return False
            if self._pool and self._pool[-1].shape != image.shape:
                self._pool.clear()
            buffer = self._pool.pop() if self._pool else np.empty(image.shape, np.uint8)
        np.copyto(buffer, image)  # outside the lock: only one thread puts
        with self._changed:
            if self._open:
                self._items.append(Picture(buffer, time, arrival))
                self._pictures += 1
                self._changed.notify_all()
        return True

    def _has_room(self, time: float) -> bool:
        if self._pictures < 2:
            return True
        first = next(item for item in self._items if isinstance(item, Picture))
        return self._pictures < self._length and time - first.time <= LONGEST_WAIT

    def mark(self, text: str) -> None:
        """Put a mark behind the last picture."""
        with self._changed:
            if self._open:
                self._items.append(Mark(text))
                self._changed.notify_all()

    def take(self) -> Picture | Mark | None:
        """The oldest thing that waits, or the next to come; None when the line is closed and empty."""
        with self._changed:
            while not self._items:
                if not self._open:
                    return None
                self._changed.wait()
            item = self._items.popleft()
            if isinstance(item, Picture):
                self._pictures -= 1
            self._changed.notify_all()
            return item

    def give_back(self, picture: Picture) -> None:
        """The picture's buffer may be used again."""
        with self._changed:
            self._pool.append(picture.image)

    def close(self, *, at_once: bool = False) -> None:
        """Let nothing more in. at_once: what waits is thrown away, too."""
        with self._changed:
            self._open = False
            if at_once:
                self._items.clear()
                self._pictures = 0
            self._changed.notify_all()
