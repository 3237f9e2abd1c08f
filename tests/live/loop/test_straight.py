"""With a profile the spotter sees straight frames, and everybody else sees quads in the frame as captured."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from livespot.calibration import profile
from livespot.calibration.profile import Profile
from livespot.calibration.undistortion import Undistortion
from livespot.cli import main
from livespot.demo import open_demo
from livespot.frame import Frame
from livespot.geometry import Quad
from livespot.live.loop.straight import Straightened, lens_of, through_profile
from livespot.reference.scoring import Labels, Score, score
from livespot.settings import Settings, changed
from livespot.spotting.explain import Explanation, explain_still
from livespot.spotting.results import Difference, FrameResult, Inspection, Kind, State
from livespot.spotting.still import StillTrace

SIZE = (320, 180)
QUAD = np.array([[20.0, 15], [150, 12], [148, 160], [22, 165]])


def bent(size: tuple[int, int] = SIZE, k1: float = -0.3, k2: float = 0.08) -> Profile:
    focal, (width, height) = 0.95 * size[0], size
    matrix = np.array([[focal, 0, (width - 1) / 2], [0, focal, (height - 1) / 2], [0, 0, 1]])
    return Profile(f"demo:k1={k1:g},k2={k2:g}", size, matrix, np.array([k1, k2, 0, 0, 0]), 0.1, 0.5, profile.now(), 20)


class Told:
    """A spotter that reports one fixed quad, and remembers what it was given."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.panels: list[Quad] = []
        self.sensitivity: list[float] = []

    def warm_up(self, progress: object = None) -> None: ...

    def track(self, frame: Frame) -> FrameResult:
        self.frames.append(frame)
        difference = Difference(1, Kind.ADDED, 0.9, (1, 2, 3, 4), QUAD / 2, QUAD / 2 + 20)
        return FrameResult(frame.index, frame.time, State.LOCKED, "", (QUAD, QUAD + 10), (difference,))

    def ready(self, frame: Frame) -> bool:
        return True

    def analyse(self, frame: Frame) -> None:
        self.frames.append(frame)

    def step(self, frame: Frame, due: bool) -> FrameResult:
        return self.track(frame)

    def inspect(self) -> Inspection | None:
        shape = self.frames[-1].image.shape[:2]
        return Inspection(
            self.frames[-1], self.track(self.frames[-1]), self.frames[-1].image, self.frames[-1].image,
            np.zeros(shape, np.float32), np.ones(shape, bool), 0.1,
        )  # fmt: skip

    def explain(self, frame: Frame) -> Explanation:
        self.frames.append(frame)
        return explain_still([frame.image], StillTrace(result=self.track(frame)), Settings())

    def search_again(self) -> None: ...

    def set_sensitivity(self, sensitivity: float) -> None:
        self.sensitivity.append(sensitivity)

    def set_panels(self, frame: Frame, a: Quad, b: Quad) -> None:
        self.panels += [a, b]

    def lock_panels(self, locked: bool) -> None: ...
    def use_reference(self, reference: object) -> None: ...


def frame(index: int = 0) -> Frame:
    picture = np.random.default_rng(index).integers(0, 256, (18, 32, 3), np.uint8)
    return Frame(np.kron(picture, np.ones((10, 10, 1), np.uint8)), index / 10, index, 0.0)


def test_frames_go_in_straight_and_quads_come_out_as_captured() -> None:
    lens, inner = Undistortion(bent()), Told()
    spotter = Straightened(inner, lambda size: lens)
    seen = spotter.track(frame())
    assert inner.frames[0].image.shape == (*lens.size[::-1], 3)
    assert np.allclose(lens.points(seen.panels[0]), QUAD)
    assert np.allclose(lens.points(seen.differences[0].b), QUAD / 2 + 20)
    spotter.set_panels(frame(), *seen.panels)
    assert np.allclose(inner.panels[0], QUAD)
    assert (spotter.step(frame(1), due=True).panels or ())[0] == pytest.approx(seen.panels[0])


def test_what_is_explained_was_made_straight_as_it_was_for_the_analysis() -> None:
    lens, inner = Undistortion(bent()), Told()
    spotter = Straightened(inner, lambda size: lens)
    captured = frame()
    spotter.track(captured)
    assert spotter.explain(captured).pictures[0] is inner.frames[0].image


def test_what_is_inspected_looks_as_captured() -> None:
    lens, inner = Undistortion(bent()), Told()
    spotter = Straightened(inner, lambda size: lens)
    captured = frame(3)
    spotter.track(captured)
    inspection = spotter.inspect()
    assert inspection.frame.image.shape == captured.image.shape
    off = np.abs(inspection.frame.image.astype(int) - captured.image)
    assert np.median(off) <= 1  # resampled twice: only edges change
    assert np.allclose(lens.points(inspection.spotting.panels[0]), QUAD)


def test_an_analysis_of_the_frame_just_tracked_does_not_straighten_it_again() -> None:
    lens, inner = Undistortion(bent()), Told()
    spotter = Straightened(inner, lambda size: lens)
    one = frame()
    spotter.track(one)
    spotter.analyse(one)
    assert inner.frames[0] is inner.frames[1]


def test_without_a_lens_everything_goes_through_untouched() -> None:
    inner = Told()
    spotter = Straightened(inner, lambda size: None)
    one = frame()
    assert (spotter.track(one).panels or ())[0] is QUAD
    assert inner.frames == [one]


def test_a_lens_that_bends_nothing_is_left_alone() -> None:
    assert lens_of(bent(k1=-0.001, k2=0.0)) is None
    assert lens_of(bent()) is not None
    assert lens_of(Profile("id:x", SIZE)) is None


def _tracked_twice(inner: Told, settings: Settings, told: list[str]) -> None:
    """One frame of the demo through the profile that was saved, two times over; told: what was said."""
    with open_demo("harbour/strong_distortion", size=SIZE) as source:
        spotter = through_profile(inner, source, settings, told.append)
        one = source.read()
        assert one is not None
        spotter.track(one)
        spotter.track(one)


@pytest.mark.parametrize(
    ("asked", "set_to"), [({}, [1.4]), ({"sensitivity": "2"}, [])], ids=["from the profile", "as the user says"]
)
def test_the_profiles_sensitivity_is_used_unless_the_user_says_another(
    asked: dict[str, str], set_to: list[float]
) -> None:
    profile.save(replace(bent(), check={"sensitivity": 1.4}))
    inner, told = Told(), list[str]()
    settings = changed(Settings(), {"size": "320x180", **asked})
    _tracked_twice(inner, settings, told)
    assert inner.sensitivity == set_to
    assert len(told) == 1
    assert "lens" in told[0]


def test_a_profile_for_another_size_is_not_used_and_the_reason_is_said() -> None:
    profile.save(bent((640, 360)))
    inner, told = Told(), list[str]()
    settings = changed(Settings(), {"size": "320x180"})
    _tracked_twice(inner, settings, told)
    assert len(told) == 1
    assert "calibrated at 640x360, not at 320x180" in told[0]


def events(path: Path) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.slow
def test_live_finds_as_much_through_a_strong_lens_as_without_one(work: Path) -> None:
    """The demo is filmed with a strong lens; with its profile no box is false and the quads are those of the frame."""
    profile.save(bent((1280, 720)))
    words = ["live", "demo:harbour/strong_distortion", "--headless", "--seconds", "3", "--fps", "10", "--seed", "1"]
    assert main([*words, "--events", "with.jsonl"]) == 0
    truth = open_demo("harbour/strong_distortion", size=(1280, 720), fps=10, seed=1)
    total = Score()
    for line in events(work / "with.jsonl")[15:]:
        true = truth.truth(line["frame"])
        labels = Labels(
            tuple(d.a for d in true.differences if not d.hidden),
            tuple(d.a for d in true.differences if d.hidden),
            true.panels[0],
        )
        total += score([np.array(d["a"]) for d in line["differences"]], labels)
    assert total.recall >= 0.9
    assert total.precision >= 0.95
