"""From a picture to its registered panels, with nothing known beforehand.

In: one picture of a page, or two pictures. Out: a Registration, or a NotFound that says why in words to act on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Image
from livespot.geometry import Homography, Points, Quad
from livespot.spotting.panels import extent as panels
from livespot.spotting.panels.coarse_grid import UPRIGHT_B, start_warp
from livespot.spotting.panels.gutters import picture_within, pictures_of
from livespot.spotting.panels.trace import DetectionTrace
from livespot.spotting.panels.turns import turns
from livespot.spotting.registration import features as matching
from livespot.spotting.registration import homography
from livespot.spotting.registration.agreement import CLEAR, NOISY, agrees
from livespot.spotting.registration.residual_warp import Registration, nodes, register
from livespot.spotting.vision import Vision

APART = 0.15  # of the frame's shorter side: the panels of a page are at least so far apart
DARK = 22.0  # mean grey level below which there is nothing to see
FLAT = 4.0  # grey levels of deviation below which the frame holds no picture
SMALLEST = 40  # px, shorter side of a panel
WORST = 0.02  # of a panel's size: with so much misregistration left, these are not two prints of one picture

FEW = 60  # matches: with fewer they are sought once more on a softer picture
SOFT = 1.2  # px, sigma: softer than the corners that a webcam's noise makes
COARSE = (
    480  # px, longer side of the picture where no map was found: a webcam's noise is gone, and the map may be as coarse
)

SLIGHT, LARGER = 0.05, 4.0  # of the picture: so small a panel gives way to a turned one so many times as large

MOST_PUZZLES = 8  # that are looked for on one page
SAME_VIEW = 0.9  # of B's picture shows what A's shows: there is no more of it to look for
TWIN = 0.2  # of the matches of two pictures, at least, are of another pair of panels in them
BETWEEN = 0.01  # of a panel's size, between A and a B that is its mirror image
PLAIN = 8.0  # grey levels of deviation from px to px along what is between them: paper, also in a camera's noise

SEEKING = "looking for the two pictures"
NO_PUZZLE = "no puzzle in view: show both pictures"
TOO_DARK = "too dark: turn on a light"
COVERED = "nothing to see: is the camera covered?"
TOO_SMALL = "no puzzle large enough in view: move closer"
BAD_PANELS = "these are not two panels: drag the corners of both pictures, clockwise"
CUT_OFF = "a picture is cut off: show both as a whole"
DIFFERENT = "the two pictures do not show the same scene"


@dataclass(frozen=True)
class NotFound:
    """Why no panels were found; false in a condition."""

    reason: str

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, eq=False)
class Search:
    """How panels are looked for.

    longest: px, of the canonical panel. trail: is told what was seen on the way. vision: as it ships when not given.
    """

    longest: int
    threads: int = 1
    trail: DetectionTrace = field(default_factory=DetectionTrace)
    vision: Vision = field(default_factory=Vision)

    def page(
        self, image: Image, quads: tuple[Quad, Quad] | None = None, turned: bool = True
    ) -> Registration | NotFound:
        """The two panels of a page (H, W, 3) uint8. quads: panels given by hand.

        turned: where there are none, look for a B that is mirrored or turned: three times the time.
        """
        trail, detect = self.trail, self.vision.features
        seeing = unseen(image)
        if seeing:
            return NotFound(seeing)
        if quads is not None:
            given = self._given(image, quads)
            trail.registration = given if isinstance(given, Registration) else None
            return given
        height, width = image.shape[:2]
        apart = APART * min(height, width)
        features = detect(image)
        trail.matches = matching.self_matches(features, apart)
        found = homography.pair_within(trail.matches, (width, height))
        if found is None and max(width, height) > COARSE:
            trail.matches, found = self._coarsely(image)
        elif found is not None and len(found.matches) < FEW:
            soft = detect(np.asarray(cv2.GaussianBlur(image, (0, 0), SOFT), np.uint8))
            matches = matching.self_matches(soft, apart)
            again = homography.pair_within(matches, (width, height))
            if again is not None and len(again.matches) > len(found.matches):
                features, trail.matches, found = soft, matches, again
        trail.pairing = found
        result = NotFound(NO_PUZZLE) if found is None else self._checked(image, image, found)
        area = 0.0 if isinstance(result, NotFound) else geometry.area(result.panels()[0])
        # a thing that stands twice in a picture is found as a puzzle of its own
        if turned and area < SLIGHT * height * width:
            for turn, matches in turns(features, image, features, detect):
                back, attempt = turn.back(image.shape), self._again()
                found = homography.pair_turned(matches, back, (width, height), apart)
                other = found and attempt._checked(image, turn.of(image), found, back)
                larger = isinstance(other, Registration) and geometry.area(other.panels()[0]) > LARGER * area
                if larger and isinstance(other, Registration) and _parted(image, *other.panels()):
                    attempt.trail.registration = other
                    trail.become(attempt.trail)
                    return other
        return result

    def puzzles(self, image: Image, turned: bool = True) -> list[Registration] | NotFound:
        """The panels of every puzzle on a page, the one nearest the middle first. turned: as of `page`.

        The trail is told of the first.
        """
        trail = self.trail
        whole = self.page(image, None, turned)
        if isinstance(whole, NotFound):
            return whole
        if whole.b_is or trail.pairing is None or trail.matches is None:
            return [whole]
        size, matches, found = (image.shape[1], image.shape[0]), trail.matches, [(whole, trail)]
        boxes = pictures_of(whole, image)
        if len(boxes) > 1:
            quads = [whole.box_on_a(box) for box in boxes]
            parts = [self.registered(image, image, trail.pairing, quad) for quad in quads]
            found = [(p, replace(trail, registration=p)) for p in parts if agrees(p, image, image)] or found
        while len(found) < MOST_PUZZLES:
            quads = [quad for one, _ in found for quad in one.panels()]
            free = ~np.any([_within(matches.a, quad) | _within(matches.b, quad) for quad in quads], axis=0)
            pairing, other = homography.pair_within(matches.where(free), size), self._again()
            if pairing is None:
                break
            other.trail.pairing = pairing
            one = other._checked(image, image, pairing)
            if isinstance(one, NotFound) or any(_within(one.panels()[0].mean(axis=0)[None], quad)[0] for quad in quads):
                break
            found.append((one, other.trail))
        middle = np.array(size) / 2.0
        found.sort(key=lambda each: float(np.linalg.norm(np.mean(each[0].panels(), axis=(0, 1)) - middle)))
        trail.become(found[0][1])
        return [one for one, _ in found]

    def pair(self, a: Image, b: Image) -> Registration | NotFound:
        """Two pictures, each one panel or a photograph of one, (H, W, 3) uint8."""
        trail, detect = self.trail, self.vision.features
        for picture in (a, b):
            if min(picture.shape[:2]) < SMALLEST // 2:
                return NotFound(f"a picture of {picture.shape[1]} x {picture.shape[0]} px is too small to compare")
        on_a, on_b = detect(a), detect(b)
        trail.matches = matching.cross_matches(on_a, on_b)
        trail.pairing = found = homography.pair_across(trail.matches, (a.shape[1], a.shape[0]))
        if found is not None:
            trail.registration = self._paired(a, b, found)
            return trail.registration
        for turn, matches in turns(on_a, b, on_b, detect):
            found = homography.pair_across(matches, (a.shape[1], a.shape[0]))
            if found is not None and len(found.matches) >= homography.SOLID:
                upright = self._paired(a, turn.of(b), found)
                trail.registration = replace(upright, to_b=turn.back(b.shape) @ upright.to_b)
                return trail.registration
        return NotFound(DIFFERENT)

    def twin(self, a: Image, b: Image) -> Registration | NotFound:
        """What else two pictures that `pair` saw have in common: each may show both panels, one of them in part.

        Told apart from a pattern that repeats by what is asked of the panels of a page.
        """
        first, matches = self.trail.pairing, self.trail.matches
        if first is None or matches is None:
            return NotFound(DIFFERENT)
        frame = geometry.rectangle(*a.shape[1::-1])
        there = np.clip(geometry.apply(first.homography, frame), 0, b.shape[1::-1])
        if geometry.area(there) > SAME_VIEW * b.shape[0] * b.shape[1]:
            return NotFound(DIFFERENT)  # two prints of one page, twins and all
        other = np.linalg.norm(first.apply(matches.a) - matches.b, axis=1) > APART * min(a.shape[:2])
        found = homography.pair_across(matches.where(other), (a.shape[1], a.shape[0]))
        if found is None or len(found.matches) < max(homography.SOLID, TWIN * len(first.matches)):
            return NotFound(DIFFERENT)
        return self._checked(a, b, found, None)

    def third(self, image: Image) -> tuple[Registration, Registration] | None:
        """A third picture on a page that `page` saw: laid onto panel A, and panel B onto it; None for none."""
        known, matches = self.trail.registration, self.trail.matches
        if known is None or matches is None or self.trail.pairing is None:
            return None
        quads = known.panels()
        in_a, in_b = ([_within(points, quad) for quad in quads] for points in (matches.a, matches.b))
        size = (image.shape[1], image.shape[0])
        found = []
        for panel in (0, 1):  # every pair of points stands twice, once a way
            onto = homography.pair_across(matches.where(in_a[panel] & ~in_b[0] & ~in_b[1]), size)
            if onto is None or len(onto.matches) < max(homography.SOLID, TWIN * len(self.trail.pairing.matches)):
                return None
            laid = self.registered(image, image, onto, quads[panel])
            if not agrees(laid, image, image):
                return None
            found.append(laid)
        return found[0], found[1]

    def _coarsely(self, image: Image) -> tuple[matching.Matches, homography.Pairing | None]:
        """What a page (H, W, 3) matches of itself, and its pairing, as seen with few pixels."""
        height, width = image.shape[:2]
        times = max(height, width) / COARSE
        size = round(width / times), round(height / times)
        small = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        matches = matching.self_matches(self.vision.features(small), APART * min(size))
        found = homography.pair_within(matches, size)
        return matches.enlarged(times), None if found is None else found.enlarged(times)

    def _again(self) -> Search:
        """The same search with a copy of its trail."""
        return replace(self, trail=replace(self.trail))

    def _paired(self, a: Image, b: Image, found: homography.Pairing) -> Registration:
        """Two pictures whose pairing is known, laid onto each other: all of them, or the panels in two photographs."""
        self.trail.extent = extent = panels.find_in_photographs(a, b, found)
        quad = geometry.rectangle(a.shape[1], a.shape[0]) if extent is None else extent.quad
        registration = self.registered(a, b, found, quad, extent)
        if extent is not None and (inner := picture_within(registration, a, b)) is not None:
            registration = self.registered(a, b, found, registration.box_on_a(inner))
        return registration

    def _checked(
        self, image: Image, other: Image, found: homography.Pairing, page: Homography | None = UPRIGHT_B
    ) -> Registration | NotFound:
        """The panels of a page whose pairing is known, if they are two prints of one picture.

        other: the page; or brought upright for a turned B, its px -> the page's by `page`; with None another picture.
        """
        trail = self.trail
        trail.extent = extent = panels.find_extent(image, other, found, page)
        if extent is None:
            return NotFound(NO_PUZZLE)
        if min(geometry.side_lengths(extent.quad)) < SMALLEST:
            return NotFound(TOO_SMALL)
        trail.registration = registration = self.registered(image, other, found, extent.quad, extent)
        apart = registration.residual_px > WORST * float(np.sqrt(registration.size[0] * registration.size[1]))
        asked = NOISY if extent.sure >= panels.ONE_PICTURE else CLEAR
        if apart or not agrees(registration, image, other, asked):
            return NotFound(NO_PUZZLE)
        if page is None or page is UPRIGHT_B:
            return registration
        return replace(registration, to_b=page @ registration.to_b)

    def registered(
        self, a: Image, b: Image, found: homography.Pairing, quad: Quad, extent: panels.Extent | None = None
    ) -> Registration:
        """B laid onto panel A, which is `quad` in picture A; with what of it the extent says is picture."""
        to_a, size = canonical_grid(quad, self.longest)
        to_b = found.homography @ to_a
        registered = register(a, b, to_a, to_b, size, start_warp(found, to_a, to_b, size), self.threads)
        if extent is None:
            return registered
        picture, covered = extent.masks(to_a, size)
        return replace(registered, picture=picture, covered=covered)

    def _given(self, image: Image, quads: tuple[Quad, Quad]) -> Registration | NotFound:
        if not all(geometry.is_convex(quad) and min(geometry.side_lengths(quad)) >= SMALLEST // 2 for quad in quads):
            return NotFound(BAD_PANELS)
        features = self.vision.features(image)
        # what is printed says more exactly how A maps onto B than the corners a hand has dragged
        on_a, on_b = (features.on(quad) for quad in quads)
        found = homography.pair_across(matching.cross_matches(on_a, on_b), (image.shape[1], image.shape[0]))
        if found is not None:
            return self.registered(image, image, found, quads[0])
        to_a, size = canonical_grid(quads[0], self.longest)
        to_b = geometry.between(geometry.rectangle(*size) - 0.5, quads[1] - 0.5)
        rows, columns = nodes(size)
        return register(image, image, to_a, to_b, size, np.zeros((rows, columns, 2), np.float32), self.threads)


def search_page(image: Image, longest: int, quads: tuple[Quad, Quad] | None = None) -> Registration | NotFound:
    """Search.page with one thread and the vision as it ships."""
    return Search(longest).page(image, quads)


def search_pair(a: Image, b: Image, longest: int) -> Registration | NotFound:
    """Search.pair, likewise."""
    return Search(longest).pair(a, b)


def _within(points: Points, quad: Quad) -> NDArray[np.bool_]:
    """(N,) bool: which of the points lie in the upright box around a quad."""
    return np.asarray(((points >= quad.min(axis=0)) & (points <= quad.max(axis=0))).all(axis=1))


def _parted(image: Image, a: Quad, b: Quad) -> bool:
    """Whether bare paper lies between two panels, each (4, 2): a symmetric picture is no puzzle by itself."""
    low, high = np.minimum(a.max(axis=0), b.max(axis=0)), np.maximum(a.min(axis=0), b.min(axis=0))
    gap = high - low
    axis = int(np.argmax(gap))
    if gap[axis] < BETWEEN * np.sqrt(geometry.area(a)):
        return False
    spare = 0.2 * gap[axis]
    along = slice(*np.rint((low[axis] + spare, high[axis] - spare + 1.0)).astype(int))
    across = slice(*np.rint((high[1 - axis], low[1 - axis])).astype(int))
    strip = matching.grey_of(image)[(across, along) if axis == 0 else (along, across)]
    return bool(strip.size > 0 and np.diff(strip.astype(np.float32), axis=axis).std() < PLAIN)


def canonical_grid(quad: Quad, longest: int) -> tuple[Homography, tuple[int, int]]:
    """Canonical px -> picture px for a panel's quad, and the canonical (width, height).

    A panel that stands upright in its picture keeps its own pixels: nothing is resampled.
    """
    width, height = geometry.side_lengths(quad)
    scale = min(1.0, longest / max(width, height))
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    corner = np.round(quad.min(axis=0))
    if scale == 1.0 and np.abs(quad - geometry.rectangle(*size) - corner).max() < 2.0:
        return np.array([[1, 0, corner[0]], [0, 1, corner[1]], [0, 0, 1]], np.float64), size
    # corners are at half pixels beyond the outermost centres
    return geometry.between(geometry.rectangle(*size) - 0.5, quad - 0.5), size


def unseen(image: Image) -> str:
    """Why nothing can be seen in a picture; "" when something can."""
    small = image[:: max(1, image.shape[0] // 120), :: max(1, image.shape[1] // 160)].astype(np.float32)
    grey = small.mean(axis=2) if small.ndim == 3 else small
    if min(image.shape[:2]) < 2 * SMALLEST:
        return f"a picture of {image.shape[1]} x {image.shape[0]} px is too small for two panels"
    if float(grey.std()) < FLAT:
        return TOO_DARK if float(grey.mean()) < DARK else COVERED
    if float(np.percentile(grey, 95)) < DARK:
        return TOO_DARK
    return ""
