"""The queue of pictures between the display and the encoder: bounded, so that neither waits for or floods the other.

In: pictures and marks, from one thread. Out: the same in order, to another. Nothing is copied: a picture is kept until
it is encoded, and the reader draws on it.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from livespot.frame import Image

LONGEST_WAIT = 0.6  # s of video that may wait: what waits is lost in a crash


@dataclass(frozen=True, eq=False)
class Picture:
    """image: (H, W, 3) uint8 BGR, never written into. time: source clock, s. arrival: monotonic clock, s.

    draw: draws onto a copy of the image what the recording shows over it; None: nothing. in_step: from a file that is
    read as fast as it goes, whose times are all that is known.
    """

    image: Image
    time: float
    arrival: float
    draw: Callable[[Image], object] | None = None
    in_step: bool = False


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
        self._open = True
        self._changed = threading.Condition()

    @property
    def is_open(self) -> bool:
        """Whether anything may still come in."""
        return self._open

    def put(
        self, image: Image, time: float, draw: Callable[[Image], object] | None = None, *, wait: bool = False
    ) -> bool:
        """Take a picture; False when there was no room. wait: until there is room, or the line closes."""
        arrival = monotonic()
        with self._changed:
            while wait and self._open and not self._has_room(time):
                self._changed.wait()
            if not self._open:
                return True  # not for want of room
            if not self._has_room(time):
                return False
            self._items.append(Picture(image, time, arrival, draw, wait))
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

    def close(self, *, at_once: bool = False) -> None:
        """Let nothing more in. at_once: what waits is thrown away, too."""
        with self._changed:
            self._open = False
            if at_once:
                self._items.clear()
                self._pictures = 0
            self._changed.notify_all()
