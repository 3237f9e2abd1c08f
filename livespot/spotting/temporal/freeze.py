"""A frozen view: the sharpest recent frame with all the evidence behind it.

In: the analyser and its page. Out: an Inspection in px of that frame.
"""

import numpy as np

from livespot import geometry
from livespot.spotting.methods.compare import compare
from livespot.spotting.methods.comparison import AlignedPanels
from livespot.spotting.results import FrameResult, Inspection, State, with_b
from livespot.spotting.temporal.analyser import NO_DIFFERENCE, Analyser
from livespot.spotting.temporal.page_state import Page
from livespot.spotting.temporal.projection import projected


def inspect_page(analyser: Analyser, page: Page) -> Inspection | None:
    """Compare the page's evidence once more, at rest, and lay the result onto its best frame."""
    frame, spotting = page.best_frame, held_in_best_frame(page)
    if frame is None or spotting is None:
        return None
    aligned = page.aligned(analyser.settings.threads)
    even = aligned.even
    panels = AlignedPanels(even.a, even.b, even.seen, aligned.error, known=aligned.eyed, root=page.eye_root)
    comparison = compare(panels, analyser.settings, analyser.vision)
    return Inspection(
        frame, spotting, aligned.a, aligned.b, np.ascontiguousarray(comparison.difference_map), even.seen,
        float(np.median(aligned.error)),
    )  # fmt: skip


def held_in_best_frame(page: Page) -> FrameResult | None:
    """What is held of a page, in px of its best frame; None without one."""
    frame, pose = page.best_frame, page.best_pose
    if frame is None or pose is None:
        return None
    differences = projected(page.held, page.registration, pose)
    return FrameResult(
        frame.index,
        frame.time,
        State.LOCKED,
        with_b("" if differences else NO_DIFFERENCE, page.registration.b_is),
        (geometry.apply(pose.a, page.quads[0]), geometry.apply(pose.b, page.quads[1])),
        differences,
        analysed=page.analyses,
        page=page.serial,
        grid=page.grid,
        b_is=page.registration.b_is,
    )
