"""Two pictures are compared the same way round whichever is handed in first; here the result is told as it was asked.

In: what came out with the pictures exchanged. Out: the same with A and B in their places: the very same boxes on both
pictures, the kinds mirrored, the panels on A's own grid.
"""

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Frame, Image
from livespot.geometry import Box, Homography, Points, Quad
from livespot.spotting.registration.residual_warp import Registration, at_points, node_points, nodes
from livespot.spotting.registration.warping import remap_maps
from livespot.spotting.results import Inspection, Kind

MIRRORED = {Kind.ADDED: Kind.REMOVED, Kind.REMOVED: Kind.ADDED}
_ROUNDS = 6  # of the fixed point; the warp is far too stiff to need more


def comes_first(a: Image, b: Image) -> bool:
    """Whether `a` is the one that `b` is laid onto: the smaller, else the one whose bytes say so."""
    if a.size != b.size:
        return a.size < b.size
    return a.tobytes() <= b.tobytes()


def turned_registration(found: Registration, to: Homography, size: tuple[int, int]) -> Registration:
    """`found` with its pictures exchanged. to: canonical px of the new grid -> px of what was picture B; size: (w, h).

    Accurate to what its warp, linear between its nodes, can say.
    """
    back = np.linalg.inv(found.to_b) @ to  # new grid -> old grid, the warp apart
    x = node_points(size)
    there = _before_warp(found, geometry.apply(back, x))
    warp = geometry.apply(np.linalg.inv(back), there) - x
    rows, columns = nodes(size)
    scale = float(np.sqrt(size[0] * size[1] / (found.size[0] * found.size[1])))
    error = scale * at_points(found.error, there)
    return Registration(
        size,
        to,
        found.to_a @ back,
        np.ascontiguousarray(warp.reshape(rows, columns, 2), np.float32),
        np.ascontiguousarray(error.reshape(rows, columns), np.float32),
    )


@dataclass(frozen=True, eq=False)
class Turn:
    """From the grid that a pair was compared on to the one that it is told on.

    found, back: its registration, and that turned; what was compared as B is told as A. x, y: old px of each new one.
    """

    found: Registration
    back: Registration
    x: NDArray[np.float32]
    y: NDArray[np.float32]

    def carried(self, values: NDArray[Any]) -> NDArray[Any]:
        """A map or a picture (h, w, ...) of the old grid on the new one, in its own type."""
        return np.asarray(cv2.remap(values, self.x, self.y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))

    def box(self, box: Box) -> Box:
        """The box on the new grid around one of the old grid."""
        return _box_around(self.back, self.found.on_b(geometry.box_quad(box)))

    def mask(self, mask: NDArray[np.bool_], box: Box) -> NDArray[np.bool_]:
        """The mask of a box, in the same box on the new grid."""
        x, y, w, h = box
        whole = np.zeros(self.found.size[::-1], np.float32)
        whole[y : y + h, x : x + w] = mask
        x, y, w, h = self.box(box)
        return np.asarray(self.carried(whole)[y : y + h, x : x + w] > 0.5, np.bool_)


def turn_of(found: Registration, back: Registration) -> Turn:
    """found: a pair's registration, in px of both pictures as they were handed in. back: the same, turned."""
    outline_b = geometry.rectangle(*found.size) - 0.5
    first = found.panels()[0] - 0.5
    # old canonical px of every new one: through picture B, which was the first and has no warp
    x, y = remap_maps(geometry.between(first, outline_b) @ back.to_b, back.warp, back.size)
    return Turn(found, back, x, y)


def turned(result: Inspection, turn: Turn, a: Image, b: Image) -> Inspection:
    """`result` of a pair that was compared with `b` first, told with `a` first."""
    back = turn.back
    outline = geometry.rectangle(*back.size) - 0.5
    differences = tuple(
        replace(d, kind=MIRRORED.get(d.kind, d.kind), box=_box_around(back, d.b), a=d.b, b=d.a)
        for d in result.spotting.differences
    )
    return Inspection(
        Frame(a, 0.0, 0, 0.0),
        replace(
            result.spotting,
            panels=(back.on_a(outline) + 0.5, geometry.clockwise(back.on_b(outline) + 0.5)),
            differences=differences,
            b_is=back.b_is,
            reason=result.spotting.reason.replace(result.spotting.b_is, back.b_is),
        ),
        back.sample_a(a),
        back.sample_b(b),
        turn.carried(result.difference_map),
        turn.carried(result.visible.astype(np.float32)) > 0.5,
        back.residual_px,
    )


def _box_around(registration: Registration, on_a: Quad) -> Box:
    """The box on the canonical panel around a quad on picture A; never outside the panel."""
    corners = geometry.apply(np.linalg.inv(registration.to_a), on_a)
    low = np.clip(np.rint(corners.min(axis=0)).astype(int), 0, np.array(registration.size) - 1)
    high = np.clip(np.rint(corners.max(axis=0)).astype(int), low + 1, registration.size)
    return int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1])


def _before_warp(found: Registration, points: Points) -> Points:
    """The canonical points that the warp moves onto `points`."""
    at = points
    for _ in range(_ROUNDS):
        at = points - at_points(found.warp, at)
    return at
