"""What the person has said about the differences: found, or wrong. Kept by id, so it stays with the page."""

from __future__ import annotations

from collections.abc import Iterable

from livespot.live.overlay import Marking
from livespot.spotting.findings import Difference, Spotting


class Marks:
    """Ticks and dismissals of one page."""

    def __init__(self) -> None:
        self.ticked: set[int] = set()
        self.dismissed: set[int] = set()

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

    def standing(self, spotting: Spotting) -> list[Difference]:
        """The differences that were not dismissed."""
        return [d for d in spotting.differences if d.id not in self.dismissed]

    def found(self, spotting: Spotting) -> int:
        """How many of the standing ones are ticked."""
        return sum(d.id in self.ticked for d in self.standing(spotting))

    def marking(self, *, selected: int | None = None, hiding: bool = False, revealed: Iterable[int] = ()) -> Marking:
        """These marks for the overlay."""
        return Marking(frozenset(self.ticked), frozenset(self.dismissed), frozenset(revealed), selected, hiding)
