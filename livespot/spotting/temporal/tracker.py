"""Where the page went: from frame to frame in a few milliseconds.

In: each frame, and now and then an anchor (this is where the panels lie in that frame). Out: a Pose, or None when the
page is lost. Corners on both panels are followed by pyramidal Lucas-Kanade (Bouguet 2001) on a reduced grey picture;
USAC_MAGSAC says which of them still move as one sheet; a homography a panel carries what is known in the key frame.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Image
from livespot.geometry import Homography, Points, Quad
from livespot.spotting.kernels.downscale import downscale

LONG_SIDE = 640  # px of the picture that is tracked on
POINTS = 260  # over both panels
FEWEST = 24  # points that must still agree
FEWEST_SHARE = 0.25  # of the points followed
PANEL_POINTS = 30  # points from which a panel gets a homography of its own
THRESHOLD = 2.0  # px of the reduced picture, of MAGSAC
LOOSE = 4.0  # px of the reduced picture: bent paper off the common homography
HISTORY = 45  # reduced pictures kept, to carry a late anchor to the present
STRIDE = 3  # frames: from a late anchor, steps of so many are enough
SPARSE = 6  # frames between the older pictures that are kept while a slow analysis goes on
LARGER = 64.0  # times the area that a panel had when it was found: a camera that comes eight times nearer
MORE = 0.3  # of a panel: so much more of it in view asks for new points
OLDEST = 600  # frames: what was begun longer ago starts anew


@dataclass(frozen=True, eq=False)
class Pose:
    """a, b: (3, 3), key frame px -> frame px on panel A and panel B. share: of the points followed, that agree."""

    a: Homography
    b: Homography
    share: float


@dataclass(frozen=True, eq=False)
class Anchor:
    """Where the panels are in one frame. quads: in key frame px. pose: key frame px -> that frame."""

    frame: int
    quads: tuple[Quad, Quad]
    pose: Pose


class Tracker:
    """Follows one page. Not for two threads at once."""

    def __init__(self) -> None:
        self._history: dict[int, Image] = {}  # frame index -> reduced grey
        self._scale = 1.0
        self._shape = (0, 0)  # height and width of the frames
        self._at = -1
        self._points = np.zeros((0, 2), np.float32)  # reduced px in frame self._at
        self._key = np.zeros((0, 2))  # where they are in the key frame
        self._on_b = np.zeros(0, np.bool_)
        self._anchor: Anchor | None = None
        self._shown = (1.0, 1.0)  # shares of A and B that the anchor's frame showed
        self.still_a = False  # panel A is a reference that does not move; B alone is followed

    def forget(self) -> None:
        """There is no page."""
        self._points, self._key = np.zeros((0, 2), np.float32), np.zeros((0, 2))
        self._on_b = np.zeros(0, np.bool_)
        self._anchor = None

    @property
    def following(self) -> bool:
        """Whether there is a page to follow."""
        return len(self._points) >= FEWEST

    def see(self, index: int, image: Image, needed: int | None = None) -> None:
        """Take in a frame (H, W, 3) uint8 without following anything yet. needed: an older one, from which an anchor
        is still to come.
        """
        if index in self._history:
            return
        height, width = image.shape[:2]
        scale = min(1.0, LONG_SIDE / max(height, width))
        if (height, width) != self._shape:
            # another camera mode: what was followed is not there any more
            self._history.clear()
            self.forget()
        self._shape = (height, width)
        self._scale = scale
        # halves are averaged quickly, and less than twice is left: at 1920 x 1080 it saves half the time
        while max(image.shape[:2]) >= 2 * LONG_SIDE:
            image = downscale(image, 2)
        grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
        size = (round(width * scale), round(height * scale))
        if size != (grey.shape[1], grey.shape[0]):
            grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_LINEAR), np.uint8)
        self._history[index] = grey
        old = list(self._history)[:-HISTORY]
        kept = []
        if needed in old and index - needed <= OLDEST:
            kept = [needed, *_spaced(old, needed, SPARSE)]
        for gone in set(old).difference(kept):
            del self._history[gone]

    def anchor(self, anchor: Anchor) -> bool:
        """Start following from this anchor. False when its frame is too long ago."""
        if anchor.frame not in self._history:
            return False
        grey = self._history[anchor.frame]
        points, on_b = [], []
        for quad, pose, b in ((anchor.quads[0], anchor.pose.a, False), (anchor.quads[1], anchor.pose.b, True)):
            mask = np.zeros(grey.shape, np.uint8)
            corners = self._reduced(geometry.apply(pose, quad))
            cv2.fillConvexPoly(mask, np.clip(np.round(corners), -30000, 30000).astype(np.int32), 255)
            apart = max(4.0, float(np.sqrt(max(float((mask > 0).sum()), 1.0) / (POINTS / 2)) * 0.6))
            found = cv2.goodFeaturesToTrack(grey, POINTS // 2, 0.004, apart, mask=mask, blockSize=5)
            if found is not None:
                points.append(np.asarray(found, np.float32).reshape(-1, 2))
                on_b.append(np.full(len(found), b))
        if not points:
            return False
        self._points, self._on_b = np.concatenate(points), np.concatenate(on_b)
        full = self._full(self._points)
        self._key = np.where(
            self._on_b[:, None],
            geometry.apply(np.linalg.inv(anchor.pose.b), full),
            geometry.apply(np.linalg.inv(anchor.pose.a), full),
        )
        self._at = anchor.frame
        self._anchor = anchor
        self._shown = self._shares(anchor)
        return self.following

    def shows_more(self, anchor: Anchor) -> bool:
        """Whether a panel that the frame cut off when its points were chosen has come into view.

        Points from a strip of it say nothing of where the rest lies.
        """
        return any(now > then + MORE for now, then in zip(self._shares(anchor), self._shown, strict=True))

    def _shares(self, anchor: Anchor) -> tuple[float, float]:
        a, b = anchor.quads
        pose = anchor.pose
        return (
            geometry.share_inside(geometry.apply(pose.a, a), self._shape),
            geometry.share_inside(geometry.apply(pose.b, b), self._shape),
        )

    def correct(self, seen: Pose, true: Pose) -> None:
        """The pose of some recent frame was `seen` but is `true`: what drifted is put back."""
        for b, was, now in ((False, seen.a, true.a), (True, seen.b, true.b)):
            which = self._on_b == b
            if which.any():
                self._key[which] = geometry.apply(np.linalg.inv(now) @ was, self._key[which])

    def follow(self, index: int) -> Pose | None:
        """The pose in a frame that was seen; None when the page is lost (which forgets it)."""
        if not self.following or index not in self._history:
            return None
        if index != self._at:
            if self._at not in self._history:
                self.forget()
                return None
            before = [i for i in self._history if i <= index - STRIDE]
            for step in (*_spaced(before, self._at, STRIDE), index):
                self._step(step)
                if not self.following:
                    self.forget()
                    return None
        pose = self._pose()
        if pose is None:
            self.forget()
        return pose

    @property
    def thinned(self) -> bool:
        """Whether so few points are left that a new anchor is wanted."""
        return len(self._points) < POINTS // 3

    def _step(self, index: int) -> None:
        before, now = self._history[self._at], self._history[index]
        moved, ok, error = cv2.calcOpticalFlowPyrLK(
            before, now, self._points, np.zeros_like(self._points), winSize=(21, 21), maxLevel=3,
            criteria=(cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 12, 0.02), minEigThreshold=1e-4,
        )  # fmt: skip
        height, width = now.shape
        good = (ok.ravel() == 1) & np.all((moved >= 0) & (moved <= [width - 1, height - 1]), axis=1)
        good &= error.ravel() < 40.0
        self._points, self._key, self._on_b = moved[good], self._key[good], self._on_b[good]
        self._at = index

    def _pose(self) -> Pose | None:
        target = self._full(self._points)
        key = self._key
        scale = 1.0 / self._scale
        moving = self._on_b | (not self.still_a)
        key, target, on_b = key[moving], target[moving], self._on_b[moving]
        if len(key) < FEWEST:
            return None
        found, _ = cv2.findHomography(
            key.astype(np.float32), target.astype(np.float32), cv2.USAC_MAGSAC, THRESHOLD * scale, None, 500, 0.99
        )
        if found is None:
            return None
        common: Homography = np.asarray(found, np.float64)
        off = np.linalg.norm(geometry.apply(common, key) - target, axis=1)
        near = off < LOOSE * scale
        share = float(near.mean())
        if int(near.sum()) < FEWEST or share < FEWEST_SHARE or not self._sane(common):
            return None
        a, b = (self._own(common, near & (on_b == which), key, target, which) for which in (False, True))
        # what left the sheet (a finger, glare) does not come back
        keep = ~moving
        keep[moving] = off < 3.0 * LOOSE * scale
        self._points, self._key, self._on_b = self._points[keep], self._key[keep], self._on_b[keep]
        return Pose(np.eye(3) if self.still_a else a, b, share)

    def _own(self, common: Homography, which: NDArray[np.bool_], key: Points, target: Points, is_b: bool) -> Homography:
        """A panel's own homography where enough points speak for it."""
        if int(which.sum()) < PANEL_POINTS:
            return common
        fitted, _ = cv2.findHomography(key[which].astype(np.float32), target[which].astype(np.float32), 0)
        if fitted is None:
            return common
        own: Homography = np.asarray(fitted, np.float64)
        # it may not wander off where no point holds it
        assert self._anchor is not None
        corners = self._anchor.quads[is_b]
        apart = np.linalg.norm(geometry.apply(own, corners) - geometry.apply(common, corners), axis=1).max()
        return own if apart < 8.0 * LOOSE / self._scale else common

    def _sane(self, homography: Homography) -> bool:
        assert self._anchor is not None
        for quad in self._anchor.quads:
            mapped = geometry.apply(homography, quad)
            if not geometry.is_convex(mapped):
                return False
            ratio = geometry.area(mapped) / max(geometry.area(quad), 1.0)
            if not 0.04 < ratio < LARGER:
                return False
        return True

    def _reduced(self, points: Points) -> Points:
        return (points + 0.5) * self._scale - 0.5

    def _full(self, points: NDArray[np.float32]) -> Points:
        return (points.astype(np.float64) + 0.5) / self._scale - 0.5


def _spaced(indices: Iterable[int], after: int, apart: int) -> list[int]:
    """Of rising frame indices those after one, each at least `apart` from the one before."""
    result: list[int] = []
    for index in indices:
        if index >= (result[-1] if result else after) + apart:
            result.append(index)
    return result
