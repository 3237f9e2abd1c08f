"""The strip below the picture: how things stand on the left, what can be done on the right.

It lies beside the picture, never over it. What does not fit is left out, the least needed first.
"""

from dataclasses import dataclass

from livespot.annotate import drawing
from livespot.annotate.viewport import Rect
from livespot.frame import Image
from livespot.live.interaction import keys
from livespot.live.interaction.keys import Action

HEIGHT = 48  # at unit 1
_NARROW = 760  # px at unit 1: in a narrower window the chips have a row of their own, below the words


@dataclass(frozen=True)
class Chip:
    """A key with a word: pressing it or clicking it does the same. lit: it is on."""

    action: Action
    word: str
    lit: bool = False


@dataclass(frozen=True)
class Status:
    """What the strip says.

    headline: the one thing to know; colour: of the dot before it (None: no dot). aside: said more quietly.
    recording: seconds of the running recording, or None; warning: shown beside it.
    figures: rate and age. chips: what can be done, the most useful first.
    """

    headline: str
    colour: drawing.Colour | None = None
    aside: str = ""
    recording: float | None = None
    warning: str = ""
    figures: str = ""
    chips: tuple[Chip, ...] = ()


def height(unit: float, width: int) -> int:
    """Height of the strip in a window of this width, px."""
    return round(HEIGHT * unit) * (2 if width < _NARROW * unit else 1)


def draw(canvas: Image, rect: Rect, unit: float, status: Status, now: float) -> list[tuple[Rect, Action]]:
    """Draw the strip into `rect` of the canvas; returns where the chips are, for clicks. now: seconds, for blinking."""
    left, top, width, tall = rect
    canvas[top : top + tall, left : left + width] = drawing.DESK
    two_rows = width < _NARROW * unit
    row = tall / 2 if two_rows else tall
    middle, words_at = top + tall - row / 2, top + row / 2
    gap = 14 * unit
    right = left + width - gap
    places: list[tuple[Rect, Action]] = []

    # The headline always gets its room; help stays, the rest of the right side takes what is left.
    size = 18.5 * unit
    wanted = drawing.text_width(status.headline, round(size), drawing.MEDIUM) + 4 * gap
    wanted += drawing.text_width(status.aside, round(15.5 * unit)) + gap if status.aside else 0
    limit = left + (gap if two_rows else min(wanted, 0.62 * width))
    # What stops a recording is always there while one runs.
    first = (Action.HELP, Action.RECORD) if status.recording is not None else (Action.HELP,)
    chips = sorted(status.chips, key=lambda chip: chip.action not in first)
    if status.recording is not None:
        limit += _recording_width(status, unit) + gap
    kept = []
    for chip in chips:
        if right - _chip_width(chip, unit) < limit and chip.action not in first:
            break
        kept.append(chip)
        right -= _chip_width(chip, unit) + 6 * unit
    x = right + 6 * unit
    for chip in [chip for chip in status.chips if chip in kept]:
        x += 6 * unit if places else 0
        place = _chip(canvas, x, middle, unit, chip)
        places.append((place, chip.action))
        x += place[2]
    right -= gap
    if status.recording is not None:
        right = _recording(canvas, right, middle, unit, status, now) - gap
    figures = round(14 * unit)
    if status.figures and right - drawing.text_width(status.figures, figures) > limit:
        right -= drawing.text(canvas, status.figures, right, middle, figures, drawing.MUTED, align="right") + gap

    right = left + width - gap if two_rows else right
    x = left + gap
    if status.colour is not None:
        drawing.dot(canvas, x + 6 * unit, words_at, 6 * unit, status.colour)
        x += 12 * unit + 0.7 * gap
    end = _headline(canvas, status.headline, x, words_at, right, size) + gap
    aside = drawing.fitting(status.aside, 15.5 * unit, right - end)
    if len(aside) > 3:
        drawing.text(canvas, aside, end, words_at, 15.5 * unit, drawing.MUTED)
    return places


def _headline(canvas: Image, words: str, left: float, middle: float, right: float, size: float) -> float:
    """The one thing to know, never cut off while two lines hold it; returns where it ends."""
    room = right - left
    if drawing.text_width(words, round(size), drawing.MEDIUM) <= room or " " not in words:
        words = drawing.fitting(words, size, room, drawing.MEDIUM)
        return left + drawing.text(canvas, words, left, middle, size, drawing.PAPER, drawing.MEDIUM)
    small = 0.76 * size
    spaces = [i for i, letter in enumerate(words) if letter == " "]
    at = min(spaces, key=lambda i: max(_wide(words[:i], small), _wide(words[i + 1 :], small)))
    for line, dy in ((words[:at], -0.62), (words[at + 1 :], 0.62)):
        drawing.text(
            canvas, drawing.fitting(line, small, room, drawing.MEDIUM), left, middle + dy * small, small,
            drawing.PAPER, drawing.MEDIUM,
        )  # fmt: skip
    return right


def _wide(words: str, size: float) -> int:
    return drawing.text_width(words, round(size), drawing.MEDIUM)


def _chip_width(chip: Chip, unit: float) -> int:
    size = round(14.5 * unit)
    return round(
        drawing.text_width(keys.label(chip.action), size, drawing.BOLD)
        + drawing.text_width(chip.word, size)
        + 26 * unit
    )


def _chip(canvas: Image, x: float, middle: float, unit: float, chip: Chip) -> Rect:
    size = round(14.5 * unit)
    width, tall = _chip_width(chip, unit), round(30 * unit)
    left, top = round(x), round(middle - tall / 2)
    drawing.rounded(canvas, left, top, width, tall, 7 * unit, drawing.ACCENT if chip.lit else drawing.RAISED)
    ink = drawing.INK if chip.lit else drawing.PAPER
    at = left + 9 * unit
    at += drawing.text(canvas, keys.label(chip.action), at, middle, size, ink, drawing.BOLD) + 8 * unit
    drawing.text(canvas, chip.word, at, middle, size, drawing.INK if chip.lit else drawing.MUTED)
    return left, top, width, tall


def lit(now: float) -> bool:
    """Whether the light of a recording is on; now: seconds."""
    return now % 1.0 < 0.6


def _clock(seconds: float) -> str:
    whole = int(seconds)
    hours = f"{whole // 3600}:" if whole >= 3600 else ""
    return f"{hours}{whole // 60 % 60:02d}:{whole % 60:02d}"


def _recording_width(status: Status, unit: float) -> float:
    words = _clock(status.recording or 0.0) + (f"  {status.warning}" if status.warning else "")
    return drawing.text_width(words, round(16 * unit), drawing.MEDIUM) + 22 * unit


def _recording(canvas: Image, right: float, middle: float, unit: float, status: Status, now: float) -> float:
    """The red light and the time, ending at `right`; returns its left end."""
    left = right - _recording_width(status, unit)
    drawing.dot(canvas, left + 6 * unit, middle, 6.5 * unit, drawing.ALARM if lit(now) else drawing.RAISED)
    words = _clock(status.recording or 0.0) + (f"  {status.warning}" if status.warning else "")
    drawing.text(canvas, words, left + 18 * unit, middle, 16 * unit, drawing.PAPER, drawing.MEDIUM)
    return left
