"""A page filmed by the simulated webcam, every frame analysed: as fast as it goes, no display, always the same.

In: a page, a way to film it, a seed. Out: the camera, which knows the truth, and what each analysis left behind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from livespot.demo import Page, Scenario, Webcam
from livespot.frame import Frame
from livespot.settings import Settings
from livespot.spotting.classify.confidence import CandidateContext
from livespot.spotting.difference.regions import Candidate
from livespot.spotting.methods.comparison import AlignedPanels
from livespot.spotting.methods.robust import candidates_of
from livespot.spotting.temporal.analyser import Analyser, Analysis
from livespot.spotting.temporal.page_state import Page as PageInHand
from livespot.spotting.temporal.tracker import Tracker

RATE = 10.0  # frames a second, unless it is said: enough to follow, cheap to render
SIZE = (1280, 720)  # px, unless the scenario has its own


def camera_of(page: Page, how: Scenario, seed: int, rate: float = RATE) -> Webcam:
    """The camera in front of the page."""
    return Webcam(page, how, size=how.size or SIZE, fps=rate, seed=seed)


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


def proposed(
    camera: Webcam, frames: int, looked_at: Collection[int]
) -> Iterator[tuple[PageInHand, CandidateContext, list[Candidate]]]:
    """What is proposed on the page in hand, and the scene it is proposed in, at some of the first `frames` frames.

    looked_at: their numbers, counted from the one in which the page was found.
    """
    analyser = Analyser(Settings())
    for index, _ in analysed(camera, analyser, frames):
        found = analyser.page
        if found is None or index - found.key.index not in looked_at:
            continue
        aligned = found.aligned(analyser.settings.threads)
        even = aligned.even
        panels = AlignedPanels(even.a, even.b, even.seen, aligned.error)
        scene, candidates, _ = candidates_of(panels, analyser.settings, analyser.vision)
        yield found, scene, candidates
