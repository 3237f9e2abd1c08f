"""Draws the start panel: beside the picture where there is room, else over it."""

from collections.abc import Mapping

import numpy as np

from livespot.annotate import drawing
from livespot.annotate.viewport import Rect, View
from livespot.frame import Image
from livespot.live.interaction import keys
from livespot.live.interaction.keys import Action
from livespot.live.interaction.start_panel import TYPED, Offer, StartPanel

_ACROSS, _BESIDE = 372, 760  # px at unit 1: the panel's width; the window's, from which on it lies beside the picture
_LINE, _TILE, _HEAD = 56, 38, 94  # px at unit 1: of a line, of one shared by three, of the heading
_TILES = 3


def place(rect: Rect, unit: float) -> tuple[Rect, Rect]:
    """Where the panel goes in `rect`, and what is left for the picture (all of it when the panel lies over it)."""
    left, top, width, tall = rect
    if width < _BESIDE * unit or width < tall:
        return rect, rect
    across = round(_ACROSS * unit)
    return (left, top, across, tall), (left + across, top, width - across, tall)


def draw(panel: StartPanel, canvas: Image, rect: Rect, unit: float, pictures: Mapping[str, Image], now: float) -> None:
    """Draw it into `rect`; pictures: what a source shows just now, (H, W, 3) uint8. now: seconds, for the caret."""
    left, top, width, tall = panel.rect = rect
    part = canvas[top : top + tall, left : left + width]
    part[:] = drawing.DESK
    pad = 18 * unit
    drawing.text(part, "What shall we look at?", pad, 30 * unit, 22 * unit, drawing.PAPER, drawing.BOLD)
    how = f"Click one, or use arrows and Enter · {keys.label(Action.BACK)} closes"
    lines = [(panel.why, drawing.PAPER)] * bool(panel.why) + [(how, drawing.MUTED)]
    for i, (words, ink) in enumerate(lines):
        drawing.text(
            part, drawing.fitting(words, 14 * unit, width - 2 * pad), pad, (58 + 22 * i) * unit, 14 * unit, ink
        )
    panel.places = []
    if not panel.offers:
        return  # nobody has looked yet
    places = _laid_out(panel.offers, width, unit)
    head = round(_HEAD * unit)
    room, needed = tall - head, max(y + h for _, (_, y, _, h) in places) + round(8 * unit)
    chosen = next((place for offer, place in places if offer.source == panel.at), places[0][1])
    if panel.following:
        panel.scrolled = min(max(panel.scrolled, chosen[1] + chosen[3] + 8 * unit - room), chosen[1] - 6 * unit)
    panel.scrolled = max(0.0, min(panel.scrolled, needed - room))
    below = part[head:]
    for offer, (x, y, w, h) in places:
        y -= round(panel.scrolled)
        if y + h <= 0 or y >= room:
            continue
        lit = offer.source == panel.at and bool(offer.source)
        if lit:
            drawing.rounded(below, x - 2, y - 2, w + 4, h + 4, 9 * unit, drawing.ACCENT)
        if lit or offer.small:
            drawing.rounded(below, x, y, w, h, 7 * unit, drawing.RAISED)
        if offer.small:
            words = drawing.fitting(offer.title, 15 * unit, w - 12 * unit)
            drawing.text(below, words, x + w / 2, y + h / 2, 15 * unit, drawing.PAPER, drawing.MEDIUM, "centre")
        else:
            _line(below, (x, y, w, h), unit, offer, panel, pictures.get(offer.source), now)
        if offer.source:
            panel.places.append(((left + x, top + head + max(y, 0), w, h + min(y, 0)), offer))
    first = next((y for offer, (_, y, _, _) in places if offer.small), None)
    if first is not None:
        line = first - round(panel.scrolled) - 16 * unit
        drawing.text(below, "Demo: a simulated camera over a printed page", pad, line, 14 * unit, drawing.MUTED)


def _laid_out(offers: list[Offer], width: int, unit: float) -> list[tuple[Offer, Rect]]:
    """Where every offer stands below the heading, px."""
    side, gap = round(14 * unit), round(6 * unit)
    across = width - 2 * side
    tile = (across - (_TILES - 1) * gap) // _TILES
    y, column, placed = gap, 0, []
    for offer in offers:
        if not offer.small:
            placed.append((offer, (side, y, across, round(_LINE * unit))))
            y += round(_LINE * unit) + gap
            continue
        if column == 0 and not any(other.small for other, _ in placed):
            y += round(28 * unit)
        placed.append((offer, (side + column * (tile + gap), y, tile, round(_TILE * unit))))
        column = (column + 1) % _TILES
        y += 0 if column else round(_TILE * unit) + gap
    return placed


def _line(
    part: Image, rect: Rect, unit: float, offer: Offer, panel: StartPanel, picture: Image | None, now: float
) -> None:
    x, y, w, h = rect
    high = round(h - 12 * unit)
    wide = round(high * 16 / 9)
    box = (round(x + 8 * unit), round(y + 6 * unit), wide, high)
    if picture is not None and box[1] >= 0 and box[1] + high <= part.shape[0]:
        part[box[1] : box[1] + high, box[0] : box[0] + wide] = drawing.INK
        View((picture.shape[1], picture.shape[0]), box).draw(part, picture)
    else:
        _sign(part, box, offer.sign, unit)
    left = x + wide + 22 * unit
    room = x + w - left - 10 * unit
    ink = drawing.PAPER if offer.source else drawing.MUTED
    typing = panel.typed if offer.source == TYPED else None
    if typing is not None:
        size = 15 * unit
        shown = typing  # its end stays in view
        while shown and drawing.text_width(shown, round(size)) > room - 8 * unit:
            shown = shown[1:]
        end = left + drawing.text(part, shown, left, y + 0.34 * h, size, drawing.PAPER)
        if now % 1.0 < 0.6:
            caret = [[end + 2 * unit, y + 0.18 * h], [end + 2 * unit, y + 0.5 * h]]
            drawing.polygon(part, caret, drawing.ACCENT, 1.5 * unit, closed=False)
        words = "type it or paste it, then Enter"
        drawing.text(part, drawing.fitting(words, 13 * unit, room), left, y + 0.72 * h, 13 * unit, drawing.MUTED)
        return
    size = 16.5 * unit
    at = y + (0.34 if offer.aside else 0.5) * h
    drawing.text(part, drawing.fitting(offer.title, size, room, drawing.MEDIUM), left, at, size, ink, drawing.MEDIUM)
    if offer.aside:
        words = drawing.fitting(offer.aside, 13.5 * unit, room)
        drawing.text(part, words, left, y + 0.72 * h, 13.5 * unit, drawing.MUTED)


def _sign(part: Image, box: Rect, sign: str, unit: float) -> None:
    """A simple picture of what it is, in a frame of the size that a live picture has."""
    x, y, w, h = box
    drawing.rounded(part, x, y, w, h, 5 * unit, drawing.INK)
    cx, cy, s = x + w / 2, y + h / 2, h / 44
    pen, line = drawing.MUTED, max(1.2, 1.8 * unit)

    def rectangle(dx: float, dy: float, across: float, down: float) -> None:
        corners = np.array([[-across, -down], [across, -down], [across, down], [-across, down]]) * s / 2
        drawing.polygon(part, corners + np.array([cx + dx * s, cy + dy * s]), pen, line)

    if sign == "camera":
        rectangle(0, 1, 30, 20)
        drawing.ring(part, cx, cy + s, 6 * s, pen, line)
    elif sign == "phone":
        rectangle(0, 0, 16, 30)
        drawing.dot(part, cx, cy + 11 * s, 1.6 * s, pen)
    elif sign == "screen":
        rectangle(0, -2, 34, 21)
        drawing.polygon(part, [[cx - 8 * s, cy + 13 * s], [cx + 8 * s, cy + 13 * s]], pen, line, closed=False)
    elif sign == "address":
        for dx in (-9, 0, 9):
            drawing.dot(part, cx + dx * s, cy, 2.2 * s, pen)
    else:
        rectangle(0, 0, 22, 28)
        for dy in (-6, 0, 6):
            drawing.polygon(part, [[cx - 6 * s, cy + dy * s], [cx + 6 * s, cy + dy * s]], pen, line, closed=False)
