"""How livespot looks: colours, type, spacing, and the few strokes everything on screen is made of.

One quiet language: light text on near-black, one amber accent for what differs, sky blue for what you found, both from
Okabe and Ito's palette for colour-blind eyes (https://jfly.uni-koeln.de/color/). Every coloured line runs inside a dark
one, so that it reads on white paper and on black ink alike. All sizes are multiples of one unit, which follows the size
of the picture drawn on.

All functions draw into `image`, (H, W, 3) uint8 BGR, in place; colours are BGR; sizes are px.
"""

import itertools
import threading
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from livespot.frame import Image
from livespot.saying import shown

Colour = tuple[int, int, int]
Fixed = NDArray[np.int32]  # (N, 1, 2), points as the library draws them, with _SHIFT fractional bits

INK: Colour = (22, 20, 18)
DESK: Colour = (34, 31, 29)  # behind the picture
RAISED: Colour = (58, 53, 50)  # chips and panels on the desk
PAPER: Colour = (246, 245, 244)
MUTED: Colour = (172, 166, 160)
ACCENT: Colour = (20, 186, 255)  # amber: a difference
FOUND: Colour = (240, 190, 92)  # sky blue: you found it
ALARM: Colour = (64, 96, 244)  # vermilion: recording, lost, wrong

REGULAR, MEDIUM, BOLD = 420, 560, 720  # weights of the type

# The size a picture must have for text to stand at its natural size; smaller ones get smaller text, down to a floor
# that is still read at arm's length.
_NATURAL_WIDTH, _NATURAL_HEIGHT = 1280, 740
_SMALLEST, _LARGEST = 0.72, 4.0

_SHIFT = 4  # fractional bits of drawn coordinates, so that lines glide with the page instead of jumping
_local = threading.local()


def unit(width: int, height: int) -> float:
    """The scale of everything on a picture of this size; 1 on 1280 x 740 px."""
    return float(np.clip(min(width / _NATURAL_WIDTH, height / _NATURAL_HEIGHT), _SMALLEST, _LARGEST))


def _font() -> cv2.FontFace:
    # A font face keeps state while it draws, so every thread has its own.
    font = getattr(_local, "font", None)
    if font is None:
        font = _local.font = cv2.FontFace("sans")
    return font


@lru_cache(maxsize=4096)
def text_width(string: str, size: int, weight: int = REGULAR) -> int:
    """Width of a line of text, px."""
    if not string:
        return 0
    return int(cv2.getTextSize((0, 0), shown(string), (0, 0), _font(), size, weight)[2])


def text(
    image: Image,
    string: str,
    x: float,
    y: float,
    size: float,
    colour: Colour = PAPER,
    weight: int = REGULAR,
    align: str = "left",
) -> int:
    """Draw a line of text centred on height `y`; `x` is its left end, centre or right end. Returns its width."""
    size = _type_size(size)
    string = shown(string)
    width = text_width(string, size, weight)
    left = round(x) - {"left": 0, "centre": width // 2, "right": width}[align]
    # The middle of the capitals stands 0.36 of the size above the baseline.
    cv2.putText(image, string, (left, round(y + 0.36 * size)), colour, _font(), size, weight, wrap=(left, 1 << 20))
    return width


def fitting(string: str, size: float, width: float, weight: int = REGULAR) -> str:
    """`string`, cut with an ellipsis when it is wider than `width` px."""
    size = _type_size(size)
    if text_width(string, size, weight) <= width:
        return string
    low, high = 0, len(string)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(string[:middle].rstrip() + "…", size, weight) <= width:
            low = middle
        else:
            high = middle - 1
    return string[:low].rstrip() + "…" if low else ""


def _fixed(lines: Sequence[ArrayLike]) -> list[Fixed]:
    """Each line's points, (N, 2), as the library draws them: all worked out at once, as there are many of a few."""
    points = [np.asarray(line, np.float64).reshape(-1, 1, 2) for line in lines]
    if not points:
        return []
    # Far-away corners of a hopeless pose must not overflow the fixed-point coordinates.
    scaled = np.concatenate(points).clip(-30000, 30000) * (1 << _SHIFT)
    fixed = np.rint(scaled, out=scaled).astype(np.int32)
    ends = list(itertools.accumulate(map(len, points), initial=0))
    return [fixed[start:end] for start, end in itertools.pairwise(ends)]


class Stroke(NamedTuple):
    """A coloured line inside a dark one along `points`, (N, 2). dash: px of its dashes and gaps; 0: it has none."""

    points: ArrayLike
    colour: Colour
    width: float
    closed: bool = True
    dash: float = 0.0


def strokes(image: Image, lines: Iterable[Stroke]) -> None:
    """Draw lines, all those of one colour and width together, the dark edges of all of them first.

    Every call of the library lets another thread go on in Python, and waits for it afterwards.
    """
    styles: dict[tuple[Colour, float, bool], list[ArrayLike]] = {}
    for line in lines:
        style = (line.colour, line.width, line.closed and line.dash == 0.0)
        styles.setdefault(style, []).extend(_dashes(line) if line.dash > 0.0 else [line.points])
    drawn = {style: _fixed(pieces) for style, pieces in styles.items()}
    for (_, width, closed), pieces in drawn.items():
        outer = max(1, round(width)) + max(2, round(0.9 * width))
        cv2.polylines(image, pieces, closed, INK, outer, cv2.LINE_AA, _SHIFT)
    for (colour, width, closed), pieces in drawn.items():
        cv2.polylines(image, pieces, closed, colour, max(1, round(width)), cv2.LINE_AA, _SHIFT)


def polygon(image: Image, points: ArrayLike, colour: Colour, width: float, closed: bool = True) -> None:
    """A coloured line inside a dark one along `points`, (N, 2)."""
    strokes(image, [Stroke(points, colour, width, closed)])


def _dashes(line: Stroke) -> list[ArrayLike]:
    corners = np.asarray(line.points, np.float64)
    pieces: list[ArrayLike] = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        length = float(np.linalg.norm(end - start))
        # An odd number of pieces, so that every corner is drawn; no more than can be told apart.
        count = int(np.clip(length / max(line.dash, 1.0), 1, 200)) | 1
        at = np.linspace(0.0, 1.0, count + 1)[:, None]
        points = start + (end - start) * at
        pieces += [points[i : i + 2] for i in range(0, count, 2)]
    return pieces


def ring(image: Image, x: float, y: float, radius: float, colour: Colour, width: float) -> None:
    """A circle, as a coloured line inside a dark one."""
    centre = (round(float(np.clip(x, -30000, 30000)) * 16), round(float(np.clip(y, -30000, 30000)) * 16))
    r = round(float(np.clip(radius, 0, 30000)) * 16)
    inner = max(1, round(width))
    cv2.circle(image, centre, r, INK, inner + max(2, round(0.9 * width)), cv2.LINE_AA, _SHIFT)
    cv2.circle(image, centre, r, colour, inner, cv2.LINE_AA, _SHIFT)


def dot(image: Image, x: float, y: float, radius: float, colour: Colour) -> None:
    """A filled disc."""
    cv2.circle(image, (round(x * 16), round(y * 16)), round(radius * 16), colour, -1, cv2.LINE_AA, _SHIFT)


def rounded(image: Image, x: float, y: float, width: float, height: float, radius: float, colour: Colour) -> None:
    """A filled rectangle with round corners."""
    left, top, right, bottom = round(x), round(y), round(x + width) - 1, round(y + height) - 1
    if right < left or bottom < top:
        return
    r = int(min(radius, (right - left) / 2, (bottom - top) / 2))
    cv2.rectangle(image, (left + r, top), (right - r, bottom), colour, -1)
    cv2.rectangle(image, (left, top + r), (right, bottom - r), colour, -1)
    if r > 0:
        for cx in (left + r, right - r):
            for cy in (top + r, bottom - r):
                cv2.circle(image, (cx, cy), r, colour, -1, cv2.LINE_AA)


def pill(image: Image, words: str, x: float, y: float, size: float, room: float) -> None:
    """A line of text on a dark strip with round ends, centred at (x, y); cut where it is wider than `room` px."""
    words = fitting(words, size, room, MEDIUM)
    across, tall = text_width(words, round(size), MEDIUM) + 2.2 * size, 2.3 * size
    rounded(image, x - across / 2, y - tall / 2, across, tall, tall / 2, DESK)
    text(image, words, x, y, size, PAPER, MEDIUM, "centre")


def shade(image: Image, x: float, y: float, width: float, height: float, keep: float) -> None:
    """Darken a rectangle of `image`: `keep` of its brightness stays."""
    h, w = image.shape[:2]
    x0, y0 = int(np.clip(round(x), 0, w)), int(np.clip(round(y), 0, h))
    x1, y1 = int(np.clip(round(x + width), 0, w)), int(np.clip(round(y + height), 0, h))
    if x1 > x0 and y1 > y0:
        part = image[y0:y1, x0:x1]
        cv2.convertScaleAbs(part, part, keep, 0)


def spotlight(image: Image, whole: ArrayLike, lit: ArrayLike, unit: float) -> None:
    """Darken the polygon `whole`, (N, 2), outside the convex polygon `lit`, (M, 2), which gets an outline.

    Nothing that marks a difference looks like this, so that a hint is not taken for an answer.
    """
    height, width = image.shape[:2]
    corners = np.asarray(whole, np.float64)
    low = np.clip(np.floor(corners.min(axis=0)), 0, [width, height]).astype(int)
    high = np.clip(np.ceil(corners.max(axis=0)) + 1, 0, [width, height]).astype(int)
    if np.any(high <= low):
        return
    part = image[low[1] : high[1], low[0] : high[0]]
    mask = np.zeros(part.shape[:2], np.uint8)
    cv2.fillPoly(mask, _fixed([corners - low]), 255, cv2.LINE_8, _SHIFT)
    cv2.fillPoly(mask, _fixed([np.asarray(lit, np.float64) - low]), 0, cv2.LINE_8, _SHIFT)
    cv2.copyTo(cv2.convertScaleAbs(part, None, 0.4, 0), mask, part)
    polygon(image, lit, ACCENT, 2 * unit)


class Badge(NamedTuple):
    """A small filled label, its centre at (x, y)."""

    string: str
    x: float
    y: float
    size: float
    colour: Colour
    ink: Colour = INK


def badges(image: Image, labels: Sequence[Badge]) -> None:
    """Draw labels, together as strokes are: their dark rims first, their words last."""
    # A thick line has round ends.
    reaches = [(badge_width(label.string, label.size) - _badge_height(label.size)) / 2 for label in labels]
    ends = _fixed([[[at.x - reach, at.y], [at.x + reach, at.y]] for at, reach in zip(labels, reaches, strict=True)])
    rims: dict[tuple[Colour, int], list[Fixed]] = {}
    bodies: dict[tuple[Colour, int], list[Fixed]] = {}
    for label, line in zip(labels, ends, strict=True):
        height, rim = _badge_height(label.size), 2 * max(1, round(0.09 * _type_size(label.size)))
        rims.setdefault((INK, height + rim), []).append(line)
        bodies.setdefault((label.colour, height), []).append(line)
    for (colour, tall), lines in (*rims.items(), *bodies.items()):
        cv2.polylines(image, lines, False, colour, max(1, tall), cv2.LINE_AA, _SHIFT)
    for label in labels:
        text(image, label.string, label.x, label.y, label.size, label.ink, BOLD, "centre")


def badge(image: Image, string: str, x: float, y: float, size: float, colour: Colour, ink: Colour = INK) -> None:
    """A small filled label, its centre at (x, y)."""
    badges(image, [Badge(string, x, y, size, colour, ink)])


@lru_cache(maxsize=1024)
def badge_width(string: str, size: float) -> float:
    """Width of a badge with this text, px."""
    drawn = _type_size(size)
    return max(_badge_height(size), text_width(string, drawn, BOLD) + round(0.8 * drawn))


def _badge_height(size: float) -> int:
    return round(1.5 * _type_size(size))


def _type_size(size: float) -> int:
    """The size text is drawn in, px: it is not read below six."""
    return max(6, round(size))
