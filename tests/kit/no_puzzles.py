"""Pages that are no puzzle, though parts of them look alike."""

import cv2
import numpy as np

from livespot.bench import pages
from livespot.frame import Image

_SYLLABLES = ("ba", "lo", "mir", "ten", "su", "ra", "kel", "o", "vi", "dan", "pe", "int", "gor", "a", "ush", "ny")


def page_of_words(rng: np.random.Generator) -> Image:
    """A page of text, (H, W, 3) uint8, in one column or two: lines of words some of which come again and again."""
    height, width = int(rng.integers(700, 1000)), int(rng.integers(640, 900))
    size, columns = float(rng.uniform(0.45, 0.7)), int(rng.integers(1, 3))
    image = np.full((height, width, 3), int(rng.integers(225, 256)), np.uint8)
    words = ["".join(rng.choice(_SYLLABLES, rng.integers(1, 4))) for _ in range(int(rng.integers(25, 200)))]
    room = width // columns
    for column in range(columns):
        for y in range(60, height - 40, round(46 * size)):
            line = " ".join(rng.choice(words, 14))[: int((room - 60) / (18.5 * size))]
            at = (column * room + 30, y)
            cv2.putText(image, line, at, cv2.FONT_HERSHEY_SIMPLEX, size, (20, 20, 20), 1, cv2.LINE_AA)
    return pages.worn(image, rng)
