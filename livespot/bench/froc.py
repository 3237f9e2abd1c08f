"""FROC curves: what is found against false boxes a picture, as the confidence asked for falls; and their picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.bench.data import Puzzle
from livespot.errors import UsageError
from livespot.reference.scoring import score
from livespot.settings import Settings

Curve = list[tuple[float, float]]  # (false boxes a picture, share found)
COLOURS = ((178, 114, 0), (0, 94, 213), (115, 158, 0), (167, 121, 204))  # blue, vermilion, green, mauve (BGR)


def candidates(puzzle: Puzzle, settings: Settings) -> list[tuple[float, geometry.Quad]]:
    """Every region of a still with its confidence, also those too doubtful to be shown; quads on panel A."""
    from livespot.spotting.methods.compare import compare
    from livespot.spotting.methods.comparison import AlignedPanels
    from livespot.spotting.panels.detect import NotFound, search_page, search_pair
    from livespot.spotting.still import LONGEST

    pictures = puzzle.pictures()
    registration = search_pair(*pictures, LONGEST) if len(pictures) == 2 else search_page(pictures[0], LONGEST)
    if isinstance(registration, NotFound):
        return []
    a, b = registration.sample_a(pictures[0]), registration.sample_b(pictures[-1])
    seen = registration.inside(pictures[0].shape, pictures[-1].shape)
    regions = compare(AlignedPanels(a, b, seen, registration.error), settings).regions
    return [(r.confidence, registration.on_a(geometry.box_quad(r.box))) for r in regions]


def curve(puzzles: Sequence[Puzzle], found: Sequence[list[tuple[float, geometry.Quad]]]) -> Curve:
    """The operating points over all confidences, from the most certain."""
    levels = sorted({round(c, 3) for regions in found for c, _ in regions}, reverse=True)
    points: Curve = [(0.0, 0.0)]
    for level in levels[:: max(1, len(levels) // 60)]:
        scores = [
            score([quad for c, quad in regions if c >= level], puzzle.labels)
            for puzzle, regions in zip(puzzles, found, strict=True)
        ]
        asked = sum(s.found + s.missed for s in scores)
        points.append((sum(s.false for s in scores) / len(scores), sum(s.found for s in scores) / max(asked, 1)))
    return points


def draw(curves: Mapping[str, Curve], path: Path, most: float = 4.0) -> None:
    """Write the curves as a PNG. Raises UsageError when it cannot be written."""
    canvas: NDArray[np.uint8] = np.full((620, 860, 3), 255, np.uint8)
    left, top, width, height = 90, 60, 720, 470

    def at(x: float, y: float) -> tuple[int, int]:
        return left + round(min(x, most) / most * width), top + round((1 - y) * height)

    def write(text: str, x: int, y: int, size: float = 0.5, colour: tuple[int, int, int] = (60, 60, 60)) -> None:
        cv2.putText(canvas, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, size, colour, 1, cv2.LINE_AA)

    for i in range(6):
        cv2.line(canvas, at(0, i / 5), at(most, i / 5), (225, 225, 225), 1)
        write(f"{i / 5:.1f}", left - 42, at(0, i / 5)[1] + 5)
    for i in range(int(most) + 1):
        cv2.line(canvas, at(i, 0), at(i, 1), (225, 225, 225), 1)
        write(f"{i}", at(i, 0)[0] - 4, top + height + 24)
    write("share of the differences found", 20, 34, 0.55)
    write("false boxes a picture", left + width - 190, top + height + 52, 0.55)
    for number, (name, points) in enumerate(curves.items()):
        colour = COLOURS[number % len(COLOURS)]
        for (x0, y0), (x1, y1) in pairwise(points):
            cv2.line(canvas, at(x0, y0), at(x1, y1), colour, 2, cv2.LINE_AA)
        if len(points) == 1:  # a method without a confidence has one operating point
            cv2.circle(canvas, at(*points[0]), 6, colour, -1, cv2.LINE_AA)
        write(name, left + width - 250, top + height - 20 - 24 * number, 0.55, colour)
    ok, data = cv2.imencode(".png", canvas)
    try:
        if not ok:
            raise OSError("it cannot be encoded")
        path.write_bytes(data.tobytes())
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from None
