"""What the views cover: where the board was in the picture, how near, how tilted; and what is missing.

In: Views. Out: four bars from 0 to 1 (X, Y, size, skew) and words for the person with the board. After ROS
camera_calibration's measures (github.com/ros-perception/image_pipeline, calibrator.py); skew here is the board's tilt
in four directions, for it is tilt that tells the focal length from the distance.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from . import board
from .board import View

ENOUGH = 20  # views at least, whatever the bars say
MOST = 40  # views at most
NEW = 0.22  # a view adds something when it is this far from every other; see `distance`
EDGE = 0.14  # how near the picture's edge the board has to come, of its room to move
NEAR, FAR = 0.58, 0.42  # root of the board's share of the picture
TILT = 22.0  # degrees in each direction
_GUESS = 0.95  # focal length in picture widths, to guess the tilt before the lens is known


@dataclass(frozen=True)
class Placement:
    """One view's board. x, y: 0 it touches the left or upper edge, 1 the other one. size: root of its share of the
    picture's area. pitch, yaw: degrees, signed."""

    x: float
    y: float
    size: float
    pitch: float
    yaw: float


@dataclass(frozen=True)
class Coverage:
    """Bars from 0 to 1. advice: what to do next, "" when nothing is missing. views: how many there are."""

    x: float
    y: float
    size: float
    skew: float
    advice: str
    views: int

    @property
    def bars(self) -> tuple[tuple[str, float], ...]:
        """Name and height of the bars."""
        return ("X", self.x), ("Y", self.y), ("size", self.size), ("skew", self.skew)

    @property
    def done(self) -> bool:
        """Whether to stop: all covered and enough views, or views in plenty."""
        return self.views >= MOST or (self.views >= ENOUGH and min(self.x, self.y, self.size, self.skew) >= 1)


def placement(view: View, size: tuple[int, int]) -> Placement | None:
    """Where the board is in a picture of `size` px; None when the corners do not say."""
    matrix = board.homography(view)
    if matrix is None:
        return None
    quad = board.mapped(matrix, board.outline())
    width, height = size
    share = float(abs(cv2.contourArea(quad.astype(np.float32)))) / (width * height)
    if not 1e-4 < share < 30:
        return None
    low, high = quad.min(axis=0), quad.max(axis=0)
    # A board larger than the picture leaves no room to move: it is in the middle.
    room = np.array([width, height]) - (high - low)
    x, y = (float(np.clip(v / r, 0, 1)) if r > 8 else 0.5 for v, r in zip(low, room, strict=True))
    camera = np.array([[_GUESS * width, 0, width / 2], [0, _GUESS * width, height / 2], [0, 0, 1]])
    flat = np.column_stack([view.board_points, np.zeros(len(view.ids))])
    good, turn, _ = cv2.solvePnP(flat, view.corners, camera, None, flags=cv2.SOLVEPNP_IPPE)
    if not good:
        return None
    normal = np.asarray(cv2.Rodrigues(turn)[0])[:, 2]
    normal = normal if normal[2] > 0 else -normal
    pitch = float(np.degrees(np.arctan2(normal[1], normal[2])))
    yaw = float(np.degrees(np.arctan2(normal[0], normal[2])))
    return Placement(x, y, min(1.0, share**0.5), pitch, yaw)


def distance(a: Placement, b: Placement) -> float:
    """How different two views are; 0.2 is a fifth of the picture's room, or of the size, or 12 degrees."""
    turn = abs(a.pitch - b.pitch) + abs(a.yaw - b.yaw)
    return abs(a.x - b.x) + abs(a.y - b.y) + abs(a.size - b.size) + turn / 60.0


def adds(new: Placement, others: Sequence[Placement]) -> bool:
    """Whether a view shows something that the others do not."""
    return all(distance(new, other) > NEW for other in others)


def measure(placements: Sequence[Placement]) -> Coverage:
    """The bars for these views, and what to do next."""
    if not placements:
        return Coverage(0, 0, 0, 0, "show the whole board", 0)
    x, y, size, pitch, yaw = np.array([(p.x, p.y, p.size, p.pitch, p.yaw) for p in placements]).T
    half = 0.5 - EDGE
    ends = {  # how much of each thing to do is done, in the order in which a person finds them easy
        "hold it closer": float(size.max()) / NEAR,
        "move it further left in the picture": (0.5 - x.min()) / half,
        "move it further right in the picture": (x.max() - 0.5) / half,
        "move it further up in the picture": (0.5 - y.min()) / half,
        "move it further down in the picture": (y.max() - 0.5) / half,
        "tilt it: one side edge away from the camera": (0.0 - yaw.min()) / TILT,
        "tilt it: the other side edge away": yaw.max() / TILT,
        "tilt it: the upper or lower edge away": (0.0 - pitch.min()) / TILT,
        "tilt it: the opposite edge away": pitch.max() / TILT,
        "hold it further away": 1.0 if size.min() <= FAR else FAR / float(size.min()),
    }
    done = {words: float(np.clip(share, 0, 1)) for words, share in ends.items()}
    value = list(done.values())
    missing = next((words for words, share in done.items() if share < 1), "")
    if not missing and len(placements) < ENOUGH:
        missing = "go on: other places, other tilts"
    return Coverage(
        (value[1] + value[2]) / 2,
        (value[3] + value[4]) / 2,
        (value[0] + value[9]) / 2,
        sum(value[5:9]) / 4,
        missing,
        len(placements),
    )
