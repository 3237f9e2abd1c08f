"""The scans of the extent search are what plain NumPy says."""

import numpy as np
import pytest
from kit.references.panels import line_means_reference, rows_with_reference, sharpness_by_angle_reference

from livespot.spotting.panels._scans import line_means, rows_with, sharpness_by_angle


@pytest.mark.parametrize("size", [(2, 1), (72, 9), (33, 140)], ids=str)
def test_means_along_lines(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(2)
    one, two = (rng.normal(size=size).astype(np.float32) for _ in range(2))
    middle, slope = np.arange(0, size[1], 2, dtype=np.int32), np.arange(-12, 13, 3, dtype=np.int32)
    found, expected = line_means(one, two, middle, slope), line_means_reference(one, two, middle, slope)
    for mine, plain in zip(found, expected, strict=True):
        assert mine.shape == (len(middle), len(slope))
        # a depth that lies half way between two may be rounded either way: one place in many
        assert np.abs(mine - plain).mean() < 0.02


def test_a_line_drawn_across_the_band_is_the_best_one() -> None:
    band = np.zeros((72, 60), np.float32)
    at = np.rint(30 + 10 * np.linspace(-0.5, 0.5, 72)).astype(int)
    band[np.arange(72), at] = 1
    middle, slope = np.arange(60, dtype=np.int32), np.arange(-20, 21, 2, dtype=np.int32)
    mean, _ = line_means(band, band, middle, slope)
    best = np.unravel_index(int(np.argmax(mean)), mean.shape)
    assert (middle[best[0]], slope[best[1]]) == (30, 10)
    assert mean.max() > 0.95


LIGHT, TINT = 0.3, 0.07


@pytest.mark.parametrize("size", [(1, 1), (72, 11), (288, 7), (3, 0)], ids=str)
def test_shares_of_rows(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(5)
    band = (5.0 + 0.2 * rng.normal(size=(*size, 1)) + 0.05 * rng.normal(size=(*size, 3))).astype(np.float32)
    usable = rng.random(size) < 0.6
    colours = np.concatenate([band.reshape(-1, 3)[::29], np.full((2, 3), 5.0), np.full((1, 3), 9.0)]).astype(np.float32)
    found = rows_with(band, usable, colours, LIGHT, TINT)
    assert found.shape == (len(colours),)
    assert found == pytest.approx(rows_with_reference(band, usable, colours, LIGHT, TINT), abs=1.5 / size[0] / 72)
    assert found[-1] == 0.0


def test_light_may_change_and_a_tint_may_not() -> None:
    band = np.full((4, 2, 3), 5.0, np.float32)
    usable = np.array([[True, False]] * 3 + [[False, False]])
    brighter, tinted, bright = np.full(3, 5.25), np.array([5.2, 5.0, 5.0]), np.full(3, 5.35)
    shares = rows_with(band, usable, np.stack([brighter, tinted, bright]).astype(np.float32), LIGHT, TINT)
    assert shares.tolist() == [0.75, 0.0, 0.0]


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
