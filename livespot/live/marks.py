"""What the person has said about the differences: found, or wrong. It stays with the page."""

from __future__ import annotations

from collections.abc import Iterable

from livespot.geometry import Box
from livespot.live.overlay import Marking
from livespot.spotting.findings import Difference, Spotting

SAME_BOX = 0.3  # overlap of two boxes, intersection over union, that makes them one difference


class Marks:
    """Ticks and dismissals of one page."""

    def __init__(self) -> None:
        self.ticked: set[int] = set()
        self.dismissed: set[int] = set()
        self._boxes: dict[int, Box] = {}
        self._page = self._grid = 0

    def follow(self, spotting: Spotting) -> None:
        """Keep the marks where they belong: gone with their page, with their place when the ids were given anew."""
        if spotting.page and spotting.page != self._page:
            if self._page:
                self.clear()
            self._page = spotting.page
        if spotting.differences and spotting.grid != self._grid:
            # the same differences in other px: there is nothing to compare them by but their numbers
            self._grid = spotting.grid
            self._boxes = {d.id: d.box for d in spotting.differences if d.id in self._boxes}
        marked = self.ticked | self.dismissed
        if not marked or not spotting.differences:
            return
        now = {d.id: d.box for d in spotting.differences}
        renamed: dict[int, int] = {}
        for number in marked:
            box = self._boxes.get(number)
            if box is None or (number in now and overlap(box, now[number]) >= SAME_BOX):
                continue
            best = max(now, key=lambda other: overlap(box, now[other]))
            if overlap(box, now[best]) >= SAME_BOX:
                renamed[number] = best
        if renamed:
            for marks in (self.ticked, self.dismissed):
                kept = {renamed.get(number, number) for number in marks}
                marks.clear()
                marks.update(kept)
            self._boxes = {renamed.get(number, number): box for number, box in self._boxes.items()}
        for number in self.ticked | self.dismissed:
            if number in now:
                self._boxes[number] = now[number]

    def toggle_tick(self, number: int) -> bool:
        """Tick a difference as found, or take the tick back; whether it is ticked now."""
        self.dismissed.discard(number)
        self.ticked ^= {number}
        return number in self.ticked

    def toggle_dismissal(self, number: int) -> bool:
        """Dismiss a difference as wrong, or take it back; whether it is dismissed now."""
        self.ticked.discard(number)
        self.dismissed ^= {number}
        return number in self.dismissed

    def clear(self) -> None:
        """Another page."""
        self.ticked.clear()
        self.dismissed.clear()
        self._boxes.clear()

    def standing(self, spotting: Spotting) -> list[Difference]:
        """The differences that were not dismissed."""
        return [d for d in spotting.differences if d.id not in self.dismissed]

    def found(self, spotting: Spotting) -> int:
        """How many of the standing ones are ticked."""
        return sum(d.id in self.ticked for d in self.standing(spotting))

    def marking(self, *, selected: int | None = None, hiding: bool = False, revealed: Iterable[int] = ()) -> Marking:
        """These marks for the overlay."""
        return Marking(frozenset(self.ticked), frozenset(self.dismissed), frozenset(revealed), selected, hiding)


def overlap(one: Box, two: Box) -> float:
    """Intersection over union of two boxes."""
    width = min(one[0] + one[2], two[0] + two[2]) - max(one[0], two[0])
    height = min(one[1] + one[3], two[1] + two[3]) - max(one[1], two[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (one[2] * one[3] + two[2] * two[3] - shared)
