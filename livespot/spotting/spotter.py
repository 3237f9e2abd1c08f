"""The room's front door: puts tracking and analysis in order.

Two threads may use one Spotter: the display's thread calls `track` for every frame, an analyser thread calls `analyse`
for the newest one that was tracked. Without threads, `step` does both in turn.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from livespot import geometry
from livespot.frame import Frame
from livespot.geometry import Quad
from livespot.settings import Settings
from livespot.spotting.panels.beside import Reference
from livespot.spotting.panels.detect import SEEKING
from livespot.spotting.results import FrameResult, Inspection, State
from livespot.spotting.still import StillTrace
from livespot.spotting.still import spot_page as spot_page
from livespot.spotting.still import spot_pair as spot_pair
from livespot.spotting.temporal.analyser import Analyser, Analysis
from livespot.spotting.temporal.freeze import inspect_page
from livespot.spotting.temporal.projection import projected
from livespot.spotting.temporal.tracker import Pose, Tracker
from livespot.spotting.vision import Vision

if TYPE_CHECKING:
    from livespot.spotting.explain import Explanation

LOST_PAGE = "lost the page: show both pictures, hold still"
REMEMBERED_POSES = 90  # frames


class Spotter:
    """Spots the differences on one page, frame after frame. vision: as it ships when not given."""

    def __init__(self, settings: Settings, vision: Vision | None = None) -> None:
        self._settings = settings
        self._tracker = Tracker()
        self._analyser = Analyser(settings, vision)
        self._latest: Analysis | None = None
        self._fresh: list[Analysis] = []
        self._poses: dict[int, Pose | None] = {}
        self._looked_at: int | None = None  # the frame that is being analysed
        self._exchange = threading.Lock()  # guards the four above
        self._analysing = threading.Lock()  # one analysis at a time

    @property
    def settings(self) -> Settings:
        return self._settings

    def track(self, frame: Frame) -> FrameResult:
        """Carry what is known onto this frame: a few ms. Display thread only."""
        start = time.perf_counter()
        with self._exchange:
            fresh, self._fresh = self._fresh, []
            needed = [analysis.anchor.frame for analysis in fresh if analysis.anchor is not None]
            needed += [] if self._looked_at is None else [self._looked_at]
        self._tracker.see(frame.index, frame.image, min(needed, default=None))
        for analysis in fresh:
            self._take(analysis)
        pose = self._tracker.follow(frame.index)
        with self._exchange:
            self._poses[frame.index] = pose
            while len(self._poses) > REMEMBERED_POSES:
                del self._poses[next(iter(self._poses))]
            latest = self._latest
        spotting = self._spotting(frame, pose, latest)
        return replace(spotting, latency_ms=(time.perf_counter() - start) * 1000.0)

    def ready(self, frame: Frame) -> bool:
        """Whether `frame` was tracked on the page in hand: not before another one was found, or the same taken anew, as
        the pose in it, dear to come by without the tracker, would be of the one before.
        """
        with self._exchange:
            known = self._latest.grid if self._latest is not None else 0
            return frame.index in self._poses and all(analysis.grid == known for analysis in self._fresh)

    def analyse(self, frame: Frame) -> None:
        """Look at a frame that was tracked, in full; the next `track` carries the findings. Any one thread."""
        with self._analysing:
            with self._exchange:
                self._looked_at = frame.index
                pose = self._poses.get(frame.index)
            analysis = self._analyser.analyse(frame, pose)
            self._publish(analysis)

    def step(self, frame: Frame, due: bool) -> FrameResult:
        """Both in turn, for one thread: track, and when an analysis is `due`, analyse and track on."""
        start = time.perf_counter()
        spotting = self.track(frame)
        if due:
            self.analyse(frame)
            spotting = self.track(frame)
        return replace(spotting, latency_ms=(time.perf_counter() - start) * 1000.0)

    def inspect(self) -> Inspection | None:
        """The sharpest recent view with the full evidence, analysed at the best quality; None before the first lock."""
        with self._analysing:
            page = self._analyser.page
            return inspect_page(self._analyser, page) if page is not None else None

    def explain(self, frame: Frame) -> Explanation:
        """What stands behind `inspect`, step by step, to be looked at; without a page, why `frame` shows none."""
        from livespot.spotting import explain

        with self._analysing:
            page = self._analyser.page
            found = explain.explain_page(self._analyser, page) if page is not None else None
            if found is not None:
                return found
            trail = StillTrace()
            spot_page(frame.image, self._settings, trail, self._analyser.vision)
            return explain.explain_still([frame.image], trail, self._settings)

    def search_again(self) -> None:
        """Forget the page."""
        with self._analysing:
            self._analyser.forget()
            self._publish(Analysis(0, None, None, (), 0, SEEKING))

    def set_sensitivity(self, sensitivity: float) -> None:
        """Change the sensitivity (see settings) without losing the evidence."""
        with self._analysing:
            self._settings = replace(self._settings, sensitivity=sensitivity)
            self._analyser.settings = self._settings
            again = self._analyser.again()
            if again is not None:
                self._publish(again)

    def set_panels(self, frame: Frame, a: Quad, b: Quad) -> None:
        """Use these panels, quads in px of `frame`, instead of the ones found."""
        with self._analysing:
            with self._exchange:
                self._looked_at = frame.index
            self._publish(self._analyser.use_panels(frame, (a, b)))

    def lock_panels(self, locked: bool) -> None:
        """Keep the panels in hand whatever is seen, or let another page take their place again."""
        with self._analysing:
            self._analyser.locked = locked

    def use_reference(self, reference: Reference | None) -> None:
        """From now on every frame has this reference at its left, which is panel A; None: no more. Forgets the page."""
        with self._analysing:
            self._analyser.reference = reference
            self._tracker.still_a = reference is not None
            self._analyser.forget()
            self._publish(Analysis(0, None, None, (), 0, SEEKING))

    def warm_up(self, progress: Callable[[float], object] = lambda share: None) -> None:
        """Compile what is compiled on first use; progress is told the share that is done, where it takes long."""
        from livespot.spotting.warming import warm_up

        warm_up(self._settings.method == "classic", progress)

    def _publish(self, analysis: Analysis) -> None:
        with self._exchange:
            self._fresh.append(analysis)
            self._looked_at = None

    def _take(self, analysis: Analysis) -> None:
        """Let the tracker have what an analysis found out about the page's place."""
        before = self._latest
        same = before is not None and before.grid == analysis.grid
        with self._exchange:
            self._latest = analysis
            if not same:
                self._poses.clear()
        if analysis.page == 0:
            self._tracker.forget()
            return
        anchor = analysis.anchor
        if anchor is None:
            return
        follows = self._tracker.following and not (self._tracker.thinned or self._tracker.shows_more(anchor))
        if same and analysis.seen is not None and follows:
            self._tracker.correct(analysis.seen, anchor.pose)
        else:
            self._tracker.anchor(anchor)

    def _spotting(self, frame: Frame, pose: Pose | None, latest: Analysis | None) -> FrameResult:
        if latest is None or latest.page == 0 or latest.registration is None or latest.quads is None:
            reason = latest.reason if latest is not None else SEEKING
            return FrameResult(frame.index, frame.time, State.SEARCHING, reason)
        lost = FrameResult(
            frame.index, frame.time, State.LOST, latest.blind or LOST_PAGE, page=latest.page, grid=latest.grid
        )
        if pose is None:
            return lost
        height, width = frame.image.shape[:2]
        panels = (geometry.apply(pose.a, latest.quads[0]), geometry.apply(pose.b, latest.quads[1]))
        frame_corners = geometry.rectangle(width, height)
        seen = panels if self._analyser.reference is None else panels[1:]  # a reference is always there
        if all(_outside(quad, frame_corners) for quad in seen):
            return lost
        differences = projected(latest.held, latest.registration, pose)
        return FrameResult(
            frame.index, frame.time, State.LOCKED, latest.reason, panels, differences, latest.analyses, latest.page,
            latest.grid, latest.registration.b_is,
        )  # fmt: skip


def _outside(quad: Quad, frame: Quad) -> bool:
    """Whether a quad lies wholly beside the frame."""
    low, high = quad.min(axis=0), quad.max(axis=0)
    return bool(np.any(high < frame[0]) or np.any(low > frame[2]))
