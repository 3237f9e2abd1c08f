"""Two pictures are compared the same way round whichever is handed in first; here the result is told as it was asked.

In: what came out with the pictures exchanged. Out: the same with A and B in their places: the very same boxes on both
pictures, the kinds mirrored, the panels on A's own grid.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Frame, Image
from livespot.geometry import Box, Homography, Points, Quad
from livespot.spotting.findings import Inspection, Kind
from livespot.spotting.kernels.alignment import remap_maps
from livespot.spotting.registration import Registration, at_points, node_points, nodes

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


def turned(result: Inspection, back: Registration, a: Image, b: Image) -> Inspection:
    """`result` of a pair that was compared with `b` first, told with `a` first. back: its registration, turned."""
    assert result.spotting.panels is not None
    height, width = result.a.shape[:2]
    outline_b = geometry.rectangle(width, height) - 0.5
    # old canonical px of every new one: through picture B, which was the first and has no warp
    x, y = remap_maps(geometry.between(result.spotting.panels[0] - 0.5, outline_b) @ back.to_b, back.warp, back.size)

    def carried(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.remap(values, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)

    outline = geometry.rectangle(*back.size) - 0.5
    differences = tuple(
        replace(d, kind=MIRRORED.get(d.kind, d.kind), box=_box_around(back, d.b), a=d.b, b=d.a)
        for d in result.spotting.differences
    )
    return Inspection(
        Frame(a, 0.0, 0, 0.0),
        replace(
            result.spotting,
            panels=(back.on_a(outline) + 0.5, back.on_b(outline) + 0.5),
            differences=differences,
        ),
        back.sample_a(a),
        back.sample_b(b),
        carried(result.difference_map),
        carried(result.visible.astype(np.float32)) > 0.5,
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
