"""The game: the boxes are hidden, and help comes in small steps.

For every difference still to be found the hints go: how many are left, the quarter of the picture, a circle around the
place, the box. A click on the right place is a find, whatever was hinted. Places are given in unit coordinates of a
panel, (0, 0) its upper left and (1, 1) its lower right corner, so that they can be drawn on any view of it.
"""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.annotate.boxes import UNSURE
from livespot.annotate.words import EXPLAINED, count_of
from livespot.live.interaction.marks import Marks
from livespot.spotting.results import Difference, FrameResult

# A click this far outside a box still counts, as a share of the panel: a finger on paper is no more exact.
SLACK = 0.02
NEAR = 3 * SLACK  # a click this far outside a box is a near miss
_SMALLEST_CIRCLE = 0.11


class Level(IntEnum):
    """How much is given away of the difference in question."""

    COUNT = 0
    QUARTER = 1
    CIRCLE = 2
    BOX = 3


class Play:
    """One game on one page; ends when the person says so."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self.level = Level.COUNT
        self.target: int | None = None
        self.revealed: set[int] = set()
        self.message = ""

    def begin(self, spotting: FrameResult) -> None:
        """Say how many there are."""
        left = len(self.left(spotting))
        self.message = (
            f"{count_of(left, 'difference')} hidden: click where you see one"
            if left
            else "nothing to find yet: show both pictures"
        )

    def left(self, spotting: FrameResult) -> list[Difference]:
        """What is still to be found."""
        done = self._marks.ticked | self.revealed
        return [d for d in self._marks.standing(spotting) if d.id not in done]

    def hint(self, spotting: FrameResult) -> None:
        """One more hint."""
        left = self.left(spotting)
        if not left:
            self._finish(spotting)
            return
        target = next((d for d in left if d.id == self.target), None)
        if target is None:
            # The plainest first: a game should start with a success.
            target = max(left, key=lambda d: (round(d.confidence, 1), d.box[2] * d.box[3]))
            self.target, self.level = target.id, Level.COUNT
        self.level = Level(self.level + 1)
        if self.level is Level.QUARTER:
            quad = unit_quad(target, spotting, "a")
            x, y = (0.0, 0.0) if quad is None else quad.mean(axis=0)
            quarter = f"{'upper' if y < 0.5 else 'lower'} {'left' if x < 0.5 else 'right'}"
            self.message = f"one is in the {quarter} quarter"
        elif self.level is Level.CIRCLE:
            self.message = "look inside the circle"
        else:
            self.revealed.add(target.id)
            self.target, self.level = None, Level.COUNT
            count = len(left) - 1
            self.message = f"number {self._marks.number(target.id)}: {EXPLAINED[target.kind]}" + (
                f" · {count} left" if count else ""
            )

    def guess(self, spotting: FrameResult, panel: str, at: tuple[float, float]) -> bool:
        """The person says there is one at `at`, unit coordinates of `panel` ("a" or "b"); whether that is right."""
        near = [d for d in self._marks.standing(spotting) if distance(d, spotting, panel, at) <= SLACK]
        if not near:
            # What the rules do not find may differ all the same: nobody is told to be wrong.
            close = any(distance(d, spotting, panel, at) <= NEAR for d in spotting.differences)
            self.message = "close: look again" if close else "no known difference there: look again"
            return False
        best = min(near, key=lambda d: distance(d, spotting, panel, at))
        known = best.id in self._marks.ticked or best.id in self.revealed
        self._marks.ticked.add(best.id)
        if best.id == self.target:
            self.target, self.level = None, Level.COUNT
        left = len(self.left(spotting))
        if known:
            self.message = "you have that one already"
        elif left:
            self.message = f"{'probably yes!' if best.confidence < UNSURE else 'yes!'} {left} left"
        else:
            self._finish(spotting)
        return True

    def _finish(self, spotting: FrameResult) -> None:
        total, shown = len(self._marks.standing(spotting)), len(self.revealed - self._marks.ticked)
        if total == 0:
            self.begin(spotting)
        elif shown:
            were = "was" if shown == 1 else "were"
            self.message = f"all {total} are known: you found {total - shown}, {shown} {were} shown · G ends the game"
        else:
            self.message = f"all {total} found! · G ends the game"

    def place(self, spotting: FrameResult) -> NDArray[np.float64] | None:
        """The outline of what is hinted at, (N, 2) in unit coordinates of a panel; None when nothing is to be drawn."""
        target = next((d for d in self.left(spotting) if d.id == self.target), None)
        if target is None or self.level is Level.COUNT:
            return None
        box = unit_quad(target, spotting, "a")
        if box is None:
            return None
        centre = box.mean(axis=0)
        if self.level is Level.QUARTER:
            x, y = (0.0 if c < 0.5 else 0.5 for c in centre)
            return geometry.box_quad((x, y, 0.5, 0.5))
        # Not centred on the place, or the circle would be the answer.
        radius = max(_SMALLEST_CIRCLE, 0.9 * float(np.linalg.norm(box[2] - box[0])))
        turn = 2.4 * target.id
        middle = centre + 0.45 * radius * np.array([np.cos(turn), np.sin(turn)])
        angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
        return np.asarray(middle + radius * np.column_stack([np.cos(angle), np.sin(angle)]), np.float64)


def unit_quad(difference: Difference, spotting: FrameResult, panel: str) -> NDArray[np.float64] | None:
    """The quad of a difference in unit coordinates of a panel; None when the panels are not known."""
    if spotting.panels is None:
        return None
    quad = spotting.panels[0 if panel == "a" else 1]
    return geometry.apply(geometry.between(quad, geometry.rectangle(1, 1)), getattr(difference, panel))


def distance(difference: Difference, spotting: FrameResult, panel: str, at: tuple[float, float]) -> float:
    """How far a point of a panel is outside a difference's box, in unit coordinates; 0 inside."""
    quad = unit_quad(difference, spotting, panel)
    if quad is None:
        return float("inf")
    low, high = quad.min(axis=0), quad.max(axis=0)
    return float(np.linalg.norm(np.maximum(np.maximum(low - at, np.asarray(at) - high), 0.0)))
