"""Points projected at many angles: as plain NumPy has it, and sharpest along the lines they lie on."""

from __future__ import annotations

import numpy as np
import pytest
from kit.references.panels import sharpness_by_angle_reference

from livespot.spotting.panels._projections import sharpness_by_angle


@pytest.mark.parametrize("number", [0, 1, 5000])
def test_projections_are_what_numpy_says(number: int) -> None:
    rng = np.random.default_rng(4)
    x, y = (rng.integers(-40, 300, number).astype(np.float32) for _ in range(2))
    across, down = (rng.normal(size=number).astype(np.float32) for _ in range(2))
    angles = np.radians(np.arange(-90, 91, 15, dtype=np.float32))
    found = sharpness_by_angle(x, y, across, down, angles)
    assert found.shape == angles.shape
    assert found == pytest.approx(sharpness_by_angle_reference(x, y, across, down, angles), rel=0.02, abs=1e-3)


def test_points_on_lines_are_sharpest_across_them() -> None:
    degrees = np.arange(-44, 45, dtype=np.float32)
    turn = np.radians(17.0)
    line, along = np.meshgrid(np.arange(0, 300, 25.0), np.arange(0, 300, 0.7))
    x, y = line * np.cos(turn) - along * np.sin(turn), line * np.sin(turn) + along * np.cos(turn)
    weight = np.full(x.size, 3.0)
    points = (x.ravel().astype(np.float32), y.ravel().astype(np.float32))
    vectors = ((weight * np.cos(turn)).astype(np.float32), (weight * np.sin(turn)).astype(np.float32))
    found = sharpness_by_angle(*points, *vectors, np.radians(degrees))
    assert degrees[int(np.argmax(found))] == 17
