"""The board is found where it is, in part too, and nowhere else."""

import cv2
import numpy as np
import pytest

from livespot.calibration import board
from livespot.calibration.sheet import as_image
from livespot.demo.board import BoardCamera
from livespot.demo.scenario import SCENARIOS


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_every_corner_is_found_to_a_tenth_of_a_pixel_on_the_print_itself(paper: str) -> None:
    view = board.detect(as_image(board.sheet(paper), 4.0))
    assert view.ids.tolist() == list(range(board.CORNERS))
    wanted = (view.board_points + np.array(board.place_on_sheet(paper))) * 4.0 - 0.5
    assert np.abs(view.corners - wanted).max() < 0.1


@pytest.mark.parametrize(
    ("scenario", "off"),
    # px rms: what the noise, the smear of JPEG and the lens of each camera leave
    [("desk", 0.2), ("strong_distortion", 0.25), ("dim", 0.35)],
    ids=lambda value: str(value),
)
def test_corners_are_where_they_truly_are_in_a_tilted_view(scenario: str, off: float) -> None:
    camera = BoardCamera(SCENARIOS[scenario], (1280, 720), 3)
    pose = camera.pose(0.05, -0.04, 0.7, 25.0, -18.0, 6.0)
    view = board.detect(camera.view(pose))
    assert len(view.ids) == board.CORNERS
    error = np.linalg.norm(view.corners - camera.corners(pose)[view.ids], axis=1)
    assert np.sqrt(np.mean(error**2)) < off


def test_a_board_that_runs_out_of_the_picture_still_counts() -> None:
    image = as_image(board.sheet(), 4.0)
    view = board.detect(np.ascontiguousarray(image[:, : image.shape[1] // 2]))
    assert board.FEWEST <= len(view.ids) < board.CORNERS
    wanted = (view.board_points + np.array(board.place_on_sheet())) * 4.0 - 0.5
    assert np.abs(view.corners - wanted).max() < 0.05


def _noise() -> np.ndarray:
    return np.random.default_rng(4).integers(0, 256, (480, 640, 3), np.uint8)


def _sliver() -> np.ndarray:
    image = as_image(board.sheet(), 4.0)
    image[:, 300:] = 200
    image[250:] = 200
    return image


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((480, 640, 3), np.uint8),
        np.full((32, 32), 255, np.uint8),
        _noise(),
        _sliver(),
        cv2.flip(as_image(board.sheet(), 3.0), 1),
    ],
    ids=["black", "tiny grey", "noise", "too little of it", "mirrored"],
)
def test_there_is_no_board_where_there_is_none(image: np.ndarray) -> None:
    assert board.detect(np.ascontiguousarray(image)) is None


def test_a_strange_mark_beside_the_board_does_not_cost_it() -> None:
    image = as_image(board.sheet(), 4.0)
    framed = np.full((image.shape[0] + 200, image.shape[1], 3), 255, np.uint8)
    framed[200:] = image
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_5X5_50)
    for x, number in ((50, 3), (300, 40)):  # one doubles a mark of the board, one is not on it
        mark = cv2.aruco.generateImageMarker(dictionary, number, 120)
        framed[40:160, x : x + 120] = mark[..., None]
    view = board.detect(framed)
    wanted = (view.board_points + np.array(board.place_on_sheet())) * 4.0 - 0.5 + [0, 200]
    assert len(view.ids) == board.CORNERS
    assert np.abs(view.corners - wanted).max() < 0.01
