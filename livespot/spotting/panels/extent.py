"""Where the two panels are: from a pairing of a picture with itself to the quad of panel A.

In: a picture and the pairing of its panels. Out: the quad. The pairing says how A maps onto B, not how far A reaches.
On a coarse grid B is laid onto A, with all that lies around them, and the panel map says what of it is their picture;
side_fitting.py places the four sides, and quad_score.py says which of several quads stands best.
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
from livespot.spotting.panels.outline import outline, quad_around
from livespot.spotting.panels.panel_map import PanelMap, panel_map
from livespot.spotting.panels.paper_colour import flat_around, logarithm, mean, paper_colours, paper_distance
from livespot.spotting.panels.quad_score import best_fit, filled
from livespot.spotting.panels.side_fitting import (
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
from livespot.spotting.registration.agreement import TEXTURE, agreement, disc
from livespot.spotting.registration.features import grey_of
from livespot.spotting.registration.homography import Pairing
from livespot.spotting.registration.perspective import without_perspective
from livespot.spotting.registration.warping import in_bounds

Field = NDArray[np.float32]
Mask = NDArray[np.bool_]

PICTURE, CERTAIN = 0.5, 0.9  # of the panel map: what is picture, what is so for certain
# of the map of what is a puzzle, in the middle over what is printed: one puzzle has 0.93 there, several on a page may
# have 0.6, and a picture alone, words and what stands twice 0.9
ONE_PICTURE, PERHAPS = 0.85, 0.55
REPEATS = 0.85  # correlation of a picture's middle with another place of it; real ones have 0.6, a ground of dots 1
SAME_PLACE = 0.5  # the same around the middle's own place
HELD = 0.05  # of the matches: a part of the map that holds so many is of the panel, too
BELONGS = 3.0  # what a pixel of the grid speaks for or against the panel, where the map is certain
SHEET = 0.1  # of the grid: the white around a flat page
RIM, BLEEDS = 0.015, 12.0  # of the grid: so far from its edge; grey levels of deviation there that are a picture's
REACH = 0.08  # of the panel's size: how far a side may move from where the map ends
WINDOW = 0.012  # sigma of the agreement's window, of the panel's size
AGREE = 0.45  # of the gradients
STILL = 0.004  # of the matches' box: B is A moved by one way, nothing else
ASKEW = 0.25  # degrees that the way may be off the picture's axes on a page that lies upright
ALL_PANEL = 0.85  # of a photograph: a panel that fills more of it is all of it
MOVED = 0.02  # of the other photograph's size: what lies in one place in both is two files, or a tripod's
STRANGE = 0.42  # of what lies around a panel differs, in two photographs
CREST = 0.15  # of a side's length: the first guess reaches as far as so much is picture


@dataclass(frozen=True, eq=False)
class Extent:
    """quad: (4, 2) px of A's picture. hull: (N, 2) px, around what agrees for certain.

    sure: 0 to 1, that there are two prints of one picture.
    picture, covered: (h, w) bool on a grid whose px are A's picture's by `to_a`: what belongs to the picture, and what
    something printed over its rim covers of it; None: all of the quad, and nothing.
    """

    quad: Quad
    hull: Points
    sure: float
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


def _laid(
    image_a: Image, image_b: Image, pairing: Pairing, page: Homography | None
) -> tuple[bool, Homography | None, float, Homography, tuple[Image, Image, Mask]]:
    """Whether the page lies upright; its map to the picture, without perspective; degrees that are left of its turn;
    the grid's map to A's picture; and A, B (h, w, 3) and what both hold (h, w) on it. page: as of find_extent.
    """
    level = page is not None and _lies_upright(pairing, page)
    view = without_perspective(pairing, image_a.shape) if page is UPRIGHT_B and not level else None
    to_a, laid = on_grid(image_a, image_b, pairing, page, view, (0.0, 0.0))
    if level:
        return level, view, 0.0, to_a, laid
    apart, most = (0.0, UPRIGHT) if view is None else (SHEARED, UPRIGHT_FLAT)
    a, b, seen = laid
    rows, columns = turn_of(_smooth(grey_of(a), 1.0), _smooth(grey_of(b), 1.0), seen, apart)
    if max(abs(rows), abs(columns)) > most:
        return level, view, 0.0, *on_grid(image_a, image_b, pairing, page, view, (rows, columns))
    return level, view, rows, to_a, laid


def find_extent(image_a: Image, image_b: Image, pairing: Pairing, page: Homography | None = UPRIGHT_B) -> Extent | None:
    """How far panel A reaches, in px of `image_a`; None when no picture is seen there.

    page: px of `image_b` -> px of `image_a` where both are one page, perhaps turned; None for two photographs.
    """
    level, view, turn, to_a, (a, b, seen) = _laid(image_a, image_b, pairing, page)
    matches = geometry.apply(np.linalg.inv(to_a), pairing.matches.a)
    belongs, puzzle = _on_paper(a, b, seen) if level else panel_map(a, b, seen)
    picture = _held(belongs > PICTURE, matches)
    if picture is None:
        return None
    _, energy = agreement(_smooth(grey_of(a), 1.0), _smooth(grey_of(b), 1.0), WINDOW * float(np.sqrt(picture.sum())))
    printed = picture & (energy > TEXTURE)
    sure = float(np.median(puzzle[printed if printed.any() else picture]))
    if sure < PERHAPS or _repeats(a, picture):
        return None
    certain = picture & (belongs > CERTAIN)
    worth = np.asarray(BELONGS * (2.0 * np.where(picture | (belongs < PICTURE), belongs, 0.0) - 1.0), np.float32)
    colours = _smooth(a, 0.8), _smooth(b, 0.8)
    scene = PanelEvidence(
        *colours, (logarithm(colours[0]), logarithm(colours[1])), worth, float(np.sqrt(picture.sum())), seen
    )
    first = _first_quad(picture, turn)
    # without its perspective no side of a page leans, but bent paper's
    ways = (LEVEL,) if level else (LEANING,) if view is None else (LEANING, LEVEL)
    tried = [find_sides(scene, first, turn, REACH, REACH, rounds) for rounds in ways]
    # two photographs lie on each other wherever their panels are
    to_other = None if page is None else np.linalg.inv(to_a) @ page @ pairing.homography @ to_a
    ends = _frame_ends(to_a, image_a.shape, pairing.homography, image_b.shape) if level and page is UPRIGHT_B else None
    quad, pinned = best_fit(scene, tried, to_other, certain, ends)
    if not pinned.all():
        fine = find_sides(scene, quad, turn, REACH, REACH, FINE_LEVEL if level else FINE)
        quad = mixed(inside_frame(scene, fine), quad, pinned)
    hull = cv2.convexHull(np.argwhere(picture)[:, ::-1].astype(np.int32)).reshape(-1, 2).astype(np.float64)
    if pinned.all():
        return Extent(geometry.apply(to_a, quad), geometry.apply(to_a, hull), sure)
    flat = flat_around(*colours, certain, seen)
    papers = [paper_distance(scene.logs, flat, colour) for colour in paper_colours(scene.logs, flat, certain)]
    # the sides of an oval are none of its own: what lies around all of it is tried first
    shape, covered, around = outline(scene, papers, (quad_around(picture, quad), quad))
    return Extent(
        geometry.apply(to_a, around),
        geometry.apply(to_a, hull),
        sure,
        None if around is quad else shape,
        covered if covered.any() else None,
        to_a,
    )


def find_in_photographs(image_a: Image, image_b: Image, pairing: Pairing) -> Extent | None:
    """The panel in two photographs of one thing; None where the pictures are all panel, as two files mostly are.

    A panel is clearly less than its photograph, lies elsewhere in the other one, and what is around it differs there.
    """
    frame = geometry.rectangle(*image_a.shape[1::-1])
    low, high = np.percentile(pairing.matches.a, (STRAY, 100.0 - STRAY), axis=0)
    there = geometry.apply(pairing.homography, frame) - geometry.rectangle(*image_b.shape[1::-1])
    if np.prod(high - low) > ALL_PANEL * geometry.area(frame) or np.abs(there).max() < MOVED * max(image_b.shape):
        return None
    extent = find_extent(image_a, image_b, pairing, None)
    if extent is None or extent.sure < ONE_PICTURE or geometry.area(extent.quad) > ALL_PANEL * geometry.area(frame):
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


def _held(picture: Mask, matches: Points) -> Mask | None:
    """The parts (h, w) of what looks like a picture that the matches (N, 2) lie on, the most on one; None: on none."""
    count, label = cv2.connectedComponents(picture.astype(np.uint8))
    at = np.round(matches).astype(np.float32)
    x, y = at[in_bounds(at[:, 0], at[:, 1], picture.shape[1], picture.shape[0])].astype(np.int64).T
    held = np.bincount(label[y, x], minlength=count)
    held[0] = 0
    return np.asarray(held[label] >= min(held.max(), HELD * len(matches)), np.bool_) & picture if held.any() else None


def _repeats(a: Image, picture: Mask) -> bool:
    """Whether what the panel (h, w, 3) shows in `picture` (h, w) is a ground that repeats: its middle, half as wide and
    high, lies on another place of it as well.
    """
    x, y, w, h = cv2.boundingRect(picture.view(np.uint8))
    grey = grey_of(a)[y : y + h, x : x + w]
    middle = grey[h // 4 :, w // 4 :][: max(1, h // 2), : max(1, w // 2)]
    alike = cv2.matchTemplate(grey, middle, cv2.TM_CCOEFF_NORMED)
    _, label = cv2.connectedComponents((alike > SAME_PLACE).astype(np.uint8))
    return float(alike[label != label[h // 4, w // 4]].max(initial=0.0)) > REPEATS


def _on_paper(a: Image, b: Image, seen: Mask) -> PanelMap:
    """The panel map of a flat page. Where its pictures reach to its edges, it is laid on white paper, as the map has
    learned them.
    """
    edge = round(SHEET * max(seen.shape))
    near = round(RIM * max(seen.shape))  # a picture may end in a line
    lines = (np.s_[near], np.s_[-1 - near], np.s_[:, near], np.s_[:, -1 - near])
    ends = [[grey_of(picture)[line] for picture in (a, b)] for line in lines]
    top, bottom, left, right = (edge * int(min(float(line.std()) for line in pair) > BLEEDS) for pair in ends)
    white = (top, bottom, left, right, cv2.BORDER_CONSTANT)
    laid = [np.asarray(cv2.copyMakeBorder(picture, *white, value=(255, 255, 255)), np.uint8) for picture in (a, b)]
    around = cv2.copyMakeBorder(seen.view(np.uint8), *white, value=(1,)) > 0
    height, width = seen.shape
    return PanelMap(*(m[top : top + height, left : left + width] for m in panel_map(laid[0], laid[1], around)))


def _smooth(picture: Image, sigma: float) -> Field:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)


def _one_colour(a: Field, b: Field) -> NDArray[np.bool_]:
    """(h, w): where both pictures have one colour, perhaps under different light."""
    difference = np.log((a + 8.0) / (b + 8.0))
    light = mean(difference)
    return np.asarray(
        (highest_channel(np.abs(difference - light[..., None])) < 0.12) & (np.abs(light) < 0.35), np.bool_
    )


def _first_quad(picture: Mask, turn: float) -> Quad:
    """The rectangle, turned by `turn` degrees, that the picture fills."""
    y, x = np.nonzero(picture)
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
