"""Where the two panels are: from a pairing of a picture with itself to the quad of panel A.

In: a picture and the pairing of its panels. Out: the quad. The pairing says how A maps onto B, not how far A reaches.
On a coarse grid B is laid onto A. Each plain colour around is tried as the paper (paper_colour.py): what agrees, and
plain colour that both share and the paper has not, speaks for the panel; bare paper and what disagrees speaks against
it; side_fitting.py places the four sides, and quad_score.py says which of the quads stands best.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Image
from livespot.geometry import Homography, Points, Quad
from livespot.spotting.kernels.channels import highest_channel
from livespot.spotting.panels.coarse_grid import COARSE, STRAY, UPRIGHT_B, laid_together, on_grid
from livespot.spotting.panels.outline import outline
from livespot.spotting.panels.paper_colour import flat_around, logarithm, mean, paper_colours, paper_distance
from livespot.spotting.panels.perspective import without_perspective
from livespot.spotting.panels.quad_score import best_fit, filled
from livespot.spotting.panels.side_fitting import (
    BARE,
    FINE,
    FINE_LEVEL,
    LEANING,
    LEVEL,
    PanelEvidence,
    find_sides,
    inside_frame,
    mixed,
)
from livespot.spotting.panels.upright import SHEARED, UPRIGHT, UPRIGHT_FLAT, turn_of
from livespot.spotting.params import PanelParams
from livespot.spotting.registration.agreement import (
    TEXTURE,
    agreement,
    core_of,
    disc,
    matches_on,
    near_edges,
    weakest_agreement,
)
from livespot.spotting.registration.features import grey_of
from livespot.spotting.registration.homography import Pairing

Field = NDArray[np.float32]

WINDOW = 0.012  # sigma of the agreement's window, of the panel's size
AGREE = 0.45  # of the gradients
INWARDS, OUTWARDS = 0.15, 0.3  # of the panel's size: how far a side may move from the first guess
BRIDGE, FINGERS = 0.015, 0.08  # of it: what is thinner joins nothing to the panel, on a page; between photographs
STILL = 0.004  # of the matches' box: B is A moved by one way, nothing else
ASKEW = 0.25  # degrees that the way may be off the picture's axes on a page that lies upright
ALL_PANEL = 0.85  # of a photograph: a panel that fills more of it is all of it
MOVED = 0.02  # of the other photograph's size: what lies in one place in both is two files, or a tripod's
STRANGE = 0.42  # of what lies around a panel differs, in two photographs
CREST = 0.15  # of a side's length: the first guess reaches as far as so much agrees

# what a pixel of the grid speaks for (above 0) or against the panel
PRINT, BETWEEN, COLOUR = 4.0, 2.0, 1.0  # agreeing print, the paper between it, a colour both share
PAPER, ONE_SIDED, OTHER = -1.0, -0.7, -0.5  # paper on both, on one, and what differs


@dataclass(frozen=True, eq=False)
class Extent:
    """quad: (4, 2) px of A's picture. hull: (N, 2) px, around what agrees for certain.

    picture, covered: (h, w) bool on a grid whose px are A's picture's by `to_a`: what belongs to the picture, and what
    something printed over its rim covers of it; None: all of the quad, and nothing.
    """

    quad: Quad
    hull: Points
    picture: NDArray[np.bool_] | None = None
    covered: NDArray[np.bool_] | None = None
    to_a: Homography | None = None

    def masks(
        self, to_a: Homography, size: tuple[int, int]
    ) -> tuple[NDArray[np.bool_] | None, NDArray[np.bool_] | None]:
        """picture, covered on another grid of `size` (width, height), its px -> px of A's picture."""
        if self.to_a is None:
            return None, None
        onto = np.linalg.inv(self.to_a) @ to_a
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        soft = (None if one is None else _smooth(one.view(np.uint8) * 200, 1.0) for one in (self.picture, self.covered))
        laid = (
            None if one is None else cv2.warpPerspective(one, onto, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
            for one in soft
        )
        picture, covered = (None if one is None else np.asarray(one > 100.0, np.bool_) for one in laid)
        return picture, covered


def _lies_upright(pairing: Pairing, page: Homography) -> bool:
    """Whether B is A moved along a row or a column, no more and no less: the page was not photographed askew."""
    low, high = pairing.matches.a.min(axis=0), pairing.matches.a.max(axis=0)
    corners = geometry.rectangle(*(high - low)) + low
    moved = geometry.apply(pairing.homography, corners) - corners
    way = moved.mean(axis=0)
    if np.abs(moved - way).max() > STILL * float(np.linalg.norm(high - low)):
        return False
    way = (geometry.apply(page, corners + way) - corners).mean(axis=0)
    angle = float(np.degrees(np.arctan2(way[1], way[0])))
    return abs((angle + 45.0) % 90.0 - 45.0) < ASKEW


def _frame_ends(to_a: Homography, shape_a: tuple[int, ...], a_to_b: Homography, shape_b: tuple[int, ...]) -> Points:
    """The convex polygon (N, 2), grid px, of what both pictures hold."""
    one = geometry.apply(np.linalg.inv(to_a), geometry.rectangle(*shape_a[1::-1]) - 0.5)
    two = geometry.apply(np.linalg.inv(a_to_b @ to_a), geometry.rectangle(*shape_b[1::-1]) - 0.5)
    _, both = cv2.intersectConvexConvex(one.astype(np.float32), two.astype(np.float32))
    return np.asarray(both, np.float64).reshape(-1, 2)


def find_extent(
    image_a: Image, image_b: Image, pairing: Pairing, params: PanelParams, page: Homography | None = UPRIGHT_B
) -> Extent | None:
    """How far panel A reaches, in px of `image_a`; None when nothing agrees.

    page: px of `image_b` -> px of `image_a` where both are one page, perhaps turned; None for two photographs.
    """
    level = page is not None and _lies_upright(pairing, page)
    view = without_perspective(pairing, image_a.shape) if page is UPRIGHT_B and not level else None
    to_a, laid = on_grid(image_a, image_b, pairing, page, view, (0.0, 0.0))
    turn = 0.0
    if not level:
        apart, most = (0.0, UPRIGHT) if view is None else (SHEARED, UPRIGHT_FLAT)
        a, b, seen = laid
        rows, columns = turn_of(_smooth(grey_of(a), 1.0), _smooth(grey_of(b), 1.0), seen, apart)
        if max(abs(rows), abs(columns)) > most:
            to_a, laid = on_grid(image_a, image_b, pairing, page, view, (rows, columns))
        else:
            turn = rows
    a, b, seen = laid
    grey_a, grey_b = _smooth(grey_of(a), 1.0), _smooth(grey_of(b), 1.0)
    matches = geometry.apply(np.linalg.inv(to_a), pairing.matches.a)
    box = np.subtract(*np.percentile(matches, (100.0 - STRAY, STRAY), axis=0)) * (1.0 + STRAY / 37.5) + 1.0
    length = float(np.sqrt(np.prod(box)))
    share, energy = agreement(grey_a, grey_b, WINDOW * length)
    texture = (energy > TEXTURE) & near_edges(grey_a, grey_b, length)
    agrees = (
        texture
        & (share > AGREE)
        & (weakest_agreement(grey_a, grey_b, WINDOW * length) > params.min_directional_agreement)
        & seen
    )
    core = core_of(agrees, matches, length)
    if core is None:
        return None
    colours = _smooth(a, 0.8), _smooth(b, 0.8)
    one_colour = _one_colour(*colours)
    # two photographs lie on each other wherever their panels are
    to_other = None if page is None else np.linalg.inv(to_a) @ page @ pairing.homography @ to_a
    bridge = length * (FINGERS if page is None else BRIDGE)
    ends = _frame_ends(to_a, image_a.shape, pairing.homography, image_b.shape) if level and page is UPRIGHT_B else None
    scenes: list[PanelEvidence] = []
    tried: list[tuple[PanelEvidence, Quad]] = []
    certain = core
    # the paper, the table under it and the picture's own ground are all plain: each is tried as the paper
    logs, flat = (logarithm(colours[0]), logarithm(colours[1])), flat_around(*colours, core, seen)
    for colour in (*paper_colours(logs, flat, core), None):
        paper = paper_distance(logs, flat, colour)
        table = _table(paper, matches, length, bridge)
        free = agrees & ~table
        inner = core_of(free, matches, length)
        if inner is None:
            continue
        worth = _worth(inner, free, texture, one_colour, paper, seen & ~table, length, bridge)
        first = _first_quad(_joined(inner, worth), turn)
        scene = PanelEvidence(*colours, logs, worth, paper, length, seen)
        scenes.append(scene)
        # without its perspective no side of a page leans, but bent paper's
        for rounds in (LEVEL,) if level else (LEANING,) if view is None else (LEANING, LEVEL):
            tried.append((scene, find_sides(scene, first, turn, INWARDS, OUTWARDS, rounds)))
        # the edges of the paper agree, too: what is table under any of the colours is not certain
        certain = certain & inner
    if not tried:
        return None
    scene, quad, pinned = best_fit(tried, to_other, certain, ends)
    if not pinned.all():
        fine = find_sides(scene, quad, turn, INWARDS, OUTWARDS, FINE_LEVEL if level else FINE)
        quad = mixed(inside_frame(scene, fine), quad, pinned)
    hull = cv2.convexHull(np.argwhere(core)[:, ::-1].astype(np.int32)).reshape(-1, 2).astype(np.float64)
    if pinned.all():
        return Extent(geometry.apply(to_a, quad), geometry.apply(to_a, hull))
    picture, covered, around = outline(scenes, quad)
    shape = None if around is quad else picture
    return Extent(
        geometry.apply(to_a, around), geometry.apply(to_a, hull), shape, covered if covered.any() else None, to_a
    )


def find_in_photographs(image_a: Image, image_b: Image, pairing: Pairing, params: PanelParams) -> Extent | None:
    """The panel in two photographs of one thing; None where the pictures are all panel, as two files mostly are.

    A panel is clearly less than its photograph, lies elsewhere in the other one, and what is around it differs there.
    """
    frame = geometry.rectangle(*image_a.shape[1::-1])
    low, high = np.percentile(pairing.matches.a, (STRAY, 100.0 - STRAY), axis=0)
    there = geometry.apply(pairing.homography, frame) - geometry.rectangle(*image_b.shape[1::-1])
    if np.prod(high - low) > ALL_PANEL * geometry.area(frame) or np.abs(there).max() < MOVED * max(image_b.shape):
        return None
    extent = find_extent(image_a, image_b, pairing, params, None)
    if extent is None or geometry.area(extent.quad) > ALL_PANEL * geometry.area(frame):
        return None
    scale = min(1.0, COARSE / max(image_a.shape[:2]))
    size = (round(image_a.shape[1] * scale), round(image_a.shape[0] * scale))
    to_a = np.diag([1.0 / scale, 1.0 / scale, 1.0])
    a, b, seen = laid_together(image_a, image_b, pairing, to_a, size)
    inside = filled(scale * extent.quad, seen.shape)
    length = float(np.sqrt(inside.sum()))
    beyond = seen & ~(cv2.dilate(inside.view(np.uint8), disc(0.04 * length)) > 0)
    share, energy = agreement(_smooth(grey_of(a), 1.0), _smooth(grey_of(b), 1.0), WINDOW * length)
    strange = ~_one_colour(_smooth(a, 0.8), _smooth(b, 0.8)) | ((energy > TEXTURE) & (share < AGREE))
    return extent if strange[beyond].sum() > STRANGE * beyond.sum() else None


def _joined(core: NDArray[np.bool_], worth: Field) -> NDArray[np.bool_]:
    """The core with what speaks for the panel and hangs together with it."""
    count, label = cv2.connectedComponents((core | (worth > 0)).astype(np.uint8))
    holds = np.bincount(label[core], minlength=count) > 0
    holds[0] = False
    return np.asarray(holds[label], np.bool_)


def _smooth(picture: Image, sigma: float) -> Field:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)


def _table(paper: Field, matches: Points, length: float, bridge: float) -> NDArray[np.bool_]:
    """(h, w): what the paper lies on, and its edge: no paper, no matches, and it runs off the grid."""
    other = (np.minimum(paper[..., 0], paper[..., 1]) > 2.0).astype(np.uint8)
    other = np.asarray(cv2.morphologyEx(other, cv2.MORPH_OPEN, disc(max(0.02 * length, bridge))), np.uint8)
    count, label, stats, _ = cv2.connectedComponentsWithStats(other)
    held = matches_on(np.asarray(label, np.int32), count, matches)
    x, y, width, height, area = stats.T
    off = (x <= 0) | (y <= 0) | (x + width >= other.shape[1]) | (y + height >= other.shape[0])
    table = off & (held < 0.02 * len(matches)) & (area > 0.003 * length**2)
    table[0] = False
    return np.asarray(cv2.dilate(table[label].astype(np.uint8), disc(0.035 * length)) > 0, np.bool_)


def _one_colour(a: Field, b: Field) -> NDArray[np.bool_]:
    """(h, w): where both pictures have one colour, perhaps under different light."""
    difference = np.log((a + 8.0) / (b + 8.0))
    light = mean(difference)
    return np.asarray(
        (highest_channel(np.abs(difference - light[..., None])) < 0.12) & (np.abs(light) < 0.35), np.bool_
    )


def _worth(
    core: NDArray[np.bool_],
    agrees: NDArray[np.bool_],
    texture: NDArray[np.bool_],
    one_colour: NDArray[np.bool_],
    paper: Field,
    seen: NDArray[np.bool_],
    length: float,
    bridge: float,
) -> Field:
    """(h, w): what each pixel speaks for or against the panel."""
    bare_a, bare_b = paper[..., 0] < BARE, paper[..., 1] < BARE
    worth = np.full(core.shape, OTHER, np.float32)
    worth[bare_a != bare_b] = ONE_SIDED
    worth[bare_a & bare_b] = PAPER
    near = cv2.dilate(core.astype(np.uint8), disc(0.03 * length)) > 0
    closed = cv2.morphologyEx(agrees.astype(np.uint8), cv2.MORPH_CLOSE, disc(0.04 * length))
    solid = (cv2.erode(closed, disc(0.02 * length)) > 0) & near
    nearest = np.minimum(paper[..., 0], paper[..., 1])
    same = one_colour & (nearest > 2.5) & ~(texture & ~agrees) & seen
    # the table beyond the paper is plain and the same too, but paper lies between
    joined = cv2.morphologyEx((same | solid | core).astype(np.uint8), cv2.MORPH_OPEN, disc(bridge))
    count, label = cv2.connectedComponents(joined | core.astype(np.uint8))
    holds = np.bincount(label[core], minlength=count) > 0
    worth[same & holds[label]] = COLOUR
    worth[solid] = np.maximum(worth[solid], BETWEEN)
    worth[solid & (np.maximum(paper[..., 0], paper[..., 1]) > 2.0)] = PRINT
    worth[~seen] = PAPER
    return worth


def _first_quad(core: NDArray[np.bool_], turn: float) -> Quad:
    """The rectangle, turned by `turn` degrees, that the core fills."""
    y, x = np.nonzero(core)
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    along = (x * cos + y * sin, y * cos - x * sin)
    ends = []
    for one, two in (along, along[::-1]):
        low = float(one.min())
        wide = np.flatnonzero(np.bincount((one - low).astype(np.int64)) > CREST * float(np.ptp(two)))
        ends.append((low + wide[0], low + wide[-1] + 1.0) if len(wide) else (low, float(one.max()) + 1.0))
    (u0, u1), (v0, v1) = ends
    corners = np.array([[u0, v0], [u1, v0], [u1, v1], [u0, v1]], np.float64)
    return np.asarray(corners @ np.array([[cos, sin], [-sin, cos]]), np.float64)
