"""Panels that the frame's edge cut off when they were found: is more of them to be seen by now?

In: the panels in the frame they were found in, and where they lie in a later one. Out: whether it is worth to look for
them again, and whether what is found is the same with more of it. A page that is pushed into view, or a camera that
comes over it, shows its panels from one side first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.geometry import Quad

EDGE = 0.025  # of the frame's longer side: a corner this near its edge may be where the frame ends, not the panel
TOUCHING = 0.006  # and one this near almost certainly is
FREE = 0.04  # and one this far from it shows what lies beyond
MORE = 0.05  # of the panel's size: so much further out a clipped side must be found to be worth it
STAYED = 0.13  # of it: so far another side may have gone; at the frame's edge none of them is found as well

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
