"""The corners of the two panels, to be dragged when the machine split the page wrongly."""

import cv2
import numpy as np

from livespot import geometry
from livespot.annotate import drawing
from livespot.frame import Image
from livespot.geometry import Homography, Quad

_LOUPE = 4.0  # magnification
_SEEN = 22  # px of the picture on each side of the corner in the loupe


class Corners:
    """Two quads in frame px, and the corner that is held."""

    def __init__(self, panels: tuple[Quad, Quad] | None, size: tuple[int, int]) -> None:
        """panels: those found, or None: then two halves to start from. size: width and height of the frame, px."""
        width, height = size
        self._size = size
        if panels is None:
            mx, my = 0.06 * width, 0.12 * height
            half = geometry.rectangle(width / 2 - 1.5 * mx, height - 2 * my)
            panels = (half + np.array([mx, my]), half + np.array([width / 2 + 0.5 * mx, my]))
        self.quads = [np.array(quad, np.float64) for quad in panels]
        self.held: tuple[int, int] | None = None
        self.changed = False
        self._offset = np.zeros(2)

    def grab(self, at: tuple[float, float], reach: float) -> bool:
        """Take the corner within `reach` px of a point of the frame."""
        away = [[float(np.linalg.norm(corner - at)) for corner in quad] for quad in self.quads]
        panel, corner = np.unravel_index(int(np.argmin(away)), (2, 4))
        if away[panel][corner] > reach:
            return False
        self.held = int(panel), int(corner)
        self._offset = self.quads[panel][corner] - at
        return True

    def move(self, at: tuple[float, float]) -> None:
        """Put the held corner at a point of the frame, unless the panel would no longer be one."""
        if self.held is None:
            return
        panel, corner = self.held
        quad = self.quads[panel].copy()
        quad[corner] = np.clip(np.asarray(at) + self._offset, 0, np.asarray(self._size) - 1.0)
        if geometry.is_convex(quad):
            self.quads[panel] = quad
            self.changed = True

    def release(self) -> None:
        """Let go."""
        self.held = None

    def draw(self, part: Image, picture: Image, to: Homography, unit: float) -> None:
        """Both outlines with their handles, and a loupe over the held corner. to: frame px to `part` px."""
        for i, quad in enumerate(self.quads):
            outline = geometry.apply(to, quad)
            drawing.polygon(part, outline, drawing.FOUND, 2.2 * unit)
            for j, (x, y) in enumerate(outline):
                radius = (9 if self.held == (i, j) else 7) * unit
                drawing.dot(part, x, y, radius + 2 * unit, drawing.INK)
                drawing.dot(part, x, y, radius, drawing.PAPER)
            middle = outline.mean(axis=0)
            drawing.badge(part, "AB"[i], float(middle[0]), float(middle[1]), 20 * unit, drawing.FOUND)
        if self.held is not None:
            self._loupe(part, picture, to, unit)

    def _loupe(self, part: Image, picture: Image, to: Homography, unit: float) -> None:
        assert self.held is not None
        panel, corner = self.held
        x, y = self.quads[panel][corner]
        side = round(2 * _SEEN * _LOUPE * 0.9 * unit)
        if side > min(part.shape[:2]) * 0.6:
            return
        zoom = side / (2 * _SEEN)
        matrix = np.array([[zoom, 0, side / 2 - zoom * x], [0, zoom, side / 2 - zoom * y]])
        glass = np.asarray(cv2.warpAffine(picture, matrix, (side, side), borderValue=drawing.DESK), np.uint8)
        lines = geometry.apply(np.vstack([matrix, [0, 0, 1]]), self.quads[panel])
        drawing.polygon(glass, lines, drawing.FOUND, 1.5 * unit)
        arm = side / 14
        for dx, dy in ((arm, 0.0), (0.0, arm)):
            cross = np.array([[-dx, -dy], [dx, dy]]) + side / 2
            drawing.polygon(glass, cross, drawing.PAPER, 1.5 * unit, closed=False)
        rim = max(1, round(2 * unit))
        cv2.rectangle(glass, (0, 0), (side - 1, side - 1), drawing.INK, 2 * rim)
        cv2.rectangle(glass, (rim, rim), (side - 1 - rim, side - 1 - rim), drawing.PAPER, rim)
        cx, cy = geometry.apply(to, [[x, y]])[0]
        # Beside the corner, on the side where there is room.
        left = cx + 30 * unit if cx + 40 * unit + side < part.shape[1] else cx - 30 * unit - side
        top = cy + 30 * unit if cy + 40 * unit + side < part.shape[0] else cy - 30 * unit - side
        left = round(float(np.clip(left, 0, part.shape[1] - side)))
        top = round(float(np.clip(top, 0, part.shape[0] - side)))
        part[top : top + side, left : left + side] = glass
