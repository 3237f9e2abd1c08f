"""Where the page went, from frame to frame."""

import numpy as np
import pytest
from kit.puzzles import SIZE, clip

from livespot import geometry
from livespot.demo import FrameTruth
from livespot.spotting.temporal.tracker import Anchor, Pose, Tracker

STILL = Pose(np.eye(3), np.eye(3), 1.0)


def anchored(scenario: str, frames: int = 12) -> Tracker:
    """A tracker that was told where the panels are in the first frame of a clip."""
    tracker = Tracker()
    frame, truth = clip(scenario, frames)[0]
    tracker.see(0, frame.image)
    assert tracker.anchor(Anchor(0, truth.panels, STILL))
    return tracker


def error(pose: Pose, first: FrameTruth, now: FrameTruth) -> float:
    """Mean distance of both panels' corners from where they really are, px."""
    off = [
        np.linalg.norm(geometry.apply(h, q) - t, axis=1)
        for h, q, t in zip((pose.a, pose.b), first.panels, now.panels, strict=True)
    ]
    return float(np.mean(off))


@pytest.mark.parametrize("scenario", ["desk", "handheld"])
def test_the_page_is_followed_to_a_pixel(scenario: str) -> None:
    tracker = anchored(scenario)
    frames = clip(scenario, 12)
    errors = []
    for frame, truth in frames[1:]:
        tracker.see(frame.index, frame.image)
        pose = tracker.follow(frame.index)
        assert pose is not None
        errors.append(error(pose, frames[0][1], truth))
    assert np.mean(errors) < 1.0


def test_a_late_anchor_is_carried_to_the_present() -> None:
    frames = clip("handheld", 12)
    tracker = Tracker()
    for frame, _ in frames:
        tracker.see(frame.index, frame.image)
    assert tracker.follow(11) is None  # nothing to follow yet
    assert tracker.anchor(Anchor(3, frames[3][1].panels, STILL))
    pose = tracker.follow(11)
    assert pose is not None
    assert error(pose, frames[3][1], frames[11][1]) < 2.5


def test_an_anchor_from_too_long_ago_is_refused() -> None:
    tracker = Tracker()
    frame, truth = clip("desk", 12)[0]
    tracker.see(100, frame.image)
    assert not tracker.anchor(Anchor(0, truth.panels, STILL))
    assert not tracker.following


@pytest.mark.parametrize("what", ["black", "noise", "another page"])
def test_the_page_is_lost_when_it_is_gone(what: str) -> None:
    tracker = anchored("desk")
    width, height = SIZE
    image = np.zeros((height, width, 3), np.uint8)
    if what == "noise":
        image = np.random.default_rng(0).integers(0, 256, image.shape).astype(np.uint8)
    elif what == "another page":
        image = np.ascontiguousarray(clip("desk", 12)[0][0].image[::-1, ::-1])
    tracker.see(1, image)
    assert tracker.follow(1) is None
    assert not tracker.following


def test_forgetting_and_a_new_frame_size_end_the_chase() -> None:
    tracker = anchored("desk")
    tracker.forget()
    assert not tracker.following
    tracker = anchored("desk")
    tracker.see(1, np.zeros((720, 1280, 3), np.uint8))
    assert tracker.follow(1) is None


def test_what_drifted_is_put_back() -> None:
    frames = clip("desk", 12)
    tracker = anchored("desk")
    drift = np.array([[1, 0, 5.0], [0, 1, -3.0], [0, 0, 1]])
    frame, truth = frames[1]
    tracker.see(1, frame.image)
    seen = tracker.follow(1)
    tracker.correct(seen, Pose(drift @ seen.a, drift @ seen.b, 1.0))
    frame, truth = frames[2]
    tracker.see(2, frame.image)
    pose = tracker.follow(2)
    moved = geometry.apply(pose.a, frames[0][1].panels[0]) - truth.panels[0]
    assert np.abs(moved - [5.0, -3.0]).max() < 2.0
