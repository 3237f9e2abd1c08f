"""What the person in front of the camera could do better, from what an analysis saw of the two panels.

In: a Sight an analysis. Out: one line of advice, or "". A sight is smoothed over a few analyses, and an advice goes
later than it comes, so that the words do not flicker with a hand's tremor or a passing reflection.
"""

from dataclasses import dataclass, fields

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Image
from livespot.geometry import Quad
from livespot.spotting.kernels.channels import lowest_channel
from livespot.spotting.temporal.accumulator import sharpness

HOLD_STILL = "hold still"
BLURRED = "out of focus: hold the page still, a little further away"
CLOSER = "move closer: the pictures are small"
BACK = "move back: {} is not all in view"
BEYOND = "move back: the pictures end at the edge of the frame"
GLARE = "tilt the page away from the lamp: glare on {}"
COVERED = "something covers a part of {}: take it away"
DARK = "turn on a light: it is dark"

RATE = 0.5  # of the newest analysis in the smoothed sight
STAYS = 0.7  # an advice goes when what gave rise to it is below this share of its limit
GLARED = 0.02  # share of a panel that glare burns out; its rim hides some four times as much
BURNT = 240  # grey level of the darkest channel from which a pixel is burnt out
HIDDEN = 0.02  # share of a panel under a hand, or whatever lies over its rim
CUT = 0.03  # share of a panel outside the frame
SMALL = 200.0  # px of the frame, the panels' shorter side: marks of 4 px are then 2 % of it
ROOM = 0.75  # of the frame's width or height: panels that reach further cannot come closer
DIM = 90.0  # grey levels, of the panels' lightest twentieth
SOFT = 2.5  # loss of edge energy in a blur of SOFTENING; print in focus loses five times and more
SOFTENING = 1.5  # px, sigma


@dataclass(frozen=True)
class Sight:
    """How the panels were seen in one frame; each 1 at the limit from which it is worth a word, 0 when all is well.

    glare_a, glare_b: burnt out by glare. covered_a, covered_b: under a hand. cut_a, cut_b: outside the frame. small:
    few pixels, and room for more. dark: little light. soft: edges that a lens out of focus leaves. beyond: found at the
    frame's edge, and still there.
    """

    glare_a: float = 0.0
    glare_b: float = 0.0
    covered_a: float = 0.0
    covered_b: float = 0.0
    cut_a: float = 0.0
    cut_b: float = 0.0
    small: float = 0.0
    dark: float = 0.0
    soft: float = 0.0
    beyond: float = 0.0


def sight(
    a: Image,
    b: Image,
    grey: NDArray[np.uint8],
    sharp: float,
    inside: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    visible: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    covered: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    quads: tuple[Quad, Quad],
    frame_size: tuple[int, int],
    beyond: bool = False,
    shown: tuple[NDArray[np.bool_], NDArray[np.bool_]] | None = None,
) -> Sight:
    """What one frame showed. a, b: (h, w, 3) uint8, the panels as sampled from it. grey: (h, w), panel A, and
    sharp, its sharpness.

    inside, visible: (h, w) bool of A and of B, inside the frame, and of that not hidden. covered: (h, w) bool, what is
    under a hand. quads: the panels in the frame, px. frame_size: its (width, height). beyond: they may go on past it.
    shown: (h, w) bool, what this view or one before showed: a camera that comes closer need not move back.
    """
    burnt = [_burnt(panel, i, v) / GLARED for panel, i, v in zip((a, b), inside, visible, strict=True)]
    whole = inside if shown is None else (inside[0] | shown[0], inside[1] | shown[1])
    cuts = [(1.0 - cv2.countNonZero(i.view(np.uint8)) / i.size) / CUT for i in whole]
    under = [cv2.countNonZero(v.view(np.uint8)) / v.size / HIDDEN for v in covered]
    corners = np.concatenate(quads)
    spread = np.ptp(corners, axis=0) / np.asarray(frame_size, np.float64)
    side = min(min(geometry.side_lengths(quad)) for quad in quads)
    small = SMALL / max(side, 1.0) if float(spread.max()) < ROOM and not beyond else 0.0
    lightest = max(float(np.percentile(part, 95)) for part in (grey[::4, ::4], _grey(b[::4, ::4])))
    crisp = sharp / max(sharpness(grey, SOFTENING), 1e-6)
    return Sight(
        burnt[0], burnt[1], under[0], under[1], cuts[0], cuts[1], small, DIM / max(lightest, 1.0),
        SOFT / max(crisp, 1e-6), 2.0 * beyond,
    )  # fmt: skip


def _grey(panel: Image) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(panel), cv2.COLOR_BGR2GRAY), np.uint8)


def _burnt(panel: Image, inside: NDArray[np.bool_], visible: NDArray[np.bool_]) -> float:
    """The share of a panel that glare has turned white."""
    some = inside[::2, ::2] & ~visible[::2, ::2]
    return float((some & (lowest_channel(panel[::2, ::2]) >= BURNT)).mean()) if some.any() else 0.0


class Advisor:
    """Turns sights into one steady line of advice. One for each page."""

    def __init__(self) -> None:
        self._smooth: dict[str, float] = {}
        self._given: set[str] = set()

    def see(self, seen: Sight) -> None:
        """Take in what one more analysis saw."""
        for field in fields(seen):
            # what is beyond all measure must not be remembered for longer than it lasts
            value = min(getattr(seen, field.name), 3.0)
            before = self._smooth.get(field.name, 0.0)
            now = self._smooth[field.name] = before + RATE * (value - before)
            if now >= 1.0:
                self._given.add(field.name)
            elif now < STAYS:
                self._given.discard(field.name)

    @property
    def line(self) -> str:
        """The most useful advice, "" when there is none."""
        for one, words in (("soft", BLURRED), ("dark", DARK), ("small", CLOSER)):
            if one in self._given:
                return words
        for two, words in (("cut", BACK), ("glare", GLARE), ("covered", COVERED)):
            which = [panel.upper() for panel in ("a", "b") if f"{two}_{panel}" in self._given]
            if which:
                return words.format(" and ".join(which))
        return BEYOND if "beyond" in self._given else ""
