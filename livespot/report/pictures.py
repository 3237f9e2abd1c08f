"""The steps as pictures: page with matches, registration, maps, masks, regions, result.

In: an Explanation. Out: (h, w, 3) uint8 BGR pictures, drawn anew.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.annotate import boxes, drawing
from livespot.annotate.heat_map import dimmed
from livespot.frame import Image
from livespot.geometry import Homography
from livespot.spotting.classify.decision import Decision
from livespot.spotting.explain import Compared, Explanation

WIDEST = 1600  # px of a picture on the page
MOST_LINES = 220  # matches drawn: more hide the picture
WORST_ERROR = 2.0  # px, the hottest colour of the residual
TOP = 2.0  # times the threshold, the hottest colour of the difference map
CROP = 132  # px, side of a region's crop
_UNSEEN = (120, 92, 72)
_DROPPED = (150, 150, 150)
_PALE: drawing.Colour = (255, 255, 255)


def page(explanation: Explanation) -> Image:
    """The page, or both pictures, with the panels and the matches that tie them together."""
    sheet, places = _sheet(explanation.pictures)
    unit = drawing.unit(sheet.shape[1], sheet.shape[0])
    a, b = geometry.apply(places[0], explanation.a), geometry.apply(places[-1], explanation.b)
    if len(a):
        chosen = np.random.default_rng(1).permutation(len(a))[: min(MOST_LINES, sheet.shape[0] // 4)]
        colour = drawing.FOUND if explanation.match_error is not None else drawing.ALARM
        lines = np.rint(np.stack([a[chosen], b[chosen]], axis=1) * 16).astype(np.int32)
        drawn = cv2.polylines(sheet.copy(), list(lines), False, colour, max(1, round(unit)), cv2.LINE_AA, 4)
        sheet = np.asarray(cv2.addWeighted(drawn, 0.55, sheet, 0.45, 0), np.uint8)
        for x, y in np.vstack([a[chosen], b[chosen]]):
            drawing.dot(sheet, float(x), float(y), 2.2 * unit, colour)
    if explanation.hull is not None:
        hull = cv2.convexHull(geometry.apply(places[0], explanation.hull).astype(np.float32)).reshape(-1, 2)
        drawing.polygon(sheet, hull, drawing.PAPER, 1.2 * unit)
    panels = explanation.spotting.panels
    if panels is not None:
        for quad, place, name in zip(panels, (places[0], places[-1]), "AB", strict=True):
            corners = geometry.apply(place, quad)
            drawing.polygon(sheet, corners, drawing.ACCENT, 2.4 * unit)
            x, y = corners[0] + 22 * unit
            drawing.badge(sheet, name, float(x), float(y), 15 * unit, drawing.PAPER)
    return sheet


def result(explanation: Explanation) -> Image:
    """The page, or both pictures, with the boxes."""
    sheet, places = _sheet(explanation.pictures)
    if len(places) == 1:
        return boxes.draw(sheet, explanation.spotting, to=places[0])
    for place, name in zip(places, boxes.BOTH, strict=True):
        boxes.draw(sheet, explanation.spotting, to=place, panels=(name,), corners=False)
    return sheet


def laid_over(a: Image, b: Image) -> Image:
    """A in red over B in cyan: grey where they agree."""
    one, two = (np.asarray(cv2.cvtColor(p, cv2.COLOR_BGR2GRAY), np.uint8) for p in (a, b))
    return np.dstack([two, two, one])


def residual(compared: Compared) -> Image:
    """How far off the registration still is: the hotter the more, up to WORST_ERROR px."""
    return _coloured(dimmed(compared.a), np.clip(compared.error / WORST_ERROR, 0, 1), compared.seen)


def bend(compared: Compared) -> tuple[Image, float]:
    """What bends B beyond the homography, as arrows; and how many times their true length they are drawn."""
    sheet = dimmed(compared.a)
    height, width = sheet.shape[:2]
    rows, columns = compared.warp.shape[:2]
    step = max(2, round(max(rows, columns) / 26))
    size = float(np.percentile(np.linalg.norm(compared.warp, axis=2), 99))
    times = float(np.clip(0.05 * max(height, width) / max(size, 1e-3), 1.0, 60.0))
    thick = max(1, round(drawing.unit(width, height) * 1.4))
    for row in range(step // 2, rows, step):
        for column in range(step // 2, columns, step):
            start = (np.array([column, row]) + 0.5) * [width / columns, height / rows]
            end = start + compared.warp[row, column] * times
            p, q = ((round(float(v[0])), round(float(v[1]))) for v in (start, end))
            cv2.arrowedLine(sheet, p, q, drawing.ACCENT, thick, cv2.LINE_AA, tipLength=0.3)
    return sheet, times


def difference(compared: Compared) -> Image:
    """The difference map in units of its upper threshold: the hotter the more, up to TOP."""
    high = np.maximum(compared.high, 1e-6)
    return _coloured(None, np.clip(compared.difference / (high * TOP), 0, 1), compared.seen)


def binary(mask: NDArray[np.bool_]) -> Image:
    """Black where the mask holds, on white."""
    return np.asarray(cv2.cvtColor(np.where(mask, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR), np.uint8)


def regions(compared: Compared, labels: Sequence[str]) -> Image:
    """The regions on panel A: amber those kept, grey those dropped, each with its label."""
    sheet = dimmed(compared.a)
    unit = drawing.unit(sheet.shape[1], sheet.shape[0])
    for region in compared.found:
        x, y, w, h = region.box
        part = sheet[y : y + h, x : x + w]
        part[region.mask] = drawing.ACCENT if region.kept else _DROPPED
    taken: list[tuple[float, float]] = []
    for region, label in reversed(list(zip(compared.found, labels, strict=True))):
        kept = region.kept
        quad = boxes.grown(geometry.box_quad(region.box) - 0.5, 3 * unit)
        drawing.polygon(sheet, quad, drawing.ACCENT if kept else _DROPPED, (2.2 if kept else 1.2) * unit)
        x, y = quad[0] - 8 * unit
        size = (14 if kept else 11) * unit
        x, y = min(max(x, size), sheet.shape[1] - size), min(max(y, size), sheet.shape[0] - size)
        while any(abs(x - tx) < 1.4 * size and abs(y - ty) < 1.2 * size for tx, ty in taken):
            x += 1.4 * size
            if x > sheet.shape[1] - size:
                break
        taken.append((float(x), float(y)))
        drawing.badge(sheet, label, float(x), float(y), size, drawing.ACCENT if kept else _DROPPED)
    return sheet


def crops(compared: Compared, region: Decision) -> Image:
    """The place of a region on A and on B, side by side, each CROP px square, with its outline on both."""
    height, width = compared.seen.shape
    x, y, w, h = region.box
    side = max(2.2 * max(w, h), 0.05 * max(height, width), 24.0)
    scale = CROP / side
    left, top = x + w / 2 - side / 2, y + h / 2 - side / 2
    place = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]])
    flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    outline, _ = cv2.findContours(region.mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    corner = np.array([x + 0.5 - left, y + 0.5 - top])
    contours = [np.rint((c.reshape(-1, 2) + corner) * scale).astype(np.int32) for c in outline]
    tiles = []
    for panel in (compared.a, compared.b):
        tile = np.asarray(cv2.warpAffine(panel, place, (CROP, CROP), flags=flags, borderValue=_PALE), np.uint8)
        tiles.append(cv2.polylines(tile, contours, True, drawing.ACCENT, 1, cv2.LINE_AA))
    return np.hstack([tiles[0], np.full((CROP, 6, 3), 255, np.uint8), tiles[1]])


def ramp(width: int = 256) -> Image:
    """The colours of the maps, cold to hot, as a strip."""
    steps = np.linspace(0, 255, width).astype(np.uint8)[None].repeat(12, axis=0)
    return np.asarray(cv2.applyColorMap(steps, cv2.COLORMAP_INFERNO), np.uint8)


def _sheet(pictures: Sequence[Image]) -> tuple[Image, list[Homography]]:
    """One picture, or two beside each other, at most WIDEST px wide; and picture px -> sheet px for each."""
    gap = 0 if len(pictures) == 1 else 24
    scale = min(1.0, (WIDEST - gap) / sum(p.shape[1] for p in pictures))
    size = [(max(1, round(p.shape[1] * scale)), max(1, round(p.shape[0] * scale))) for p in pictures]
    sheet = np.full((max(h for _, h in size), sum(w for w, _ in size) + gap, 3), 255, np.uint8)
    places, left = [], 0
    for picture, (width, height) in zip(pictures, size, strict=True):
        small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
        sheet[:height, left : left + width] = small
        places.append(np.array([[scale, 0, left], [0, scale, 0], [0, 0, 1]], np.float64))
        left += width + gap
    return sheet, places


def _coloured(under: Image | None, share: NDArray[np.float32], seen: NDArray[np.bool_]) -> Image:
    """A map from 0 to 1 in colours, half over the picture under it if there is one; blue where nothing is seen."""
    colours = np.asarray(cv2.applyColorMap((share * 255).astype(np.uint8), cv2.COLORMAP_INFERNO), np.uint8)
    if under is not None:
        colours = np.asarray(cv2.addWeighted(under, 0.45, colours, 0.75, 0), np.uint8)
    colours[~seen] = _UNSEEN
    return colours
