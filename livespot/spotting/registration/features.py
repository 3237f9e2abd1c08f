"""Features of a picture, and which of them look alike: within one picture (two panels) or between two.

In: a BGR or grey picture. Out: pairs of points, px of that picture. The descriptor is ORB (Rublee et al. 2011) on a
locally normalised grey picture, so that a shaded panel yields as many key points as a lit one, thinned to an even
cover, so that the box around the matches fills the panel.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Image
from livespot.geometry import Points, Quad

LONG_SIDE = 1280  # features are sought at this size at most: more adds time, not matches
CELL = 24  # px, and so many key points are kept in a cell
PER_CELL = 4
MOST = 5000  # matching costs the square of this
MOST_DISTANCE = 64  # of 256 bits
MOST_TURN = 25.0  # degrees between the panels of one page


@dataclass(frozen=True, eq=False)
class Features:
    """points: (N, 2) px of the full picture; size: key point diameter, px; angle: degrees; descriptors: (N, 32) uint8.

    contrast: (N,) local deviation of the grey picture, grey levels.
    """

    points: Points
    size: NDArray[np.float32]
    angle: NDArray[np.float32]
    descriptors: NDArray[np.uint8]
    contrast: NDArray[np.float32]
    image_size: tuple[int, int]

    def __len__(self) -> int:
        return len(self.points)

    def where(self, keep: NDArray[np.bool_]) -> Features:
        return Features(
            self.points[keep],
            self.size[keep],
            self.angle[keep],
            self.descriptors[keep],
            self.contrast[keep],
            self.image_size,
        )

    def turned(self, quarters: int) -> Features:
        """Those of the picture turned to the left by so many quarters."""
        (width, height), points = self.image_size, self.points
        for _ in range(quarters):
            points = np.column_stack([points[:, 1], width - 1 - points[:, 0]])
            width, height = height, width
        angle = self.angle - np.float32(90.0 * quarters)
        return Features(points, self.size, angle, self.descriptors, self.contrast, (width, height))

    def on(self, *quads: Quad) -> Features:
        """Those that lie on one of the quads, (4, 2) px."""
        mask = np.zeros(self.image_size[::-1], np.uint8)
        for quad in quads:
            cv2.fillConvexPoly(mask, np.round(quad).astype(np.int32), 1)
        x, y = np.clip(np.round(self.points).astype(np.int64), 0, np.array(self.image_size) - 1).T
        return self.where(mask[y, x] > 0)


@dataclass(frozen=True, eq=False)
class Matches:
    """a, b: (N, 2) px, points that look alike. distance: (N,) Hamming, bits. contrast: (N,) around a, grey levels."""

    a: Points
    b: Points
    distance: NDArray[np.float32]
    contrast: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.a)

    def where(self, keep: NDArray[np.bool_]) -> Matches:
        return Matches(self.a[keep], self.b[keep], self.distance[keep], self.contrast[keep])

    def enlarged(self, times: float) -> Matches:
        """Those of the same picture of so many times the size."""
        to = geometry.enlarging(times, times)
        return replace(self, a=geometry.apply(to, self.a), b=geometry.apply(to, self.b))


NO_MATCHES = Matches(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0, np.float32), np.zeros(0, np.float32))


def grey_of(image: Image) -> Image:
    """(H, W) uint8 of a BGR or grey picture."""
    return image if image.ndim == 2 else np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)


def normalised(grey: Image, sigma: float = 12.0) -> tuple[Image, NDArray[np.float32]]:
    """Local mean taken away and deviation divided out, (h, w) uint8: 128 + 40 times; and the variance."""
    g = grey.astype(np.float32)
    mean = cv2.blur(g, _window(sigma))
    mean = cv2.blur(mean, _window(sigma))
    variance = np.asarray(cv2.blur(cv2.blur((g - mean) ** 2, _window(sigma)), _window(sigma)), np.float32)
    result = (g - mean) * (40.0 / np.sqrt(variance + 9.0)) + 128.0
    return np.clip(result, 0, 255).astype(np.uint8), variance


def _window(sigma: float) -> tuple[int, int]:
    # two box blurs of this width have the variance of one Gaussian of sigma
    width = max(1, int(np.sqrt(6.0 * sigma * sigma + 1.0))) | 1
    return width, width


def features(image: Image, most: int = MOST) -> Features:
    """Evenly spread ORB features of a picture (H, W[, 3]) uint8."""
    grey = grey_of(image)
    height, width = grey.shape
    scale = min(1.0, LONG_SIDE / max(height, width))
    if scale < 1.0:
        grey = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    elif max(height, width) < 500:
        scale = min(2.0, 640 / max(height, width))
        grey = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR), np.uint8)
    orb = cv2.ORB.create(
        nfeatures=4 * most, nlevels=4, scaleFactor=1.25, fastThreshold=7, edgeThreshold=16, patchSize=31
    )
    ready, variance = normalised(grey)
    found = orb.detect(ready, None)
    if not found:
        none = np.zeros(0, np.float32)
        return Features(np.zeros((0, 2)), none, none, np.zeros((0, 32), np.uint8), none, (width, height))
    chosen, descriptors = orb.compute(ready, _spread(list(found), most))
    points = (np.array([k.pt for k in chosen], np.float64).reshape(-1, 2) + 0.5) / scale - 0.5
    return Features(
        points,
        np.array([k.size for k in chosen], np.float32) / np.float32(scale),
        np.array([k.angle for k in chosen], np.float32),
        np.asarray(descriptors, np.uint8),
        np.sqrt([variance[int(k.pt[1]), int(k.pt[0])] for k in chosen]).astype(np.float32),
        (width, height),
    )


def _spread(found: list[cv2.KeyPoint], most: int) -> list[cv2.KeyPoint]:
    """The strongest few of every cell."""
    response = np.array([k.response for k in found])
    position = np.array([k.pt for k in found])
    order = np.argsort(-response, kind="stable")
    cell = (position[order] // CELL).astype(np.int64)
    key = cell[:, 1] * 100_000 + cell[:, 0]
    # rank within the cell: stable sort by cell keeps the order of strength
    by_cell = np.argsort(key, kind="stable")
    sorted_key = key[by_cell]
    first = np.r_[True, sorted_key[1:] != sorted_key[:-1]]
    start = np.maximum.accumulate(np.where(first, np.arange(len(key)), 0))
    rank = np.empty(len(key), np.int64)
    rank[by_cell] = np.arange(len(key)) - start
    keep = order[rank < PER_CELL]
    keep = keep[np.argsort(rank[rank < PER_CELL], kind="stable")][:most]
    return [found[i] for i in keep]


def _plausible(
    one: Features, i: NDArray[np.int64], two: Features, j: NDArray[np.int64], most_turn: float
) -> NDArray[np.bool_]:
    turn = np.abs((one.angle[i] - two.angle[j] + 180.0) % 360.0 - 180.0)
    ratio = one.size[i] / two.size[j]
    return np.asarray((turn <= most_turn) & (ratio > 0.6) & (ratio < 1.67))


def self_matches(f: Features, apart: float, nearest: int = 5) -> Matches:
    """Pairs of points of one picture that look alike and lie `apart` px or more from each other, once a way."""
    if len(f) < 2:
        return NO_MATCHES
    return _chosen(f, f, _nearest(f, f, nearest), apart)


def cross_matches(one: Features, two: Features, nearest: int = 2, turn: float = MOST_TURN) -> Matches:
    """Pairs of points of two pictures that look alike; turn: degrees one may be turned against the other."""
    if len(one) < 2 or len(two) < 2:
        return NO_MATCHES
    return _chosen(one, two, _nearest(one, two, nearest), 0.0, turn)


def matches_by_quarter(one: Features, two: Features) -> list[Matches]:
    """What cross_matches gives with the second picture turned to the left by no, one, two and three quarters."""
    if len(one) < 2 or len(two) < 2:
        return [NO_MATCHES] * 4
    found = _nearest(one, two, 3)
    return [_chosen(one, two.turned(quarters), found, 0.0) for quarters in range(4)]


_Found = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]


def _nearest(one: Features, two: Features, most: int) -> _Found:
    """i, j, distance (bits): of every point of `one` the `most` of `two` that are most like it, none of them itself."""
    # what cv2.BFMatcher does, without an object for each match
    distance, j = cv2.batchDistance(
        one.descriptors, two.descriptors, cv2.CV_32S, normType=cv2.NORM_HAMMING, K=min(most, len(two))
    )
    i = np.repeat(np.arange(len(one)), distance.shape[1])
    found = i, j.ravel().astype(np.int64), distance.ravel().astype(np.float32)
    if one is not two:
        return found
    other = found[0] != found[1]
    return found[0][other], found[1][other], found[2][other]


def _chosen(one: Features, two: Features, found: _Found, apart: float, most_turn: float = MOST_TURN) -> Matches:
    i, j, distance = found
    keep = (distance <= MOST_DISTANCE) & _plausible(one, i, two, j, most_turn)
    if apart > 0:
        keep &= np.linalg.norm(one.points[i] - two.points[j], axis=1) >= apart
    return Matches(one.points[i[keep]], two.points[j[keep]], distance[keep], one.contrast[i[keep]])
