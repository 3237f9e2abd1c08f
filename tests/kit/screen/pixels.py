"""What to look for on a screen: boxes of a colour, and whether two pictures are the same."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.annotate import drawing
from livespot.annotate.boxes import grown
from livespot.frame import Image
from livespot.geometry import Quad

STRIP = 48  # height of the strip below the picture at 1280 x 768
PICTURE = (1280, 720)


def near(image: Image, colour: drawing.Colour, tolerance: int = 40) -> NDArray[np.bool_]:
    """Where the image has nearly this colour."""
    low, high = (np.clip(np.add(colour, step), 0, 255).astype(np.float64) for step in (-tolerance, tolerance))
    return np.asarray(cv2.inRange(image, low, high) > 0)


def outlined(image: Image, quad: Quad, colour: drawing.Colour = drawing.ACCENT) -> float:
    """The share of a box's outline that has this colour, give or take 2 px."""
    corners = grown(np.asarray(quad, np.float64), 4)
    height, width = image.shape[:2]
    left, top = np.clip(corners.min(axis=0).astype(int) - 4, 0, (width - 1, height - 1))
    right, bottom = np.maximum(corners.max(axis=0).astype(int) + 5, (left + 1, top + 1))
    mask = near(image[top:bottom, left:right], colour)
    hits = total = 0
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        # The corners are left out: the number sits on one of them.
        for share in np.linspace(0.35, 0.85, 16):
            x, y = np.rint(start + (end - start) * share).astype(int)
            if 2 <= x < width - 2 and 2 <= y < height - 2:
                total += 1
                hits += bool(mask[y - top - 2 : y - top + 3, x - left - 2 : x - left + 3].any())
    return hits / max(total, 1)


def boxed(quads: list[tuple[Quad, Quad]], colour: drawing.Colour = drawing.ACCENT) -> Callable[[Image], bool]:
    """Whether all of these are boxed, on A and on B."""
    return lambda image: all(outlined(image, quad, colour) > 0.8 for pair in quads for quad in pair)


def extent(image: Image, colour: drawing.Colour = drawing.ACCENT) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of all pixels of a colour above the strip; zeros when there are none."""
    ys, xs = np.nonzero(near(image[: PICTURE[1]], colour))
    if len(xs) == 0:
        return 0, 0, 0, 0
    return int(xs.min()), int(ys.min()), int(xs.max()), int(ys.max())


def differs(one: Image, two: Image) -> float:
    """The share of pixels above the strip that are not the same."""
    return float((cv2.absdiff(one[: PICTURE[1]], two[: PICTURE[1]]).max(axis=2) > 24).mean())


def colour_at(image: Image, x: float, y: float) -> NDArray[np.float64]:
    """The mean colour of the 5 x 5 px around a point."""
    cx, cy = round(x), round(y)
    return np.asarray(image[cy - 2 : cy + 3, cx - 2 : cx + 3].reshape(-1, 3).mean(axis=0), np.float64)
