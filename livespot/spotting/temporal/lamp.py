"""A lamp's reflection on the page in hand, view after view: does it stay where it is, or does it wander?

In: where it lies on both panels in each view. Out: what must be kept out of the evidence. Of a reflection that stays
that is nothing: most print can be read through it, what cannot be read the learned eye knows, and nothing better will
come. One that wanders would leave its light, and seams of it, in what is known.
"""

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.temporal.accumulator import Evidence
from livespot.spotting.visibility.glare import Glare, no_glare

STAYS = 0.7  # overlap of a reflection with what it was at first, of both together: with less it has wandered
GONE = 3  # views in a row without it: it has gone


class Lamp:
    """The reflection on one page. wanders: it has moved, or gone; from then on what it hides is kept out."""

    def __init__(self) -> None:
        self._first: NDArray[np.bool_] | None = None  # (2, h, w), where it lay on A and B
        self._under: NDArray[np.bool_] | None = None  # (2, h, w), what was seen through it so far
        self._gone = 0  # views in a row without one
        self.wanders = False

    def kept_out(self, lies: tuple[Glare, Glare], known: tuple[Evidence, Evidence]) -> tuple[Glare, Glare]:
        """What of the reflection in a new view hides A and B, or only lightens them; known: of both, so far."""
        over = np.stack([one.over for one in lies])
        self._gone = 0 if over.any() else self._gone + 1
        if self.wanders or (self._gone and (self._first is None or self._gone < GONE)):
            return lies
        if self._first is None or self._under is None:
            self._first = self._under = over
        if np.count_nonzero(over & self._first) >= STAYS * np.count_nonzero(over | self._first):
            self._under = self._under | over
            nothing = no_glare(over.shape[1:])
            return nothing, nothing
        self.wanders = True
        for evidence, under in zip(known, self._under, strict=True):
            evidence.doubt(under)
        return lies
