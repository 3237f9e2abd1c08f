"""Parts of a mask that nothing can join, each with its box and its own mask."""

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Box


def islands(kept: NDArray[np.uint8], reach: int) -> list[tuple[Box, int, NDArray[np.bool_]]]:
    """Parts of a mask that nothing within `reach` px can join: box (x, y, width, height), how many connected
    components it has, and the part in its box, bool.

    kept: (h, w) uint8, 0 or 1. Components belong to one part when their boxes have no more than `reach` px between
    them; what joins parts nearer than that (a closing, say) can then be done in each box alone. Boxes may overlap.
    """
    contours, hierarchy = cv2.findContours(kept, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return []
    outer = [c for c, (_, _, _, parent) in zip(contours, np.asarray(hierarchy)[0], strict=True) if parent < 0]
    x, y, w, h = np.array([cv2.boundingRect(c) for c in outer]).T
    boxes = np.stack([x, y, x + w, y + h], axis=1)
    # boxes that much larger touch, at a corner too, when they are `reach` px apart or less
    grown = np.zeros((kept.shape[0] + reach, kept.shape[1] + reach), np.uint8)
    for x0, y0, x1, y1 in boxes.tolist():
        cv2.rectangle(grown, (x0, y0), (x1 + reach - 1, y1 + reach - 1), 1, cv2.FILLED)
    _, groups = cv2.connectedComponents(grown, connectivity=8)
    group = groups[y, x]
    order = np.argsort(group, kind="stable")
    result = []
    for members in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        x0, y0 = boxes[members, :2].min(axis=0).tolist()
        x1, y1 = boxes[members, 2:].max(axis=0).tolist()
        # what lies in a component's holes lies in its box, and is of the same part
        inside = np.zeros((y1 - y0, x1 - x0), np.uint8)
        cv2.drawContours(inside, [outer[i] for i in members], -1, 1, cv2.FILLED, offset=(-x0, -y0))
        inside &= kept[y0:y1, x0:x1]
        result.append(((x0, y0, x1 - x0, y1 - y0), len(members), inside.view(np.bool_)))
    return result
