"""Points, quads and homographies. Quads run top-left, top-right, bottom-right, bottom-left, x before y, in px.

Pixel centres lie at whole coordinates (OpenCV's convention): a picture of width W spans x from -0.5 to W - 0.5.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.float64]  # (N, 2)
Quad = NDArray[np.float64]  # (4, 2)
Homography = NDArray[np.float64]  # (3, 3)
Box = tuple[int, int, int, int]  # x, y, width, height


def apply(homography: ArrayLike, points: ArrayLike) -> Points:
    """Map points of shape (N, 2) through a 3x3 homography."""
    p = np.asarray(points, np.float64).reshape(-1, 2)
    h = np.asarray(homography, np.float64)
    q = p @ h[:, :2].T + h[:, 2]
    w = q[:, 2:]
    w = np.where(np.abs(w) < 1e-12, 1e-12, w)
    return q[:, :2] / w


def rectangle(width: float, height: float) -> Quad:
    """The quad of a picture `width` x `height` px whose top-left corner is the origin."""
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)


def box_quad(box: tuple[float, float, float, float]) -> Quad:
    """The quad of a box (x, y, width, height)."""
    x, y, w, h = box
    return np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], np.float64)


def between(source: ArrayLike, target: ArrayLike) -> Homography:
    """The homography that takes quad `source` onto quad `target`."""
    return np.asarray(
        cv2.getPerspectiveTransform(np.asarray(source, np.float32), np.asarray(target, np.float32)), np.float64
    )


def enlarging(across: float, down: float) -> Homography:
    """Px of a picture -> px of the same picture so many times as wide and as high."""
    return np.array([[across, 0.0, 0.5 * across - 0.5], [0.0, down, 0.5 * down - 0.5], [0.0, 0.0, 1.0]])


def area(quad: ArrayLike) -> float:
    """Signed area in px²; positive when the corners run clockwise on screen (y down)."""
    # plain numbers: for so few, NumPy takes four times as long
    corners = np.asarray(quad, np.float64).tolist()
    return 0.5 * float(sum(_turn(p, q) for p, q in zip(corners, corners[1:] + corners[:1], strict=True)))


def is_convex(quad: ArrayLike) -> bool:
    """Whether a quad is convex, runs clockwise on screen and has an area worth the name (1 px² or more)."""
    q = np.asarray(quad, np.float64)
    if not np.all(np.isfinite(q)) or area(q) < 1.0:
        return False
    corners = q.tolist()
    edges = [(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True)]
    return all(_turn(edge, following) > 0 for edge, following in zip(edges, edges[1:] + edges[:1], strict=True))


def _turn(p: Sequence[float], q: Sequence[float]) -> float:
    """The cross product of two vectors: positive when the second lies clockwise of the first on screen."""
    return p[0] * q[1] - q[0] * p[1]


def clockwise(quad: Quad) -> Quad:
    """The quad, or one that runs the other way with its left and right corners exchanged."""
    return quad if area(quad) >= 0 else quad[[1, 0, 3, 2]]


def side_lengths(quad: ArrayLike) -> tuple[float, float]:
    """Mean width and mean height of a quad, px."""
    q = np.asarray(quad, np.float64)
    side = np.linalg.norm(np.roll(q, -1, axis=0) - q, axis=1)
    return float(side[0] + side[2]) / 2, float(side[1] + side[3]) / 2


def share_inside(quad: Quad, shape: tuple[int, ...]) -> float:
    """Share of a quad that lies in a picture of this (height, width)."""
    if not is_convex(quad):
        return 0.0
    frame = rectangle(shape[1], shape[0])
    return area(np.clip(quad, frame[0], frame[2])) / max(area(quad), 1.0)
