"""What each step saw, gathered for a person to look at: `livespot photo --explain`, and E on a frozen frame.

In: what a search left behind, or a page with the evidence on it. Out: an Explanation. The steps are the ones that gave
the result, run once more on the same arrays; nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.company import company
from livespot import geometry
from livespot.frame import Image
from livespot.geometry import Box, Points
from livespot.settings import Settings
from livespot.spotting import classic, regions, robust
from livespot.spotting.acceptance import FEATURES, fitted_rule, measure
from livespot.spotting.analyser import Analyser
from livespot.spotting.findings import Inspection, Kind, Spotting
from livespot.spotting.inspecting import inspect_page
from livespot.spotting.kernels.alignment import dense
from livespot.spotting.kernels.lit import cell_peaks
from livespot.spotting.matching import NO_MATCHES
from livespot.spotting.page import Page
from livespot.spotting.stills import asked_of
from livespot.spotting.trail import Trail

SAME = 0.5  # of a region's box that a difference's box must cover to be what became of it


class Fate(Enum):
    """What became of a region. KEPT: it is boxed."""

    KEPT = auto()
    DOUBTFUL = auto()  # below the confidence that is asked for
    WAITING = auto()  # sure enough, but a live view has not held it for long enough yet
    LONG = auto()  # classic: longer than half a side
    SMALL = auto()  # classic: not among the largest


@dataclass(frozen=True)
class Reason:
    """One measure of a region. weight: the log-odds it adds, beside a region that is average in it."""

    measure: str
    value: float
    weight: float


@dataclass(frozen=True, eq=False)
class Considered:
    """One region that came out of the binary image.

    box: (x, y, width, height) canonical px. mask: (height, width) bool. confidence: None where the method has none.
    number, kind: of the difference that it became, or None. reasons: what speaks for and against it, strongest first.
    """

    box: Box
    mask: NDArray[np.bool_]
    fate: Fate
    confidence: float | None = None
    number: int | None = None
    kind: Kind | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, eq=False)
class Compared:
    """The comparison of the panels, all on the canonical grid (h, w).

    a, b: uint8, the aligned panels. even_a, even_b: uint8, what was compared: under one light (robust), blurred
    (classic). seen: bool. error: float32, remaining misregistration, px. warp: float32 (gh, gw, 2), px, what bends B
    beyond the homography. difference, low, high: float32, the map and its levels in `unit`. above, kept: bool, the
    binary image before and after morphology or hysteresis. found: the regions, most confident first.
    """

    a: Image
    b: Image
    even_a: Image
    even_b: Image
    seen: NDArray[np.bool_]
    error: NDArray[np.float32]
    warp: NDArray[np.float32]
    difference: NDArray[np.float32]
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    unit: str
    above: NDArray[np.bool_]
    kept: NDArray[np.bool_]
    found: tuple[Considered, ...]


@dataclass(frozen=True, eq=False)
class Explanation:
    """Everything there is to show. pictures: one page, or picture A and picture B; points and quads are px of them.

    alike: how many pairs of points look alike. a, b: (N, 2), the pairs that one map explains, or all of them when none
    does (match_error None). hull: (M, 2), how far the panels were seen to agree, on A. compared: None when no panels
    were found.
    """

    settings: Settings
    pictures: tuple[Image, ...]
    spotting: Spotting
    alike: int
    a: Points
    b: Points
    match_error: float | None
    hull: Points | None
    compared: Compared | None


def explain_still(pictures: Sequence[Image], trail: Trail, settings: Settings) -> Explanation:
    """What spot_page or spot_pair saw; pictures: as handed to it, trail: as it was filled in."""
    result, pairing, extent = trail.result, trail.pairing, trail.extent
    assert result is not None
    compared = None
    if isinstance(result, Inspection) and trail.registration is not None:
        registration, spotting = trail.registration, result.spotting
        compared = _compared(
            result.a, result.b, result.visible, registration.error, registration.warp, spotting, settings
        )
    else:
        spotting = result.spotting if isinstance(result, Inspection) else result
    tied = pairing.matches if pairing is not None else trail.matches or NO_MATCHES
    on_a, on_b = tied.a, tied.b * trail.unscale
    if trail.turned:
        on_a, on_b = on_b, on_a
    return Explanation(
        settings,
        tuple(pictures),
        spotting,
        0 if trail.matches is None else len(trail.matches),
        on_a,
        on_b,
        None if pairing is None else pairing.error,
        None if extent is None else extent.hull,
        compared,
    )


def explain_page(analyser: Analyser, page: Page) -> Explanation | None:
    """What stands behind a frozen frame: the accumulated panels, and how the page was found in its first frame."""
    inspection = inspect_page(analyser, page)
    pose = page.best_pose
    if inspection is None or pose is None:
        return None
    aligned = page.aligned(analyser.settings.threads)
    even, error = aligned.even, aligned.error
    warp = page.registration.warp + page.delta
    pairing, extent = page.trail.pairing, page.trail.extent
    tied = pairing.matches if pairing is not None else NO_MATCHES
    return Explanation(
        analyser.settings,
        (inspection.frame.image,),
        inspection.spotting,
        0 if page.trail.matches is None else len(page.trail.matches),
        geometry.apply(pose.a, tied.a),
        geometry.apply(pose.b, tied.b),
        None if pairing is None else pairing.error,
        None if extent is None else geometry.apply(pose.a, extent.hull),
        _compared(
            even.a, even.b, even.seen, error, np.asarray(warp, np.float32), inspection.spotting, analyser.settings
        ),
    )


def _compared(
    a: Image,
    b: Image,
    seen: NDArray[np.bool_],
    error: NDArray[np.float32],
    warp: NDArray[np.float32],
    spotting: Spotting,
    settings: Settings,
) -> Compared:
    full = dense(error, (a.shape[1], a.shape[0]))
    steps = _classic if settings.method == "classic" else _robust
    even_a, even_b, difference, low, high, unit, above, kept, found = steps(a, b, seen, error, spotting, settings)
    return Compared(a, b, even_a, even_b, seen, full, warp, difference, low, high, unit, above, kept, tuple(found))


_Steps = tuple[
    Image,
    Image,
    NDArray[np.float32],
    NDArray[np.float32],
    NDArray[np.float32],
    str,
    NDArray[np.bool_],
    NDArray[np.bool_],
    list[Considered],
]


def _robust(
    a: Image,
    b: Image,
    seen: NDArray[np.bool_],
    error: NDArray[np.float32],
    spotting: Spotting,
    settings: Settings,
) -> _Steps:
    scene, found, _ = robust.candidates_of(a, b, seen, error, settings.sensitivity)
    height, width = seen.shape
    low, high = (level((0, 0, width, height)) for level in (scene.thresholds.low_in, scene.thresholds.high_in))
    kept, _ = regions.standing_out(scene.difference, cell_peaks(scene.difference), scene.thresholds, seen)
    features = measure(scene, found)
    considered = []
    chances = robust.confidence_of(features, settings.sensitivity)
    for c, chance, reasons in zip(found, chances, _reasons(features), strict=True):
        number, kind = _became(c.box, spotting)
        fate = Fate.KEPT if number is not None else Fate.WAITING if chance >= asked_of(c.mask) else Fate.DOUBTFUL
        considered.append(Considered(c.box, c.mask, fate, float(chance), number, kind, reasons))
    considered.sort(key=lambda c: -(c.confidence or 0.0))
    even_a, even_b = (cv2.convertScaleAbs(p) for p in scene.lit.whole())
    return (
        np.asarray(even_a, np.uint8), np.asarray(even_b, np.uint8), scene.difference,
        low, high, "grey levels", (scene.difference > low) & seen, kept > 0, considered,
    )  # fmt: skip


def _classic(
    a: Image,
    b: Image,
    seen: NDArray[np.bool_],
    error: NDArray[np.float32],
    spotting: Spotting,
    settings: Settings,
) -> _Steps:
    map_, level = classic.map_and_level(a, b, seen, settings)
    above, kept = classic.binaries(map_, level)
    considered, room = [], settings.classic.boxes
    for part in classic.parts_of(kept):
        number, kind = (None, None) if part.long or room == 0 else _became(part.box, spotting)
        if part.long:
            fate = Fate.LONG
        elif room == 0:
            fate = Fate.SMALL
        else:
            fate, room = (Fate.KEPT if number is not None else Fate.WAITING), room - 1
        considered.append(Considered(part.box, part.mask, fate, None, number, kind))
    levels = np.full(map_.shape, level, np.float32)
    unit = "1 - SSIM" if settings.classic.map == "ssim" else "grey levels"
    blur = settings.classic.blur
    return (
        classic.blurred(a, blur), classic.blurred(b, blur), map_, levels, levels, unit, above > 0, kept > 0, considered
    )  # fmt: skip


def _reasons(features: NDArray[np.float64]) -> list[tuple[Reason, ...]]:
    """For each candidate of a comparison (N, F): how much each measure counts, by its own weight strongest first.

    A measure counts for the log-odds, less what they would be were it an average one; company for what it adds.
    """
    rule = fitted_rule()
    own, among = rule.alone(features), rule.logit(features)
    result = []
    for measured, alone, beside, surest in zip(features, own, among, company(own)[:, 0], strict=True):
        averaged = np.repeat(measured[None], len(rule.columns), axis=0)
        averaged[np.arange(len(rule.columns)), rule.columns] = rule.centre
        weight = alone - rule.alone(averaged)
        reasons = [Reason(FEATURES[c], float(measured[c]), float(w)) for c, w in zip(rule.columns, weight, strict=True)]
        reasons.append(Reason("company", float(surest), float(beside - alone)))
        result.append(tuple(sorted(reasons, key=lambda r: -abs(r.weight))))
    return result


def _became(box: Box, spotting: Spotting) -> tuple[int | None, Kind | None]:
    """Number and kind of the difference that a region's box became: the one most like those that cover most of it."""
    best: tuple[float, int | None, Kind | None] = (0.0, None, None)
    x, y, w, h = box
    for d in spotting.differences:
        dx, dy, dw, dh = d.box
        across, down = min(x + w, dx + dw) - max(x, dx), min(y + h, dy + dh) - max(y, dy)
        common = max(0, across) * max(0, down)
        alike = common / (w * h + dw * dh - common)
        if common >= SAME * w * h and alike > best[0]:
            best = (alike, d.id, d.kind)
    return best[1], best[2]
