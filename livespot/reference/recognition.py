"""A reference page in a frame: which one it is, by its mark, and where each panel lies, by the page's own picture.

In: frames, and the keys there are. Out: a Found, or a falsy Lost with the reason. The mark alone is too small to carry
positions across a page; it starts a match of ORB features between the frame and the page's picture in the key, which
is then fitted for each panel by itself, so that a bent page or a lens moves the labels by little.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import cv2
import numpy as np

from livespot import geometry
from livespot.frame import Image
from livespot.geometry import Homography, Points, Quad
from livespot.reference import key
from livespot.reference.key import AnswerKey

FEWEST = 25  # matches that make a page
_FEATURES = 2500
_NEAR = 0.22  # of the page's width in the frame: how far the mark alone may mislead
_NEARER = 0.02


@dataclass(frozen=True)
class Lost:
    """No page, and why. Falsy."""

    reason: str

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, eq=False)
class Found:
    """key: whose page it is. page, a, b: from paper mm to frame px, over the whole page, on panel A, on panel B."""

    key: AnswerKey
    page: Homography
    a: Homography
    b: Homography

    def labels(self) -> list[tuple[Quad, Quad]]:
        """The differences on panel A and B, frame px."""
        return [(geometry.apply(self.a, d.a), geometry.apply(self.b, d.b)) for d in self.key.differences]

    def panels(self) -> tuple[Quad, Quad]:
        """Quads of the panels, frame px."""
        return geometry.apply(self.a, self.key.a), geometry.apply(self.b, self.key.b)


class Recogniser:
    """Knows the pages of this user, or the one whose key was named."""

    def __init__(self, only: AnswerKey | None = None) -> None:
        self._paths: dict[int, Path] = {} if only is not None else key.known()
        self._sheets: dict[int, _Sheet] = {} if only is None else {only.mark: _Sheet(only)}

    @property
    def pages(self) -> int:
        """How many pages it could recognise."""
        return len(self._paths) or len(self._sheets)

    def find(self, image: Image) -> Found | Lost:
        """The page in a frame, (H, W, 3) uint8 BGR. Raises LivespotError for a key that cannot be read."""
        grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
        corners, ids, _ = _mark_detector().detectMarkers(grey)
        seen = [] if ids is None else [(int(i), c) for i, c in zip(np.ravel(ids), corners, strict=True)]
        strange = [i for i, _ in seen if i not in self._paths and i not in self._sheets]
        reason = "no reference page in view: show the whole page with its mark (`livespot puzzle` prints one)"
        for number, quad in seen:
            if number in strange:
                continue
            if number not in self._sheets:
                self._sheets[number] = _Sheet(key.read(self._paths[number]))
            found = self._sheets[number].locate(grey, np.asarray(quad, np.float64).reshape(4, 2))
            if found is not None:
                return found
            reason = f"reference page {number} is in view, but not sharp or not whole: hold it still, show all of it"
        if strange and len(strange) == len(seen):
            reason = f"reference page {strange[0]} is not known here: name its answer key with --key FILE"
        return Lost(reason)


class _Sheet:
    """One known page with its features."""

    def __init__(self, answer: AnswerKey) -> None:
        self.key = answer

    @cached_property
    def _features(self) -> tuple[Points, Image]:
        points, descriptors = _orb(self.key.picture)
        return (points + 0.5) / key.PX_PER_MM, descriptors

    def locate(self, grey: Image, mark: Quad) -> Found | None:
        places, known = self._features
        seen, descriptors = _orb(grey)
        if len(places) < FEWEST or len(seen) < FEWEST:
            return None
        matches = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(known, descriptors, k=8)
        pairs = np.array([(m.queryIdx, m.trainIdx, m.distance) for group in matches for m in group if m.distance < 72])
        if len(pairs) < FEWEST:
            return None
        mm, px = places[pairs[:, 0].astype(int)], seen[pairs[:, 1].astype(int)]
        current = geometry.between(self.key.mark_quad, mark)
        width = geometry.side_lengths(geometry.apply(current, geometry.rectangle(*self.key.size)))[0]
        for near in (_NEAR, 0.06, _NEARER):
            fitted = _fit(current, mm, px, near * width)
            if fitted is None:
                return None
            current = fitted
            width = geometry.side_lengths(geometry.apply(current, geometry.rectangle(*self.key.size)))[0]
        panels = []
        for quad in (self.key.a, self.key.b):
            inside = ((mm >= quad[0] - 2) & (mm <= quad[2] + 2)).all(axis=1)
            own = _fit(current, mm[inside], px[inside], _NEARER * width)
            panels.append(current if own is None else own)
        return Found(self.key, current, panels[0], panels[1])


def _fit(start: Homography, mm: Points, px: Points, near: float) -> Homography | None:
    """The homography of the matches that lie within `near` px of where `start` says; None when they are too few."""
    off = np.linalg.norm(geometry.apply(start, mm) - px, axis=1)
    good = off < near
    if int(good.sum()) < FEWEST:
        return None
    gate = max(2.0, 0.15 * near) if near > 30 else 2.0
    matrix, inliers = cv2.findHomography(mm[good], px[good], cv2.USAC_MAGSAC, gate, None, 5000, 0.999)
    if matrix is None or int(np.sum(inliers)) < FEWEST:
        return None
    return np.asarray(matrix, np.float64)


def _orb(grey: Image) -> tuple[Points, Image]:
    points, descriptors = cv2.ORB.create(_FEATURES, fastThreshold=8).detectAndCompute(grey, None)
    if descriptors is None:
        return np.empty((0, 2)), np.empty((0, 32), np.uint8)
    return np.array([p.pt for p in points], np.float64), np.asarray(descriptors, np.uint8)


@lru_cache(maxsize=1)
def _mark_detector() -> cv2.aruco.ArucoDetector:
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    return cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(key.DICTIONARY), parameters)
