"""Text on pages and in scenes, with the fonts that come inside OpenCV: the same letters on every machine."""

from __future__ import annotations

import cv2

from livespot.demo.canvas import Colour
from livespot.frame import Image

_FACES: dict[str, cv2.FontFace] = {}


def _face(slanted: bool) -> cv2.FontFace:
    name = "italic" if slanted else "sans"
    if name not in _FACES:
        _FACES[name] = cv2.FontFace(name)
    return _FACES[name]


def text_width(text: str, size: int, weight: int = 400, slanted: bool = False) -> float:
    """Width of a line of text in px; `size` is its height in px."""
    _, _, width, _ = cv2.getTextSize((100000, 1000), text, (0, size), _face(slanted), size, weight)
    return float(width)


def draw_text(
    image: Image,
    text: str,
    origin: tuple[float, float],
    size: int,
    colour: Colour = (30, 28, 34),
    weight: int = 400,
    slanted: bool = False,
) -> None:
    """Write one line into `image` with its baseline starting at `origin`, px."""
    x, y = round(origin[0]), round(origin[1])
    cv2.putText(image, text, (x, y), colour[::-1], _face(slanted), size, weight)
