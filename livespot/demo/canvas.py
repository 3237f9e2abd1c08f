"""An anti-aliased drawing surface for the demo's scenes.

In: shapes in scene units (the picture is 1 high and `aspect` wide, y down), moved by a stack of placements. Out: a BGR
uint8 picture, drawn several times larger and reduced, as for print. The canvas also remembers which part of the picture
was touched, so that a puzzle knows how far an object reaches.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from livespot.demo.lettering import Colour as Colour
from livespot.frame import Image

Bounds = tuple[float, float, float, float]  # left, top, right, bottom, scene units

INK: Colour = (38, 30, 46)
_SHIFT = 5  # sub-pixel bits of OpenCV's drawing functions


def rgb(code: str) -> Colour:
    """A colour from "e4572e"."""
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`a` with this share of `b`."""
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)


def darker(colour: Colour, amount: float = 0.25) -> Colour:
    return mix(colour, (28, 18, 48), amount)


def lighter(colour: Colour, amount: float = 0.3) -> Colour:
    return mix(colour, (255, 252, 238), amount)


@dataclass(frozen=True)
class Gradient:
    """From `start` at point `a` to `end` at point `b` (local units)."""

    start: Colour
    end: Colour
    a: tuple[float, float] = (0.0, -0.5)
    b: tuple[float, float] = (0.0, 0.5)


def shaded(colour: Colour, light: float, dark: float, a: tuple[float, float], b: tuple[float, float]) -> Gradient:
    """A colour made lighter by that share at point `a` and darker at point `b`."""
    return Gradient(lighter(colour, light), darker(colour, dark), a, b)


Fill = Colour | Gradient | None


class Canvas:
    """Draws in local units: scene units until `at` places something.

    size: (width, height) px of the finished picture. detail: how much larger it is drawn. background: what is already
    there, at that larger size (white when not given; copied).
    """

    def __init__(self, size: tuple[int, int], detail: int = 2, background: Image | None = None) -> None:
        self.size = size
        width, height = size[0] * detail, size[1] * detail
        self.image: Image = np.full((height, width, 3), 255, np.uint8) if background is None else background.copy()
        self.blank = False  # only measure what is touched, draw nothing
        self.pen = 0.0032  # outline width, scene units: the same for near and far objects
        self._scale = float(height)
        self._matrix = np.array([[height, 0, -0.5], [0, height, -0.5]], np.float64)
        self.touched: Bounds | None = None

    def finished(self) -> Image:
        """The picture at its own size."""
        return np.ascontiguousarray(cv2.resize(self.image, self.size, interpolation=cv2.INTER_AREA))

    @contextmanager
    def at(self, x: float, y: float, size: float, angle: float = 0.0, mirror: bool = False) -> Iterator[None]:
        """Draw around (x, y), `size` times as large, turned clockwise by `angle` degrees, mirrored left to right."""
        before = self._matrix
        c, s = math.cos(math.radians(angle)) * size, math.sin(math.radians(angle)) * size
        flip = -1.0 if mirror else 1.0
        linear = before[:, :2] @ np.array([[c * flip, -s], [s * flip, c]])
        origin = before[:, :2] @ np.array([x, y]) + before[:, 2]
        self._matrix = np.column_stack([linear, origin])
        try:
            yield
        finally:
            self._matrix = before

    def units(self) -> float:
        """Scene units in one local unit."""
        return math.sqrt(abs(float(np.linalg.det(self._matrix[:, :2])))) / self._scale

    # -- shapes -------------------------------------------------------------------------------------------------

    def poly(
        self, points: ArrayLike, fill: Fill = None, outline: Colour | None = INK, width: float = 1.0, alpha: float = 1.0
    ) -> None:
        """A closed shape. width: of its outline, in pens."""
        px = self._px(points)
        if fill is not None:
            self._fill(px, fill, alpha)
        if outline is not None:
            self._lines(px, outline, self.pen * width * self._scale, True)

    def blob(
        self, points: ArrayLike, fill: Fill = None, outline: Colour | None = INK, width: float = 1.0, alpha: float = 1.0
    ) -> None:
        """A closed smooth shape through the points."""
        self.poly(smooth(points, closed=True), fill, outline, width, alpha)

    def rect(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        fill: Fill = None,
        outline: Colour | None = INK,
        radius: float = 0.0,
        width: float = 1.0,
        alpha: float = 1.0,
    ) -> None:
        """A rectangle by its top-left corner, with round corners when `radius` > 0."""
        if radius <= 0:
            points: ArrayLike = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
        else:
            r = min(radius, w / 2, h / 2)
            steps = np.linspace(0, math.pi / 2, 7)
            corner = np.column_stack([np.cos(steps), np.sin(steps)]) * r
            points = np.vstack(
                [
                    np.array([x + w - r, y + h - r]) + corner,
                    np.array([x + r, y + h - r]) + corner[::-1] * [-1, 1],
                    np.array([x + r, y + r]) - corner,
                    np.array([x + w - r, y + r]) + corner[::-1] * [1, -1],
                ]
            )
        self.poly(points, fill, outline, width, alpha)

    def oval(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float | None = None,
        fill: Fill = None,
        outline: Colour | None = INK,
        angle: float = 0.0,
        width: float = 1.0,
        alpha: float = 1.0,
    ) -> None:
        """An ellipse by its centre and half axes."""
        self.poly(arc(x, y, rx, rx if ry is None else ry, 0, 360, angle)[:-1], fill, outline, width, alpha)

    def stroke(
        self, points: ArrayLike, colour: Colour = INK, width: float = 1.0, curved: bool = False, alpha: float = 1.0
    ) -> None:
        """An open line. width: in pens."""
        px = self._px(smooth(points) if curved else points)
        thickness = self.pen * width * self._scale
        if alpha >= 1:
            self._lines(px, colour, thickness, False)
            return
        window = self._window(px, thickness)
        if window is not None:
            x0, y0, x1, y1 = window
            mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
            _polyline(mask, px - [x0, y0], 255, thickness, False)
            self._blend(window, mask, colour, alpha)

    def bar(self, x0: float, y0: float, x1: float, y1: float, width: float, fill: Fill, outline: Colour = INK) -> None:
        """A straight bar, `width` local units wide, with its outline."""
        dx, dy = x1 - x0, y1 - y0
        length = math.hypot(dx, dy) or 1.0
        nx, ny = -dy / length * width / 2, dx / length * width / 2
        self.poly([(x0 + nx, y0 + ny), (x1 + nx, y1 + ny), (x1 - nx, y1 - ny), (x0 - nx, y0 - ny)], fill, outline)

    def shadow(
        self, x: float, y: float, rx: float, ry: float, alpha: float = 0.3, colour: Colour = (20, 14, 40)
    ) -> None:
        """A soft dark patch on the ground."""
        self.glow(x, y, rx, ry, colour, alpha)

    def glow(self, x: float, y: float, rx: float, ry: float, colour: Colour, alpha: float) -> None:
        """A soft patch, strongest in its middle, gone at its half axes."""
        px = self._px(arc(x, y, rx, ry, 0, 360))
        window = self._window(px, 2)
        if window is None:
            return
        x0, y0, x1, y1 = window
        centre = px[:-1].mean(axis=0)
        half = np.maximum(np.abs(px - centre).max(axis=0), 1.0)
        u = (np.arange(x0, x1, dtype=np.float32) - centre[0]) / half[0]
        v = (np.arange(y0, y1, dtype=np.float32) - centre[1]) / half[1]
        fade = np.clip(1 - (u[None, :] ** 2 + v[:, None] ** 2), 0, 1) ** 1.5
        self._blend(window, (fade * 255).astype(np.uint8), colour, alpha)

    def picture(self, image: Image, cover: Image) -> None:
        """Lay a picture (h, w, 3) with its cover (h, w; 0 clear, 255 opaque) around (0, 0), one px a local unit."""
        h, w = cover.shape
        px = self._px([(0, 0), (w, 0), (w, h), (0, h)]) - self._matrix[:, :2] @ [w / 2, h / 2]
        window = self._window(px, 1)
        if window is None:
            return
        x0, y0, x1, y1 = window
        linear = self._matrix[:, :2]
        shift = self._matrix[:, 2] - linear @ [(w - 1) / 2, (h - 1) / 2] - [x0, y0]
        matrix = np.column_stack([linear, shift])
        over = cv2.warpAffine(image, matrix, (x1 - x0, y1 - y0), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        share = cv2.warpAffine(cover, matrix, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR).astype(np.float32) / 255
        under = self.image[y0:y1, x0:x1]
        np.copyto(under, cv2.blendLinear(over, np.ascontiguousarray(under), share, 1 - share))

    # -- pixels -------------------------------------------------------------------------------------------------

    def _px(self, points: ArrayLike) -> NDArray[np.float64]:
        p = np.asarray(points, np.float64).reshape(-1, 2)
        return p @ self._matrix[:, :2].T + self._matrix[:, 2]

    def _touch(self, x0: float, y0: float, x1: float, y1: float) -> None:
        b = (x0 / self._scale, y0 / self._scale, x1 / self._scale, y1 / self._scale)
        t = self.touched
        self.touched = b if t is None else (min(t[0], b[0]), min(t[1], b[1]), max(t[2], b[2]), max(t[3], b[3]))

    def _window(self, px: NDArray[np.float64], grow: float) -> tuple[int, int, int, int] | None:
        """The part of the picture around the points, px; None when all of it is outside."""
        low, high = px.min(axis=0) - grow - 2, px.max(axis=0) + grow + 2
        self._touch(low[0], low[1], high[0], high[1])
        if self.blank:
            return None
        height, width = self.image.shape[:2]
        x0, y0 = max(0, math.floor(low[0])), max(0, math.floor(low[1]))
        x1, y1 = min(width, math.ceil(high[0])), min(height, math.ceil(high[1]))
        return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None

    def _fill(self, px: NDArray[np.float64], fill: Colour | Gradient, alpha: float) -> None:
        window = self._window(px, 1)
        if window is None:
            return
        if not isinstance(fill, Gradient) and alpha >= 1:
            cv2.fillPoly(self.image, [_fixed(px)], fill[::-1], cv2.LINE_AA, _SHIFT)
            return
        x0, y0, x1, y1 = window
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        cv2.fillPoly(mask, [_fixed(px - [x0, y0])], 255, cv2.LINE_AA, _SHIFT)
        self._blend(window, mask, fill, alpha)

    def _blend(self, window: tuple[int, int, int, int], mask: Image, fill: Colour | Gradient, alpha: float) -> None:
        x0, y0, x1, y1 = window
        under = self.image[y0:y1, x0:x1]
        share = mask.astype(np.float32) * np.float32(alpha / 255)
        if isinstance(fill, Gradient):
            a, b = self._px([fill.a, fill.b])
            d = b - a
            scale = 1 / max(float(d @ d), 1e-9)
            u = (np.arange(x0, x1, dtype=np.float32) - a[0]) * (d[0] * scale)
            v = (np.arange(y0, y1, dtype=np.float32) - a[1]) * (d[1] * scale)
            steep = np.ptp(u) > 0.004  # else it runs straight down: one colour a row
            position = np.clip((u[None, :] if steep else u[:1, None]) + v[:, None], 0, 1)[..., None]
            start, end = np.array(fill.start[::-1], np.float32), np.array(fill.end[::-1], np.float32)
            over = (start + (end - start) * position + 0.5).astype(np.uint8)
        else:
            over = np.array(fill[::-1], np.float32).reshape(1, 1, 3).astype(np.uint8)
        over = np.ascontiguousarray(np.broadcast_to(over, under.shape))
        np.copyto(under, cv2.blendLinear(over, np.ascontiguousarray(under), share, 1 - share))

    def _lines(self, px: NDArray[np.float64], colour: Colour, thickness: float, closed: bool) -> None:
        if self._window(px, thickness / 2) is not None:
            _polyline(self.image, px, colour[::-1], thickness, closed)


def _fixed(px: NDArray[np.float64]) -> NDArray[np.int32]:
    return np.round(np.clip(px, -20000, 20000) * (1 << _SHIFT)).astype(np.int32)


def _polyline(image: Image, px: NDArray[np.float64], colour: int | Colour, thickness: float, closed: bool) -> None:
    cv2.polylines(
        image, [_fixed(px)], closed, colour if isinstance(colour, tuple) else (colour,) * 3,
        max(1, round(thickness)), cv2.LINE_AA, _SHIFT,
    )  # fmt: skip


def arc(
    x: float, y: float, rx: float, ry: float, start: float, end: float, angle: float = 0.0, steps: int = 40
) -> NDArray[np.float64]:
    """Points on an ellipse from `start` to `end` degrees (0 is right, 90 is down), turned by `angle`. (N, 2)."""
    t = np.radians(np.linspace(start, end, steps + 1))
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    px, py = rx * np.cos(t), ry * np.sin(t)
    return np.column_stack([x + c * px - s * py, y + s * px + c * py])


def mirrored(*left: tuple[float, float]) -> list[tuple[float, float]]:
    """Points of a left side, then those of the right side on the way back; what lies on the axis stands once."""
    return [*left, *((-x, y) for x, y in reversed(left) if x != 0)]


def star(x: float, y: float, outer: float, inner: float, rays: int = 5) -> NDArray[np.float64]:
    """The corners of a star, a ray upwards. (2 * rays, 2)."""
    angle = np.pi * (np.arange(2 * rays) / rays - 0.5)
    radius = np.where(np.arange(2 * rays) % 2 == 0, outer, inner)
    return np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)])


def smooth(points: ArrayLike, closed: bool = False, steps: int = 8) -> NDArray[np.float64]:
    """A Catmull-Rom curve through the points. (N, 2)."""
    p = np.asarray(points, np.float64).reshape(-1, 2)
    if len(p) < 3:
        return p
    padded = np.vstack([p[-1:], p, p[:2]]) if closed else np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for i in range(len(padded) - 3):
        p0, p1, p2, p3 = padded[i : i + 4]
        pieces.append(
            0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
        )
    if not closed:
        pieces.append(p[-1:])
    return np.vstack(pieces)
