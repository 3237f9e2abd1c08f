"""Straight is straight, and there and back again is where it was."""

import cv2
import numpy as np
import pytest

from livespot.calibration.profile import Profile
from livespot.calibration.undistortion import Undistortion

SIZE = (1280, 720)
LENSES = {
    "barrel": (-0.3, 0.08, 0.0, 0.0, 0.0),
    "barrel that folds": (-0.3, 0.0, 0.0, 0.0, 0.0),
    "pincushion": (0.12, 0.0, 0.0, 0.0, 0.0),
    "crooked": (-0.1, 0.02, 0.004, -0.003, 0.01),
}


def made(distortion: tuple[float, ...], size: tuple[int, int] = SIZE) -> Profile:
    focal = 0.95 * size[0]
    matrix = np.array([[focal, 0, size[0] / 2 + 7], [0, focal, size[1] / 2 - 5], [0, 0, 1]])
    return Profile("id:test", size, matrix, np.array(distortion))


def grid(size: tuple[int, int] = SIZE) -> np.ndarray:
    x, y = np.linspace(0, size[0] - 1, 17), np.linspace(0, size[1] - 1, 11)
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


@pytest.mark.parametrize("distortion", LENSES.values(), ids=LENSES)
def test_there_and_back_is_the_same_point(distortion: tuple[float, ...]) -> None:
    u = Undistortion(made(distortion))
    assert np.abs(u.back(u.points(grid())) - grid()).max() < 1e-6


@pytest.mark.parametrize("distortion", LENSES.values(), ids=LENSES)
def test_back_agrees_with_opencv(distortion: tuple[float, ...]) -> None:
    profile = made(distortion)
    u = Undistortion(profile)
    centre, focal = profile.matrix[:2, 2], profile.matrix[0, 0]
    straight = u.points(grid())
    ideal = (straight - u.points([centre]) + centre - centre) / focal
    rays = np.column_stack([ideal, np.ones(len(ideal))])
    wanted, _ = cv2.projectPoints(rays, np.zeros(3), np.zeros(3), profile.matrix, profile.distortion)
    assert np.abs(u.back(straight) - wanted.reshape(-1, 2)).max() < 1e-6


@pytest.mark.parametrize("distortion", LENSES.values(), ids=LENSES)
def test_nothing_that_the_frame_shows_falls_off_the_canvas(distortion: tuple[float, ...]) -> None:
    u = Undistortion(made(distortion))
    straight = u.points(grid())
    assert straight.min() > -1.0
    assert (straight < np.array(u.size)).all()


@pytest.mark.parametrize("distortion", LENSES.values(), ids=LENSES)
def test_far_outside_the_frame_points_keep_their_direction_and_order(distortion: tuple[float, ...]) -> None:
    profile = made(distortion)
    u = Undistortion(profile)
    centre = profile.matrix[:2, 2]
    middle = u.points([centre])[0]
    direction = np.array([0.8, 0.6])
    far = u.back(middle + direction * np.linspace(0, 6000, 200)[:, None]) - centre
    along = far @ direction
    assert (np.diff(along) > 0).all()
    assert np.isfinite(far).all()


def test_a_line_that_the_lens_bent_is_straight_in_the_picture_and_where_the_points_say() -> None:
    u = Undistortion(made(LENSES["barrel"]))
    line = np.column_stack([np.linspace(150, u.size[0] - 150, 60), np.full(60, 130.0)])
    captured = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    bent = u.back(line)
    assert np.ptp(bent[:, 1]) > 8  # or there would be nothing to straighten
    cv2.polylines(captured, [np.rint(bent * 16).astype(np.int32)], False, 255, 3, cv2.LINE_AA, 4)
    straight = u.image(captured)
    assert straight.shape == u.size[::-1]
    for x in range(200, u.size[0] - 200, 100):
        column = straight[:, x].astype(float)
        assert (column @ np.arange(len(column))) / column.sum() == pytest.approx(130.0, abs=0.3)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_turned_profile_straightens_a_turned_frame_the_same(degrees: int) -> None:
    profile = made(LENSES["crooked"])
    one, two = Undistortion(profile), Undistortion(profile.turned(degrees))

    def turned(points: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        for _ in range(degrees // 90):
            points, size = np.column_stack([size[1] - 1 - points[:, 1], points[:, 0]]), (size[1], size[0])
        return points

    assert two.captured_size == (SIZE if degrees % 180 == 0 else SIZE[::-1])
    shift = two.points(turned(grid(), SIZE)) - turned(one.points(grid()), one.size)
    assert np.ptp(shift, axis=0).max() < 1e-6  # the same picture
    assert np.abs(shift).max() < 2.0  # on a canvas that may begin a whole pixel elsewhere


def test_a_profile_without_a_lens_cannot_straighten() -> None:
    with pytest.raises(ValueError, match="no lens"):
        Undistortion(Profile("id:x", SIZE))
