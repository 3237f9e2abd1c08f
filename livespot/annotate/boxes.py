"""Draws a spotting on a picture: the panels' corners, a box and a number at every difference, on both panels.

Needs no window: the recorder, the snapshot and `livespot photo` use it as the live view does.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.annotate import drawing
from livespot.frame import Image
from livespot.geometry import Homography, Quad
from livespot.spotting.results import Difference, FrameResult


@dataclass(frozen=True)
class Marking:
    """What the person has said about the differences, and what may be shown; all by difference id.

    ticked: found by the person. dismissed: said to be wrong, drawn only (in grey) when selected, to be taken back.
    selected: drawn strongly.
    hiding: only those ticked or in `revealed` are drawn (the person is playing).
    """

    ticked: frozenset[int] = frozenset()
    dismissed: frozenset[int] = frozenset()
    revealed: frozenset[int] = frozenset()
    selected: int | None = None
    hiding: bool = False
    firm: frozenset[int] = frozenset()  # shown as sure before; see UNSURE_AGAIN
    numbers: Mapping[int, int] = field(default_factory=dict)  # what a person reads; the id where there is none

    def number(self, difference: Difference) -> int:
        """The number that a person knows this difference by."""
        return self.numbers.get(difference.id, difference.id)

    def guesses(self, difference: Difference) -> bool:
        """Whether this difference is only a guess."""
        limit = UNSURE - UNSURE_AGAIN if difference.id in self.firm else UNSURE
        return difference.confidence < limit and difference.id not in self.ticked

    def shows(self, difference: Difference) -> bool:
        """Whether this difference is drawn."""
        if difference.id in self.dismissed:
            return difference.id == self.selected
        return not self.hiding or difference.id in self.ticked or difference.id in self.revealed


NOTHING_MARKED = Marking()
TINY = 400  # px, width of a picture in which numbers would cover what they number
UNSURE_AGAIN = 0.15  # a sure difference becomes a guess again only so far below UNSURE: "?" does not flicker
UNSURE = 0.75  # a difference of less confidence is drawn and named as a guess, unless the person has ticked it
BOTH: tuple[str, ...] = ("a", "b")


def draw(
    image: Image,
    spotting: FrameResult,
    *,
    marking: Marking = NOTHING_MARKED,
    to: Homography | None = None,
    unit: float | None = None,
    panels: tuple[str, ...] = BOTH,
    corners: bool = True,
) -> Image:
    """Draw `spotting` into `image`, (H, W, 3) uint8 BGR, in place, and return it.

    to: the map from the spotting's frame px to `image` px (mirrored or zoomed previews); None when they are the same.
    unit: the scale of lines and text; follows the size of `image` when None.
    panels: which panels' quads lie in this picture: two pictures side by side need ("a",) and ("b",).
    corners: whether the panels' corners are marked.
    """
    scale = drawing.unit(image.shape[1], image.shape[0]) if unit is None else unit
    if corners and spotting.panels is not None:
        outlines = _mapped([q for name, q in zip(BOTH, spotting.panels, strict=True) if name in panels], to)
        drawing.strokes(image, [line for quad in outlines if np.isfinite(quad).all() for line in brackets(quad, scale)])
    shown = [d for d in spotting.differences if marking.shows(d)]
    # The selected one last, so that nothing covers it.
    shown.sort(key=lambda d: d.id == marking.selected)
    drawn = [d for d in shown for _ in panels]
    quads = _mapped([getattr(d, name) for d in shown for name in panels], to)
    small = image.shape[1] < TINY
    mark(
        image,
        [(d, q) for d, q in zip(drawn, quads, strict=True) if np.isfinite(q).all()],
        scale,
        marking,
        numbers=not small,
    )
    if small and shown:
        size = 15 * scale
        low = (
            np.nanmin(quads.reshape(-1, 2), axis=0)
            if spotting.panels is None
            else _mapped(spotting.panels, to).reshape(-1, 2).min(axis=0)
        )
        x, y = max(low[0] + 1.2 * size, 1.6 * size), max(low[1] - 1.2 * size, 0.9 * size)
        drawing.badge(image, _count(shown, marking), float(x), float(y), size, drawing.ACCENT)
    return image


def _count(shown: Sequence[Difference], marking: Marking) -> str:
    """How many there are, in one word: "7", "5+2?"."""
    guesses = sum(marking.guesses(d) for d in shown)
    return f"{len(shown) - guesses}" + (f"+{guesses}?" if guesses else "")


def mark(
    image: Image, places: Sequence[tuple[Difference, Quad]], scale: float, marking: Marking, *, numbers: bool = True
) -> None:
    """Draw a box and a number at every difference, numbers over all boxes; places: quads in `image` px."""
    if not places:
        return
    outlines = grown(np.stack([quad for _, quad in places]), 4 * scale)
    drawing.strokes(image, [box(o, scale, d, marking) for (d, _), o in zip(places, outlines, strict=True)])
    if not numbers:
        return
    taken: list[tuple[float, float]] = []
    labels, ticks = [], []
    for (difference, _), outline in zip(places, outlines.tolist(), strict=True):
        label = number(outline, scale, difference, marking, (image.shape[1], image.shape[0]), taken)
        if label is not None:
            labels.append(label)
            if difference.id in marking.ticked:
                beside = _half_width(label.string, label.size) + 0.75 * label.size
                ticks.append(tick(label.x + beside, label.y, label.size))
    drawing.badges(image, labels)
    drawing.strokes(image, ticks)


def box(outline: Quad, scale: float, difference: Difference, marking: Marking) -> drawing.Stroke:
    """The line around one difference: dashed while it is only remembered, thin and dotted where it is only a guess."""
    colour = _colour(difference, marking)
    width = 2.4 * scale * (1.6 if difference.id == marking.selected else 1.0)
    if difference.remembered or difference.id in marking.dismissed:
        return drawing.Stroke(outline, colour, width, dash=9 * scale)
    if marking.guesses(difference):
        return drawing.Stroke(outline, colour, 0.75 * width, dash=max(5.0, 5 * scale))
    return drawing.Stroke(outline, colour, width)


def number(
    outline: list[list[float]],
    scale: float,
    difference: Difference,
    marking: Marking,
    room: tuple[int, int],
    taken: list[tuple[float, float]],
) -> drawing.Badge | None:
    """The number of one difference, at a corner of its outline, always inside the picture; None when that is outside.

    room: width and height of the picture, px. taken: where numbers stand already; this one keeps clear of them when one
    of its corners allows, and is added.
    """
    size = 15 * scale * (1.2 if difference.id == marking.selected else 1.0)
    guess = marking.guesses(difference)
    label = f"{marking.number(difference)}?" if guess else str(marking.number(difference))
    width, height = room
    half = _half_width(label, size)
    xs, ys = [c[0] for c in outline], [c[1] for c in outline]
    if max(xs) < -half or max(ys) < -half or min(xs) > width + half or min(ys) > height + half:
        return None
    # On the corner of a large box; beside a small one, which it would cover.
    small = min(max(xs) - min(xs), max(ys) - min(ys)) < 2.6 * size
    first: tuple[float, float] | None = None
    x = y = 0.0
    for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        # The corner that is outermost in this direction, whichever way the picture is turned or mirrored.
        x, y = max(outline, key=lambda c, sx=sx, sy=sy: c[0] * sx + c[1] * sy)  # type: ignore[misc]
        if small:
            x, y = x + 0.8 * sx * half, y + 0.75 * sy * size
        x, y = min(max(x, half), width - half), min(max(y, size), height - size)
        first = first or (x, y)
        if all(abs(x - tx) > 1.7 * half or abs(y - ty) > 1.5 * size for tx, ty in taken):
            break
    else:
        x, y = first or (x, y)
    taken.append((x, y))
    colour = _colour(difference, marking)
    return drawing.Badge(label, x, y, size, drawing.DESK if guess else colour, colour if guess else drawing.INK)


def _half_width(label: str, size: float) -> float:
    """Of a number's badge with the gap beside it, px."""
    return drawing.badge_width(label, size) / 2 + 2


def _colour(difference: Difference, marking: Marking) -> drawing.Colour:
    if difference.id in marking.dismissed:
        return drawing.MUTED
    return drawing.FOUND if difference.id in marking.ticked else drawing.ACCENT


def tick(x: float, y: float, size: float) -> drawing.Stroke:
    """A tick mark centred at (x, y)."""
    points = np.array([[-0.45, 0.0], [-0.12, 0.36], [0.5, -0.42]]) * size + [x, y]
    return drawing.Stroke(points, drawing.FOUND, 0.2 * size, closed=False)


def brackets(quad: Quad, scale: float) -> list[drawing.Stroke]:
    """The four corners of a panel."""
    arm = 22 * scale
    corners = quad.tolist()
    lines = []
    for i, corner in enumerate(corners):
        ends = [_towards(corner, other, arm) for other in (corners[i - 1], corners[(i + 1) % 4])]
        lines.append(drawing.Stroke([ends[0], corner, ends[1]], drawing.PAPER, 1.6 * scale, closed=False))
    return lines


def grown(quads: NDArray[np.float64], by: float) -> NDArray[np.float64]:
    """Quads (..., 4, 2), their corners moved outwards by about `by` px, so that a line runs beside what it marks."""
    away = quads - quads.mean(axis=-2, keepdims=True)
    length = np.sqrt((away * away).sum(axis=-1, keepdims=True))
    return np.asarray(quads + away * (1.414 * by / np.maximum(length, 1e-6)), np.float64)


def _towards(corner: list[float], other: list[float], longest: float) -> list[float]:
    """Where a line from a corner to another one is broken off."""
    across, down = other[0] - corner[0], other[1] - corner[1]
    share = min(longest / max(math.hypot(across, down), 1e-6), 0.3)
    return [corner[0] + share * across, corner[1] + share * down]


def _mapped(quads: Sequence[Quad], to: Homography | None) -> NDArray[np.float64]:
    """Quads on the picture drawn on, (N, 4, 2): all at once, as this is done for every frame."""
    at = np.asarray(quads, np.float64).reshape(-1, 4, 2)
    at = np.where(np.isfinite(at), at, np.nan)  # what lies nowhere stays nowhere, and nothing warns of it
    return at if to is None else geometry.apply(to, at.reshape(-1, 2)).reshape(-1, 4, 2)
