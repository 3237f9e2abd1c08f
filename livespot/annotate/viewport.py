"""Where a picture lies on the canvas: fitted into a rectangle, mirrored, zoomed and panned; and back from a click."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np

from livespot import geometry
from livespot.annotate import drawing
from livespot.frame import Image
from livespot.geometry import Homography

Rect = tuple[int, int, int, int]  # left, top, width, height on the canvas, px

MOST_ZOOM = 40.0


def inside(rect: Rect, x: float, y: float) -> bool:
    """Whether a point of the canvas lies in a rectangle of it."""
    left, top, width, height = rect
    return left <= x < left + width and top <= y < top + height


def letterboxed(picture: Image, size: tuple[int, int], ground: drawing.Colour, most: float = math.inf) -> Image:
    """The picture as large as it goes on a canvas of `size` (width, height) px, in its middle.

    most: of its own size; it is not enlarged beyond.
    """
    (width, height), (tall, wide) = size, picture.shape[:2]
    across, down = round(min(width, most * wide)), round(min(height, most * tall))
    canvas = np.full((height, width, 3), ground, np.uint8)
    View((wide, tall), ((width - across) // 2, (height - down) // 2, across, down)).draw(canvas, picture)
    return canvas


@dataclass(frozen=True)
class View:
    """How a picture of `size` (width, height) is seen in `rect` of the canvas.

    zoom: 1 shows the whole picture. centre: the picture's point in the middle, as a share of its width and height.
    mirror: left and right exchanged.
    """

    size: tuple[int, int]
    rect: Rect
    mirror: bool = False
    zoom: float = 1.0
    centre: tuple[float, float] = (0.5, 0.5)

    @property
    def scale(self) -> float:
        """Canvas px for each px of the picture."""
        return min(self.rect[2] / self.size[0], self.rect[3] / self.size[1]) * self.zoom

    def matrix(self) -> Homography:
        """The map from picture px to canvas px (pixel centres at whole numbers in both)."""
        width, height = self.size
        left, top, across, down = self.rect
        s = self.scale
        sx = -s if self.mirror else s
        # The centre of the view, in continuous coordinates; then half a pixel back on either side.
        mx, my = left + across / 2, top + down / 2
        cx, cy = self.centre[0] * width, self.centre[1] * height
        return np.array([[sx, 0, mx + sx * (0.5 - cx) - 0.5], [0, s, my + s * (0.5 - cy) - 0.5], [0, 0, 1]], np.float64)

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """The point of the picture under a point of the canvas, px."""
        px, py = geometry.apply(np.linalg.inv(self.matrix()), [[x, y]])[0]
        return float(px), float(py)

    def holds(self, x: float, y: float) -> bool:
        """Whether a canvas point lies in this view's rectangle."""
        return inside(self.rect, x, y)

    def area(self) -> Rect:
        """The part of the canvas that the picture covers, inside `rect`."""
        corners = geometry.apply(self.matrix(), [[-0.5, -0.5], [self.size[0] - 0.5, self.size[1] - 0.5]]) + 0.5
        (x0, y0), (x1, y1) = np.rint(corners.min(axis=0)), np.rint(corners.max(axis=0))
        left, top, width, height = self.rect
        x0, y0 = max(left, int(x0)), max(top, int(y0))
        return x0, y0, max(0, min(left + width, int(x1)) - x0), max(0, min(top + height, int(y1)) - y0)

    def unit(self, unit: float) -> float:
        """The scale of what is drawn on the picture where the window's is `unit`: less when little of it is picture."""
        _, _, width, height = self.area()
        return min(unit, 1.35 * drawing.unit(width, height))

    def draw(self, canvas: Image, picture: Image) -> None:
        """Paint the picture where it lies; nothing outside `area()` is touched."""
        x, y, width, height = self.area()
        if width <= 0 or height <= 0:
            return
        part = canvas[y : y + height, x : x + width]
        if self.zoom == 1.0:
            if (width, height) == self.size:
                if self.mirror:
                    cv2.flip(picture, 1, part)
                else:
                    np.copyto(part, picture)
                return
            # A half is averaged in a tenth of the time that INTER_AREA takes for other ratios; below two, linear does.
            while picture.shape[1] >= 2 * width and picture.shape[0] >= 2 * height:
                half = (picture.shape[1] // 2, picture.shape[0] // 2)
                picture = np.asarray(cv2.resize(picture, half, interpolation=cv2.INTER_AREA), np.uint8)
            cv2.resize(picture, (width, height), part, interpolation=cv2.INTER_LINEAR)
            if self.mirror:
                cv2.flip(part, 1, part)
            return
        matrix = self.matrix()
        matrix[:2, 2] -= (x, y)
        # Far in, single pixels are what one wants to see.
        method = cv2.INTER_NEAREST if self.scale > 12 else cv2.INTER_CUBIC if self.scale > 1.5 else cv2.INTER_LINEAR
        cv2.warpAffine(picture, matrix[:2], (width, height), part, flags=method, borderMode=cv2.BORDER_REPLICATE)

    def zoomed(self, factor: float, at: tuple[float, float] | None = None) -> View:
        """Zoomed by `factor`, the canvas point `at` staying where it is."""
        zoom = float(np.clip(self.zoom * factor, 1.0, MOST_ZOOM))
        if at is None or zoom == self.zoom:
            return replace(self, zoom=zoom).settled()
        px, py = self.to_picture(*at)
        moved = replace(self, zoom=zoom)
        qx, qy = moved.to_picture(*at)
        width, height = self.size
        centre = (moved.centre[0] + (px - qx) / width, moved.centre[1] + (py - qy) / height)
        return replace(moved, centre=centre).settled()

    def panned(self, dx: float, dy: float) -> View:
        """The picture moved by (dx, dy) canvas px."""
        s = self.scale
        sign = -1.0 if self.mirror else 1.0
        centre = (self.centre[0] - sign * dx / s / self.size[0], self.centre[1] - dy / s / self.size[1])
        return replace(self, centre=centre).settled()

    def settled(self) -> View:
        """With a centre that leaves nothing of `rect` empty that the picture can fill."""
        if self.zoom <= 1.0:
            return replace(self, zoom=1.0, centre=(0.5, 0.5))
        # half of what is seen, as a share of the picture
        half = [min(0.5, self.rect[2 + i] / (2 * self.scale * self.size[i])) for i in (0, 1)]
        x, y = (float(np.clip(c, h, 1 - h)) for c, h in zip(self.centre, half, strict=True))
        return replace(self, centre=(x, y))
