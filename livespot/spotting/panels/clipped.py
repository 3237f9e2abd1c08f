"""Panels that the frame's edge cut off when they were found: is more of them to be seen by now?

In: the panels in the frame they were found in, and where they lie in a later one. Out: whether it is worth to look for
them again, and whether what is found is the same with more of it. A page that is pushed into view, or a camera that
comes over it, shows its panels from one side first.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.geometry import Quad

EDGE = 0.025  # of the frame's longer side: a corner this near its edge may be where the frame ends, not the panel
TOUCHING = 0.006  # and one this near almost certainly is
FREE = 0.04  # and one this far from it shows what lies beyond
MORE = 0.05  # of the panel's size: so much further out a clipped side must be found to be worth it
STAYED = 0.13  # of it: so far another side may have gone; at the frame's edge none of them is found as well

BESIDE = 0.08  # of a panel's width or height: what is looked at beyond a side, and within
ALIGNED = 0.15  # of a panel's size: beside each other or one above the other, and no more out of line
GOES_ON = 0.4  # of the steps from px to px within a side: with so many beyond it the picture goes on

Sides = NDArray[np.bool_]  # (4,) from each corner to the next
OUTWARD = np.array([[-1.0, 0.0], [0.0, -1.0], [1.0, 0.0], [0.0, 1.0]])  # of the frame's edges: left, top, right, bottom


def clipped(panels: Sequence[Quad], shape: tuple[int, ...], reach: float = EDGE) -> Sides:
    """The sides that end at the edge of a frame of this (height, width), of one of the panels: both end there.

    reach: of the frame's longer side, how near to its edge.
    """
    result = np.zeros(4, np.bool_)
    for quad in panels:
        facing = np.argmax(_normals(quad) @ OUTWARD.T, axis=0)  # the side that looks at each edge of the frame
        near = _depths(quad, shape) < reach  # (4 corners, 4 edges)
        for edge, side in enumerate(facing):
            result[side] |= near[side, edge] or near[(side + 1) % 4, edge]
    return result


def cut_off(grey: NDArray[np.uint8], a: Quad, b: Quad, reach: float) -> bool:
    """Whether one of two panels, upright beside each other, ends at the edge of a still, where the other goes on.

    grey: (H, W). reach: of the still's longer side, how near to its edge. Halves that touch end there as well: beyond
    the side of one the other begins. Panels on a diagonal have other things of the page beside them.
    """
    way = np.abs(b.mean(axis=0) - a.mean(axis=0))
    axis = int(np.argmax(way))
    if way[1 - axis] > ALIGNED * np.sqrt(geometry.area(a)):
        return False
    for cut, whole in ((a, b), (b, a)):
        sides = clipped([cut], grey.shape, reach) & ~clipped([whole], grey.shape, reach)
        sides &= np.abs(_normals(whole)[:, axis]) > 0.7
        for side in np.flatnonzero(sides):
            p, q = whole[side], whole[(side + 1) % 4]
            inwards = (whole[(side + 2) % 4] + whole[(side + 3) % 4] - p - q) / 2.0
            along = p + np.linspace(0.05, 0.95, 60)[:, None] * (q - p)
            beyond = along - np.linspace(0.02, BESIDE, 12)[:, None, None] * inwards
            if any(
                cv2.pointPolygonTest(cut.astype(np.float32), tuple(map(float, at)), False) >= 0 for at in beyond[-1]
            ):
                continue
            within = along + np.linspace(0.02, BESIDE, 12)[:, None, None] * inwards
            steps = [
                float(np.abs(np.diff(cv2.remap(grey, x, y, cv2.INTER_LINEAR).astype(np.float32))).mean())
                for x, y in (np.moveaxis(strip.astype(np.float32), 2, 0) for strip in (beyond, within))
            ]
            if steps[0] > GOES_ON * steps[1]:
                return True
    return False


def more_in_view(sides: Sides, panels: Sequence[Quad], shape: tuple[int, ...]) -> bool:
    """Whether one of the sides that were clipped lies well inside the frame on both panels."""
    inside = np.all([_depths(quad, shape).min(axis=1) > FREE for quad in panels], axis=0)
    return bool((sides & inside & np.roll(inside, -1)).any())


def holds_more(new: Quad, old: Quad, sides: Sides) -> bool:
    """Whether a panel found anew is the same with more beyond its clipped `sides`; both in px of one frame."""
    out = _further_out(new, old)
    return bool((out[sides] > MORE).any() and (out[sides] > -MORE).all() and (np.abs(out[~sides]) < STAYED).all())


def larger(new: Quad, old: Quad) -> bool:
    """Whether it is another one that shows more."""
    return bool((_further_out(new, old) > MORE).any() and geometry.area(new) > geometry.area(old))


def _further_out(new: Quad, old: Quad) -> NDArray[np.float64]:
    """(4,) by how much each side lies further out, of the panel's size."""
    between = 0.5 * (new + np.roll(new, -1, axis=0)) - old
    return np.asarray((between * _normals(old)).sum(axis=1) / np.sqrt(geometry.area(new)), np.float64)


def _normals(quad: Quad) -> NDArray[np.float64]:
    """(4, 2) the direction in which each side looks, from the quad."""
    along = np.roll(quad, -1, axis=0) - quad
    normal = np.column_stack([along[:, 1], -along[:, 0]])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9
    outward = ((quad + 0.5 * along - quad.mean(axis=0)) * normal).sum(axis=1, keepdims=True)
    return np.asarray(normal * np.sign(outward), np.float64)


def _depths(quad: Quad, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """(4, 4) how far each corner lies from each edge of a frame, of its longer side; below 0 outside."""
    end = np.array([shape[1] - 1, shape[0] - 1], np.float64)
    return np.asarray(np.hstack([quad, end - quad]) / max(shape[:2]), np.float64)
