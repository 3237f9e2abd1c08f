"""A page filmed by the simulated webcam, every frame of it analysed: no pace, no display, the same each time.

In: a page, a way to film it, a seed. Out: the camera, which knows the truth, and what each analysis left behind.
"""

from __future__ import annotations

from collections.abc import Iterator

from livespot.demo import Page, Scenario, Webcam
from livespot.frame import Frame
from livespot.spotting.analyser import Analyser, Analysis
from livespot.spotting.tracking import Tracker

RATE = 10.0  # frames a second: enough to follow, cheap to render
SIZE = (1280, 720)  # px, unless the scenario has its own


def camera_of(page: Page, how: Scenario, seed: int) -> Webcam:
    """The camera in front of the page."""
    return Webcam(page, how, size=how.size or SIZE, fps=RATE, seed=seed)


def analysed(camera: Webcam, analyser: Analyser, frames: int) -> Iterator[tuple[int, Analysis]]:
    """The number of each of the first `frames` frames, tracked and analysed, and its analysis."""
    tracker = Tracker()
    for index in range(frames):
        frame = Frame(camera.image(index), camera.time(index), index, 0.0)
        tracker.see(index, frame.image)
        analysis = analyser.analyse(frame, tracker.follow(index))
        if analysis.anchor is not None:
            tracker.anchor(analysis.anchor)
        yield index, analysis
