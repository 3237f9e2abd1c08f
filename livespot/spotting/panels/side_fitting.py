"""The four sides of a panel: lines, each placed where the picture ends and, where one is printed, on its rim.

In: both panels with their surroundings on one grid, a map of what speaks for the panel and what against, a first quad.
Out: the quad. Along each side a band is unrolled; a line across it is worth what it encloses, plus its length where it
is an edge of both panels.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.geometry import Quad
from livespot.spotting.kernels.channels import highest_channel
from livespot.spotting.panels._scans import line_means

Field = NDArray[np.float32]
Vector = NDArray[np.float64]
Line = tuple[Vector, Vector]  # two points of it, px
Round = tuple[float, float, int]

SIDES = 4
ALONG = 72  # samples along a side
SPARE = 4  # px of the grid, looked at beyond the lines that are tried
# share of the reach, share of its length that a side may lean, px between the lines that are tried
LEANING = ((1.0, 0.16, 2), (0.4, 0.08, 2))
FINE = ((0.15, 0.04, 1),)
LEVEL, FINE_LEVEL = ((1.0, 0.0, 1),), ((0.15, 0.0, 1),)  # of a page that lies upright, no side leans
EDGE = 0.02  # of the logarithm of a colour, a px of the grid: an edge for certain
RIM = 0.12  # of the panel's size: the worth of a rim, as a depth of picture
SHARP = 0.5  # more of that worth, in proportion: the sharpest of several lines
WHOLE, PART = 0.9, 0.6  # share of its length over which a rim is an edge; below the second it is none
FRAME = 0.02  # of the panel's size: the thickest line around a panel
DARKER = 0.2  # of the logarithm of brightness: a printed line against what it parts
# so many rims are tried on either side of a side, edges along so much of it, and so far into the panel, of its size
MOST_RIMS, PLAIN_RIM, INNER = 2, 0.6, 0.1
LEAN_COST = 0.05  # of the panel's size, for leaning 5 degrees


SAMPLED = np.linspace(0.03, 0.97, ALONG)


@dataclass(frozen=True)
class _Search:
    """inwards, outwards, every: px. lean: share of the side's length."""

    inwards: float
    outwards: float
    lean: float
    every: int


@dataclass(frozen=True, eq=False)
class PanelEvidence:
    """worth: (h, w), above 0 what belongs to the panel. a, b: (h, w, 3) grey levels; logs: their logarithms. length:
    px, the root of the panel's area. seen: (h, w) bool, what both pictures hold.
    """

    a: Field
    b: Field
    logs: tuple[Field, Field]
    worth: Field
    length: float
    seen: NDArray[np.bool_]


def find_sides(
    scene: PanelEvidence, quad: Quad, turn: float, inwards: float, outwards: float, rounds: tuple[Round, ...] = LEANING
) -> Quad:
    """The panel's quad on the grid, from a first one.

    turn: degrees the page is turned by. inwards, outwards: of the panel's size, how far a side may move.
    """
    for share, lean, every in rounds:
        search = _Search(inwards * share * scene.length, outwards * share * scene.length, lean, every)
        depth, enclosed, edge = _across(scene, quad, search)
        lines = [
            _line(scene, quad, side, turn + 90.0 * side, search, depth, enclosed[side], edge[side])
            for side in range(SIDES)
        ]
        found = crossed(lines)
        if found is None:
            return quad
        quad = found
    return quad


def inside_frame(scene: PanelEvidence, quad: Quad) -> Quad:
    """The quad without the dark line printed around it, where there is one."""
    thickest = max(4, round(FRAME * scene.length))
    depth = np.arange(-2.0, 2.0 * thickest, 0.5)
    near = depth <= thickest
    lines = []
    for side in range(4):
        p, q, outward = ends(quad, side)
        x, y = band(p, q, outward, -depth)
        light = np.mean(
            [np.log(cv2.remap(v, x, y, cv2.INTER_LINEAR).mean(axis=2) + 8.0) for v in (scene.a, scene.b)], axis=0
        )
        profile = np.median(light, axis=0)
        trough = int(np.argmin(np.where(depth < 0.7 * thickest, profile, np.inf)))
        inner = float(np.median(profile[~near]))
        depression = inner - float(profile[trough])
        moved = 0.0
        if depression > DARKER and profile[0] - profile[trough] > DARKER:
            back = np.flatnonzero((profile > inner - depression / 2) & near & (depth > depth[trough]))
            spread = float(np.subtract(*np.percentile(light[:, trough], (80, 20))))
            if len(back) and spread < 0.5 * depression + 0.1:
                moved = float(depth[back[0]]) - 0.25
        lines.append((p - moved * outward, q - moved * outward))
    found = crossed(lines)
    return quad if found is None else found


def mixed(quad: Quad, other: Quad, sides: NDArray[np.bool_]) -> Quad:
    """The quad with some sides (4,) bool of another one."""
    both = [other if one else quad for one in sides]
    found = crossed([(q[k], q[(k + 1) % 4]) for k, q in enumerate(both)])
    return quad if found is None else found


def other_rims(scene: PanelEvidence, quad: Quad) -> list[list[Line]]:
    """For each side the lines level with it that are edges of both panels all along: the plainest few beyond it, and
    the plainest few before it.
    """
    depth = np.arange(-round(INNER * scene.length), max(scene.worth.shape) + 0.0)
    x, y, seen = unrolled(scene, quad, depth)
    within = (x >= 0) & (y >= 0) & (x < scene.worth.shape[1]) & (y < scene.worth.shape[0])
    result = []
    for side, (edge, there) in enumerate(zip(np.split(rim(*seen), SIDES), np.split(within, SIDES), strict=True)):
        covered = (cv2.dilate(edge, np.ones((1, 3), np.uint8)) * there).mean(axis=0)
        p, q, outward = ends(quad, side)
        lines: list[Line] = []
        for apart in (depth, -depth):
            share = np.where(apart > SPARE, covered, 0.0)
            for _ in range(MOST_RIMS):
                best = int(np.argmax(share))
                if share[best] <= PLAIN_RIM:
                    break
                share[max(0, best - SPARE) : best + SPARE + 1] = 0.0
                moved = (depth[best] + 0.5) * outward
                lines.append((p + moved, q + moved))
        result.append(lines)
    return result


def ends(quad: Quad, side: int) -> tuple[Vector, Vector, Vector]:
    """Both ends of a side and the unit normal that points outwards."""
    p, q = quad[side], quad[(side + 1) % 4]
    direction = (q - p) / (np.linalg.norm(q - p) + 1e-9)
    return p, q, np.array([direction[1], -direction[0]])


def band(p: Vector, q: Vector, outward: Vector, depth: Vector) -> tuple[Field, Field]:
    """x, y (ALONG, depths) px of a band along p-q; depth: px outwards."""
    x = p[0] + SAMPLED[:, None] * (q - p)[0] + depth * outward[0]
    y = p[1] + SAMPLED[:, None] * (q - p)[1] + depth * outward[1]
    return x.astype(np.float32), y.astype(np.float32)


def crossed(lines: list[Line]) -> Quad | None:
    """The quad of four lines, each given by two points, the one after its first corner; None when they make none."""
    ends = np.concatenate([np.array(lines, np.float64), np.ones((4, 2, 1))], axis=2)
    flat = np.cross(ends[:, 0], ends[:, 1])
    corners = np.cross(np.roll(flat, 1, axis=0), flat)
    if np.abs(corners[:, 2]).min() < 1e-9:
        return None
    quad = corners[:, :2] / corners[:, 2:]
    return quad if geometry.is_convex(quad) else None


def unrolled(scene: PanelEvidence, quad: Quad, depth: Vector) -> tuple[Field, Field, tuple[Field, Field]]:
    """Bands along the four sides, one below the other: x, y (SIDES * ALONG, depths) px, and the scene's `logs` there.

    depth: px outwards.
    """
    bands = [band(*ends(quad, side), depth) for side in range(SIDES)]
    x, y = np.concatenate([x for x, _ in bands]), np.concatenate([y for _, y in bands])
    a, b = (
        np.asarray(cv2.remap(log, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)
        for log in scene.logs
    )
    return x, y, (a, b)


def _across(scene: PanelEvidence, quad: Quad, search: _Search) -> tuple[Vector, Field, Field]:
    """Depths across the sides, px outwards; what speaks for the panel up to each, and how much it is a rim there.

    Both (SIDES, ALONG, depths).
    """
    depth = np.arange(-round(search.inwards) - SPARE, round(search.outwards) + SPARE + 1).astype(np.float64)
    x, y, seen = unrolled(scene, quad, depth)
    worth = cv2.remap(scene.worth, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(-1.0,))
    shape = (SIDES, ALONG, len(depth))
    return depth, np.asarray(np.cumsum(worth, axis=1), np.float32).reshape(shape), rim(*seen).reshape(shape)


def _line(
    scene: PanelEvidence,
    quad: Quad,
    side: int,
    angle: float,
    search: _Search,
    depth: Vector,
    enclosed: Field,
    edge: Field,
) -> Line:
    """The best line for one side, as its two ends. angle: degrees, of a side that does not lean.

    depth, enclosed, edge: as of _across, of this side.
    """
    p, q, outward = ends(quad, side)
    span = float(np.linalg.norm(q - p))
    # a line lies between two samples: what it encloses is the sum up to it
    low, high = SPARE, len(depth) - 1 - SPARE
    steepest = max(2, round(min(search.lean * span, 0.8 * (high - low)))) if search.lean else 0
    slope = np.arange(-(steepest // search.every) * search.every, steepest + 1, search.every)
    middle = np.arange(low, high + 1, search.every)
    within = np.s_[:, low : high + 1]
    # places are sampled a little short of both ends, and a lean is reckoned over the whole side
    leaning = np.rint(slope * (SAMPLED[-1] - SAMPLED[0])).astype(np.int32)
    score, covered = line_means(enclosed[within], edge[within], (middle - low).astype(np.int32), leaning)
    score += RIM * scene.length * (np.clip((covered - PART) / (WHOLE - PART), 0.0, 1.0) + SHARP * covered)
    # a panel is a rectangle in perspective: a side leans a little against the page
    own = float(np.degrees(np.arctan2((q - p)[1], (q - p)[0]))) - angle
    leant = (own + 180.0) % 360.0 - 180.0 + np.degrees(slope / span)
    score -= np.asarray(LEAN_COST * scene.length * (leant / 5.0) ** 2, np.float32)
    best = np.unravel_index(int(np.argmax(score)), score.shape)
    moved, lean = float(depth[middle[best[0]]]) + 0.5, float(slope[best[1]])
    return p + (moved - 0.5 * lean) * outward, q + (moved + 0.5 * lean) * outward


def rim(a: Field, b: Field) -> Field:
    """0 to 1: how much of an edge of both panels lies between each sample of the sides' bands and the next outwards.

    a, b: (SIDES * ALONG, depths, 3), as `unrolled` gives them.
    """
    step_a, step_b = _step(a), _step(b)
    common = highest_channel(np.where(step_a * step_b > 0, np.minimum(np.abs(step_a), np.abs(step_b)), np.float32(0.0)))
    levels = np.maximum(EDGE, 2.0 * np.percentile(common.reshape(SIDES, -1), 70, axis=1))
    level = np.repeat(levels.astype(np.float32), ALONG)[:, None]
    highest = cv2.dilate(common, np.ones((1, 9), np.uint8))
    strength = (np.minimum(common / level, np.float32(1.0)) * (common / (highest + 1e-6)) ** 2).astype(np.float32)
    # bent paper: what lies one sample off counts nearly as much
    return np.asarray(np.maximum(strength, 0.8 * cv2.dilate(strength, np.ones((1, 3), np.uint8))), np.float32)


def _step(bands: Field) -> Field:
    smooth = np.concatenate([cv2.blur(side, (1, 3)) for side in np.split(bands, SIDES)])
    step = np.zeros_like(smooth)
    step[:, :-1] = smooth[:, 1:] - smooth[:, :-1]
    return np.asarray(step, np.float32)
