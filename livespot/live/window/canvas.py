"""The canvas of the window: the live or the frozen picture, the strip below it, and what is laid over on request."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from livespot.annotate import boxes, drawing
from livespot.annotate.viewport import Rect, View
from livespot.capture.phone import qr_code
from livespot.frame import Image
from livespot.live.interaction.state import WindowState
from livespot.live.window import frozen_view, guide, help, panel_view, status_bar, status_words

_MENU_ROOM = 280  # px of a picture's height, below which the menu needs the strip's, too
_FIGURES_SECONDS = 0.25  # numbers that change faster cannot be read


class Screen:
    """Draws a WindowState. One buffer of the window's size is kept; the strip in it stays until it says something else.

    Display thread only.
    """

    def __init__(self, desk: WindowState, pictures: Mapping[str, Image] | None = None) -> None:
        """pictures: what other sources show just now, for the start panel."""
        self._desk = desk
        self._pictures = {} if pictures is None else pictures
        self._canvas: Image | None = None
        self._drawn = 0.0
        self.drawings = 0  # how often it was drawn
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
        unit = drawing.unit(width, height)
        low = status_bar.height(unit, width)
        whole = rect = (0, 0, width, height - low)
        if desk.panel is not None:
            beside, rect = panel_view.place(rect, unit)
        desk.dirty = False
        self._drawn = now
        self.drawings += 1
        if desk.frozen is not None:
            hint = desk.play.place(desk.spotting) if desk.play is not None else None
            frozen_view.draw(desk.frozen, canvas, rect, unit, desk.marking, now, mirror=desk.mirror, hint=hint)
        else:
            self._draw_live(canvas, rect, unit)
        if desk.getting_ready:
            self._draw_bar(canvas, rect, unit, desk.engine.ready)
        self._draw_echo(canvas, unit, now)
        if desk.invitation and desk.frozen is None:
            self._draw_invitation(canvas, rect, unit)
        elif desk.trouble and desk.frozen is None:  # a frozen picture can be inspected whatever the camera does
            self._draw_trouble(canvas, rect, unit)
        if desk.details:
            self._draw_details(canvas, rect, unit)
        if desk.panel is not None:
            panel_view.draw(desk.panel, canvas, beside, unit, self._pictures, now)
        if desk.help:
            help.draw(canvas, whole)
        elif now < desk.welcome_until and not (desk.frozen or desk.panel or desk.trouble or desk.invitation):
            help.welcome(canvas, rect, unit, found=bool(desk.live.differences))
        self._draw_strip(canvas, (0, height - low, width, low), unit, now)
        if desk.menu is not None:
            small = whole[3] < _MENU_ROOM
            desk.menu.draw(canvas, (0, 0, width, height) if small else whole, unit)
            self._strip = None if small else self._strip
        return canvas

    def _draw_strip(self, canvas: Image, rect: Rect, unit: float, now: float) -> None:
        status = status_words.status(self._desk, now)
        words, since = self._figures
        if status.figures and words and now - since < _FIGURES_SECONDS:
            status = replace(status, figures=words)
        elif status.figures != words:
            self._figures = (status.figures, now)
        # The clock of a recording counts whole seconds and its light blinks, both in bar.draw.
        looks: object = status
        if status.recording is not None:
            looks = replace(status, recording=float(int(status.recording))), status_bar.lit(now)
        if looks != self._strip:
            self._desk.chips = status_bar.draw(canvas, rect, unit, status, now)
            self._strip = looks

    def _draw_live(self, canvas: Image, rect: Rect, unit: float) -> None:
        desk = self._desk
        left, top, width, tall = rect
        if desk.frame is None:
            canvas[top : top + tall, left : left + width] = drawing.INK
            desk.view = None
            return
        size = (desk.frame.image.shape[1], desk.frame.image.shape[0])
        desk.view = view = View(size, rect, desk.mirror)
        x, y, w, h = view.area()
        # Only what the picture leaves free is cleared.
        canvas[top : top + tall, left:x] = drawing.INK
        canvas[top : top + tall, x + w : left + width] = drawing.INK
        canvas[top:y, x : x + w] = drawing.INK
        canvas[y + h : top + tall, x : x + w] = drawing.INK
        view.draw(canvas, desk.frame.image)
        part, local = canvas[top : top + tall, left : left + width], replace(view, rect=(0, 0, width, tall))
        to, unit = local.matrix(), view.unit(unit)
        if desk.searching:
            guide.draw(part, local.area(), unit)
        boxes.draw(part, desk.live, marking=desk.marking, to=to, unit=unit)
        hint = desk.play.place(desk.live) if desk.play is not None else None
        if hint is not None and desk.live.panels is not None:
            frozen_view.draw_hint(part, hint, desk.live.panels, to, unit)

    def _draw_bar(self, canvas: Image, rect: Rect, unit: float, share: float) -> None:
        """How far getting ready is, along the foot of the picture."""
        left, top, width, tall = rect
        high = max(4, round(7 * unit))
        canvas[top + tall - high : top + tall, left : left + width] = drawing.DESK
        canvas[top + tall - high : top + tall, left : left + round(share * width)] = drawing.ACCENT

    def _draw_echo(self, canvas: Image, unit: float, now: float) -> None:
        desk = self._desk
        if desk.echo is None or now >= desk.echo.until:
            return
        x, y, right = desk.echo.x, desk.echo.y, desk.echo.right
        self._strip = None  # the mark may reach into it
        radius = 20 * unit
        drawing.ring(canvas, x, y, radius, drawing.FOUND if right else drawing.PAPER, 3 * unit)
        if right:
            drawing.strokes(canvas, [boxes.tick(x, y, radius)])
        else:
            r = 0.4 * radius
            cross = [[x - r, y - r], [x + r, y + r]], [[x - r, y + r], [x + r, y - r]]
            drawing.strokes(canvas, [drawing.Stroke(line, drawing.PAPER, 3 * unit, closed=False) for line in cross])

    def _draw_invitation(self, canvas: Image, rect: Rect, unit: float) -> None:
        """The code that a phone has to scan, with the address for one that cannot."""
        left, top, width, tall = rect
        drawing.shade(canvas, left, top, width, tall, 0.45)
        code = qr_code.modules(self._desk.invitation)
        size, middle = 22 * unit, left + width / 2
        step = max(1, int((min(tall, width) - 5 * size) / len(code)))
        side = step * len(code)
        x, y = round(middle - side / 2), round(top + (tall - side) / 2)
        canvas[y : y + side, x : x + side] = code.repeat(step, axis=0).repeat(step, axis=1)[:, :, None]
        words = "Scan this with the phone, in the same network"
        drawing.text(canvas, words, middle, y - size, size, drawing.PAPER, drawing.MEDIUM, "centre")
        address = drawing.fitting(self._desk.invitation, 0.8 * size, width - size)
        drawing.text(canvas, address, middle, y + side + size, 0.8 * size, drawing.MUTED, align="centre")

    def _draw_trouble(self, canvas: Image, rect: Rect, unit: float) -> None:
        left, top, width, tall = rect
        drawing.shade(canvas, left, top, width, tall, 0.45)
        size = 22 * unit
        drawing.pill(canvas, self._desk.trouble, left + width / 2, top + tall / 2, size, width - 4 * size)

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
        modes = desk.camera().modes
        if modes is not None:
            rows += [("asked for", modes[0]), ("given", modes[1])]
        recording = desk.outputs.status
        if recording is not None:
            rows += [("recorded", recording.written), ("dropped by the encoder", recording.dropped)]
        size, line = 15 * unit, 24 * unit
        across, high = 330 * unit, line * len(rows) + 24 * unit
        x, y = left + width - across - 12 * unit, top + 12 * unit
        drawing.rounded(canvas, x, y, across, high, 9 * unit, drawing.DESK)
        for i, (words, number) in enumerate(rows):
            middle = y + 12 * unit + (i + 0.5) * line
            drawing.text(canvas, words, x + 16 * unit, middle, size, drawing.MUTED)
            drawing.text(
                canvas, str(number), x + across - 16 * unit, middle, size, drawing.PAPER, drawing.MEDIUM, "right"
            )
