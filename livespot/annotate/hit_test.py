"""What lies under a point of a picture: a panel, and perhaps a difference.

In: a spotting and a point. Out: a Spot.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from livespot import geometry
from livespot.annotate import boxes
from livespot.geometry import Quad
from livespot.spotting.results import Difference, FrameResult


@dataclass(frozen=True)
class Spot:
    """A place that was clicked. panel: "a" or "b"; at: unit coordinates of it. difference: the one there, or None."""

    panel: str
    at: tuple[float, float]
    difference: Difference | None


def page_spot(spotting: FrameResult, point: tuple[float, float], slack: float) -> Spot | None:
    """What lies under a point of the frame; slack: px around a box that still count. None outside the panels."""
    if spotting.panels is None:
        return None
    for name, quad in zip(boxes.BOTH, spotting.panels, strict=True):
        x, y = geometry.apply(geometry.between(quad, geometry.rectangle(1, 1)), [point])[0]
        if -0.02 <= x <= 1.02 and -0.02 <= y <= 1.02:
            found = nearest([(d, getattr(d, name)) for d in spotting.differences], point, slack)
            return Spot(name, (float(x), float(y)), found)
    return None


def nearest(quads: list[tuple[Difference, Quad]], point: tuple[float, float], slack: float) -> Difference | None:
    """The smallest difference whose quad holds the point or is within `slack` px of it."""
    inside = [
        (abs(geometry.area(quad)), d)
        for d, quad in quads
        if cv2.pointPolygonTest(np.asarray(quad, np.float32), (float(point[0]), float(point[1])), True) >= -slack
    ]
    return min(inside, key=lambda item: item[0])[1] if inside else None
