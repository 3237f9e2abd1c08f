"""A frozen view: the sharpest recent frame with all the evidence behind it.

In: the analyser and its page. Out: an Inspection in px of that frame.
"""

from __future__ import annotations

import numpy as np

from livespot import geometry
from livespot.spotting.analyser import NO_DIFFERENCE, Analyser
from livespot.spotting.comparing import compare
from livespot.spotting.findings import Inspection, Spotting, State
from livespot.spotting.page import Page
from livespot.spotting.projection import projected


def inspect_page(analyser: Analyser, page: Page) -> Inspection | None:
    """Compare the page's evidence once more, at rest, and lay the result onto its best frame."""
    frame, pose = page.best_frame, page.best_pose
    if frame is None or pose is None:
        return None
    aligned = page.aligned(analyser.settings.threads)
    even = aligned.even
    comparison = compare(even.a, even.b, even.seen, aligned.error, analyser.settings)
    differences = projected(page.held, page.registration, pose)
    panels = (geometry.apply(pose.a, page.quads[0]), geometry.apply(pose.b, page.quads[1]))
    spotting = Spotting(
        frame.index,
        frame.time,
        State.LOCKED,
        "" if differences else NO_DIFFERENCE,
        panels,
        differences,
        analysed=page.analyses,
        page=page.serial,
        grid=page.grid,
    )
    return Inspection(
        frame, spotting, aligned.a, aligned.b, np.ascontiguousarray(comparison.difference_map), even.seen,
        float(np.median(aligned.error)),
    )  # fmt: skip
