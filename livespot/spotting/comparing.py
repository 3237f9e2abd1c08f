"""Which method compares the panels: the one place that knows there are two."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.settings import Settings
from livespot.spotting.comparison import Before, Comparison
from livespot.spotting.robust import compare_robust


def compare(
    a: Image,
    b: Image,
    seen: NDArray[np.bool_],
    error: NDArray[np.float32],
    settings: Settings,
    before: Before | None = None,
) -> Comparison:
    """Compare two aligned panels (h, w, 3) uint8 by `settings.method`. error: (gh, gw) registration error, px.

    before: what a comparison of the same two panels left, to begin with.
    """
    if settings.method == "classic":
        from livespot.spotting.classic import compare_classic

        return compare_classic(a, b, seen, settings)
    return compare_robust(a, b, seen, error, settings.sensitivity, before, settings.threads)
