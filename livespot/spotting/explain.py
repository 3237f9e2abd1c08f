"""What each step saw, gathered for a person to look at: `livespot photo --explain`, and E on a frozen frame.

In: what a search left behind, or a page in hand. Out: an Explanation: the records of the comparison that gave the
result (classify.decision) and the arrays it worked on. Nothing is compared, measured or decided again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Image
from livespot.geometry import Points
from livespot.settings import Settings
from livespot.spotting.classify.decision import Decision, Reason
from livespot.spotting.methods.comparison import Judged
from livespot.spotting.registration.features import NO_MATCHES
from livespot.spotting.registration.swap_pair import MIRRORED, Turn
from livespot.spotting.registration.warping import dense
from livespot.spotting.results import FrameResult, Inspection
from livespot.spotting.still import StillTrace
from livespot.spotting.temporal.analyser import Analyser
from livespot.spotting.temporal.freeze import held_in_best_frame
from livespot.spotting.temporal.page_state import Page


@dataclass(frozen=True, eq=False)
class Compared:
    """The comparison of the panels, all on the canonical grid (h, w).

    a, b: uint8, the aligned panels. even_a, even_b: uint8, what was compared: under one light (robust), blurred
    (classic). seen: bool. error: float32, remaining misregistration, px. warp: float32 (gh, gw, 2), px, what bends B
    beyond the homography. difference, low, high: float32, the map and its levels in `unit`. above: bool, what exceeds
    the low level; kept: bool, what the candidates cover. found: the decisions, the surest first; reasons: of each, what
    speaks for and against it, strongest first.
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
    found: tuple[Decision, ...]
    reasons: tuple[tuple[Reason, ...], ...]


@dataclass(frozen=True, eq=False)
class Explanation:
    """Everything there is to show. pictures: one page, or picture A and picture B; points and quads are px of them.

    alike: how many pairs of points look alike. a, b: (N, 2), the pairs that one map explains, or all of them when none
    does (match_error None). hull: (M, 2), how far the panels were seen to agree, on A. compared: None when no panels
    were found.
    """

    settings: Settings
    pictures: tuple[Image, ...]
    spotting: FrameResult
    alike: int
    a: Points
    b: Points
    match_error: float | None
    hull: Points | None
    compared: Compared | None


def explain_still(pictures: Sequence[Image], trail: StillTrace, settings: Settings) -> Explanation:
    """What spot_page or spot_pair saw; pictures: as handed to it, trail: as it was filled in."""
    result, pairing, extent = trail.result, trail.pairing, trail.extent
    assert result is not None
    compared = None
    if isinstance(result, Inspection) and trail.judged is not None:
        compared = _compared(trail.judged, settings)
        if trail.turn is not None:
            compared = _turned(compared, trail.turn, result)
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
    spotting, frame, pose = held_in_best_frame(page), page.best_frame, page.best_pose
    if spotting is None or frame is None or pose is None:
        return None
    pairing, extent = page.trail.pairing, page.trail.extent
    tied = pairing.matches if pairing is not None else NO_MATCHES
    return Explanation(
        analyser.settings,
        (frame.image,),
        spotting,
        0 if page.trail.matches is None else len(page.trail.matches),
        geometry.apply(pose.a, tied.a),
        geometry.apply(pose.b, tied.b),
        None if pairing is None else pairing.error,
        None if extent is None else geometry.apply(pose.a, extent.hull),
        None if page.judged is None else _compared(page.judged, analyser.settings),
    )


def _compared(judged: Judged, settings: Settings) -> Compared:
    comparison, decisions = judged.comparison, judged.decisions()
    height, width = judged.seen.shape
    low, high = comparison.spread(comparison.low), comparison.spread(comparison.level)
    kept = np.zeros((height, width), np.bool_)
    for d in decisions:
        x, y, w, h = d.box
        kept[y : y + h, x : x + w] |= d.mask
    one_less = settings.method == "classic" and settings.classic.map == "ssim"
    return Compared(
        judged.a,
        judged.b,
        *comparison.even(),
        judged.seen,
        dense(judged.error, (width, height)),
        judged.warp,
        comparison.difference,
        low,
        high,
        "1 - SSIM" if one_less else "grey levels",
        (comparison.difference > low) & judged.seen,
        kept,
        tuple(decisions),
        tuple(judged.reasons(decisions)),
    )


def _turned(compared: Compared, turn: Turn, result: Inspection) -> Compared:
    """The same of a pair of which B was taken first, told with A first, as `result` is."""
    found = tuple(
        replace(
            d, box=turn.box(d.box), mask=turn.mask(d.mask, d.box), kind=MIRRORED.get(d.kind, d.kind) if d.kind else None
        )
        for d in compared.found
    )
    above, kept = (turn.carried(m.astype(np.float32)) > 0.5 for m in (compared.above, compared.kept))
    return replace(
        compared,
        a=result.a,
        b=result.b,
        even_a=turn.carried(compared.even_b),
        even_b=turn.carried(compared.even_a),
        seen=result.visible,
        error=dense(turn.back.error, turn.back.size),
        warp=turn.back.warp,
        difference=turn.carried(compared.difference),
        low=turn.carried(compared.low),
        high=turn.carried(compared.high),
        above=np.asarray(above, np.bool_),
        kept=np.asarray(kept, np.bool_),
        found=found,
    )
