"""How well a quad stands as a panel among what lies around it: the judge between several quads.

In: both panels with their surroundings on one grid, several quads. Out: the best one, or one with sides of others. A
panel has a rim that is an edge of both panels on its four sides; the same paper lies around both; it holds all that
agrees for certain, little that differs, and does not reach into the other panel.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.geometry import Homography, Quad
from livespot.spotting.borders import SIDES, Scene, crossed, rim, unrolled
from livespot.spotting.kernels.colours import rows_with
from livespot.spotting.paper import SAME_LIGHT, SAME_TINT, largest, logarithm

Field = NDArray[np.float32]

INSIDE, OUTSIDE = 6, 12  # px of the grid looked at on either side of a side
NEAREST = 2.0  # px outwards: nearer than this a rim may still blur
STEEP = 0.12  # of the logarithm of a colour, a px: no paper
SAME_SIDE = 0.02  # of the panel's size: sides whose ends are nearer are one
BETTER = 0.02  # by which a quad must stand better with another one's side
CUT_FREE, OVERLAP_FREE = 0.03, 0.01  # shares that cost nothing: a printed frame agrees too
RIM, PAPER, CUT, OTHER, OVERLAP = 2.0, 1.0, 4.0, 1.0, 10.0  # weights: for, for, against, against, against


def best_fit(tried: list[tuple[Scene, Quad]], to_other: Homography, core: NDArray[np.bool_]) -> tuple[Scene, Quad]:
    """The scene and the quad that stand best, a side taken from another quad where that stands better.

    tried: quads in grid px, each with the scene it was found in. Else as of fit_of.
    """
    best, scene, quad = max(((fit_of(s, q, to_other, core), s, q) for s, q in tried), key=lambda one: one[0])
    for side in range(4):
        for _, other in tried:
            both = [side, (side + 1) % 4]
            if np.abs(other[both] - quad[both]).max() < SAME_SIDE * scene.length:
                continue
            lines = [(quad[k], quad[(k + 1) % 4]) for k in range(4)]
            lines[side] = (other[side], other[(side + 1) % 4])
            mixed = crossed(lines)
            if mixed is None:
                continue
            fit = fit_of(scene, mixed, to_other, core)
            if fit > best + BETTER:
                best, quad = fit, mixed
    return scene, quad


def fit_of(scene: Scene, quad: Quad, to_other: Homography, core: NDArray[np.bool_]) -> float:
    """How well `quad` (grid px) stands as panel A. to_other: grid px of A -> grid px of B. core: (h, w), all panel."""
    inside = _filled(quad, core.shape)
    area = max(float(inside.sum()), 1.0)
    cut = 1.0 - float((core & inside).sum()) / max(float(core.sum()), 1.0)
    differs = float((inside & (scene.worth < 0) & (largest(scene.paper) > 1.5)).sum()) / area
    overlap = float((inside & _filled(geometry.apply(to_other, quad), core.shape)).sum()) / area
    edge, around = _sides(scene, quad)
    against = OTHER * differs + CUT * max(0.0, cut - CUT_FREE) + OVERLAP * max(0.0, overlap - OVERLAP_FREE)
    return RIM * edge + PAPER * around - against


def _filled(quad: Quad, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    mask = np.zeros(shape, np.uint8)
    corners = np.clip(np.round(quad * 16.0), -1e6, 1e6).astype(np.int32)
    cv2.fillConvexPoly(mask, corners, 1, shift=4)
    return mask > 0


def _sides(scene: Scene, quad: Quad) -> tuple[float, float]:
    """0 to 1 each: how much of the rim is an edge of both panels, and how much of both has one paper around it."""
    depth = np.arange(-INSIDE, OUTSIDE + 1).astype(np.float64)
    beyond = depth >= NEAREST
    height, width = scene.worth.shape
    x, y, (a, b, paper) = unrolled(scene, quad, depth)
    edge = float(rim(a, b, paper)[:, np.abs(depth + 0.5) <= 2.0].max(axis=1).mean())
    seen = ((x >= 0) & (y >= 0) & (x < width) & (y < height))[:, beyond]
    strips = []
    for picture in (a, b):
        log = logarithm(picture[:, beyond])
        steep = largest(np.abs(np.diff(log, axis=1, append=log[:, -1:])))
        flat = (steep < STEEP) & seen
        strips += list(zip(np.split(log, SIDES), np.split(flat, SIDES), strict=True))
    colours = np.concatenate([log[flat] for log, flat in strips])
    if len(colours) < 8:
        return edge, 0.0
    tried = colours[:: max(1, len(colours) // 24)]
    # a side counts by how much of it has the one colour somewhere just beyond
    shares = [rows_with(log, flat, tried, SAME_LIGHT, SAME_TINT) for log, flat in strips]
    return edge, float(np.mean(shares, axis=0).max())
