"""The difference map as something to look at: colours over the grey picture, and the legend that explains them.

The colours are OpenCV's "inferno": even steps to the eye, and safe for colour-blind ones. 1 is where a difference
begins, whatever the method's own units.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.annotate import drawing
from livespot.annotate.viewport import Rect
from livespot.frame import Image
from livespot.geometry import Quad

TOP = 2.0  # the value shown as the hottest
_UNSEEN = (120, 92, 72)


def paint(picture: Image, difference_map: NDArray[np.float32], visible: NDArray[np.bool_]) -> Image:
    """The picture in grey with the map over it; (h, w) of all three are the same. Returns a new (h, w, 3) uint8."""
    colours, weight = _layers(difference_map, visible)
    return _blended(dimmed(picture), colours, weight)


def paint_page(
    picture: Image, panels: tuple[Quad, Quad], difference_map: NDArray[np.float32], visible: NDArray[np.bool_]
) -> Image:
    """The page with the map over both panels. Returns a new (H, W, 3) uint8."""
    colours, weight = _layers(difference_map, visible)
    height, width = difference_map.shape[:2]
    size = (picture.shape[1], picture.shape[0])
    page = picture.copy()
    grey = dimmed(picture)
    inside = np.ones((height, width), np.float32)
    for quad in panels:
        matrix = geometry.between(geometry.rectangle(width, height) - 0.5, quad)
        cover = np.asarray(cv2.warpPerspective(inside, matrix, size), np.float32)
        spread = np.asarray(cv2.warpPerspective(weight, matrix, size), np.float32)
        heated = _blended(grey, np.asarray(cv2.warpPerspective(colours, matrix, size), np.uint8), spread)
        page = _blended(page, heated, cover)
    return page


def legend(canvas: Image, rect: Rect, unit: float) -> None:
    """What the colours mean, in the lower right corner of `rect`."""
    left, top, width, tall = rect
    across, high = min(300 * unit, 0.8 * width), 58 * unit
    x, y = left + width - across - 12 * unit, top + tall - high - 12 * unit
    drawing.rounded(canvas, x, y, across, high, 9 * unit, drawing.DESK)
    inner, bar = across - 28 * unit, 12 * unit
    ramp = np.linspace(0, TOP, max(2, round(inner)), dtype=np.float32)[None, :]
    strip, weight = _layers(ramp, np.ones(ramp.shape, np.bool_))
    base = np.full_like(strip, 84)
    colours = cv2.resize(_blended(base, strip, weight), (round(inner), max(2, round(bar))))
    x0, y0 = round(x + 14 * unit), round(y + 12 * unit)
    h, w = canvas.shape[:2]
    colours = colours[: max(0, h - y0), : max(0, w - x0)]
    canvas[y0 : y0 + colours.shape[0], x0 : x0 + colours.shape[1]] = colours
    middle = x0 + inner / TOP
    canvas[y0 - round(3 * unit) : y0 + colours.shape[0] + round(3 * unit), round(middle)] = drawing.PAPER
    size, line = 13.5 * unit, y + high - 15 * unit
    drawing.text(canvas, "same", x0, line, size, drawing.MUTED)
    drawing.text(canvas, "a difference begins", middle, line, size, drawing.PAPER, align="centre")
    drawing.text(canvas, "strong", x0 + inner, line, size, drawing.MUTED, align="right")


def dimmed(picture: Image) -> Image:
    """The picture grey, darker and flatter, so that the light belongs to what is drawn on it."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.cvtColor(cv2.convertScaleAbs(grey, None, 0.5, 12), cv2.COLOR_GRAY2BGR), np.uint8)


def _layers(difference_map: NDArray[np.float32], visible: NDArray[np.bool_]) -> tuple[Image, NDArray[np.float32]]:
    """Colours, and how strongly they cover the picture (0 to 1)."""
    value = np.nan_to_num(difference_map, posinf=TOP)
    steps = np.clip(value * (255 / TOP), 0, 255).astype(np.uint8)
    colours = np.asarray(cv2.applyColorMap(steps, cv2.COLORMAP_INFERNO), np.uint8)
    weight = np.clip((value - 0.2) / 0.8, 0.0, 0.92).astype(np.float32)
    colours[~visible] = _UNSEEN
    weight[~visible] = 0.55
    return colours, weight


def _blended(base: Image, over: Image, weight: NDArray[np.float32]) -> Image:
    w = weight[..., None]
    return np.asarray(np.rint(base * (1 - w) + over * w), np.uint8)
