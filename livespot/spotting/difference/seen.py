"""What the learned eye sees of two aligned panels, as maps; the eye itself is classify.eye."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

KINDS = ("added", "removed", "changed", "recoloured", "moved")
Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Seen:
    """What the eye sees: maps of (h, w) float32, 0 to 1, in a grid of half the size of the shrunken panel.

    difference: this pixel differs. core: it lies inside one difference: connected over the pieces of one object, low
    where two differences meet. belongs_a, belongs_b: it is of the picture of both panels and can be seen in A, in B:
    not frame, caption, letter, table, hand, burnt glare, nor a neighbouring picture. kinds: (5, h, w), as KINDS, each
    pixel sums to 1. scale: (x, y), a map's px times scale are px of the panel that was given.
    """

    difference: Floats
    core: Floats
    belongs_a: Floats
    belongs_b: Floats
    kinds: Floats
    scale: tuple[float, float]
