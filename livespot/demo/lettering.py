"""Text on pages and in scenes, with the fonts that come inside OpenCV: the same letters on every machine."""

from functools import lru_cache

import cv2

from livespot.frame import Image

Colour = tuple[float, float, float]  # red, green, blue, 0 to 255
_face = lru_cache(lambda: cv2.FontFace("sans"))


def text_width(text: str, size: int, weight: int = 400) -> float:
    """Width of a line of text in px; `size` is its height in px."""
    _, _, width, _ = cv2.getTextSize((100000, 1000), text, (0, size), _face(), size, weight)
    return float(width)


def draw_text(
    image: Image,
    text: str,
    origin: tuple[float, float],
    size: int,
    colour: Colour = (30, 28, 34),
    weight: int = 400,
) -> None:
    """Write one line into `image` with its baseline starting at `origin`, px."""
    x, y = round(origin[0]), round(origin[1])
    cv2.putText(image, text, (x, y), colour[::-1], _face(), size, weight)
