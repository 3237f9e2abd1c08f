"""What spotting says: the dataclasses that leave this room."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from livespot.frame import Frame, Image
from livespot.geometry import Box, Quad


class State(StrEnum):
    """searching: no page yet; locked: panels known in this frame; lost: had a page, it is out of view."""

    SEARCHING = "searching"
    LOCKED = "locked"
    LOST = "lost"


class Kind(StrEnum):
    """What happened between A and B; "added" is in B and not in A."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RECOLOURED = "recoloured"
    MOVED = "moved"


def with_b(reason: str, b_is: str) -> str:
    """A reason, with what B is against A; see FrameResult.b_is."""
    return "; ".join(words for words in (reason, f"picture B is {b_is}" if b_is else "") if words)


@dataclass(frozen=True, eq=False)
class Difference:
    """One region that differs.

    id: stays with the difference for as long as the page does.
    confidence: 0 to 1, the estimated chance that it is true.
    box: (x, y, width, height) on the canonical panel, px.
    a, b: (4, 2) float64, its quad on panel A and on panel B, frame px.
    remembered: found before, hidden in this frame (glare, a finger).
    """

    id: int
    kind: Kind
    confidence: float
    box: Box
    a: Quad
    b: Quad
    remembered: bool = False


@dataclass(frozen=True, eq=False)
class FrameResult:
    """Everything known for one frame. False while no puzzle is in view.

    reason: why nothing is shown, or what the user could do; "" when all is well.
    panels: quads of panel A and panel B in frame px; None unless locked.
    differences: in frame px; empty unless locked.
    analysed: how many analyses stand behind this; 0 means the page is tracked but not yet compared.
    page: serial of the page in hand, 0 for none; ids of differences belong to it.
    grid: number of the page's canonical grid; boxes of differences belong to it.
    b_is: what B is against A, "mirrored" or "turned to the right" or the like; "" for upright.
    latency_ms: what this frame cost, from having the frame to having its spotting.
    """

    frame: int
    time: float
    state: State
    reason: str = ""
    panels: tuple[Quad, Quad] | None = None
    differences: tuple[Difference, ...] = ()
    analysed: int = 0
    page: int = 0
    grid: int = 0
    b_is: str = ""
    latency_ms: float = 0.0

    def __bool__(self) -> bool:
        """Whether a puzzle is in view; `reason` says why not. It may well have no difference."""
        return self.panels is not None

    def as_json(self) -> dict[str, Any]:
        """The event of this frame, ready for json.dumps: one line of `--events`."""

        def points(quad: Quad) -> list[list[float]]:
            return [[round(x, 2), round(y, 2)] for x, y in quad.tolist()]

        return {
            "frame": self.frame,
            "time": round(self.time, 4),
            "state": str(self.state),
            "reason": self.reason,
            "latency_ms": round(self.latency_ms, 2),
            "b_is": self.b_is,
            "panels": [points(quad) for quad in self.panels] if self.panels is not None else [],
            "differences": [
                {
                    "id": d.id,
                    "kind": str(d.kind),
                    "confidence": round(d.confidence, 3),
                    "box": [int(v) for v in d.box],
                    "a": points(d.a),
                    "b": points(d.b),
                    "remembered": d.remembered,
                }
                for d in self.differences
            ],
        }


@dataclass(frozen=True, eq=False)
class Inspection:
    """A frozen view with the evidence behind it: what the inspector shows.

    frame: the picture the quads of `spotting` belong to (photo of two pictures: IMAGE).
    spotting: the result at best quality, in `frame`'s px.
    a, b: (h, w, 3) uint8 BGR, panel A and panel B on the canonical panel, B registered onto A.
    difference_map: (h, w) float32, in units of the local threshold: 1 is where a difference begins.
    visible: (h, w) bool, seen in both panels (no glare, not outside the frame).
    residual_px: registration residual, median over the panel, canonical px.
    """

    frame: Frame
    spotting: FrameResult
    a: Image
    b: Image
    difference_map: NDArray[np.float32]
    visible: NDArray[np.bool_]
    residual_px: float
