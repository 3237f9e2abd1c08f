"""Draws the frozen view: the page, the panels side by side, faded, split or blinking, with boxes, hint and legend.

In: an Inspector, a canvas and a place on it. Out: nothing; the canvas is drawn on.
"""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.annotate import boxes, drawing, heat_map
from livespot.annotate.boxes import Marking
from livespot.annotate.viewport import Rect, View
from livespot.frame import Image
from livespot.geometry import Homography, Quad
from livespot.live.interaction.inspector import FOOT, HEAD, Inspector, Mode


def draw(
    frozen: Inspector,
    canvas: Image,
    rect: Rect,
    unit: float,
    marking: Marking,
    now: float,
    *,
    mirror: bool = False,
    hint: NDArray[np.float64] | None = None,
    for_the_mouse: bool = True,
) -> None:
    """Draw the frozen view into `rect`. hint: an outline in unit coordinates of the panels, or None.

    for_the_mouse: clicks are meant for what is drawn here.
    """
    left, top, width, tall = rect
    canvas[top : top + tall, left : left + width] = drawing.INK
    for view, name in (frozen.lay_out if for_the_mouse else frozen.layout)(rect, unit, mirror):
        part = clip(canvas, view.rect)
        local = replace(view, rect=(0, 0, view.rect[2], view.rect[3]))
        if name == "page":
            _page(frozen, part, local, unit, marking, hint)
        else:
            _pair(frozen, part, local, unit, marking, now, name, hint)
            _names(frozen, canvas, view, unit, now, name)
    if frozen.heat and frozen.inspection is not None:
        # Clear of the fade's slider.
        heat_map.legend(canvas, (left, top, width, tall - (round(44 * unit) if frozen.mode is Mode.FADE else 0)), unit)


def _page(
    frozen: Inspector, part: Image, view: View, unit: float, marking: Marking, hint: NDArray[np.float64] | None
) -> None:
    view.draw(part, frozen.picture("page"))
    to = view.matrix()
    unit = view.unit(unit)
    if frozen.corners is not None:
        frozen.corners.draw(part, frozen.frame.image, to, unit)
        return
    boxes.draw(part, frozen.spotting, marking=marking, to=to, unit=unit)
    if hint is not None and frozen.spotting.panels is not None:
        draw_hint(part, hint, frozen.spotting.panels, to, unit)


def _pair(
    frozen: Inspector,
    part: Image,
    view: View,
    unit: float,
    marking: Marking,
    now: float,
    name: str,
    hint: NDArray[np.float64] | None,
) -> None:
    x, y, width, height = view.area()
    if frozen.mode is Mode.BLINK:
        view.draw(part, frozen.picture(frozen.phase(now)))
    elif frozen.mode is Mode.FADE:
        a, b = frozen.picture("a"), frozen.picture("b")
        view.draw(part, np.asarray(cv2.addWeighted(a, 1 - frozen.slider, b, frozen.slider, 0), np.uint8))
    elif frozen.mode is Mode.SPLIT:
        other = part.copy()
        view.draw(part, frozen.picture("a"))
        view.draw(other, frozen.picture("b"))
        at = x + round(frozen.slider * width)
        part[:, at:] = other[:, at:]
    else:
        view.draw(part, frozen.picture(name))
    to = view.matrix()
    _boxes(frozen, part, to, unit, marking)
    if hint is not None:
        pw, ph = view.size
        whole = geometry.apply(to, geometry.rectangle(pw, ph) - 0.5)
        drawing.spotlight(part, whole, geometry.apply(to, hint * [pw, ph] - 0.5), unit)
    if frozen.mode is Mode.SPLIT:
        at = x + round(frozen.slider * width)
        drawing.polygon(part, [[at, y], [at, y + height]], drawing.PAPER, 2 * unit, closed=False)
        drawing.dot(part, at, y + height / 2, 11 * unit, drawing.INK)
        drawing.dot(part, at, y + height / 2, 9 * unit, drawing.PAPER)


def _names(frozen: Inspector, canvas: Image, view: View, unit: float, now: float, name: str) -> None:
    """A and B above what they name, and the fade's slider below."""
    x, y, width, height = view.area()
    size, line = 15 * unit, view.rect[1] - HEAD * unit / 2
    if frozen.mode is Mode.FADE:
        _fade_track(frozen, canvas, (x, y, width, height), view.rect[1] + view.rect[3] + FOOT * unit / 2, unit)
    elif frozen.mode is Mode.SPLIT:
        drawing.badge(canvas, "A", x + 16 * unit, line, size, drawing.PAPER)
        drawing.badge(canvas, "B", x + width - 16 * unit, line, size, drawing.PAPER)
    else:
        label = frozen.phase(now) if frozen.mode is Mode.BLINK else name
        drawing.badge(canvas, label.upper(), x + width / 2, line, size, drawing.PAPER)


def _boxes(frozen: Inspector, part: Image, to: Homography, unit: float, marking: Marking) -> None:
    shown = [d for d in frozen.spotting.differences if marking.shows(d)]
    boxes.mark(part, [(d, geometry.apply(to, geometry.box_quad(d.box) - 0.5)) for d in shown], unit, marking)


def _fade_track(frozen: Inspector, part: Image, area: Rect, line: float, unit: float) -> None:
    x, _, width, _ = area
    at = x + frozen.slider * width
    drawing.polygon(part, [[x + 44 * unit, line], [x + width - 44 * unit, line]], drawing.PAPER, 2 * unit, closed=False)
    inner = float(np.clip(at, x + 44 * unit, x + width - 44 * unit))
    drawing.dot(part, inner, line, 10 * unit, drawing.INK)
    drawing.dot(part, inner, line, 8 * unit, drawing.ACCENT)
    drawing.badge(part, "A", x + 22 * unit, line, 15 * unit, drawing.PAPER)
    drawing.badge(part, "B", x + width - 22 * unit, line, 15 * unit, drawing.PAPER)


def clip(canvas: Image, rect: Rect) -> Image:
    """The part of the canvas that `rect` covers, as a view of it."""
    left, top, width, tall = rect
    return canvas[top : top + tall, left : left + width]


def draw_hint(
    image: Image, hint: NDArray[np.float64], panels: tuple[Quad, Quad], to: Homography | None, unit: float
) -> None:
    """A hint on both panels of a page: what is outside it stands in the dark."""
    for quad in panels:
        place = geometry.between(geometry.rectangle(1, 1), quad)
        place = place if to is None else to @ place
        whole = geometry.apply(place, geometry.rectangle(1, 1))
        drawing.spotlight(image, whole, geometry.apply(place, hint), unit)
