"""The help overlay and the strip a newcomer sees first, both from the table of keys."""

from itertools import combinations, pairwise

from livespot.annotate import drawing
from livespot.annotate.viewport import Rect
from livespot.frame import Image
from livespot.live.interaction import keys
from livespot.live.interaction.keys import Action

_LINE, _TITLE, _GAP = 28, 34, 14  # at size 1, as all of these
_COLUMN, _FACES = 444, 92
_LEGIBLE = 6.5  # px of a letter, below which nobody reads it
_TOO_SMALL = (
    "This window is too small for all keys.",
    "Make it larger, or press the",
    "right mouse button for a menu.",
)
TEXT_WIDTH = _COLUMN - _FACES - 16


def draw(canvas: Image, rect: Rect) -> None:
    """Every key with what it does, over the darkened picture in `rect`."""
    left, top, width, tall = rect
    drawing.shade(canvas, left, top, width, tall, 0.22)
    # As large as fits: the natural size or smaller, in as many columns as suit the window's shape.
    fits = []
    for count in (1, 2, 3):
        columns = _columns(count)
        across, down = 64 + count * _COLUMN, 96 + max(_height(column) for column in columns)
        size = min(0.96 * width / across, 0.96 * tall / down, 1.2 * drawing.unit(width, tall))
        fits.append((size, -count, columns, across, down))
    size, _, columns, natural_width, natural_height = max(fits, key=lambda fit: fit[:2])
    if 15.5 * size < _LEGIBLE:
        size = min(15.0, 0.05 * width)
        for i, line in enumerate(_TOO_SMALL):
            middle = top + tall / 2 + (i - 1) * 1.6 * size
            drawing.text(canvas, line, left + width / 2, middle, size, drawing.PAPER, drawing.MEDIUM, "centre")
        return
    panel_width, panel_height = natural_width * size, natural_height * size
    x0, y0 = left + (width - panel_width) / 2, top + (tall - panel_height) / 2
    drawing.rounded(canvas, x0, y0, panel_width, panel_height, 14 * size, drawing.DESK)
    drawing.text(canvas, "Keys", x0 + 34 * size, y0 + 44 * size, 24 * size, drawing.PAPER, drawing.BOLD)
    close = f"{keys.label(Action.HELP)} closes this"
    drawing.text(canvas, close, x0 + panel_width - 34 * size, y0 + 44 * size, 15 * size, drawing.MUTED, align="right")
    for i, column in enumerate(columns):
        x, y = x0 + (34 + i * _COLUMN) * size, y0 + 70 * size
        for group in column:
            y += _TITLE * size
            drawing.text(canvas, group, x, y - 12 * size, 16 * size, drawing.ACCENT, drawing.MEDIUM)
            for key in keys.TABLE:
                if key.group == group:
                    middle = y + _LINE * size / 2
                    drawing.text(canvas, key.faces, x, middle, 16 * size, drawing.PAPER, drawing.BOLD)
                    words = drawing.fitting(key.help, 15.5 * size, TEXT_WIDTH * size)
                    drawing.text(canvas, words, x + _FACES * size, middle, 15.5 * size, (214, 210, 206))
                    y += _LINE * size
            y += _GAP * size


def _height(column: tuple[str, ...]) -> int:
    return sum(_TITLE + _GAP + _LINE * sum(key.group == group for key in keys.TABLE) for group in column)


def _columns(count: int) -> list[tuple[str, ...]]:
    """The groups in `count` columns, the tallest as low as can be."""
    splits = [
        [keys.GROUPS[start:end] for start, end in pairwise((0, *cuts, len(keys.GROUPS)))]
        for cuts in combinations(range(1, len(keys.GROUPS)), count - 1)
    ]
    return min(splits, key=lambda columns: max(_height(column) for column in columns))


WELCOME, FOUND = "Show both pictures to the camera", "Click a box to tick it"
FIRST_KEYS = ((Action.FREEZE, "freeze"), (Action.HINT, "play"), (Action.SNAPSHOT, "save"), (Action.HELP, "all keys"))


def welcome(canvas: Image, rect: Rect, unit: float, *, found: bool = False) -> None:
    """One line for the first start, at the foot of the picture. found: there are boxes already."""
    left, top, width, tall = rect
    size = 16.5 * unit
    pieces: list[tuple[str, int, drawing.Colour]] = [(FOUND if found else WELCOME, drawing.MEDIUM, drawing.PAPER)]
    for action, words in FIRST_KEYS:
        pieces += [(keys.label(action), drawing.BOLD, drawing.ACCENT), (words, drawing.REGULAR, drawing.PAPER)]

    def span(scale: float) -> float:
        inner = sum(drawing.text_width(words, round(scale), weight) for words, weight, _ in pieces)
        return inner + scale * (1.8 * len(FIRST_KEYS) + 2.4)

    while span(size) > 0.96 * width and size > 8:
        size *= 0.94
    total, high = span(size), 2.5 * size
    x, middle = left + (width - total) / 2, top + tall - high
    drawing.rounded(canvas, x, middle - high / 2, total, high, high / 2, drawing.DESK)
    x += 1.2 * size
    for words, weight, colour in pieces:
        x += drawing.text(canvas, words, x, middle, size, colour, weight)
        x += 0.5 * size if colour == drawing.ACCENT else 1.3 * size
