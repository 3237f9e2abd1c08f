"""The lens of rendered boards is the one that rendered them; bad views are dropped and named."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from livespot.calibration import board, lens
from livespot.calibration.board import View
from livespot.calibration.lens import Lens, Refusal
from livespot.demo.board import BoardCamera
from livespot.demo.scenario import SCENARIOS

SIZE = (1280, 720)
PLACES = 16


@lru_cache(maxsize=4)
def seen(scenario: str, seed: int = 5) -> tuple[BoardCamera, tuple[View, ...]]:
    """A camera and views of the board all over its picture, tilted every way."""
    camera = BoardCamera(SCENARIOS[scenario], SCENARIOS[scenario].size or SIZE, seed)
    rng = np.random.default_rng(seed)
    views = []
    for n in range(PLACES):
        tilt = 32 * np.array([np.sin(2.4 * n), np.cos(2.4 * n)])
        x, y = 0.25 * np.sin(1.7 * n), 0.22 * np.cos(2.9 * n)
        pose = camera.pose(x, y, rng.uniform(0.45, 0.8), tilt[0], tilt[1], rng.uniform(-12, 12))
        view = board.detect(camera.view(pose, n), f"view {n + 1}")
        if view is not None:
            views.append(view)
    return camera, tuple(views)


@pytest.mark.parametrize("scenario", ["desk", "strong_distortion", "low_resolution", "dim"])
def test_focal_length_centre_and_error_are_within_the_bars(scenario: str) -> None:
    camera, views = seen(scenario)
    assert len(views) >= 14
    found = lens.solve(views, camera.size)
    assert isinstance(found, Lens)
    assert found.matrix[0, 0] == pytest.approx(camera.focal, rel=0.005)
    assert np.abs(found.matrix[:2, 2] - camera.centre).max() < 3.0 * camera.size[1] / 720
    assert found.rms <= 0.3
    assert found.distortion[0] == pytest.approx(camera.distortion[0], abs=0.012)


def test_the_estimated_error_of_the_focal_length_is_of_the_right_size() -> None:
    camera, views = seen("desk")
    found = lens.solve(views, camera.size)
    assert isinstance(found, Lens)
    assert 0.05 < found.focal_error < 5.0
    assert abs(found.matrix[0, 0] - camera.focal) < 5 * found.focal_error


def test_a_bent_board_and_wrong_corners_are_dropped_and_named() -> None:
    camera, views = seen("desk")
    bent = views[2]
    off = 3e-4 * (bent.corners[:, :1] - 640.0) ** 2 * [[0.02, 0.05]]
    wrong = replace(views[5], corners=np.roll(views[5].corners, 1, axis=0))
    crowd = [*views[:2], replace(bent, corners=bent.corners + off), *views[3:5], wrong, *views[6:]]
    found = lens.solve(crowd, camera.size)
    assert isinstance(found, Lens)
    assert {"view 3", "view 6"} <= {d.name for d in found.dropped}
    assert all("px where the others have" in d.reason for d in found.dropped)
    assert len(found.views) + len(found.dropped) == len(crowd)
    assert found.matrix[0, 0] == pytest.approx(camera.focal, rel=0.005)
    assert found.rms <= 0.3


def test_good_views_are_all_kept() -> None:
    camera, views = seen("strong_distortion")
    found = lens.solve(views, camera.size)
    assert isinstance(found, Lens)
    assert found.dropped == ()


def test_progress_is_told() -> None:
    camera, views = seen("desk")
    told: list[str] = []
    lens.solve(views, camera.size, told.append)
    assert told == [f"fitting {len(views)} views"]


@pytest.mark.parametrize("count", [0, 1, 5])
def test_too_few_views_are_refused_with_the_number_needed(count: int) -> None:
    camera, views = seen("desk")
    found = lens.solve(views[:count], camera.size)
    assert isinstance(found, Refusal)
    assert not found
    assert str(lens.FEWEST_VIEWS) in found.reason


def test_views_that_say_nothing_about_the_lens_do_not_pass_for_a_measurement() -> None:
    """One and the same frontal view: focal length and distance cannot be told apart."""
    camera, _ = seen("desk")
    pose = camera.pose(0.0, 0.0, 0.3, 0.0, 0.0, 0.0)
    views = [board.detect(camera.view(pose, n), f"view {n}") for n in range(7)]
    found = lens.solve([v for v in views if v is not None], camera.size)
    # Either it is refused, or it says itself that it is not sure.
    assert isinstance(found, Refusal) or found.focal_error > 0.005 * found.matrix[0, 0]
