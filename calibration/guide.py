"""Guides a person who holds the board: says what to do, takes a view when the board is still and adds something.

In: frames with their times. Out: for each a Guidance, what to show; and the views taken. No window, no clock, no files.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from . import board, coverage
from .board import View
from .coverage import Coverage, Placement

Image = NDArray[np.uint8]

HOLD = 0.7  # seconds of stillness before a view is taken
STILL = 0.06  # picture widths a second: how fast a still hand moves
SHARP = 0.35  # of the sharpest view so far: less than this is a smear
REST = 0.5  # seconds after a view before the next one counts down


@dataclass(frozen=True, eq=False)
class Guidance:
    """What is known after a frame.

    view: the board in this frame, or None. coverage: bars and advice. words: what to tell the person now.
    countdown: 0 none, towards 1 a view is about to be taken. taken: a view was taken on this frame.
    """

    view: View | None
    coverage: Coverage
    words: str
    countdown: float = 0.0
    taken: bool = False


class Guide:
    """Sees one frame after the other. size: (width, height) of the frames, px."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self._views: list[View] = []
        self._placements: list[Placement] = []
        self._sharpness: list[float] = []
        self._coverage = coverage.measure([])
        self._last: tuple[View, float] | None = None
        self._still_since: float | None = None
        self._best: tuple[float, View, Placement, float] | None = None  # slowest frame of this hold
        self._rest_until = -1.0

    @property
    def views(self) -> tuple[View, ...]:
        """The views taken so far."""
        return tuple(self._views)

    @property
    def coverage(self) -> Coverage:
        """What they cover."""
        return self._coverage

    def see(self, image: Image, time: float) -> Guidance:
        """Look at a frame, (H, W, 3) uint8 BGR, at `time` seconds."""
        view = board.detect(image, f"view {len(self._views) + 1}")
        place = coverage.placement(view, self.size) if view is not None else None
        if view is None or place is None:
            self._last, self._still_since, self._best = None, None, None
            return Guidance(None, self._coverage, "show the board, flat and in good light")
        speed = self._speed(view, time)
        self._last = (view, time)
        if speed is None or speed > STILL:
            self._still_since, self._best = None, None
            return Guidance(view, self._coverage, self._coverage.advice or "hold it still")
        if not coverage.adds(place, self._placements):
            self._still_since, self._best = None, None
            return Guidance(view, self._coverage, self._coverage.advice or "move it: this view is taken already")
        sharpness = _sharpness(image, view)
        if self._sharpness and sharpness < SHARP * float(np.median(self._sharpness)):
            return Guidance(view, self._coverage, "too blurred: more light, or hold it stiller")
        if self._still_since is None:
            self._still_since = max(time, self._rest_until)
        if self._best is None or speed < self._best[0]:
            self._best = (speed, view, place, sharpness)
        held = (time - self._still_since) / HOLD
        if held < 1:
            return Guidance(view, self._coverage, "hold it still", max(0.0, held))
        _, view, place, sharpness = self._best
        self._keep(view, place, sharpness, time)
        return Guidance(view, self._coverage, "taken", 1.0, taken=True)

    def take(self, image: Image, time: float) -> bool:
        """Take this frame as a view, still or not; False when there is no board in it."""
        view = board.detect(image, f"view {len(self._views) + 1}")
        place = coverage.placement(view, self.size) if view is not None else None
        if view is None or place is None:
            return False
        self._keep(view, place, _sharpness(image, view), time)
        return True

    def undo(self) -> None:
        """Forget the view taken last."""
        if self._views:
            for kept in (self._views, self._placements, self._sharpness):
                kept.pop()
            self._coverage = coverage.measure(self._placements)

    def _keep(self, view: View, place: Placement, sharpness: float, time: float) -> None:
        self._views.append(replace(view, name=f"view {len(self._views) + 1}"))
        self._placements.append(place)
        self._sharpness.append(sharpness)
        self._coverage = coverage.measure(self._placements)
        self._still_since, self._best, self._rest_until = None, None, time + REST

    def _speed(self, view: View, time: float) -> float | None:
        """How fast the board moves, picture widths a second; None when that cannot be said yet."""
        if self._last is None or time <= self._last[1]:
            return None
        before, then = self._last
        _, here, there = np.intersect1d(view.ids, before.ids, return_indices=True)
        if len(here) < 4:
            return None
        moved = float(np.median(np.linalg.norm(view.corners[here] - before.corners[there], axis=1)))
        return moved / self.size[0] / (time - then)


def _sharpness(image: Image, view: View) -> float:
    """How steep the board's edges are, grey levels a px: the upper end of the gradient around the corners."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) if image.ndim == 3 else image
    low = np.maximum(view.corners.min(axis=0).astype(int), 0)
    high = view.corners.max(axis=0).astype(int) + 1
    part = grey[low[1] : high[1], low[0] : high[0]]
    if min(part.shape) < 8:
        return 0.0
    gradient = np.abs(cv2.Sobel(part, cv2.CV_32F, 1, 0, scale=0.125)) + np.abs(
        cv2.Sobel(part, cv2.CV_32F, 0, 1, scale=0.125)
    )
    return float(np.percentile(gradient, 95))
