"""A drawn page that drifts under a still camera, with its truth, and a spotter that knows the truth.

For tests of what people see and keep: the vision has tests of its own, and these must not wait for it or fail with it.
"""

import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from livespot import geometry
from livespot.errors import SourceError
from livespot.frame import Frame, Image, Source
from livespot.geometry import Box, Homography, Quad
from livespot.settings import Settings
from livespot.spotting.explain import Explanation, explain_still
from livespot.spotting.panels.beside import Reference
from livespot.spotting.results import Difference, FrameResult, Inspection, Kind, State
from livespot.spotting.still import StillTrace, spot_page

PANEL = (480, 540)  # width, height of the canonical panel, px
PAGE = (1120, 640)
PLACES = ((40.0, 50.0), (600.0, 50.0))  # upper left corners of A and B on the page
DIFFERENCES: tuple[tuple[Kind, Box], ...] = (
    (Kind.REMOVED, (60, 70, 70, 70)),
    (Kind.ADDED, (330, 90, 60, 60)),
    (Kind.RECOLOURED, (190, 250, 90, 60)),
    (Kind.MOVED, (50, 400, 80, 60)),
    (Kind.CHANGED, (350, 420, 70, 70)),
)


def panels() -> tuple[Image, Image]:
    """Panel A and panel B, upright."""
    width, height = PANEL
    a = np.full((height, width, 3), (214, 196, 168), np.uint8)
    cv2.rectangle(a, (0, 360), (width, height), (120, 170, 110), -1)
    cv2.circle(a, (width // 2, 160), 60, (90, 200, 250), -1, cv2.LINE_AA)
    for x in range(20, width, 60):
        cv2.line(a, (x, 360), (x + 25, 330), (70, 110, 60), 5, cv2.LINE_AA)
    for x, y, w, h in ((200, 380, 120, 130), (20, 240, 90, 110)):
        cv2.rectangle(a, (x, y), (x + w, y + h), (96, 92, 170), -1)
        cv2.rectangle(a, (x, y), (x + w, y + h), (50, 46, 90), 3)
    b = a.copy()
    for kind, (x, y, w, h) in DIFFERENCES:
        centre, axes = (x + w // 2, y + h // 2), (w // 2 - 4, h // 2 - 4)
        if kind is not Kind.ADDED:
            cv2.ellipse(a, centre, axes, 0, 0, 360, (60, 70, 200), -1, cv2.LINE_AA)
        if kind is not Kind.REMOVED:
            colour = (190, 90, 60) if kind is Kind.RECOLOURED else (60, 70, 200)
            shrink = 12 if kind is Kind.CHANGED else 0
            shift = 8 if kind is Kind.MOVED else 0
            middle = (centre[0] + shift, centre[1])
            cv2.ellipse(b, middle, (axes[0] - shrink - shift, axes[1] - shrink), 0, 0, 360, colour, -1, cv2.LINE_AA)
    for panel in (a, b):
        cv2.rectangle(panel, (0, 0), (width - 1, height - 1), (40, 40, 40), 3)
    return a, b


def page(paper: int = 236) -> Image:
    """The flat page with both panels."""
    sheet = np.full((PAGE[1], PAGE[0], 3), paper, np.uint8)
    for picture, (x, y) in zip(panels(), PLACES, strict=True):
        sheet[int(y) : int(y) + PANEL[1], int(x) : int(x) + PANEL[0]] = picture
    return sheet


def pose(seconds: float, size: tuple[int, int]) -> Homography:
    """The page's place in the frame: a slow drift, as a hand has."""
    width, height = size
    dx, dy = 6 * np.sin(1.3 * seconds), 4 * np.cos(0.9 * seconds)
    target = np.array([[0.07, 0.08], [0.94, 0.1], [0.92, 0.93], [0.06, 0.9]]) * [width, height] + [dx, dy]
    return geometry.between(geometry.rectangle(*PAGE), target)


class PageSource(Source):
    """Frames of the drifting page. live: they come at their own time, like a camera's."""

    name = "page"

    def __init__(
        self,
        *,
        frames: int | None = 60,
        size: tuple[int, int] = (640, 400),
        fps: float = 30.0,
        live: bool = False,
        paper: int = 236,
        empty: bool = False,
        still: bool = False,
        fault: str = "",
    ) -> None:
        """still: the page does not drift. fault: "fail" or "stall" after 100 frames; "late": no frame ever comes."""
        self.still = still
        self.fault = fault
        self.length = frames
        self.size = size
        self.fps: float = fps
        self.live = live
        self.closed = False
        self._index = 0
        self._page = None if empty else page(paper)
        self._started = time.monotonic()

    def read(self) -> Frame | None:
        if self.closed or (self.length is not None and self._index >= self.length):
            return None
        seconds = self._index / self.fps
        if self.fault == "late" or (self.fault and self._index >= 100):
            if self.fault == "fail":
                raise SourceError("the page was pulled away; put it back")
            while not self.closed:
                time.sleep(0.02)
            return None
        if self.live:
            late = time.monotonic() - self._started - seconds
            if late > 1 / self.fps:  # a camera's clock does not wait for a busy machine
                self._started += 0.0 if self.length is None else late
                self._index += int(late * self.fps) if self.length is None else 0
                seconds = self._index / self.fps
            time.sleep(max(0.0, self._started + seconds - time.monotonic()))
        image = np.full((self.size[1], self.size[0], 3), (70, 82, 92), np.uint8)
        if self._page is not None:
            matrix = pose(0.0 if self.still else seconds, self.size)
            cv2.warpPerspective(self._page, matrix, self.size, image, borderMode=cv2.BORDER_TRANSPARENT)
        frame = Frame(image, seconds, self._index, time.monotonic())
        self._index += 1
        return frame

    def close(self) -> None:
        self.closed = True


class TruthSpotter:
    """Knows where everything is on PageSource's page; keeps a diary of what it was asked."""

    def __init__(
        self,
        *,
        empty: bool = False,
        fail: bool = False,
        slow: float = 0.0,
        still: bool = False,
        unsure: tuple[int, ...] = (),
        away: Path | None = None,
    ) -> None:
        """unsure: numbers of differences of low confidence. away: the page is lost while this file is there."""
        self.unsure = unsure
        self.away = away
        self.diary: list[str] = []
        self.analysed: list[int] = []
        self.tracked: list[int] = []
        self.empty = empty
        self.fail = fail
        self.slow = slow
        self.still = still
        self.sensitivity = 1.0
        self.given: tuple[Quad, Quad] | None = None
        self._frame: Frame | None = None

    def warm_up(self, progress: Callable[[float], object] = lambda share: None) -> None:
        self.diary.append("warm_up")

    def ready(self, frame: Frame) -> bool:
        return True

    def analyse(self, frame: Frame) -> None:
        if self.slow:
            time.sleep(self.slow)
        self.analysed.append(frame.index)
        self._frame = frame
        if self.fail:
            raise ValueError("the analyser broke")

    def track(self, frame: Frame) -> FrameResult:
        self.tracked.append(frame.index)
        return self.spotting(frame)

    def step(self, frame: Frame, due: bool) -> FrameResult:
        if due:
            self.analyse(frame)
        return self.track(frame)

    def spotting(self, frame: Frame) -> FrameResult:
        """The truth for one frame, once something was analysed."""
        height, width = frame.image.shape[:2]
        matrix = pose(0.0 if self.still else frame.time, (width, height))
        if self.empty:
            return FrameResult(frame.index, frame.time, State.SEARCHING, "no puzzle in view: show both pictures")
        if not self.analysed:
            return FrameResult(frame.index, frame.time, State.SEARCHING, "hold still")
        if self.away is not None and self.away.exists():
            return FrameResult(frame.index, frame.time, State.LOST, "lost the page", page=1)
        places = [geometry.rectangle(*PANEL) + place for place in PLACES]
        quads = self.given or (geometry.apply(matrix, places[0]), geometry.apply(matrix, places[1]))
        shown = DIFFERENCES if self.sensitivity >= 1 else DIFFERENCES[:3]
        found = tuple(
            Difference(
                number,
                kind,
                0.6 if number in self.unsure else 0.99 - 0.03 * number,
                box,
                geometry.apply(matrix, geometry.box_quad(box) + PLACES[0]),
                geometry.apply(matrix, geometry.box_quad(box) + PLACES[1]),
            )
            for number, (kind, box) in enumerate(shown, 1)
        )
        return FrameResult(
            frame.index, frame.time, State.LOCKED, panels=quads, differences=found, analysed=len(self.analysed), page=1
        )

    def inspect(self) -> Inspection | None:
        self.diary.append("inspect")
        if self.slow:
            time.sleep(self.slow)
        if self.empty or self._frame is None:
            return None
        a, b = panels()
        difference = cv2.GaussianBlur(np.abs(a.astype(np.float32) - b).max(axis=2), (0, 0), 3) / 40
        visible = np.ones(a.shape[:2], np.bool_)
        return Inspection(self._frame, self.spotting(self._frame), a, b, difference, visible, 0.2)

    def explain(self, frame: Frame) -> Explanation:
        self.diary.append("explain")
        trail = StillTrace()
        spot_page(frame.image, Settings(), trail)
        return explain_still([frame.image], trail, Settings())

    def search_again(self) -> None:
        self.diary.append("search_again")
        self.analysed.clear()

    def set_sensitivity(self, sensitivity: float) -> None:
        self.diary.append(f"sensitivity {sensitivity:.2f}")
        self.sensitivity = sensitivity

    def set_panels(self, frame: Frame, a: Quad, b: Quad) -> None:
        corner = ",".join(f"{v:.0f}" for v in a[0])
        self.diary.append(f"set_panels {corner}")
        self.given = (a, b)

    def use_reference(self, reference: Reference | None) -> None:
        self.diary.append("reference" if reference is not None else "no reference")

    def lock_panels(self, locked: bool) -> None:
        self.diary.append(f"lock {locked}")


def looked_at(size: tuple[int, int] = (1280, 720), paper: int = 236) -> tuple[Image, FrameResult]:
    """A frame of the page at rest, and what is true of it."""
    frame = PageSource(size=size, still=True, paper=paper).read()
    spotter = TruthSpotter(still=True)
    spotter.analyse(frame)
    return frame.image, spotter.spotting(frame)


def quads(size: tuple[int, int], seconds: float = 0.0) -> list[tuple[Quad, Quad]]:
    """Where the differences are in a frame, on A and on B."""
    matrix = pose(seconds, size)
    return [
        (
            geometry.apply(matrix, geometry.box_quad(box) + PLACES[0]),
            geometry.apply(matrix, geometry.box_quad(box) + PLACES[1]),
        )
        for _, box in DIFFERENCES
    ]
