"""From matches to the map that takes panel A onto panel B: a homography and, where paper bends, a smooth residual.

In: matches (px). Out: a Pairing, or None when no map explains enough of them. Votes on the displacement find the layout
whatever it is; USAC_MAGSAC (Barath et al. 2020) fits the homography; growing along local affine maps takes in what
bent paper moved away from it, and a cubic polynomial holds that residual.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.geometry import Homography, Points
from livespot.spotting.registration.features import Matches

FEWEST = 14  # matches a map must explain
FEWEST_CELLS = 9  # and the places they must lie in: a line of text is one or two
THRESHOLD = 2.5  # px at a 1280 px picture, of MAGSAC
PLAIN = 40.0  # grey levels of local deviation from which print is plain to see
MOST_TURN = 25.0  # degrees between the panels of one page
GROWN = 3.0  # px at a 1280 px picture, off the local affine map
LOOSER = 0.05  # more of that, for each px from the nearest match that is already explained
SOLID = 40  # matches from which a map may grow as far as that: few agree by chance


@dataclass(frozen=True, eq=False)
class Pairing:
    """The map from panel A to panel B in px of the picture(s): homography, then the polynomial residual.

    homography: (3, 3). polynomial: (10, 2), px, over A positions normalised by `centre` and `spread`. matches: what it
    explains. error: median distance of those, px.
    """

    homography: Homography
    polynomial: NDArray[np.float64]
    centre: NDArray[np.float64]
    spread: float
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    matches: Matches
    error: float

    def residual(self, points: Points) -> Points:
        """What the polynomial adds at positions (N, 2) on A, px; held constant outside the matches' box."""
        inside = np.clip(points, self.low, self.high)
        return _cubic((inside - self.centre) / self.spread) @ self.polynomial

    def apply(self, points: Points) -> Points:
        """Where positions (N, 2) on panel A lie on panel B."""
        return geometry.apply(self.homography, points) + self.residual(np.asarray(points, np.float64))

    def enlarged(self, times: float) -> "Pairing":
        """The same for the picture of so many times the size."""
        to = geometry.enlarging(times, times)
        return _with_polynomial(to @ self.homography @ np.linalg.inv(to), self.matches.enlarged(times))


def pair_within(matches: Matches, size: tuple[int, int]) -> Pairing | None:
    """The pairing of the two panels of one picture of `size` (width, height) px; A is the left or the upper one."""
    if len(matches) < FEWEST:
        return None
    long_side = max(size)
    displacement = matches.b - matches.a
    # every pair of points stands once, whichever of the two was the query
    forward = displacement[:, 0] + 0.5 * displacement[:, 1] > 0
    a = np.where(forward[:, None], matches.a, matches.b)
    b = np.where(forward[:, None], matches.b, matches.a)
    unique = np.unique(np.round(np.column_stack([a, b])).astype(np.int64), axis=0, return_index=True)[1]
    every = Matches(a[unique], b[unique], matches.distance[unique], matches.contrast[unique])
    found = [p for p in _at_peaks(every, long_side) if _apart(p.matches.a, p.matches.b, size)]
    if not found:
        return None
    return _oriented(max(found, key=lambda p: _worth(p.matches, long_side)), long_side)


def pair_turned(matches: Matches, back: Homography, size: tuple[int, int], apart: float) -> Pairing | None:
    """The pairing of the panels of one picture of `size` px, where B is turned or mirrored; A is the left or upper one.

    matches: of A, and of B in the picture brought upright, whose px are the picture's by `back`. apart: px, at least,
    between the panels' points.
    """
    way = geometry.apply(back, matches.b) - matches.a
    # turned, a picture's corners go further than its middle: the layout's axis is the one along which most lies apart
    axis = int(np.argmax(np.median(np.abs(way), axis=0))) if len(way) else 0
    kept = (way[:, axis] > 0) & (np.linalg.norm(way, axis=1) >= apart)
    found = [
        p
        for p in _at_peaks(matches.where(kept), max(size))
        if len(p.matches) >= SOLID and _apart(p.matches.a, geometry.apply(back, p.matches.b), size)
    ]
    return max(found, key=lambda p: _worth(p.matches, max(size)), default=None)


def _at_peaks(matches: Matches, long_side: float) -> list[Pairing]:
    """The pairings of the displacements that most matches share, each in places enough."""
    displacement = matches.b - matches.a
    near = (np.linalg.norm(displacement - peak, axis=1) < 0.07 * long_side for peak in _peaks(displacement, long_side))
    found = (fit(matches, start, long_side) for start in near)
    return [p for p in found if p is not None and _cells(p.matches.a, long_side) >= FEWEST_CELLS]


def pair_across(matches: Matches, size: tuple[int, int], turn: float = MOST_TURN) -> Pairing | None:
    """The pairing of two pictures of one thing; turn: degrees one may be turned against the other."""
    pairing = fit(matches, np.ones(len(matches), bool), max(size), turn)
    if pairing is None or _cells(pairing.matches.a, max(size)) < FEWEST_CELLS:
        return None
    return pairing


def _peaks(displacement: Points, long_side: float, most: int = 4) -> list[NDArray[np.float64]]:
    """The displacements (2,) px that most matches share."""
    bin_px = 0.02 * long_side
    reach = int(np.ceil(long_side / bin_px)) + 2
    index = np.round(displacement / bin_px).astype(np.int64) + reach
    votes = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    ok = np.all((index >= 0) & (index <= 2 * reach), axis=1)
    np.add.at(votes, (index[ok, 1], index[ok, 0]), 1.0)
    votes = np.asarray(cv2.GaussianBlur(votes, (0, 0), 1.0), np.float32)
    peaks = []
    for _ in range(most):
        y, x = np.unravel_index(int(np.argmax(votes)), votes.shape)
        if votes[y, x] <= 0.3:
            break
        peaks.append(np.array([x - reach, y - reach], np.float64) * bin_px)
        votes[max(0, y - 3) : y + 4, max(0, x - 3) : x + 4] = 0
    return peaks


def fit(matches: Matches, start: NDArray[np.bool_], long_side: float, turn: float = MOST_TURN) -> Pairing | None:
    """The pairing that explains most of `matches`, begun from those where `start` holds."""
    scale = max(1.0, long_side / 1280.0)
    if int(start.sum()) < FEWEST:
        return None
    homography = _magsac(matches.where(start), THRESHOLD * scale)
    if homography is None:
        return None
    for _ in range(2):
        near = _distance(homography, matches) < 2.0 * THRESHOLD * scale
        if int(near.sum()) < FEWEST:
            return None
        better = _magsac(matches.where(near), THRESHOLD * scale)
        homography = better if better is not None else homography
    inlier = _distance(homography, matches) < THRESHOLD * scale
    if int(inlier.sum()) < FEWEST or not _sane(homography, matches.a[inlier], turn):
        return None
    inlier = _grown(matches, inlier, GROWN * scale)
    if int(inlier.sum()) < FEWEST:
        return None
    kept = _one_to_one(matches.where(inlier))
    # what few matches began with may be far from what most of them say in the end
    found, _ = cv2.findHomography(kept.a, kept.b, 0)
    whole = homography if found is None else np.asarray(found, np.float64)
    if _sane(whole, kept.a, turn):
        homography = min(
            homography, whole, key=lambda h: float(np.minimum(_distance(h, kept), THRESHOLD * scale).mean())
        )
    return _with_polynomial(homography, kept)


def _magsac(matches: Matches, threshold: float) -> Homography | None:
    found, _ = cv2.findHomography(
        matches.a.astype(np.float32), matches.b.astype(np.float32), cv2.USAC_MAGSAC, threshold, None, 3000, 0.999
    )
    return None if found is None else np.asarray(found, np.float64)


def _distance(homography: Homography, matches: Matches) -> NDArray[np.float64]:
    return np.asarray(np.linalg.norm(geometry.apply(homography, matches.a) - matches.b, axis=1), np.float64)


def _sane(homography: Homography, points: Points, most_turn: float) -> bool:
    """Two prints of one picture on one page: nearly the same size, hardly turned, never mirrored."""
    low, high = points.min(axis=0), points.max(axis=0)
    quad = geometry.rectangle(*(high - low)) + low
    mapped = geometry.apply(homography, quad)
    if not geometry.is_convex(mapped):
        return False
    ratio = geometry.area(mapped) / max(geometry.area(quad), 1.0)
    turn = np.degrees(np.angle(np.dot(mapped[1] - mapped[0], [1, 1j]) / np.dot(quad[1] - quad[0], [1, 1j])))
    return bool((0.4 < ratio < 2.5 or most_turn > 90.0) and abs(float(turn)) <= most_turn)


def _grown(matches: Matches, inlier: NDArray[np.bool_], threshold: float) -> NDArray[np.bool_]:
    """Inliers plus the matches that follow the local affine map of the 12 nearest inliers, a few rounds."""
    solid = int(inlier.sum()) >= SOLID
    for _ in range(10 if solid else 4):
        at = np.flatnonzero(inlier)
        if len(at) < FEWEST:
            break
        count = min(12, len(at))
        neighbour = _nearest(matches.a[at], matches.a, count)
        near_a = matches.a[at][neighbour]
        near_b = matches.b[at][neighbour]
        middle_a, middle_b = near_a.mean(axis=1, keepdims=True), near_b.mean(axis=1, keepdims=True)
        da, db = near_a - middle_a, near_b - middle_b
        # an affine map drawn towards the identity, so that a row of points does not fling its neighbours away
        spread = np.einsum("nki,nki->n", da, da) / count
        gram = np.einsum("nki,nkj->nij", da, da) + ((0.05 if solid else 0.2) * count * spread)[:, None, None] * np.eye(
            2
        )
        cross = np.einsum("nki,nkj->nij", da, db - da)
        affine = np.linalg.solve(gram + 1e-6 * np.eye(2), cross)
        offset = matches.a - middle_a[:, 0]
        expected = middle_b[:, 0] + offset + np.einsum("ni,nij->nj", offset, affine)
        close = np.linalg.norm(offset, axis=1) < 4.0 * np.sqrt(spread) + 60.0
        away = np.linalg.norm(matches.a - near_a[:, 0], axis=1)  # of the nearest inlier
        most = threshold + LOOSER * away if solid else threshold
        grown = (np.linalg.norm(matches.b - expected, axis=1) < most) & close
        if int((grown & ~inlier).sum()) < 0.01 * len(at):
            return grown if int(grown.sum()) >= FEWEST else inlier
        inlier = grown
    return inlier


def _nearest(points: Points, queries: Points, count: int) -> NDArray[np.int32]:
    """Indices (N, count) of the points nearest to each query, exact. SciPy's tree takes half a second to import."""
    exact = {"algorithm": 4, "leaf_max_size": 10}  # FLANN_INDEX_KDTREE_SINGLE
    tree = cv2.flann_Index(points.astype(np.float32), exact)  # type: ignore[attr-defined]
    index, _ = tree.knnSearch(queries.astype(np.float32), count, params={"checks": -1})
    return np.asarray(index, np.int32)


def _one_to_one(matches: Matches) -> Matches:
    order = np.argsort(matches.distance, kind="stable")
    _, first_a = np.unique(np.round(matches.a[order]).astype(np.int64), axis=0, return_index=True)
    chosen = np.zeros(len(matches), np.bool_)
    chosen[order[first_a]] = True
    return matches.where(chosen)


def _cubic(p: Points) -> NDArray[np.float64]:
    x, y = p[:, 0], p[:, 1]
    return np.column_stack([np.ones_like(x), x, y, x * x, x * y, y * y, x**3, x * x * y, x * y * y, y**3])


def _with_polynomial(homography: Homography, matches: Matches) -> Pairing:
    low, high = matches.a.min(axis=0), matches.a.max(axis=0)
    centre, spread = (low + high) / 2, float(max(high - low) / 2) or 1.0
    rest = matches.b - geometry.apply(homography, matches.a)
    design = _cubic((matches.a - centre) / spread)
    polynomial: NDArray[np.float64] = np.zeros((10, 2))
    if len(matches) >= 60:
        # ridge: what few matches say about the higher terms is worth little
        penalty = np.diag([0.0, 0.0, 0.0] + [0.5] * 3 + [1.0] * 4) * 2.0
        weight = np.ones(len(matches))
        for _ in range(4):
            left = design.T @ (design * weight[:, None]) + penalty
            polynomial = np.asarray(
                np.linalg.solve(left + 1e-9 * np.eye(10), design.T @ (rest * weight[:, None])), np.float64
            )
            off = np.linalg.norm(rest - design @ polynomial, axis=1)
            weight = 1.0 / (1.0 + (off / max(1.4826 * float(np.median(off)), 0.3)) ** 2)
    error = float(np.median(np.linalg.norm(rest - design @ polynomial, axis=1)))
    return Pairing(homography, polynomial, centre, spread, low, high, matches, error)


def _cells(points: Points, long_side: float) -> int:
    return len(np.unique((points // (0.03 * long_side)).astype(np.int64), axis=0))


def _worth(matches: Matches, long_side: float) -> float:
    """Places explained, each by its contrast: print stands out, the grain of a table does not."""
    cell = (matches.a // (0.03 * long_side)).astype(np.int64)
    _, where = np.unique(cell, axis=0, return_inverse=True)
    strongest = np.zeros(int(where.max()) + 1)
    np.maximum.at(strongest, where.ravel(), matches.contrast)
    return float(np.minimum(strongest, PLAIN).sum())


def _apart(on_a: Points, on_b: Points, size: tuple[int, int]) -> bool:
    """The panels of one page do not lie on each other: few matched places of A are matched places of B."""
    cell = 0.03 * max(size)
    a = {tuple(c) for c in (on_a // cell).astype(np.int64).tolist()}
    b = {tuple(c) for c in (on_b // cell).astype(np.int64).tolist()}
    return len(a & b) < 0.25 * min(len(a), len(b))


def _oriented(pairing: Pairing, long_side: float) -> Pairing:
    """A is the left panel, or the upper one where they stand more above each other than beside."""
    dx, dy = np.median(pairing.matches.b - pairing.matches.a, axis=0)
    if (dx if abs(dx) >= abs(dy) else dy) > 0:
        return pairing
    turned = Matches(pairing.matches.b, pairing.matches.a, pairing.matches.distance, pairing.matches.contrast)
    return _with_polynomial(np.asarray(np.linalg.inv(pairing.homography), np.float64), turned)
