"""The strip below the picture: how things stand on the left, what can be done on the right.

It lies beside the picture, never over it. What does not fit is left out, the least needed first.
"""

from __future__ import annotations

from dataclasses import dataclass

from livespot.frame import Image
from livespot.live import keys, look
from livespot.live.keys import Action
from livespot.live.view import Rect

HEIGHT = 48  # at unit 1


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
    colour: look.Colour | None = None
    aside: str = ""
    recording: float | None = None
    warning: str = ""
    figures: str = ""
    chips: tuple[Chip, ...] = ()


def height(unit: float) -> int:
    """Height of the strip, px."""
    return round(HEIGHT * unit)


def draw(canvas: Image, rect: Rect, unit: float, status: Status, now: float) -> list[tuple[Rect, Action]]:
    """Draw the strip into `rect` of the canvas; returns where the chips are, for clicks. now: seconds, for blinking."""
    left, top, width, tall = rect
    canvas[top : top + tall, left : left + width] = look.DESK
    middle = top + tall / 2
    gap = 14 * unit
    right = left + width - gap
    places: list[tuple[Rect, Action]] = []

    # The headline always gets its room; help stays, the rest of the right side takes what is left.
    size = 18.5 * unit
    wanted = look.text_width(status.headline, round(size), look.MEDIUM) + 4 * gap
    wanted += look.text_width(status.aside, round(15.5 * unit)) + gap if status.aside else 0
    limit = left + min(wanted, 0.62 * width)
    chips = sorted(status.chips, key=lambda chip: chip.action is not Action.HELP)
    if status.recording is not None:
        limit += _recording_width(status, unit) + gap
    kept = []
    for chip in chips:
        if right - _chip_width(chip, unit) < limit and chip.action is not Action.HELP:
            break
        kept.append(chip)
        right -= _chip_width(chip, unit) + 6 * unit
    x = right + 6 * unit
    for chip in [*kept[1:], *kept[:1]] if kept and kept[0].action is Action.HELP else kept:
        x += 6 * unit if places else 0
        place = _chip(canvas, x, middle, unit, chip)
        places.append((place, chip.action))
        x += place[2]
    right -= gap
    if status.recording is not None:
        right = _recording(canvas, right, middle, unit, status, now) - gap
    figures = round(14 * unit)
    if status.figures and right - look.text_width(status.figures, figures) > limit:
        right -= look.text(canvas, status.figures, right, middle, figures, look.MUTED, align="right") + gap

    x = left + gap
    if status.colour is not None:
        look.dot(canvas, x + 6 * unit, middle, 6 * unit, status.colour)
        x += 12 * unit + 0.7 * gap
    headline = look.fitting(status.headline, size, right - x, look.MEDIUM)
    x += look.text(canvas, headline, x, middle, size, look.PAPER, look.MEDIUM) + gap
    aside = look.fitting(status.aside, 15.5 * unit, right - x)
    if len(aside) > 3:
        look.text(canvas, aside, x, middle, 15.5 * unit, look.MUTED)
    return places


def _chip_width(chip: Chip, unit: float) -> int:
    size = round(14.5 * unit)
    return round(
        look.text_width(keys.label(chip.action), size, look.BOLD)
        + look.text_width(chip.word, size)
        + 26 * unit
    )  # fmt: skip


def _chip(canvas: Image, x: float, middle: float, unit: float, chip: Chip) -> Rect:
    size = round(14.5 * unit)
    width, tall = _chip_width(chip, unit), round(30 * unit)
    left, top = round(x), round(middle - tall / 2)
    look.rounded(canvas, left, top, width, tall, 7 * unit, look.ACCENT if chip.lit else look.RAISED)
    ink = look.INK if chip.lit else look.PAPER
    at = left + 9 * unit
    at += look.text(canvas, keys.label(chip.action), at, middle, size, ink, look.BOLD) + 8 * unit
    look.text(canvas, chip.word, at, middle, size, look.INK if chip.lit else look.MUTED)
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
    return look.text_width(words, round(16 * unit), look.MEDIUM) + 22 * unit


def _recording(canvas: Image, right: float, middle: float, unit: float, status: Status, now: float) -> float:
    """The red light and the time, ending at `right`; returns its left end."""
    left = right - _recording_width(status, unit)
    look.dot(canvas, left + 6 * unit, middle, 6.5 * unit, look.ALARM if lit(now) else look.RAISED)
    words = _clock(status.recording or 0.0) + (f"  {status.warning}" if status.warning else "")
    look.text(canvas, words, left + 18 * unit, middle, 16 * unit, look.PAPER, look.MEDIUM)
    return left
