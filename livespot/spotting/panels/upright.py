"""How far a page is turned in its picture: whoever holds it need not hold it upright.

In: both panels, one laid onto the other. Out: degrees. Straight edges, the panels' own and those in the pictures, are
level and upright on most pages: turned back, what both panels have of them lies together on few rows and columns, which
then differ much from their neighbours.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.panels._scans import sharpness_by_angle
from livespot.spotting.registration.gradients import gradients

Field = NDArray[np.float32]

MOST_TURN = 44.0  # degrees a page is turned in its picture: from 45 on it lies on its side
UPRIGHT = 6.0  # degrees: a page that is turned by more is looked at on a grid turned with it
UPRIGHT_FLAT, SHEARED = 1.0, 12.0  # degrees, without perspective: the same; how far rows and columns may lean apart
STRONG, STRONGEST = 2.0, 6.0  # grey levels a px: of an edge that counts, and what counts of it
COST = 0.005  # of what speaks for a turn, for each degree of it


def turn_of(a: Field, b: Field, seen: NDArray[np.bool_], apart: float = 0.0) -> tuple[float, float]:
    """Degrees, -MOST_TURN to MOST_TURN, by which what is level on the page leans against the picture's rows, and
    what is upright against its columns: the same, or up to `apart` degrees on either side of what fits both.

    a, b: (h, w) float32 grey levels, B laid onto A. seen: (h, w) bool, what both pictures hold.
    """
    edges = [_common(one, two) for one, two in zip(gradients(a), gradients(b), strict=True)]
    inner = cv2.erode(seen.astype(np.uint8), np.ones((5, 5), np.uint8), borderValue=0) > 0
    y, x = np.nonzero((np.maximum(*np.abs(edges)) > STRONG) & inner)
    if not len(x):
        return 0.0, 0.0
    across, down = edges[0][y, x], edges[1][y, x]
    at_x, at_y = x.astype(np.float32), y.astype(np.float32)

    def upright(degrees: Field) -> NDArray[np.float64]:
        return np.asarray(sharpness_by_angle(at_x, at_y, across, down, np.radians(degrees)) / a.shape[0], np.float64)

    def level(degrees: Field) -> NDArray[np.float64]:
        return np.asarray(sharpness_by_angle(at_y, at_x, down, across, -np.radians(degrees)) / a.shape[1], np.float64)

    both = 0.0
    for reach, step in ((MOST_TURN, 2.0), (1.0, 1.0)):
        every = both + np.arange(-reach, reach + 0.1, step, dtype=np.float32)
        both = float(every[np.argmax((upright(every) + level(every)) * (1.0 - COST * np.abs(every)))])
    if not apart:
        return both, both
    near = np.arange(-apart, apart + 0.1, 0.5, dtype=np.float32)
    rows, columns = (
        both + float(near[np.argmax(score(both + near) * (1.0 - COST * np.abs(near)))]) for score in (level, upright)
    )
    return rows, columns


def _common(one: Field, two: Field) -> Field:
    """What two gradients (h, w), grey levels a px, have in common: the weaker one where both have one sign."""
    weaker = np.where(np.abs(one) < np.abs(two), one, two)
    return np.asarray(np.where(one * two > 0, np.clip(weaker, -STRONGEST, STRONGEST), 0.0), np.float32)
