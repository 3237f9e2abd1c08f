"""A lamp's reflection on the page in hand, view after view: does it stay where it is, or does it wander?

In: where it lies on both panels in each view. Out: what must be kept out of the evidence. Of a reflection that stays
that is nothing: most print can be read through it, what cannot be read the learned eye knows, and nothing better will
come. One that wanders would leave its light, and seams of it, in what is known.
"""

import numpy as np

from livespot.spotting.temporal.accumulator import Evidence
from livespot.spotting.visibility.glare import Glare, no_glare

STAYS = 0.85  # share of where it has been that a reflection covers in every view; one that covers less has wandered
GONE = 3  # views in a row without it: it has gone


class Lamp:
    """The reflection on one page. wanders: it has moved, or gone; from then on what it hides is kept out."""

    def __init__(self, shape: tuple[int, int]) -> None:
        """shape: (h, w) of the page's canonical grid."""
        self._under = np.zeros((2, *shape), np.bool_)  # where it has been on A and B
        self._gone = 0  # views in a row without one
        self.wanders = False

    def kept_out(self, lies: tuple[Glare, Glare], known: tuple[Evidence, Evidence]) -> tuple[Glare, Glare]:
        """What of the reflection in a new view hides A and B, or only lightens them; known: of both, so far."""
        over = np.stack([one.over for one in lies])
        self._gone = 0 if over.any() else self._gone + 1
        if self.wanders or (self._gone and (self._gone < GONE or not self._under.any())):
            return lies
        under = self._under | over
        if np.count_nonzero(over) >= STAYS * np.count_nonzero(under):
            self._under = under
            nothing = no_glare(over.shape[1:])
            return nothing, nothing
        self.wanders = True
        for evidence, was_over in zip(known, self._under, strict=True):
            evidence.doubt(was_over)
        return lies
