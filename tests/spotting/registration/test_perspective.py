"""The page's perspective comes back from how A lies on B; where B is not A moved, nothing is said."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from livespot import geometry
from livespot.spotting.registration.features import Matches
from livespot.spotting.registration.homography import Pairing
from livespot.spotting.registration.perspective import without_perspective

SHAPE = (720, 1280, 3)
Floats = NDArray[np.float64]
CAMERA = np.array([[0.8, -0.1, 200.0], [0.15, 0.9, 80.0], [1.5e-4, 4e-4, 1.0]])  # page px -> picture px
A = geometry.rectangle(400, 300) + np.array([60.0, 100.0])


def _pairing(onto_b: Floats) -> Pairing:
    """Of two panels of a page; onto_b: page px of A -> page px of B."""
    x, y = np.meshgrid(np.linspace(60, 460, 9), np.linspace(100, 400, 7))
    on_a = np.column_stack([x.ravel(), y.ravel()])
    a, b = geometry.apply(CAMERA, on_a), geometry.apply(CAMERA @ onto_b, on_a)
    matches = Matches(a, b, np.zeros(len(a), np.float32), np.full(len(a), 60.0, np.float32))
    whole = CAMERA @ onto_b @ np.linalg.inv(CAMERA)
    return Pairing(whole, np.zeros((10, 2)), np.zeros(2), 1.0, a.min(axis=0), a.max(axis=0), matches, 0.0)


def _off_parallel(quad: Floats) -> float:
    """Degrees between the two sides that should be parallel, the worse pair."""
    way = np.roll(quad, -1, axis=0) - quad
    angle = np.degrees(np.arctan2(way[:, 1], way[:, 0]))
    return float(np.abs((angle[:2] - angle[2:] + 270.0) % 180.0 - 90.0).max())


@pytest.mark.parametrize("scale", [1.0, 0.9], ids=["one size", "B smaller"])
def test_sides_are_parallel_again(scale: float) -> None:
    moved = np.array([[scale, 0, 420.0], [0, scale, 12.0], [0, 0, 1]])
    seen = geometry.apply(CAMERA, A)
    assert _off_parallel(seen) > 4.0
    view = without_perspective(_pairing(moved), SHAPE)
    assert view is not None
    assert _off_parallel(geometry.apply(np.linalg.inv(view), seen)) < 1e-3
    middle = np.median(_pairing(moved).matches.a, axis=0)[None]
    around = middle + np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    assert geometry.apply(view, around) == pytest.approx(around, abs=0.02)


def test_a_panel_that_is_turned_on_the_page_says_nothing() -> None:
    cos, sin = np.cos(0.25), np.sin(0.25)
    assert without_perspective(_pairing(np.array([[cos, -sin, 420.0], [sin, cos, 12.0], [0, 0, 1]])), SHAPE) is None


def test_a_horizon_in_the_picture_is_a_mistake() -> None:
    tilted = CAMERA.copy()
    tilted[2] = [3e-3, 0, 1]
    onto_b = np.array([[1, 0, 420.0], [0, 1, 0], [0, 0, 1]])
    wrong = replace(_pairing(onto_b), homography=tilted @ onto_b @ np.linalg.inv(tilted))
    assert without_perspective(wrong, SHAPE) is None
