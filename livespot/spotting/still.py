"""One still page, or two pictures, spotted at the best quality.

In: pictures. Out: an Inspection, or a FrameResult that only carries the reason.
"""

import functools
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Frame, Image
from livespot.settings import Settings
from livespot.spotting.classify.decision import Verdict
from livespot.spotting.methods.compare import compare
from livespot.spotting.methods.comparison import AlignedPanels, Judged
from livespot.spotting.methods.robust import covered_by, looked_at, lost_to_the_eye
from livespot.spotting.panels.clipped import cut_off
from livespot.spotting.panels.detect import COVERED, CUT_OFF, TOO_DARK, NotFound, Search, canonical_grid
from livespot.spotting.panels.trace import DetectionTrace
from livespot.spotting.params import StillParams
from livespot.spotting.registration.features import grey_of
from livespot.spotting.registration.residual_warp import Registration
from livespot.spotting.registration.swap_pair import Turn, comes_first, turn_of, turned, turned_registration
from livespot.spotting.results import Difference, FrameResult, Inspection, State, with_b
from livespot.spotting.temporal.tracks import SPECK
from livespot.spotting.visibility.glare import glare, paper_level
from livespot.spotting.visibility.occlusion import occluded
from livespot.spotting.visibility.veil import ReflectionMatchedPair, evened
from livespot.spotting.vision import Vision

LONGEST = 1100  # px of the canonical panel: more costs time and finds nothing more
# of a page's longer side: so near to its edge a panel is taken to be cut off, with differences found and without
SURELY_CUT, PERHAPS_CUT = 0.01, 0.04
NO_DIFFERENCE = "no difference found"
# what is said to who holds a camera, as it is said of a file
OF_A_FILE = {COVERED: "nothing to see: all of it is one colour", TOO_DARK: "too dark to see anything in it"}


@dataclass(eq=False)
class StillTrace(DetectionTrace):
    """As DetectionTrace; judged: the comparison, and what was made of it. turn: where B of a pair was taken first."""

    judged: Judged | None = None
    turn: Turn | None = None


@dataclass(frozen=True, eq=False)
class AlignedPair:
    """Two pictures laid onto each other, or why they cannot be: what comparing them starts from.

    a, b: as they are compared, (H, W, 3) uint8; a page is both. unscale: what px of `b` are multiplied by to be px of
    the picture handed in. swapped: for a pair of which B was taken first, both pictures as they were handed in.
    """

    a: Image
    b: Image
    found: Registration | NotFound
    unscale: float = 1.0
    swapped: tuple[Image, Image] | None = None


def spot_page(
    image: Image, settings: Settings, trail: StillTrace | None = None, vision: Vision | None = None
) -> Inspection | FrameResult:
    """Spot the differences on a still page, (H, W, 3) uint8 BGR. A FrameResult with its reason when there is no puzzle.

    trail: is told what was seen on the way. vision: as it ships when not given.
    """
    trail, vision = trail or StillTrace(), vision or Vision()
    return _with_third(image, lay_page(image, settings, trail, vision), settings, trail, vision)


def _search(settings: Settings, trail: StillTrace, vision: Vision) -> Search:
    return Search(LONGEST, settings.threads, trail, vision)


def _with_third(
    image: Image, laid: AlignedPair, settings: Settings, trail: StillTrace, vision: Vision
) -> Inspection | FrameResult:
    """The result for a page, whichever two of its pictures were laid onto each other."""
    trail.result = spot_laid(laid, settings, trail, vision)
    third = _search(settings, trail, vision).third(image) if trail.result else None
    if third is not None:
        trail.result = _odd_one(image, trail, third, settings, vision)
    return trail.result


def spot_puzzles(
    image: Image, settings: Settings, trail: StillTrace | None = None, vision: Vision | None = None
) -> list[Inspection | FrameResult]:
    """Every puzzle on a still page, each by itself, the one nearest the middle first; or one FrameResult with why there
    is none. Arguments as of spot_page; trail: of the first."""
    trail, vision = trail or StillTrace(), vision or Vision()
    found = _search(settings, trail, vision).puzzles(image)
    if isinstance(found, NotFound) or len(found) == 1:
        laid = AlignedPair(image, image, found if isinstance(found, NotFound) else found[0])
        return [_with_third(image, laid, settings, trail, vision)]
    traces = [trail, *(replace(trail) for _ in found[1:])]
    for one, trace in zip(found, traces, strict=True):
        trace.result = spot_laid(AlignedPair(image, image, one), settings, trace, vision)
    return [trace.result for trace in traces if trace.result is not None]


def spot_pair(
    a: Image, b: Image, settings: Settings, trail: StillTrace | None = None, vision: Vision | None = None
) -> Inspection | FrameResult:
    """Spot the differences between two pictures; quads `a` are in A's px, `b` in B's px. Arguments as of spot_page.

    Exchanging the pictures gives the same boxes, the kinds mirrored.
    """
    trail, vision = trail or StillTrace(), vision or Vision()
    laid = lay_pair(a, b, settings, trail, vision)
    trail.result = result = spot_laid(laid, settings, trail, vision)
    if isinstance(result, Inspection) and not result.spotting.differences:
        # prints of one picture, it seems; perhaps both show its twin, too, one of them in part
        other = replace(trail)
        found = _search(settings, other, vision).twin(laid.a, laid.b)
        twin = spot_laid(replace(laid, found=found), settings, other, vision)
        if isinstance(twin, Inspection) and twin.spotting.differences:
            trail.become(other)
            trail.result = twin
    return trail.result


def _odd_one(
    image: Image, trail: StillTrace, third: tuple[Registration, Registration], settings: Settings, vision: Vision
) -> Inspection | FrameResult:
    """The result for a page of three pictures: a pair that differs, and which of the three is the odd one out.

    trail: of panels A and B; told of the pair that is shown. third: the other picture against A, and against B.
    """
    assert trail.result is not None
    assert isinstance(trail.registration, Registration)
    traces = [trail, replace(trail), replace(trail)]
    for trace, found in zip(traces[1:], third, strict=True):
        trace.registration, trace.extent, trace.result = found, None, None
        trace.result = spot_laid(AlignedPair(image, image, found), settings, trace, vision)
    shown = [trace.result for trace in traces if isinstance(trace.result, Inspection)]
    if len(shown) < 3:
        return trail.result
    a_b, a_c, b_c = (len(result.spotting.differences) for result in shown)
    # the one whose fellows are alike
    alike = min((b_c, 0), (a_c, 1), (a_b, 2))
    centres = [trail.registration.panels()[0], trail.registration.panels()[1], third[0].panels()[1]]
    order = sorted(range(3), key=lambda k: float(centres[k].mean(axis=0).sum()))
    place = ("first", "second", "third")[order.index(alike[1])]
    words = f"three pictures: the {place} one is the odd one out" if max(a_b, a_c, b_c) else NO_DIFFERENCE
    best = 1 if alike[1] == 2 else 0
    if best:
        trail.become(traces[best])
    chosen = shown[best]
    return replace(chosen, spotting=replace(chosen.spotting, reason=words))


def lay_page(
    image: Image, settings: Settings, trail: StillTrace | None = None, vision: Vision | None = None
) -> AlignedPair:
    """The first half of spot_page: where the panels are, and how one lies on the other."""
    return AlignedPair(image, image, _search(settings, trail or StillTrace(), vision or Vision()).page(image))


def lay_pair(
    a: Image, b: Image, settings: Settings, trail: StillTrace | None = None, vision: Vision | None = None
) -> AlignedPair:
    """The first half of spot_pair."""
    trail = trail or StillTrace()
    trail.turned = not comes_first(a, b)
    one, two = (b, a) if trail.turned else (a, b)
    scale = max(one.shape[:2]) / max(two.shape[:2])
    sized = two
    if not 0.8 < scale < 1.25:
        # features of one thing at two sizes do not look alike
        how = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC
        sized = np.asarray(cv2.resize(two, None, fx=scale, fy=scale, interpolation=how), np.uint8)
        trail.unscale = two.shape[1] / sized.shape[1]
    found = _search(settings, trail, vision or Vision()).pair(one, sized)
    return AlignedPair(one, sized, found, trail.unscale, (a, b) if trail.turned else None)


def spot_laid(
    laid: AlignedPair, settings: Settings, trail: StillTrace | None = None, vision: Vision | None = None
) -> Inspection | FrameResult:
    """The second half of spot_page and spot_pair: the differences. trail: is told the registration of the result."""
    trail = trail or StillTrace()
    result = _spotted(laid.a, laid.b, laid.found, settings, laid.unscale, trail, vision or Vision())
    if laid.swapped is None or not (isinstance(result, Inspection) and isinstance(laid.found, Registration)):
        return result
    a, b = laid.swapped
    full = replace(laid.found, to_b=np.diag([laid.unscale, laid.unscale, 1.0]) @ laid.found.to_b)
    whole = np.abs(laid.found.panels()[0] - geometry.rectangle(*laid.a.shape[1::-1])).max() < 1.0
    to, size = canonical_grid(geometry.rectangle(*a.shape[1::-1]) if whole else full.panels()[1], LONGEST)
    trail.registration = turned_registration(full, to, size)
    trail.turn = turn_of(full, trail.registration)
    return turned(result, trail.turn, a, b)


def min_confidence(mask: NDArray[np.bool_], params: StillParams) -> float:
    """The confidence from which a region with this mask is drawn."""
    return params.shown if np.count_nonzero(mask) >= SPECK else params.speck_shown


def _spotted(
    image_a: Image,
    image_b: Image,
    registration: Registration | NotFound,
    settings: Settings,
    unscale: float,
    trail: StillTrace,
    vision: Vision,
) -> Inspection | FrameResult:
    """unscale: what px of `image_b` are multiplied by in the result."""
    if isinstance(registration, NotFound):
        return FrameResult(0, 0.0, State.SEARCHING, OF_A_FILE.get(registration.reason, registration.reason))
    a, b = registration.sample_a(image_a), registration.sample_b(image_b)
    in_view = registration.in_view(image_a.shape, image_b.shape)
    eyed = looked_at(a, b, in_view, settings.threads)
    seen = replace(registration, covered=covered_by(registration.covered, eyed)).of_picture(in_view)
    if image_a is image_b:
        # two files have no lamp over them: what is white there is meant
        over_a, over_b = occluded(image_a, registration.to_a, registration.to_b, registration.warp, registration.size)
        paper = functools.cache(lambda: paper_level(image_a, registration.panels()))
        hidden = glare(a, b, paper).over | glare(b, a, paper).over | over_a | over_b
        seen &= ~(hidden & lost_to_the_eye(eyed, in_view.shape))
    even = evened(a, b, seen) if image_a is image_b else ReflectionMatchedPair(a, b, seen)
    comparison = compare(AlignedPanels(even.a, even.b, even.seen, registration.error, known=(eyed,)), settings, vision)
    regions = even.doubted(comparison.regions)
    differences: list[Difference] = []
    verdicts = []
    for region in regions:
        asked = min_confidence(region.mask, vision.params.stills)
        if region.confidence < asked:
            verdicts.append(Verdict(False, asked))
            continue
        quad = geometry.box_quad(region.box)
        on_a, on_b = registration.on_a(quad), unscale * geometry.clockwise(registration.on_b(quad))
        number = len(differences) + 1
        differences.append(Difference(number, region.kind, region.confidence, region.box, on_a, on_b))
        verdicts.append(Verdict(True, asked, number))
    trail.judged = Judged(a, b, even.seen, registration.error, registration.warp, comparison, regions, tuple(verdicts))
    panel_a, panel_b = registration.panels()
    reason = "" if differences else NO_DIFFERENCE
    if (
        image_a is image_b
        and not registration.b_is
        and cut_off(grey_of(image_a), panel_a, panel_b, SURELY_CUT if differences else PERHAPS_CUT)
    ):
        reason = CUT_OFF
    spotting = FrameResult(
        0,
        0.0,
        State.LOCKED,
        with_b(reason, registration.b_is),
        (panel_a, unscale * panel_b),
        tuple(differences),
        analysed=1,
        b_is=registration.b_is,
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
