"""How the page is to be held: two frames over the live picture while no page is found."""

import numpy as np

from livespot import geometry
from livespot.annotate import boxes, drawing
from livespot.annotate.viewport import Rect
from livespot.frame import Image

WORDS = "Hold the page so that both pictures are in the frames"
_MARGIN, _GAP = 0.09, 0.035  # of the picture's shorter side


def draw(canvas: Image, area: Rect, unit: float) -> None:
    """Draw the frames into `area` of the canvas, beside each other or, in a portrait picture, one above the other."""
    left, top, width, tall = area
    margin, gap = _MARGIN * min(width, tall), _GAP * min(width, tall)
    size = 17 * unit
    foot = 2.4 * size
    across, down = width - 2 * margin, tall - 2 * margin - foot
    if across < 60 or down < 40:
        return
    beside = width >= tall
    w, h = ((across - gap) / 2, down) if beside else (across, (down - gap) / 2)
    # No longer than printed pictures are.
    w, h = min(w, 1.6 * h), min(h, 1.5 * w)
    x, y = (
        left + (width - (2 * w + gap if beside else w)) / 2,
        top + margin + (down - (h if beside else 2 * h + gap)) / 2,
    )
    for i, name in enumerate("AB"):
        corner = np.array([x + i * (w + gap), y] if beside else [x, y + i * (h + gap)])
        quad = geometry.rectangle(w, h) + corner
        drawing.strokes(canvas, [drawing.Stroke(quad, drawing.MUTED, 1.2 * unit, dash=9 * unit)])
        drawing.strokes(canvas, boxes.brackets(quad, 1.4 * unit))
        middle = corner + np.array([w / 2, h / 2])
        drawing.badge(canvas, name, float(middle[0]), float(middle[1]), 20 * unit, drawing.PAPER)
    line = top + tall - margin / 2 - foot / 2
    drawing.pill(canvas, WORDS, left + width / 2, line, size, width - 2 * size)
