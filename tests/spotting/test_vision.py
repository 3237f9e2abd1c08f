"""The seams of the vision: each of its parts is exchanged by handing another object to the front doors."""

from collections.abc import Callable, Hashable

import numpy as np
import pytest
from kit.puzzles import BOXES, clip, page
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.settings import Settings
from livespot.spotting.classify.decision import Reason
from livespot.spotting.classify.judge import FittedJudge
from livespot.spotting.kernels.light import BLOCK
from livespot.spotting.panels.detect import NO_PUZZLE
from livespot.spotting.params import fitted_params
from livespot.spotting.registration.features import MOST, Features, features
from livespot.spotting.results import FrameResult, Inspection
from livespot.spotting.spotter import Spotter
from livespot.spotting.still import NO_DIFFERENCE, StillTrace, spot_page
from livespot.spotting.vision import Vision


def same_light(a: Image, b: Image, seen: NDArray[np.bool_], sigma: float) -> NDArray[np.float32]:
    """A photometric model for scans."""
    return np.ones((-(-a.shape[0] // BLOCK), -(-a.shape[1] // BLOCK), 3), np.float32)


def blind(image: Image, most: int = MOST) -> Features:
    """A detector that finds nothing."""
    return features(np.zeros_like(image), most)


class Doubting(FittedJudge):
    """Believes nothing, for a reason of its own."""

    def confidence(self, features: NDArray[np.float64], sensitivity: float) -> NDArray[np.float64]:
        return np.zeros(len(features))

    def reasons(self, features: NDArray[np.float64]) -> list[tuple[Reason, ...]]:
        return [(Reason("doubt", 1.0, -9.0),)] * len(features)


def still(vision: Vision | None, trail: StillTrace | None = None) -> Inspection | FrameResult:
    """A page that gets darker from left to right."""
    printed = page().image
    light = np.linspace(1.0, 0.45, printed.shape[1])[None, :, None]
    return spot_page(np.clip(printed * light, 0, 255).astype(np.uint8), Settings(), trail, vision)


def filmed(vision: Vision | None) -> Inspection | FrameResult:
    """The same page under a webcam, frozen; the last frame's result where no page is held."""
    spotter = Spotter(Settings(), vision)
    results = [spotter.step(frame, due=True) for frame, _ in clip("desk", 3)]
    return spotter.inspect() or results[-1]


Door = Callable[[Vision | None], Inspection | FrameResult]
doors = pytest.mark.parametrize("door", [still, filmed])


def inspected(found: Inspection | FrameResult) -> Inspection:
    assert isinstance(found, Inspection)
    return found


@doors
def test_another_photometric_model_leaves_the_light_in_the_map(door: Door) -> None:
    usual, other = inspected(door(None)), inspected(door(Vision(gain=same_light)))
    assert len(usual.spotting.differences) == len(BOXES)
    assert np.median(other.difference_map) > 1.5 * np.median(usual.difference_map)


@doors
def test_another_detector_finds_no_puzzle(door: Door) -> None:
    found = door(Vision(features=blind))
    assert isinstance(found, FrameResult)
    assert found.reason == NO_PUZZLE


@doors
def test_another_judge_leaves_no_box(door: Door) -> None:
    found = inspected(door(Vision(judge=Doubting()))).spotting
    assert (found.differences, found.reason) == ((), NO_DIFFERENCE)


def test_what_another_judge_says_is_what_is_explained() -> None:
    trail = StillTrace()
    still(Vision(judge=Doubting()), trail)
    reasons = trail.judged.reasons(trail.judged.decisions())
    assert len(reasons) >= len(BOXES)
    assert {reason.measure for told in reasons for reason in told} == {"doubt"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("difference.least_radius", 2.0),
        ("photometry.sigma", 0.3),
        ("robust.wide_gain_sigma", 0.01),
        ("regions.high_floor", 80.0),
        ("stills.shown", 1.0),
        ("identity.appear", 1.0),
    ],
)
def test_every_stage_uses_the_parameters_it_is_handed(name: str, value: float) -> None:
    door = filmed if name.startswith("identity.") else still
    assert outcome(door(Vision(fitted_params().changed({name: value})))) != outcome(door(None))


def outcome(found: Inspection | FrameResult) -> Hashable:
    """All that may differ."""
    if isinstance(found, FrameResult):
        return found.reason
    boxes = tuple((d.box, d.confidence) for d in found.spotting.differences)
    return boxes, found.difference_map.tobytes()
