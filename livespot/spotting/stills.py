"""One still page, or two pictures, spotted at the best quality.

In: pictures. Out: an Inspection, or a Spotting that only carries the reason.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Frame, Image
from livespot.settings import Settings
from livespot.spotting.comparing import compare
from livespot.spotting.findings import Difference, Inspection, Spotting, State
from livespot.spotting.fitted import fitted
from livespot.spotting.glare import glare, paper_level
from livespot.spotting.haze import Evened, evened
from livespot.spotting.identity import SPECK
from livespot.spotting.occlusion import occluded
from livespot.spotting.registration import Registration
from livespot.spotting.search import NotFound, canonical_grid, search_page, search_pair
from livespot.spotting.trail import Trail
from livespot.spotting.turned import comes_first, turned, turned_registration

LONGEST = 1100  # px of the canonical panel: more costs time and finds nothing more
SHOWN = fitted("stills.shown")  # confidence from which a region is drawn
SPECK_SHOWN = fitted("stills.speck_shown")  # a speck must be surer, as one view is all there is
NO_DIFFERENCE = "no difference found"


@dataclass(frozen=True, eq=False)
class Laid:
    """Two pictures laid onto each other, or why they cannot be: what comparing them starts from.

    a, b: as they are compared, (H, W, 3) uint8; a page is both. unscale: what px of `b` are multiplied by to be px of
    the picture handed in. swapped: for a pair of which B was taken first, both pictures as they were handed in.
    """

    a: Image
    b: Image
    found: Registration | NotFound
    unscale: float = 1.0
    swapped: tuple[Image, Image] | None = None


def spot_page(image: Image, settings: Settings, trail: Trail | None = None) -> Inspection | Spotting:
    """Spot the differences on a still page, (H, W, 3) uint8 BGR. A Spotting with its reason when there is no puzzle.

    trail: is told what was seen on the way.
    """
    trail = trail or Trail()
    trail.result = spot_laid(lay_page(image, settings, trail), settings)
    return trail.result


def spot_pair(a: Image, b: Image, settings: Settings, trail: Trail | None = None) -> Inspection | Spotting:
    """Spot the differences between two pictures; quads `a` are in A's px, `b` in B's px. trail: see spot_page.

    Exchanging the pictures gives the same boxes, the kinds mirrored.
    """
    trail = trail or Trail()
    trail.result = spot_laid(lay_pair(a, b, settings, trail), settings, trail)
    return trail.result


def lay_page(image: Image, settings: Settings, trail: Trail | None = None) -> Laid:
    """The first half of spot_page: where the panels are, and how one lies on the other."""
    return Laid(image, image, search_page(image, LONGEST, trail=trail, threads=settings.threads))


def lay_pair(a: Image, b: Image, settings: Settings, trail: Trail | None = None) -> Laid:
    """The first half of spot_pair."""
    trail = trail or Trail()
    trail.turned = not comes_first(a, b)
    one, two = (b, a) if trail.turned else (a, b)
    scale = max(one.shape[:2]) / max(two.shape[:2])
    sized = two
    if not 0.8 < scale < 1.25:
        # features of one thing at two sizes do not look alike
        how = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC
        sized = np.asarray(cv2.resize(two, None, fx=scale, fy=scale, interpolation=how), np.uint8)
        trail.unscale = two.shape[1] / sized.shape[1]
    found = search_pair(one, sized, LONGEST, trail, settings.threads)
    return Laid(one, sized, found, trail.unscale, (a, b) if trail.turned else None)


def spot_laid(laid: Laid, settings: Settings, trail: Trail | None = None) -> Inspection | Spotting:
    """The second half of spot_page and spot_pair: the differences. trail: is told the registration of the result."""
    result = _spotted(laid.a, laid.b, laid.found, settings, laid.unscale)
    if laid.swapped is None or not (isinstance(result, Inspection) and isinstance(laid.found, Registration)):
        return result
    a, b = laid.swapped
    full = replace(laid.found, to_b=np.diag([laid.unscale, laid.unscale, 1.0]) @ laid.found.to_b)
    to, size = canonical_grid(geometry.rectangle(a.shape[1], a.shape[0]), LONGEST)
    back = turned_registration(full, to, size)
    if trail is not None:
        trail.registration = back
    return turned(result, back, a, b)


def asked_of(mask: NDArray[np.bool_]) -> float:
    """The confidence from which a region with this mask is drawn."""
    return SHOWN if np.count_nonzero(mask) >= SPECK else SPECK_SHOWN


def _spotted(
    image_a: Image, image_b: Image, registration: Registration | NotFound, settings: Settings, unscale: float = 1.0
) -> Inspection | Spotting:
    """unscale: what px of `image_b` are multiplied by in the result."""
    if isinstance(registration, NotFound):
        return Spotting(0, 0.0, State.SEARCHING, registration.reason)
    a, b = registration.sample_a(image_a), registration.sample_b(image_b, settings.threads)
    seen = registration.inside(image_a.shape, image_b.shape, settings.threads)
    if image_a is image_b:
        # two files have no lamp over them: what is white there is meant
        over_a, over_b = occluded(image_a, registration.to_a, registration.to_b, registration.warp, registration.size)
        paper = functools.cache(lambda: paper_level(image_a, registration.panels()))
        seen &= ~(glare(a, b, paper) | glare(b, a, paper) | over_a | over_b)
    even = evened(a, b, seen) if image_a is image_b else Evened(a, b, seen)
    comparison = compare(even.a, even.b, even.seen, registration.error, settings)
    shown = (r for r in even.doubted(comparison.regions) if r.confidence >= asked_of(r.mask))
    differences = tuple(
        Difference(
            number,
            region.kind,
            region.confidence,
            region.box,
            registration.on_a(geometry.box_quad(region.box)),
            unscale * registration.on_b(geometry.box_quad(region.box)),
        )
        for number, region in enumerate(shown, start=1)
    )
    panel_a, panel_b = registration.panels()
    spotting = Spotting(
        0,
        0.0,
        State.LOCKED,
        "" if differences else NO_DIFFERENCE,
        (panel_a, unscale * panel_b),
        differences,
        analysed=1,
    )
    return Inspection(
        Frame(image_a, 0.0, 0, 0.0),
        spotting,
        a,
        b,
        np.ascontiguousarray(comparison.difference_map),
        even.seen,
        registration.residual_px,
    )
