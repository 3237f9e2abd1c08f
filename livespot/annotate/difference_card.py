"""The card: every difference cropped from A and from B, side by side and numbered, on one picture to print or send.

In: pictures and a spotting. Out: one (H, W, 3) uint8 picture on white.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from livespot import geometry
from livespot.annotate import drawing
from livespot.annotate.boxes import NOTHING_MARKED, Marking, grown, tick
from livespot.annotate.words import EXPLAINED, count_of
from livespot.frame import Image
from livespot.geometry import Homography, Quad
from livespot.spotting.results import Difference, FrameResult

TILE = 260  # px, the side of one crop
_SEEN = 2.2  # how much more than the difference itself a crop shows
_LEAST = 0.14  # of the panel's longer side: a crop shows at least this much, to be recognised
_MARGIN, _GAP, _HEADER, _CAPTION = 36, 10, 96, 58
_RULE: drawing.Colour = (222, 220, 218)
_GREY: drawing.Colour = (110, 106, 102)
_AMBER: drawing.Colour = (0, 150, 226)  # darker than on the screen: it stands on white


def card(
    spotting: FrameResult,
    image: Image,
    *,
    marking: Marking = NOTHING_MARKED,
    title: str = "livespot",
    date: str = "",
) -> Image | None:
    """The card of a spotting; None when there is no difference to show.

    image: the picture that both panels lie in. Dismissed differences are left out.
    """
    shown = [d for d in spotting.differences if d.id not in marking.dismissed]
    if not shown or spotting.panels is None:
        return None
    # About as wide as high: a page, not a strip.
    wide, high = 2 * TILE + _GAP + 2 * _GAP, TILE + _CAPTION + 2 * _GAP
    across = int(np.clip(round((len(shown) * high / wide) ** 0.5), 1, 4))
    down = -(-len(shown) // across)
    height = _HEADER + down * high + _MARGIN
    sheet = np.full((height, 2 * _MARGIN + across * wide, 3), 255, np.uint8)
    count = count_of(len(shown), "difference")
    drawing.text(sheet, count, _MARGIN + _GAP, 50, 32, drawing.INK, drawing.BOLD)
    words = " · ".join(part for part in (title, date) if part)
    room = sheet.shape[1] - 2 * _MARGIN - drawing.text_width(count, 32, drawing.BOLD) - 60
    drawing.text(sheet, drawing.fitting(words, 17, room), sheet.shape[1] - _MARGIN - _GAP, 52, 17, _GREY, align="right")
    for i, difference in enumerate(shown):
        left, top = _MARGIN + _GAP + (i % across) * wide, _HEADER + (i // across) * high
        crops = [_crop(image, *place) for place in zip(spotting.panels, (difference.a, difference.b), strict=True)]
        _draw(sheet, left, top, difference, crops, marking)
    return sheet


def _draw(sheet: Image, left: int, top: int, difference: Difference, crops: Sequence[Image], marking: Marking) -> None:
    number = marking.number(difference)
    for i, (name, crop) in enumerate(zip("AB", crops, strict=True)):
        x = left + i * (TILE + _GAP)
        sheet[top : top + TILE, x : x + TILE] = crop
        cv2.rectangle(sheet, (x, top), (x + TILE - 1, top + TILE - 1), _RULE, 1)
        drawing.badge(sheet, name, x + 20, top + TILE - 20, 15, drawing.PAPER)
    guess = marking.guesses(difference)
    label, fill, ink = (
        (f"{number}?", drawing.DESK, drawing.ACCENT) if guess else (str(number), drawing.ACCENT, drawing.INK)
    )
    drawing.badge(sheet, label, left + 22, top + 22, 19, fill, ink)
    y = top + TILE + 24
    kind = str(difference.kind)
    gloss = EXPLAINED[kind]
    words = ("perhaps " if guess else "") + (kind if gloss == kind else f"{kind}: {gloss}")
    x = left + drawing.text(sheet, words, left, y, 18, drawing.INK, drawing.MEDIUM) + 14
    if number in marking.ticked:
        drawing.strokes(sheet, [tick(x + 8, y, 15)])
    sure = f"{min(99, round(100 * difference.confidence))} % sure"
    drawing.text(sheet, sure, left + 2 * TILE + _GAP, y, 16, _GREY, align="right")


def _crop(image: Image, panel: Quad, quad: Quad) -> Image:
    """The place of a difference, seen straight on, TILE px square, with its outline."""
    width, height = geometry.side_lengths(panel)
    # The panel's own upright grid, so that both crops stand the same way however the page lay.
    upright = geometry.between(panel, geometry.rectangle(width, height))
    here = geometry.apply(upright, quad)
    low, high = here.min(axis=0), here.max(axis=0)
    side = max(_SEEN * float((high - low).max()), _LEAST * max(width, height), 24.0)
    # Inside the panel where that is possible: what stands beside it says nothing about the difference.
    beyond = np.maximum(np.array([width, height]) - side, 0)
    corner = np.clip((low + high) / 2 - side / 2, 0, beyond) - np.maximum(side - np.array([width, height]), 0) / 2
    scale = TILE / side
    place: Homography = np.array([[scale, 0, -corner[0] * scale], [0, scale, -corner[1] * scale], [0, 0, 1]])
    matrix = place @ upright
    tile = np.asarray(
        cv2.warpPerspective(image, matrix, (TILE, TILE), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)), np.uint8
    )
    x0, y0 = np.maximum(np.rint(-corner * scale), 0).astype(int)
    x1, y1 = np.rint((np.array([width, height]) - corner) * scale).astype(int)
    tile[:y0], tile[max(y1, 0) :], tile[:, :x0], tile[:, max(x1, 0) :] = 255, 255, 255, 255
    cv2.polylines(
        tile, [np.rint(grown(geometry.apply(matrix, quad), 4)).astype(np.int32)], True, _AMBER, 3, cv2.LINE_AA
    )
    return tile
