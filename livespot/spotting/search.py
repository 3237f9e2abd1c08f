"""From a picture to its registered panels, with nothing known beforehand.

In: one picture of a page, or two pictures. Out: a Registration, or a NotFound that says why in words to act on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from livespot import geometry
from livespot.frame import Image
from livespot.geometry import Homography, Quad
from livespot.spotting import matching, pairing, panels
from livespot.spotting.agreement import common_share, softened, weakest_share
from livespot.spotting.fitted import fitted
from livespot.spotting.registration import Registration, nodes, register
from livespot.spotting.trail import Trail

APART = 0.15  # of the frame's shorter side: the panels of a page are at least so far apart
DARK = 22.0  # mean grey level below which there is nothing to see
FLAT = 4.0  # grey levels of deviation below which the frame holds no picture
SMALLEST = 40  # px, shorter side of a panel
WORST = 0.02  # of a panel's size: with so much misregistration left, these are not two prints of one picture
COMMON = 0.55  # share of the gradients' energy that two prints of one picture have in common; real pages have 0.75 on
# the same in the direction with the least, its median; real pages have 0.58 on, repeated words 0.31
WEAKEST = fitted("search.weakest")
# px of a panel's shorter side, and what is asked of one as small as the first: words that stand twice are seldom
# larger, and real pages have 0.8 there
SMALL, SMALL_WEAKEST = (150.0, 300.0), 0.7

SEEKING = "looking for the two pictures"
NO_PUZZLE = "no puzzle in view: show both pictures"
TOO_DARK = "too dark: turn on a light"
COVERED = "nothing to see: is the camera covered?"
TOO_SMALL = "no puzzle large enough in view: move closer"
BAD_PANELS = "these are not two panels: drag the corners of both pictures, clockwise"
DIFFERENT = "the two pictures do not show the same scene"


@dataclass(frozen=True)
class NotFound:
    """Why no panels were found; false in a condition."""

    reason: str

    def __bool__(self) -> bool:
        return False


def search_page(
    image: Image, longest: int, quads: tuple[Quad, Quad] | None = None, trail: Trail | None = None, threads: int = 1
) -> Registration | NotFound:
    """The two panels of a page (H, W, 3) uint8. longest: px, of the canonical panel. quads: panels given by hand.

    trail: is told what was seen on the way.
    """
    trail = trail or Trail()
    seeing = unseen(image)
    if seeing:
        return NotFound(seeing)
    if quads is not None:
        given = _given(image, quads, longest, threads)
        trail.registration = given if isinstance(given, Registration) else None
        return given
    height, width = image.shape[:2]
    trail.matches = matching.self_matches(matching.features(image), APART * min(height, width))
    trail.pairing = found = pairing.pair_within(trail.matches, (width, height))
    if found is None:
        return NotFound(NO_PUZZLE)
    trail.extent = extent = panels.find_extent(image, image, found)
    if extent is None:
        return NotFound(NO_PUZZLE)
    if min(geometry.side_lengths(extent.quad)) < SMALLEST:
        return NotFound(TOO_SMALL)
    trail.registration = registration = _registered(image, image, found, extent.quad, longest, threads)
    if registration.residual_px > WORST * float(np.sqrt(registration.size[0] * registration.size[1])):
        return NotFound(NO_PUZZLE)
    grey = matching.grey_of(registration.sample_a(image))
    one, two = softened(grey), softened(registration.sample_b(image, threads))
    inside = registration.inside(image.shape, image.shape, threads)
    weakest = float(np.interp(min(registration.size), SMALL, (SMALL_WEAKEST, WEAKEST)))
    if common_share(one, two, inside) < COMMON or weakest_share(one, two, inside) < weakest:
        return NotFound(NO_PUZZLE)
    return registration


def search_pair(
    a: Image, b: Image, longest: int, trail: Trail | None = None, threads: int = 1
) -> Registration | NotFound:
    """Two pictures, each one panel, (H, W, 3) uint8. trail: is told what was seen on the way."""
    trail = trail or Trail()
    for picture in (a, b):
        if min(picture.shape[:2]) < SMALLEST // 2:
            return NotFound(f"a picture of {picture.shape[1]} x {picture.shape[0]} px is too small to compare")
    trail.matches = matching.cross_matches(matching.features(a), matching.features(b))
    trail.pairing = found = pairing.pair_across(trail.matches, (a.shape[1], a.shape[0]))
    if found is None:
        return NotFound(DIFFERENT)
    trail.registration = _registered(a, b, found, geometry.rectangle(a.shape[1], a.shape[0]), longest, threads)
    return trail.registration


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


def _registered(
    image_a: Image, image_b: Image, found: pairing.Pairing, quad: Quad, longest: int, threads: int
) -> Registration:
    to_a, size = canonical_grid(quad, longest)
    to_b = found.homography @ to_a
    return register(image_a, image_b, to_a, to_b, size, panels.start_warp(found, to_a, to_b, size), threads)


def _given(image: Image, quads: tuple[Quad, Quad], longest: int, threads: int) -> Registration | NotFound:
    if not all(geometry.is_convex(quad) and min(geometry.side_lengths(quad)) >= SMALLEST // 2 for quad in quads):
        return NotFound(BAD_PANELS)
    features = matching.features(image)
    # what is printed says more exactly how A maps onto B than the corners a hand has dragged
    on_a, on_b = (features.on(quad) for quad in quads)
    found = pairing.pair_across(matching.cross_matches(on_a, on_b), (image.shape[1], image.shape[0]))
    if found is not None:
        return _registered(image, image, found, quads[0], longest, threads)
    to_a, size = canonical_grid(quads[0], longest)
    to_b = geometry.between(geometry.rectangle(*size) - 0.5, quads[1] - 0.5)
    rows, columns = nodes(size)
    return register(image, image, to_a, to_b, size, np.zeros((rows, columns, 2), np.float32), threads)


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
