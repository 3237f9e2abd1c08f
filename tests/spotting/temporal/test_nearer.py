"""A page that was first seen from afar is looked at with more pixels when the camera has come closer."""

import cv2
import numpy as np
import pytest
from kit.puzzles import BOXES, changed, page, scene

from livespot.demo import Layout, compose
from livespot.frame import Frame, Image
from livespot.settings import Settings
from livespot.spotting.results import FrameResult, State
from livespot.spotting.spotter import Spotter
from livespot.spotting.temporal.analyser import FINER

FRAME = (1280, 720)
FAR, NEAR = 0.25, 0.95  # of the frame


def view(picture: Image, share: float, turn: float) -> Image:
    """A page flat in front of the camera, filling so much of the frame."""
    height, width = picture.shape[:2]
    fit = share * min(FRAME[0] / width, FRAME[1] / height)
    to = cv2.getRotationMatrix2D((width / 2, height / 2), turn, fit)
    to[:, 2] += [(FRAME[0] - width) / 2, (FRAME[1] - height) / 2]
    small = cv2.resize(picture, None, fx=fit, fy=fit, interpolation=cv2.INTER_AREA)
    to[:, :2] /= fit
    return np.asarray(
        cv2.warpAffine(small, to, FRAME, borderMode=cv2.BORDER_CONSTANT, borderValue=(70, 80, 90)), np.uint8
    )


def seen(picture: Image, shares: list[float]) -> list[FrameResult]:
    spotter = Spotter(Settings())
    return [
        spotter.step(Frame(view(picture, share, 2.0 + 0.3 * np.sin(i)), i / 10, i, 0.0), i % 2 == 0)
        for i, share in enumerate(shares)
    ]


def with_a_dot() -> Image:
    """The printed page with one more difference, too small to be seen from afar."""
    a = scene()
    b = changed(a)
    cv2.circle(b, (150, 210), 1, (30, 30, 30), -1)
    return compose("blobs", a, b, BOXES, Layout("side"), ["added"] * len(BOXES), "Blobs").image


def test_more_is_seen_from_nearer_under_the_same_numbers() -> None:
    approach = list(np.linspace(FAR, NEAR, 20))
    results = seen(with_a_dot(), [FAR] * 8 + approach + [NEAR] * 8)
    far, near = results[7], results[-1]
    assert (far.state, near.state) == (State.LOCKED, State.LOCKED)
    assert (len(far.differences), len(near.differences)) == (len(BOXES), len(BOXES) + 1)
    assert near.page == far.page
    assert near.grid > far.grid
    ids = {d.id for d in far.differences}
    assert ids < {d.id for d in near.differences}
    finer = {d.id: d.box[2] for d in near.differences}
    assert all(finer[d.id] > FINER * d.box[2] for d in far.differences)
    # nothing flickers on the way
    assert min(len(r.differences) for r in results[8:]) >= len(BOXES)


@pytest.mark.parametrize(
    "shares",
    [[0.5] * 8 + [0.6] * 8, [NEAR] * 4 + list(np.linspace(NEAR, FAR, 14))],
    ids=["hardly", "further away"],
)
def test_the_grid_stays_where_another_would_not_be_finer(shares: list[float]) -> None:
    results = seen(page().image, shares)
    assert results[-1].state is State.LOCKED
    assert results[-1].grid == results[0].grid
