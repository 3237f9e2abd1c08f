"""What the person has said about the differences: found, or wrong. It stays with the page."""

from collections.abc import Iterable

from livespot.annotate.boxes import UNSURE, UNSURE_AGAIN, Marking
from livespot.geometry import Box
from livespot.spotting.difference.boxes import overlap
from livespot.spotting.results import Difference, FrameResult

SAME_BOX = 0.3  # overlap of two boxes, intersection over union, that makes them one difference


class Marks:
    """Ticks and dismissals of one page."""

    def __init__(self) -> None:
        self.ticked: set[int] = set()
        self.dismissed: set[int] = set()
        self._firm: set[int] = set()
        self._boxes: dict[int, Box] = {}
        self._page = self._grid = 0
        self.numbers: dict[int, int] = {}

    def follow(self, spotting: FrameResult) -> None:
        """Keep the marks where they belong: gone with their page, with their place when the ids were given anew."""
        if spotting.page and spotting.page != self._page:
            if self._page:
                self.clear()
            self._page = spotting.page
        if spotting.differences and spotting.grid != self._grid:
            # the same differences in other px: there is nothing to compare them by but their numbers
            self._grid = spotting.grid
            self._boxes = {d.id: d.box for d in spotting.differences if d.id in self._boxes}
        for d in spotting.differences:
            if d.confidence >= UNSURE:
                self._firm.add(d.id)
            elif d.confidence < UNSURE - UNSURE_AGAIN:
                self._firm.discard(d.id)
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

    def renumber(self, spotting: FrameResult) -> None:
        """Number what stands 1 to n, whatever the ids are; who has such a number keeps it."""
        standing = [d.id for d in self.standing(spotting)]
        if not standing:
            return  # the page may come back
        kept = {i: self.numbers[i] for i in standing if self.numbers.get(i, len(standing) + 1) <= len(standing)}
        free = iter(sorted(set(range(1, len(standing) + 1)) - set(kept.values())))
        self.numbers = {i: kept[i] if i in kept else next(free) for i in standing}

    def number(self, difference: int) -> int:
        """The number that a person knows a difference by."""
        return self.numbers.get(difference, difference)

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
        self._firm.clear()
        self._boxes.clear()
        self.numbers = {}

    def standing(self, spotting: FrameResult) -> list[Difference]:
        """The differences that were not dismissed."""
        return [d for d in spotting.differences if d.id not in self.dismissed]

    def found(self, spotting: FrameResult) -> int:
        """How many of the standing ones are ticked."""
        return sum(d.id in self.ticked for d in self.standing(spotting))

    def marking(self, *, selected: int | None = None, hiding: bool = False, revealed: Iterable[int] = ()) -> Marking:
        """These marks for the overlay."""
        return Marking(
            frozenset(self.ticked),
            frozenset(self.dismissed),
            frozenset(revealed),
            selected,
            hiding,
            frozenset(self._firm),
            self.numbers,
        )
