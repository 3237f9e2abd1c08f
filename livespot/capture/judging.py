"""Whether a frame from a live source is good, and whether it is new: the rules without the threads.

Good: a picture, with a time and a number that go forward. New: not the very picture that came before; a camera's noise
never repeats, so a source that does is stuck (or shows a still, when it does so again after it was opened again).
"""

import math

import numpy as np

from livespot.capture.base import as_bgr
from livespot.frame import Frame, Image

_CHANCE = 3  # repeats in a row that are no chance; a stream may begin again with the picture it ended with
_LEAST = 16  # px a side: a smaller frame is broken, and would start a new part of a recording
_SPARSE = 16  # px between the samples that are compared before all pixels are


class Judge:
    """Judges the frames of one source over all its openings.

    watch_repeats: false for sources that may repeat themselves (a still, a drawn page). refused: bad frames. missed:
    frames that never came, because nobody read them in time: a source leaves a gap in its numbers for them.
    """

    def __init__(self, *, watch_repeats: bool) -> None:
        self.refused = self.missed = 0
        self._refused_since = 0  # frames refused since the last good one; they were counted by the source, too
        self.still = False  # the same picture again after opening again
        self._same = 0  # times in a row
        self._watch_repeats = watch_repeats
        self._last: Frame | None = None
        self._last_came = 0.0
        self._opened_again = False
        self._shift = 0.0
        self._skip = 0

    @property
    def for_good(self) -> bool:
        """Whether the source shows a still, and not by chance."""
        return self.still and self._same >= _CHANCE

    def open_again(self) -> None:
        """The frames that follow come from a new opening: their times and numbers start anew."""
        self._opened_again = True
        self._same = 0

    def accept(self, frame: Frame, now: float) -> Frame | None:
        """The frame with its times and numbers carried on over openings; None when it is refused. now: when it came."""
        try:
            image = as_bgr(frame.image)
            usable = math.isfinite(frame.time) and min(image.shape[:2]) >= _LEAST
        except (ValueError, TypeError, AttributeError):
            usable = False
        if not usable:
            self._refuse()
            return None
        last = self._last
        if last is not None and self._opened_again:
            self._shift = last.time + max(now - self._last_came, 1e-3) - frame.time
            self._skip = last.index + 1 - frame.index
        at, index = frame.time + self._shift, frame.index + self._skip
        if last is not None:
            if at <= last.time or index <= last.index:
                self._refuse()
                return None
            self.missed += max(0, index - last.index - 1 - self._refused_since)
        self._refused_since = 0
        return Frame(image=image, time=at, index=index, captured=frame.captured)

    def _refuse(self) -> None:
        self.refused += 1
        self._refused_since += 1

    def is_new(self, frame: Frame, now: float) -> bool:
        """Whether an accepted frame shows that the source lives. Call once for each, in order."""
        last, self._last, self._last_came = self._last, frame, now
        opened_again, self._opened_again = self._opened_again, False
        if last is None or not self._watch_repeats:
            return True
        same = _same(frame.image, last.image)
        self._same = self._same + 1 if same else 0
        if not same:
            self.still = False
        elif opened_again:
            self.still = True
        return self.still or not same


def _same(a: Image, b: Image) -> bool:
    if a.shape != b.shape or not np.array_equal(a[::_SPARSE, ::_SPARSE], b[::_SPARSE, ::_SPARSE]):
        return False
    return a is b or bool(np.array_equal(a, b))
