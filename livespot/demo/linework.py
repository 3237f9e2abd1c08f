"""Pictures as a pen draws them: black lines on paper, as children's magazines and cheap newspapers print them.

In: pictures, BGR. Out: their outlines in ink. Puzzles of lines have little else than print as fine as a camera's
pixels, of which a sensor makes colours, and wide white spaces, in which nothing says where a panel ends.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.geometry import Box

HEIGHT = 700.0  # px: the pen is one pixel wide on a picture so high
EDGE, SOFT = -2.2, 0.45  # grey levels: how much darker than around it a line is, and the width of its edge
DARK = 50  # grey levels: what is darker is filled in
FAINT = 0.15  # share of ink below which there is none
SEEN, FEWEST = 40, 25  # grey levels a pixel must change by, and how many must, for a pen drawing to show a difference


def pen_drawing(picture: Image, paper: Sequence[float] = (255, 255, 255)) -> Image:
    """The outlines of `picture`, (h, w, 3) uint8 BGR, in black on `paper` (red, green, blue)."""
    ink = _ink(picture)[..., None]
    colour = np.array(paper[::-1], np.float32)
    return np.asarray(colour + ink * (np.float32(30.0) - colour) + np.float32(0.5), np.uint8)


def pen_drawings(
    a: Image, b: Image, boxes: Sequence[Box], paper: Sequence[float] = (255, 255, 255)
) -> tuple[Image, Image, list[Box]]:
    """A puzzle of two pictures of one size as pen drawings, and those of its boxes that a pen can show.

    Outside the boxes that are left the drawings are identical, whatever noise the pictures have.
    """
    drawn, other = pen_drawing(a, paper), pen_drawing(b, paper)
    result = drawn.copy()
    shown = []
    for box in boxes:
        x, y, w, h = box
        part = np.s_[max(0, y) : y + h, max(0, x) : x + w]
        change = cv2.absdiff(drawn[part], other[part]).max(axis=2)
        if np.count_nonzero(change > SEEN) >= FEWEST:
            result[part] = other[part]
            shown.append(box)
    return drawn, result, shown


def _ink(picture: Image) -> NDArray[np.float32]:
    """(h, w), how much ink lies on each pixel, 0 to 1."""
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    pen = max(0.7, grey.shape[0] / HEIGHT)
    smooth = cv2.bilateralFilter(grey, 7, 40, 5).astype(np.float32)
    dip = cv2.GaussianBlur(smooth, (0, 0), pen) - cv2.GaussianBlur(smooth, (0, 0), 2.2 * pen)
    lines = 1.0 / (1.0 + np.exp(np.clip((dip - EDGE) / SOFT, -30.0, 30.0)))
    filled = cv2.GaussianBlur((smooth < DARK).astype(np.float32), (0, 0), 0.8 * pen)
    ink = np.maximum(lines, filled)
    return np.asarray(np.where(ink < FAINT, 0.0, ink), np.float32)
