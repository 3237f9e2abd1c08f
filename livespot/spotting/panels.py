"""Where the two panels are: from a pairing of a picture with itself to two quads.

In: a picture and the pairing of its panels. Out: the quad of each. The pairing says how A maps onto B but not how far A
reaches; the extent is where the picture agrees with itself through the map: gradients of the same direction and
strength, texture in either panel counted, so that a caption under one panel only speaks against itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Image
from livespot.geometry import Homography, Points, Quad
from livespot.spotting.kernels.alignment import remap_maps, warped
from livespot.spotting.matching import grey_of
from livespot.spotting.pairing import Pairing
from livespot.spotting.registration import align, node_points, nodes

COARSE = 480  # px, long side of the grid on which the extent is sought
GROW = 0.14  # of the matches' box: how far beyond them a panel may reach
WINDOW = 0.012  # sigma of the agreement's window, of the panel's size
AGREE = 0.45  # of the gradients
GRADIENT = 3.0  # grey levels a px of the coarse grid: half strength
TEXTURE = 0.1  # of 2: less gradient says nothing
FAINT = 1.5  # grey levels a px of the coarse grid: the faintest edge
ERODE = 0.03  # of the panel's size: diameter of what an edge seems to reach
NEAR = 0.02  # of the panel's size: diameter of what an edge speaks for
CLOSE, OPEN = 0.015, 0.06  # of the panel's size: gaps that are bridged, threads that are cut
SNAP = 0.03  # of the panel's size: how far a side is moved onto a printed edge
NEARBY = 0.04  # of the panel's size: a line this far off counts half
DEEP = 0.03  # of the panel's size: how far inside a side is looked
FRAME = 0.15  # of the panel's size: how far a frame may stand outside what it frames
ONE_SIDED = 0.06  # share of the strip in between that may be in one panel only
COVERED = 0.72  # share of its length over which a line must be an edge
LEAN_COST = 0.004  # share of the area that a side must save for each degree it leans
CREST = 0.2  # of a side's length
EDGE = 2.0  # grey levels a px of the coarse grid


@dataclass(frozen=True, eq=False)
class Extent:
    """quad: (4, 2) px of A's picture. agreement: what was seen, for `--explain`."""

    quad: Quad
    hull: Points


def agreement(
    a: NDArray[np.float32], b: NDArray[np.float32], sigma: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Share (0 to 1) of the gradients that a and b (h, w) have in common nearby, and how much there is (0 to 2).

    Gradients are compressed, so that a black frame does not speak for the paper around it.
    """
    width = max(3, int(2.0 * sigma) | 1)

    def near(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.blur(cv2.blur(values, (width, width)), (width, width)), np.float32)

    (ax, ay), (bx, by) = _compressed(a), _compressed(b)
    common = near(np.maximum(0.0, 2.0 * (ax * bx + ay * by)))
    energy = near(ax * ax + ay * ay + bx * bx + by * by)
    return np.asarray(common / (energy + 1e-6), np.float32), energy


def _compressed(picture: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    x = cv2.Sobel(picture, cv2.CV_32F, 1, 0, scale=0.125)
    y = cv2.Sobel(picture, cv2.CV_32F, 0, 1, scale=0.125)
    size = np.sqrt(x * x + y * y) + GRADIENT
    return np.asarray(x / size, np.float32), np.asarray(y / size, np.float32)


def coarse_grid(pairing: Pairing, shape: tuple[int, ...]) -> tuple[Homography, tuple[int, int]]:
    """Grid px -> picture px over the matches' box, grown; and the grid's (width, height)."""
    low, high = pairing.low, pairing.high
    grow = GROW * float(np.max(high - low)) + 4.0
    low = np.maximum(low - grow, 0)
    high = np.minimum(high + grow, np.array([shape[1] - 1, shape[0] - 1], np.float64))
    span = high - low
    scale = min(1.0, COARSE / float(span.max()))
    size = (max(32, int(span[0] * scale)), max(32, int(span[1] * scale)))
    to_a = np.array([[span[0] / size[0], 0, low[0]], [0, span[1] / size[1], low[1]], [0, 0, 1]], np.float64)
    return to_a, size


def start_warp(pairing: Pairing, to_a: Homography, to_b: Homography, size: tuple[int, int]) -> NDArray[np.float32]:
    """The pairing's polynomial as a residual warp on the nodes of a grid."""
    at = node_points(size)
    target = pairing.apply(geometry.apply(to_a, at))
    warp = geometry.apply(np.linalg.inv(to_b), target) - at
    rows, columns = nodes(size)
    return warp.reshape(rows, columns, 2).astype(np.float32)


def find_extent(
    image_a: Image, image_b: Image, pairing: Pairing, debug: dict[str, object] | None = None
) -> Extent | None:
    """How far panel A reaches, in px of `image_a`; None when nothing agrees. A page is both pictures."""
    to_a, size = coarse_grid(pairing, image_a.shape)
    to_b = pairing.homography @ to_a
    a = _reduced(grey_of(image_a), to_a, size)
    b0 = _reduced(grey_of(image_b), to_b, size)
    warp = start_warp(pairing, to_a, to_b, size)
    x, y = remap_maps(to_b, warp, size)
    seen = (x >= 0) & (y >= 0) & (x <= image_b.shape[1] - 1) & (y <= image_b.shape[0] - 1)
    warp, _ = align(a, b0, warp, np.asarray(seen), windows=(0.08, 0.05), rounds=2)
    b = np.round(warped(b0.astype(np.float32), warp)[0]).astype(np.uint8)
    length = float(np.sqrt(size[0] * size[1]))
    share, energy = agreement(_smooth(a), _smooth(np.asarray(b, np.uint8)), WINDOW * length)
    texture = energy > TEXTURE
    agrees = texture & (share > AGREE) & seen & _near_edges(_smooth(a), _smooth(b), length)
    mask = _core(agrees, geometry.apply(np.linalg.inv(to_a), pairing.matches.a), length)
    if debug is not None:
        debug.update(a=a, b=b, share=share, texture=texture, mask=mask, to_a=to_a)
    if mask is None:
        return None
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = cv2.convexHull(np.vstack(contours)).reshape(-1, 2).astype(np.float32)
    if len(hull) < 4:
        return None
    quad = _quad(hull, mask, _lying_on(mask, geometry.apply(np.linalg.inv(to_a), pairing.matches.a)))
    if quad is None:
        return None
    differs = texture & (share < AGREE) & _near_edges(_smooth(a), _smooth(b), length)
    quad = _snapped(quad, _smooth(a), _smooth(b), mask, differs, length)
    return Extent(geometry.apply(to_a, quad), geometry.apply(to_a, hull))


def _near_edges(a: NDArray[np.float32], b: NDArray[np.float32], length: float) -> NDArray[np.bool_]:
    """Where there is an edge close by, in either panel: the window of the agreement must not bridge blank paper."""
    strength = np.maximum(_strength(a), _strength(b))
    level = max(FAINT, 3.0 * float(np.percentile(strength, 20)))
    return np.asarray(cv2.dilate((strength > level).astype(np.uint8), _disc(NEAR * length)) > 0, np.bool_)


def _strength(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    x = cv2.Sobel(picture, cv2.CV_32F, 1, 0, scale=0.125)
    y = cv2.Sobel(picture, cv2.CV_32F, 0, 1, scale=0.125)
    return np.asarray(np.hypot(x, y), np.float32)


def _reduced(grey: Image, homography: Homography, size: tuple[int, int]) -> NDArray[np.uint8]:
    """`grey` on the grid, smoothed first by as much as it is reduced."""
    scale = float(np.sqrt(abs(np.linalg.det(homography[:2, :2]))))
    if scale > 1.3:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.45 * scale), np.uint8)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpPerspective(grey, homography, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def _smooth(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 1.0), np.float32)


def _core(agrees: NDArray[np.bool_], matches: Points, length: float) -> NDArray[np.bool_] | None:
    """The parts that agree, hold matches and are more than a thread thick; holes filled."""
    disc = _disc(CLOSE * length)
    small = _disc(3)
    border = 2 * disc.shape[0]
    solid = cv2.morphologyEx(agrees.astype(np.uint8), cv2.MORPH_OPEN, small)
    padded = cv2.copyMakeBorder(solid, border, border, border, border, cv2.BORDER_CONSTANT)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, disc)
    contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = cv2.drawContours(np.zeros_like(closed), contours, -1, 1, -1)
    # what is thin and sticks out is text or a neighbour that happens to agree
    opened = cv2.morphologyEx(filled, cv2.MORPH_OPEN, _disc(OPEN * length))[border:-border, border:-border]
    count, label = cv2.connectedComponents(opened)
    at = np.round(_lying_on(np.ones(agrees.shape, np.bool_), matches)).astype(np.int64)
    held = np.bincount(label[at[:, 1], at[:, 0]], minlength=count)
    held[0] = 0
    chosen = [i for i in range(1, count) if held[i] >= max(6, 0.03 * held.sum())]
    if not chosen:
        return None
    core = np.isin(label, chosen).astype(np.uint8)
    # an edge spoke for what is around it, also beyond the rim
    core = np.asarray(cv2.erode(core, _disc(ERODE * length), borderValue=1), np.uint8)
    return np.asarray(core, np.bool_)


def _disc(diameter: float) -> NDArray[np.uint8]:
    width = max(3, int(diameter) | 1)
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width)), np.uint8)


def _snapped(
    quad: Quad,
    a: NDArray[np.float32],
    b: NDArray[np.float32],
    mask: NDArray[np.bool_],
    differs: NDArray[np.bool_],
    length: float,
) -> Quad:
    """Each side moved onto a printed line that is an edge of both panels over most of its length.

    The strongest one close by; else, where a frame stands apart from what it frames, the nearest one outwards with
    nothing one-sided (`differs`) before it.
    """
    reach = round(SNAP * length)
    near = np.arange(-reach, reach + 1)
    far = np.arange(reach, round(FRAME * length), 2)
    lines = []
    for k in range(4):
        p, q = quad[k], quad[(k + 1) % 4]
        direction = (q - p) / (np.linalg.norm(q - p) + 1e-9)
        outward = np.array([direction[1], -direction[0]])
        edge = np.minimum(_across(a, outward), _across(b, outward))
        first, last, score = _lines(edge, p, q, outward, near, 0.4 * reach)
        # the edge of the paper is a line too, but further out
        score /= 1.0 + ((first + last) / (NEARBY * length)) ** 2
        chosen = int(np.argmax(score))
        if score[chosen] <= 0 and _ragged(mask, p, q, outward, length):
            first, last, score = _lines(edge, p, q, outward, far, 0.4 * reach)
            middle = first + last
            good = np.flatnonzero(score > 0)
            if len(good):
                nearest = good[middle[good] <= middle[good].min() + 0.6 * reach]
                chosen = int(nearest[np.argmax(score[nearest])])
                strip = np.array([p, q, q + last[chosen] * outward, p + first[chosen] * outward])
                area = cv2.fillConvexPoly(np.zeros(differs.shape, np.uint8), np.round(strip).astype(np.int32), 1) > 0
                if float(differs[area].mean()) > ONE_SIDED:
                    score[chosen] = 0.0
        if score[chosen] > 0:
            p, q = p + first[chosen] * outward, q + last[chosen] * outward
        lines.append(np.cross([*p, 1.0], [*q, 1.0]))
    corners = []
    for k in range(4):
        corner = np.cross(lines[k - 1], lines[k])
        if abs(corner[2]) < 1e-9:
            return quad
        corners.append(corner[:2] / corner[2])
    snapped = np.array(corners)
    moved = np.linalg.norm(snapped - quad, axis=1).max()
    return snapped if geometry.is_convex(snapped) and moved < 2.0 * FRAME * length else quad


def _ragged(
    mask: NDArray[np.bool_], p: NDArray[np.float64], q: NDArray[np.float64], outward: NDArray[np.float64], length: float
) -> bool:
    """Whether most of a side has nothing just inside it: figures on blank paper, not the edge of a picture."""
    along = np.linspace(0.05, 0.95, 60)[:, None]
    at = np.round(p + along * (q - p) - DEEP * length * outward).astype(np.int64)
    ok = (at[:, 0] >= 0) & (at[:, 1] >= 0) & (at[:, 0] < mask.shape[1]) & (at[:, 1] < mask.shape[0])
    return bool(mask[at[ok, 1], at[ok, 0]].sum() < 0.5 * len(at))


def _lines(
    edge: NDArray[np.float32],
    p: NDArray[np.float64],
    q: NDArray[np.float64],
    outward: NDArray[np.float64],
    offset: NDArray[np.int64],
    slack: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Lines beside p-q, as offsets of both ends, and how strong an edge each is: 0 where it is none to speak of."""
    along = np.linspace(0.05, 0.95, 80)
    first, last = (v.ravel().astype(np.float64) for v in np.meshgrid(offset, offset, indexing="ij"))
    allowed = np.abs(first - last) <= slack
    first, last = first[allowed], last[allowed]
    if not len(first):
        return np.zeros(1), np.zeros(1), np.zeros(1)
    shift = first[:, None] + (last - first)[:, None] * along
    x = p[0] + along * (q - p)[0] + shift * outward[0]
    y = p[1] + along * (q - p)[1] + shift * outward[1]
    inside = (x >= 0) & (y >= 0) & (x <= edge.shape[1] - 1) & (y <= edge.shape[0] - 1)
    value = cv2.remap(edge, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR) * inside
    covered = (value > EDGE).mean(axis=1)
    strength = np.sqrt(value).mean(axis=1)
    stands_out = strength >= 1.5 * float(np.median(strength)) + 0.5
    return first, last, np.where((covered >= COVERED) & stands_out, strength, 0.0)


def _across(picture: NDArray[np.float32], normal: NDArray[np.float64]) -> NDArray[np.float32]:
    """Strength of the edges whose normal is `normal`, grey levels a px."""
    x = cv2.Sobel(picture, cv2.CV_32F, 1, 0, scale=0.125)
    y = cv2.Sobel(picture, cv2.CV_32F, 0, 1, scale=0.125)
    return np.asarray(np.abs(normal[0] * x + normal[1] * y), np.float32)


def _lying_on(mask: NDArray[np.bool_], points: Points) -> Points:
    """Those of the points (N, 2) that lie on the mask."""
    at = np.round(points).astype(np.int64)
    ok = (at[:, 0] >= 0) & (at[:, 1] >= 0) & (at[:, 0] < mask.shape[1]) & (at[:, 1] < mask.shape[0])
    at = at[ok]
    return np.asarray(points[ok][mask[at[:, 1], at[:, 0]]], np.float64)


def _quad(hull: NDArray[np.float32], mask: NDArray[np.bool_], matches: Points) -> Quad | None:
    """A tight quad around a mask whose sides lean little: a panel is a rectangle seen in perspective.

    From the smallest upright or turned rectangle, each side is leant while the area shrinks by more than the lean
    costs, so that an empty corner does not bend a side. What sticks out of a side on less than CREST of its length, a
    letter or a word that happens to agree, is cut off unless matches lie on it.
    """
    every = 3
    sparse = np.argwhere(mask[::every, ::every])[:, ::-1].astype(np.float64) * every

    def support(normal: NDArray[np.float64]) -> float:
        reach = sparse @ normal
        low = float(reach.min())
        crest = CREST * float(np.ptp(sparse @ np.array([-normal[1], normal[0]]))) / every
        across = np.bincount(((reach - low) / every).astype(np.int64))
        wide = low + every * (float(np.flatnonzero(across >= crest)[-1]) + 1.0) if across.max() >= crest else -np.inf
        held = np.sort(matches @ normal)
        return max(wide, float(held[-3]) + 1.0 if len(held) >= 3 else -np.inf)

    rectangle = cv2.minAreaRect(hull)
    turn = np.radians((rectangle[2] + 45.0) % 90.0 - 45.0)
    if abs(np.degrees(turn)) < 3.0:
        turn = 0.0
    lean = np.zeros(4)

    def quad_of(leans: NDArray[np.float64]) -> Quad | None:
        lines = []
        for k in range(4):  # top, right, bottom, left: outward normals
            angle = turn + np.radians(-90.0 + 90.0 * k + leans[k])
            normal = np.array([np.cos(angle), np.sin(angle)])
            lines.append(np.array([*normal, -support(normal)]))
        corners = [np.cross(lines[k - 1], lines[k]) for k in range(4)]
        if min(abs(c[2]) for c in corners) < 1e-6:
            return None
        return np.array([c[:2] / c[2] for c in corners])

    def cost(leans: NDArray[np.float64]) -> float:
        quad = quad_of(leans)
        if quad is None or not geometry.is_convex(quad):
            return float("inf")
        return geometry.area(quad) * (1.0 + LEAN_COST * float(np.abs(leans).sum()))

    best = cost(lean)
    for step in (4.0, 2.0, 1.0, 0.5, 0.25):
        for _ in range(3):
            for k in range(4):
                for sign in (-1.0, 1.0):
                    tried = lean.copy()
                    tried[k] += sign * step
                    if abs(tried[k]) <= 12.0 and (c := cost(tried)) < best:
                        best, lean = c, tried
    return quad_of(lean)


def ordered(corners: Points) -> Quad:
    """Four corners as top-left, top-right, bottom-right, bottom-left."""
    centre = corners.mean(axis=0)
    angle = np.arctan2(corners[:, 1] - centre[1], corners[:, 0] - centre[0])
    around = corners[np.argsort(angle)]
    start = int(np.argmin(around.sum(axis=1)))
    return np.roll(around, -start, axis=0)
