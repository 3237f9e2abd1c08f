"""The published pipeline as published, with scikit-image, handed the true panels: what livespot is measured against.

In: two aligned panels. Out: boxes in their px. "A difference spotter algorithm": blur by 2 % of the width; SSIM for
each channel, the largest difference over the channels, normalised; threshold at the 95 % quantile; open 3x3 three
times, dilate 5x5 twice; components, those longer than half a side dropped, the 15 largest kept; rectangles.
Plain on purpose: `spotting.classic` is the fast one, and a test holds the two together.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.geometry import Box

BLUR, QUANTILE, BOXES = 0.02, 0.95, 15


def published_map(a: Image, b: Image) -> NDArray[np.float64]:
    """(h, w), 0 to 1: 1 - SSIM of the blurred panels, the largest over the channels, normalised."""
    from skimage.metrics import structural_similarity

    size = int(BLUR * a.shape[1]) | 1
    blurred = [np.asarray(cv2.GaussianBlur(panel, (size, size), 0)) if size >= 3 else panel for panel in (a, b)]
    _, similarity = structural_similarity(  # type: ignore[no-untyped-call]
        blurred[0], blurred[1], full=True, channel_axis=2, data_range=255
    )
    difference = (1.0 - similarity).max(axis=2)
    top = difference.max()
    return np.asarray(difference / top if top > 0 else difference, np.float64)


def published(a: Image, b: Image) -> list[Box]:
    """The boxes (x, y, w, h) of two aligned panels (h, w, 3) uint8, 7 px or more each way, largest first."""
    difference = published_map(a, b)
    binary = (difference > np.quantile(difference, QUANTILE)).astype(np.uint8)
    opened = cv2.morphologyEx(binary, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8), iterations=3)
    grown = cv2.dilate(opened, np.ones((5, 5), np.uint8), iterations=2)
    _, _, stats, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
    height, width = binary.shape
    kept = [s for s in stats[1:] if s[cv2.CC_STAT_WIDTH] <= width / 2 and s[cv2.CC_STAT_HEIGHT] <= height / 2]
    kept.sort(key=lambda s: -int(s[cv2.CC_STAT_AREA]))
    return [(int(s[0]), int(s[1]), int(s[2]), int(s[3])) for s in kept[:BOXES]]
