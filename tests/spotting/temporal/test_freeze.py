"""A frozen view: the sharpest recent frame with all the evidence behind it."""

import cv2
import numpy as np
from kit.puzzles import BOXES, clip

from livespot.frame import Frame
from livespot.settings import Settings
from livespot.spotting.spotter import Spotter


def test_before_a_page_is_known_there_is_nothing_to_inspect() -> None:
    assert Spotter(Settings()).inspect() is None


def test_it_shows_what_the_live_view_shows_on_a_frame_of_its_own() -> None:
    frames = clip("desk", 12)
    spotter = Spotter(Settings())
    live = [spotter.step(frame, due=frame.index % 2 == 0) for frame, _ in frames][-1]
    inspection = spotter.inspect()
    assert {d.id: d.kind for d in inspection.spotting.differences} == {d.id: d.kind for d in live.differences}
    assert len(live.differences) == len(BOXES)
    truth = next(t for f, t in frames if f.index == inspection.frame.index)
    for d in inspection.spotting.differences:
        assert min(np.linalg.norm(d.a.mean(axis=0) - t.a.mean(axis=0)) for t in truth.differences) < 8
        assert min(np.linalg.norm(d.b.mean(axis=0) - t.b.mean(axis=0)) for t in truth.differences) < 8
    assert inspection.a.shape == inspection.b.shape == (*inspection.visible.shape, 3)
    assert inspection.difference_map.shape == inspection.visible.shape
    assert inspection.residual_px < 1.0


def test_with_nothing_different_it_says_so() -> None:
    spotter = Spotter(Settings())
    for frame, _ in clip("desk", 12, differs=False)[:4]:
        spotter.step(frame, due=True)
    inspection = spotter.inspect()
    assert inspection.spotting.differences == ()
    assert inspection.spotting.reason == "no difference found"


def test_a_blurred_or_glaring_frame_is_not_the_one_that_is_shown() -> None:

    frames = [f for f, _ in clip("desk", 12)]
    spotter = Spotter(Settings())
    for frame in frames[:4]:
        spotter.step(frame, due=True)
    blurred = np.asarray(cv2.blur(frames[4].image, (9, 9)), np.uint8)
    spotter.step(Frame(blurred, frames[4].time, 4, 0.0), due=True)
    inspection = spotter.inspect()
    assert inspection.frame.index < 4
