"""What happened to a region: added, removed, changed, recoloured, moved.

In: both panels under the same light and the region's mask. Out: a Kind. An object that only one panel has brings its
own outline, texture and colours, where the other panel shows what is all around; one that was recoloured keeps its
pattern; one that moved within the region is found again in the other panel (see moved). Everything is measured on a
crop of at most SIZE px, and the same both ways round: exchanging the panels exchanges added and removed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Box
from livespot.spotting.findings import Kind
from livespot.spotting.kernels.telling import Looked, told
from livespot.spotting.moved import explained_by_a_move
from livespot.spotting.photometry import Lit

# fitted on the project's own puzzles of seeds below 500, where the five kinds come apart on these three numbers
ONE_SIDED = 0.2  # how much more of an object one panel has than the other, 0 to 1
SAME_PATTERN = 0.7  # correlation of the two panels inside the region
SAME_OUTLINE = 0.9  # correlation of the gradients' strength in and around it: what is of one colour has no pattern
MOVED = 0.5  # share of what differs that one shift explains, and more the more one-sided it is

SIZE = 48  # px, longer side of the crop that is looked at
MARGIN = 0.25  # of the region's longer side, around it
NOISE = 4.0  # grey levels (a px): what weighs nothing
UNCORRELATED = 30.0  # grey levels squared of variance that are noise
COLOURS = 80  # pixels that stand for all
LOOKED = Looked(COLOURS, NOISE, UNCORRELATED)


def kind_of(lit: Lit, box: Box, mask: NDArray[np.bool_]) -> Kind:
    """box: (x, y, width, height) px of the panels. mask: (height, width) bool."""
    height, width = lit.a.shape[:2]
    x, y, w, h = box
    margin = max(5, int(MARGIN * max(w, h)))
    x0, y0, x1, y1 = max(0, x - margin), max(0, y - margin), min(width, x + w + margin), min(height, y + h + margin)
    inside = np.zeros((y1 - y0, x1 - x0), np.uint8)
    inside[y - y0 : y - y0 + h, x - x0 : x - x0 + w] = mask
    scale = min(1.0, SIZE / max(inside.shape))
    # a region is made smaller when it is large
    size = tuple(n if scale == 1.0 else min(n, max(8, round(n * scale))) for n in inside.shape[::-1])
    crop = told((lit.a, lit.b), lit.roots, lit.block, (x0, y0, x1, y1), inside, (size[0], size[1]), LOOKED)
    if not crop.inside.any():
        return Kind.CHANGED
    if crop.pattern > SAME_PATTERN:
        return Kind.RECOLOURED
    if abs(crop.side) > ONE_SIDED:
        return Kind.REMOVED if crop.side > 0 else Kind.ADDED
    if crop.outline > SAME_OUTLINE:
        return Kind.RECOLOURED
    if explained_by_a_move(crop.a, crop.b, crop.inside) > MOVED + abs(crop.side):
        return Kind.MOVED
    return Kind.CHANGED
