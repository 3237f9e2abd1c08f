"""How well a quad stands as a panel among what lies around it: the judge between several quads.

In: both panels with their surroundings on one grid, several quads. Out: the best one, or one with sides of others. A
panel has a rim that is an edge of both panels on its four sides; the same paper lies around both; it holds all that is
picture for certain, little that is not, and does not reach into the other panel.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.geometry import Homography, Points, Quad
from livespot.spotting.kernels.channels import highest_channel
from livespot.spotting.panels._scans import rows_with
from livespot.spotting.panels.paper_colour import SAME_LIGHT, SAME_TINT
from livespot.spotting.panels.side_fitting import SIDES, PanelEvidence, Vector, crossed, ends, other_rims, rim, unrolled

Field = NDArray[np.float32]

INSIDE, OUTSIDE = 6, 12  # px of the grid looked at on either side of a side
NEAREST = 2.0  # px outwards: nearer than this a rim may still blur
STEEP = 0.12  # of the logarithm of a colour, a px: no paper
SAME_SIDE = 0.02  # of the panel's size: sides whose ends are nearer are one
BETTER = 0.02  # by which a quad must stand better with another one's side
TOUCHING = 0.05  # of the panel's size: what agrees reaches a picture's end
HALVES = 0.3  # more of it for a quad that is all that both pictures hold
EXACT_EDGE, EXACT_AROUND = 0.75, 0.5  # what a side counts where a picture ends or B begins: as a rim, as paper around
CUT_FREE, OVERLAP_FREE = 0.03, 0.01  # shares that cost nothing: a printed frame agrees too
RIM, PAPER, CUT, OTHER, OVERLAP = 2.0, 1.25, 4.0, 1.0, 10.0  # weights: for, for, against, against, against


def best_fit(
    scene: PanelEvidence,
    tried: list[Quad],
    to_other: Homography | None,
    core: NDArray[np.bool_],
    both: Points | None,
) -> tuple[Quad, NDArray[np.bool_]]:
    """The quad that stands best, a side taken from elsewhere where that stands better; and (4,) bool, which sides are
    exact: where the picture ends, or B begins.

    tried: quads in grid px. both: (N, 2), the polygon that both pictures hold, of a page that lies upright; None for
    others. Else as of fit_of.
    """
    best, quad = max(((fit_of(scene, q, to_other, core), q) for q in tried), key=lambda one: one[0])
    pinned = np.zeros(4, np.bool_)
    limits = [] if both is None else _limits(both, quad, core, scene.length)
    if limits:
        box = np.array([line[0] for line in limits])
        # halves of a page: nothing else has four sides that are exact
        fit = fit_of(scene, box, to_other, core, np.ones(4, np.bool_)) + HALVES
        if fit > best:
            return box, np.ones(4, np.bool_)
    rims = other_rims(scene, quad)
    known: dict[bytes, float] = {}  # many of the lines are one and the same

    def stands(one: Quad, exact: NDArray[np.bool_]) -> float:
        key = one.tobytes() + exact.tobytes()
        if key not in known:
            known[key] = fit_of(scene, one, to_other, core, exact)
        return known[key]

    for _ in range(2):
        for side in range(4):
            lines = [(q[side], q[(side + 1) % 4], False) for q in tried]
            lines += [(*line, False) for line in rims[side]]
            if limits and to_other is not None:
                lines += [(*line, True) for line in (limits[side], _seam(quad, side, to_other))]
            for p, q, exact in lines:
                if np.abs(
                    np.stack([p - quad[side], q - quad[(side + 1) % 4]])
                ).max() < SAME_SIDE * scene.length and not (exact and not pinned[side]):
                    continue
                own = [(quad[k], quad[(k + 1) % 4]) for k in range(4)]
                own[side] = (p, q)
                other = crossed(own)
                if other is None:
                    continue
                now = pinned.copy()
                now[side] = exact
                fit = stands(other, now)
                if fit > best + BETTER:
                    best, quad, pinned = fit, other, now
                    rims = other_rims(scene, quad)
    return quad, pinned


def _limits(both: Points, quad: Quad, core: NDArray[np.bool_], length: float) -> list[tuple[Vector, Vector]]:
    """For each side the line at which one of the pictures ends; none where what agrees ends well before it."""
    low, high = both.min(axis=0), both.max(axis=0)
    y, x = np.nonzero(core)
    near = TOUCHING * length
    reached = [x.min() - low[0] < near, y.min() - low[1] < near, high[0] - x.max() < near, high[1] - y.max() < near]
    if sum(reached) < 2:
        return []
    box = geometry.rectangle(*(high - low)) + low
    return [(box[k], box[(k + 1) % 4]) for k in range(4)]


def _seam(quad: Quad, side: int, to_other: Homography) -> tuple[Vector, Vector]:
    """Where B begins, or what begins where A ends, if that is what this side is: the opposite side, moved."""
    across = ends(quad, side)[2]
    middle = quad.mean(axis=0)[None]
    onto = to_other if ((geometry.apply(to_other, middle) - middle)[0] * across).sum() > 0 else np.linalg.inv(to_other)
    p, q = geometry.apply(onto, quad[[(side + 3) % 4, (side + 2) % 4]])
    return p, q


def fit_of(
    scene: PanelEvidence,
    quad: Quad,
    to_other: Homography | None,
    core: NDArray[np.bool_],
    exact: NDArray[np.bool_] | None = None,
) -> float:
    """How well `quad` (grid px) stands as panel A. to_other: grid px of A -> grid px of B,
    None where B lies in another picture. core: (h, w), all panel.

    exact: (4,) bool, sides where a picture ends or the other panel begins.
    """
    inside = filled(quad, core.shape)
    area = max(float(inside.sum()), 1.0)
    cut = 1.0 - float((core & inside).sum()) / max(float(core.sum()), 1.0)
    differs = float((inside & (scene.worth < 0)).sum()) / area
    overlap = 0.0
    if to_other is not None:
        overlap = float((inside & filled(geometry.apply(to_other, quad), core.shape)).sum()) / area
    edge, around = _sides(scene, quad, np.zeros(4, np.bool_) if exact is None else exact)
    against = OTHER * differs + CUT * max(0.0, cut - CUT_FREE) + OVERLAP * max(0.0, overlap - OVERLAP_FREE)
    return RIM * edge + PAPER * around - against


def filled(quad: Quad, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """(h, w) bool: the pixels of a grid that a quad holds."""
    mask = np.zeros(shape, np.uint8)
    corners = np.clip(np.round(quad * 16.0), -1e6, 1e6).astype(np.int32)
    cv2.fillConvexPoly(mask, corners, 1, shift=4)
    return mask > 0


def _sides(scene: PanelEvidence, quad: Quad, exact: NDArray[np.bool_]) -> tuple[float, float]:
    """0 to 1 each: how much of the rim is an edge of both panels, and how much of both has one paper around it."""
    depth = np.arange(-INSIDE, OUTSIDE + 1).astype(np.float64)
    beyond = depth >= NEAREST
    height, width = scene.worth.shape
    x, y, (a, b) = unrolled(scene, quad, depth)
    edges = rim(a, b)[:, np.abs(depth + 0.5) <= 2.0].max(axis=1).reshape(SIDES, -1).mean(axis=1)
    edge = float(np.where(exact, np.maximum(edges, EXACT_EDGE), edges).mean())
    seen = ((x >= 0) & (y >= 0) & (x < width) & (y < height))[:, beyond]
    strips = []
    for picture in (a, b):
        log = picture[:, beyond]
        steep = highest_channel(np.abs(np.diff(log, axis=1, append=log[:, -1:])))
        flat = (steep < STEEP) & seen
        strips += list(zip(np.split(log, SIDES), np.split(flat, SIDES), strict=True))
    colours = np.concatenate([log[flat] for log, flat in strips])
    if len(colours) < 8:
        return edge, 0.0
    tried = colours[:: max(1, len(colours) // 24)]
    # a side counts by how much of it has the one colour somewhere just beyond
    shares = [rows_with(log, flat, tried, SAME_LIGHT, SAME_TINT) for log, flat in strips]
    shares = [np.full_like(s, EXACT_AROUND) if exact[k % SIDES] else s for k, s in enumerate(shares)]
    return edge, float(np.mean(shares, axis=0).max())
