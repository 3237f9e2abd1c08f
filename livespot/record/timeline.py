"""Turns capture times into presentation times that only move forward and keep to the real length.

A clip's length must equal the wall clock even when the camera slows down, so pictures are placed by their capture
times. Clocks jump, though: a frozen view repeats its time, a driver restarts its counter, a computer sleeps. A step
that cannot be true is replaced by the time that passed between the pictures' arrivals.
"""

import math
import statistics
from collections import deque

TICKS = 90_000  # a second; the time base of MPEG, fine enough for any rate
SHORTEST = TICKS // 1000  # Matroska counts milliseconds: two pictures must not share one
LONGEST_GAP = 10.0  # s; a file may really hold a gap this long
TOLERANCE = 1.0  # s; arrival jitter of a live source
SETTLED = 1.0  # s of video after which the pace of the source is known


class Timeline:
    """Places pictures in time. interval: seconds a picture lasts before two of them are known."""

    def __init__(self, interval: float) -> None:
        self.ticks = 0
        self._steps = deque([interval], maxlen=5)
        self._first = True
        self._time = 0.0
        self._arrival = 0.0
        self._stepped = 0.0
        self._elapsed = 0.0

    @property
    def interval(self) -> float:
        """Seconds a picture usually lasts: the median of the last few, so that one stall does not count."""
        return statistics.median(self._steps)

    @property
    def seconds(self) -> float:
        """Length so far, the last picture's own duration included."""
        return 0.0 if self._first else self.ticks / TICKS + self.interval

    @property
    def real_time(self) -> bool:
        """Whether pictures arrive at the pace of their own times (a camera; not a file read as fast as it goes)."""
        return self._stepped >= SETTLED and 0.8 < self._elapsed / self._stepped < 1.25

    def place(self, time: float, arrival: float, *, in_step: bool = False) -> int:
        """Ticks of a picture captured at `time` (source clock, s) that came at `arrival` (monotonic clock, s).

        The first picture is at 0; every later one at least a millisecond after the one before. in_step: arrivals say
        nothing, and a gap in the times is one of the film.
        """
        if self._first:
            self._first = False
        else:
            step, elapsed = time - self._time, max(arrival - self._arrival, 0.0)
            owed = max(self._elapsed - self._stepped, 0.0)  # after a pause one picture of before it arrives late
            longest = elapsed + owed + TOLERANCE
            if not self.real_time:
                longest = max(LONGEST_GAP, longest)
            if math.isfinite(step) and step > 0.0 and (in_step or step <= longest):
                self._stepped += step
                self._elapsed += elapsed
                self._steps.append(step)
            else:
                step = elapsed if self.real_time else max(elapsed, self.interval)
            self.ticks += max(round(step * TICKS), SHORTEST)
        self._time, self._arrival = time, arrival
        return self.ticks
