"""Which method compares the panels: the one place that knows there are two."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.settings import Settings
from livespot.spotting.methods.comparison import Comparison, ComparisonCache, Eyed
from livespot.spotting.methods.robust import compare_robust


def compare(
    a: Image,
    b: Image,
    seen: NDArray[np.bool_],
    error: NDArray[np.float32],
    settings: Settings,
    before: ComparisonCache | None = None,
    known: Sequence[Eyed] = (),
) -> Comparison:
    """Compare two aligned panels (h, w, 3) uint8 by `settings.method`. error: (gh, gw) registration error, px.

    before: what a comparison of the same two panels left, to begin with. known: what the learned eye saw
    of them already.
    """
    if settings.method == "classic":
        from livespot.spotting.methods.classic import compare_classic

        return compare_classic(a, b, seen, settings)
    return compare_robust(a, b, seen, error, settings.sensitivity, before, settings.threads, known)
