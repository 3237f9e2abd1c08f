"""The canvas of the window: the live or the frozen picture, the strip below it, and what is laid over on request."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from livespot.frame import Image
from livespot.live import bar, help, look, overlay, showing, strip
from livespot.live.desk import Desk
from livespot.live.view import Rect, View

_FIGURES_SECONDS = 0.25  # numbers that change faster cannot be read


class Screen:
    """Draws a Desk. One buffer is kept, of the window's size; the strip in it stays until it says something else.

    Display thread only.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._canvas: Image | None = None
        self._drawn = 0.0
        self._figures = ("", -1.0)  # what the strip's figures say, and since when
        self._strip: object = None  # what the strip shows that is on the canvas; None: it has to be drawn

    @property
    def due(self) -> bool:
        """Whether the screen has to be drawn again."""
        desk = self._desk
        now = desk.clock()
        if desk.dirty:
            return True
        if desk.frozen is not None and desk.frozen.moving:
            return desk.frozen.phase(now) != desk.frozen.phase(self._drawn)
        return now - self._drawn > 0.2  # lights blink, messages go

    def draw(self, size: tuple[int, int]) -> Image:
        """The canvas for a window of this size; the same buffer every time."""
        desk = self._desk
        now = desk.clock()
        width, height = size
        if self._canvas is None or self._canvas.shape[:2] != (height, width):
            self._canvas = np.zeros((height, width, 3), np.uint8)
            self._strip = None
        canvas = self._canvas
        unit = look.unit(width, height)
        low = bar.height(unit)
        rect = (0, 0, width, height - low)
        desk.dirty = False
        self._drawn = now
        if desk.frozen is not None:
            hint = desk.play.place(desk.spotting) if desk.play is not None else None
            showing.draw(desk.frozen, canvas, rect, unit, desk.marking, now, mirror=desk.mirror, hint=hint)
        else:
            self._draw_live(canvas, rect, unit)
        self._draw_echo(canvas, unit, now)
        if desk.feed.trouble and desk.frozen is None:  # a frozen picture can be inspected whatever the camera does
            self._draw_trouble(canvas, rect, unit)
        if desk.details:
            self._draw_details(canvas, rect, unit)
        if desk.help:
            help.draw(canvas, rect)
        elif now < desk.welcome_until and desk.frozen is None and not desk.feed.trouble:
            help.welcome(canvas, rect, unit, found=bool(desk.live.differences))
        self._draw_strip(canvas, (0, height - low, width, low), unit, now)
        return canvas

    def _draw_strip(self, canvas: Image, rect: Rect, unit: float, now: float) -> None:
        status = strip.status(self._desk, now)
        words, since = self._figures
        if status.figures and words and now - since < _FIGURES_SECONDS:
            status = replace(status, figures=words)
        elif status.figures != words:
            self._figures = (status.figures, now)
        # The clock of a recording counts whole seconds and its light blinks, both in bar.draw.
        looks: object = status
        if status.recording is not None:
            looks = replace(status, recording=float(int(status.recording))), bar.lit(now)
        if looks != self._strip:
            self._desk.chips = bar.draw(canvas, rect, unit, status, now)
            self._strip = looks

    def _draw_live(self, canvas: Image, rect: Rect, unit: float) -> None:
        desk = self._desk
        left, top, width, tall = rect
        if desk.frame is None:
            canvas[top : top + tall, left : left + width] = look.INK
            desk.view = None
            return
        size = (desk.frame.image.shape[1], desk.frame.image.shape[0])
        desk.view = view = View(size, rect, desk.mirror)
        x, y, w, h = view.area()
        # Only what the picture leaves free is cleared.
        canvas[top : top + tall, left:x] = look.INK
        canvas[top : top + tall, x + w : left + width] = look.INK
        canvas[top:y, x : x + w] = look.INK
        canvas[y + h : top + tall, x : x + w] = look.INK
        view.draw(canvas, desk.frame.image)
        part, to = canvas[top : top + tall, left : left + width], view.matrix()
        unit = view.unit(unit)
        overlay.draw(part, desk.live, marking=desk.marking, to=to, unit=unit)
        hint = desk.play.place(desk.live) if desk.play is not None else None
        if hint is not None and desk.live.panels is not None:
            showing.draw_hint(part, hint, desk.live.panels, to, unit)

    def _draw_echo(self, canvas: Image, unit: float, now: float) -> None:
        desk = self._desk
        if desk.echo is None or now >= desk.echo.until:
            return
        x, y, right = desk.echo.x, desk.echo.y, desk.echo.right
        self._strip = None  # the mark may reach into it
        radius = 20 * unit
        look.ring(canvas, x, y, radius, look.FOUND if right else look.PAPER, 3 * unit)
        if right:
            look.strokes(canvas, [overlay.tick(x, y, radius)])
        else:
            r = 0.4 * radius
            cross = [[x - r, y - r], [x + r, y + r]], [[x - r, y + r], [x + r, y - r]]
            look.strokes(canvas, [look.Stroke(line, look.PAPER, 3 * unit, closed=False) for line in cross])

    def _draw_trouble(self, canvas: Image, rect: Rect, unit: float) -> None:
        desk = self._desk
        left, top, width, tall = rect
        look.shade(canvas, left, top, width, tall, 0.45)
        size = 22 * unit
        words = look.fitting(desk.feed.trouble, size, width - 4 * size, look.MEDIUM)
        across = look.text_width(words, round(size), look.MEDIUM) + 2.4 * size
        look.rounded(
            canvas, left + (width - across) / 2, top + tall / 2 - 1.3 * size, across, 2.6 * size, 1.3 * size, look.DESK
        )
        look.text(canvas, words, left + width / 2, top + tall / 2, size, look.PAPER, look.MEDIUM, "centre")

    def _draw_details(self, canvas: Image, rect: Rect, unit: float) -> None:
        desk = self._desk
        left, top, width, _ = rect
        rows: list[tuple[str, int | str]] = [
            ("from capture to screen", f"{1e3 * desk.age:.0f} ms"),
            ("captured", desk.feed.captured),
            ("shown", desk.shown),
            ("analysed", desk.engine.analysed),
            ("dropped: a newer one had come", desk.feed.dropped),
            ("refused: broken or out of time", desk.feed.refused),
            ("missed: not read in time", desk.feed.missed),
        ]
        modes = desk.camera.modes if desk.camera is not None else None
        if modes is not None:
            rows += [("asked for", modes[0]), ("given", modes[1])]
        recording = desk.outputs.status
        if recording is not None:
            rows += [("recorded", recording.written), ("dropped by the encoder", recording.dropped)]
        size, line = 15 * unit, 24 * unit
        across, high = 330 * unit, line * len(rows) + 24 * unit
        x, y = left + width - across - 12 * unit, top + 12 * unit
        look.rounded(canvas, x, y, across, high, 9 * unit, look.DESK)
        for i, (words, number) in enumerate(rows):
            middle = y + 12 * unit + (i + 0.5) * line
            look.text(canvas, words, x + 16 * unit, middle, size, look.MUTED)
            look.text(canvas, str(number), x + across - 16 * unit, middle, size, look.PAPER, look.MEDIUM, "right")
