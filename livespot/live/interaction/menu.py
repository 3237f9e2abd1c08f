"""The menu on the right mouse button: everything that can be done here, each with its key beside it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from livespot.annotate import drawing
from livespot.annotate.viewport import Rect, inside
from livespot.frame import Image

_LINE, _SIZE = 27, 15  # px of a line, of its letters, at unit 1


@dataclass(frozen=True)
class Entry:
    """One line: what it says, the key that does the same ("" for none), and what it does."""

    words: str
    face: str
    run: Callable[[], object]


@dataclass
class Menu:
    """at: where the button went down, canvas px. Where the entries lie is known once it was drawn."""

    at: tuple[int, int]
    entries: list[Entry]
    places: list[Rect] = field(default_factory=list)

    def entry_at(self, x: int, y: int) -> Entry | None:
        """The entry under a point of the canvas."""
        return next((e for e, place in zip(self.entries, self.places, strict=False) if inside(place, x, y)), None)

    def draw(self, canvas: Image, rect: Rect, unit: float) -> None:
        """Beside the pointer, wholly inside `rect`; in two columns or smaller letters where it would else not go in."""
        left, top, width, tall = rect
        count = len(self.entries)
        columns = 1 if _LINE * unit * count <= 0.75 * tall else 2
        lines = -(-count // columns)
        unit = min(unit, (tall - 8) / (_LINE * (lines + 0.6)))
        size, line, gap = _SIZE * unit, _LINE * unit, 14 * unit
        longest = max(drawing.text_width(entry.words, round(size)) for entry in self.entries)
        column = min(longest + 2 * gap + 70 * unit, (width - 4) / columns)
        across, high = columns * column, line * lines + 0.5 * line
        x = min(max(left, self.at[0]), max(left, left + width - across))
        y = min(max(top, self.at[1]), max(top, top + tall - high))
        drawing.rounded(canvas, x - 1, y - 1, across + 2, high + 2, 9 * unit, drawing.MUTED)
        drawing.rounded(canvas, x, y, across, high, 9 * unit, drawing.DESK)
        self.places = []
        for i, entry in enumerate(self.entries):
            at, start = y + 0.25 * line + (i % lines) * line, x + (i // lines) * column
            words = drawing.fitting(entry.words, size, column - 2 * gap - 44 * unit)
            drawing.text(canvas, words, start + gap, at + line / 2, size, drawing.PAPER)
            drawing.text(canvas, entry.face, start + column - gap, at + line / 2, size, drawing.MUTED, align="right")
            self.places.append((round(start), round(at), round(column), round(line)))
