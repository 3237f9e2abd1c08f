"""The camera's two directions agree, and paper bends without stretching."""

import cv2
import numpy as np
import pytest

from livespot.demo.camera.optics import Bend, Camera, Pose

SIZE = (640, 360)
POSE = Pose(12.0, -7.0, 640.0, 9.0, -6.0, 4.0)


def bent(degrees: float) -> Bend:
    s = np.linspace(-420, 420, 2001)
    slope = np.radians(degrees) * np.sin(s / 130) * np.clip((400 - np.abs(s)) / 60, 0, 1)
    return Bend(20.0, s, slope)


CAMERAS = {
    "pinhole": Camera(SIZE, 600.0),
    "lens": Camera(SIZE, 600.0, -0.3, 0.08),
    "bent paper": Camera(SIZE, 600.0, 0.0, 0.0, bent(14)),
    "both": Camera(SIZE, 600.0, -0.25, 0.05, bent(14)),
}


@pytest.mark.parametrize("camera", CAMERAS.values(), ids=CAMERAS)
def test_there_and_back(camera: Camera) -> None:
    nodes = camera.sheet_nodes(POSE)
    back = camera.project(nodes.reshape(-1, 2), POSE)
    assert np.abs(back - camera.nodes).max() < 1e-2


@pytest.mark.parametrize("camera", CAMERAS.values(), ids=CAMERAS)
def test_between_the_nodes_too(camera: Camera) -> None:
    dense = camera.enlarged(camera.sheet_nodes(POSE).astype(np.float32))
    assert dense.shape == (SIZE[1], SIZE[0], 2)
    ys, xs = np.mgrid[3 : SIZE[1] : 37, 5 : SIZE[0] : 41]
    back = camera.project(dense[ys, xs].reshape(-1, 2), POSE)
    # Linear between the nodes: the maps' curvature leaves a few hundredths of a pixel.
    assert np.abs(back - np.column_stack([xs.ravel(), ys.ravel()])).max() < 0.05


def test_the_lens_is_opencvs() -> None:
    sheet = np.random.default_rng(4).uniform(-250, 250, (40, 2))
    k1, k2 = -0.2, 0.04
    ours = Camera(SIZE, 600.0, k1, k2).project(sheet, POSE)
    matrix = np.array([[600.0, 0, (SIZE[0] - 1) / 2], [0, 600.0, (SIZE[1] - 1) / 2], [0, 0, 1]])
    shift = np.array([POSE.x / 600, POSE.y / 600, 1.0]) * POSE.distance
    turn, _ = cv2.Rodrigues(POSE.rotation())
    theirs, _ = cv2.projectPoints(
        np.column_stack([sheet, np.zeros(40)]), turn, shift, matrix, np.array([k1, k2, 0, 0.0])
    )
    assert np.allclose(ours, theirs.reshape(-1, 2), atol=1e-6)


def test_bending_keeps_lengths() -> None:
    bend = bent(20)
    angle = np.radians(20)
    line = np.linspace(-300, 300, 3001)[:, None] * [np.cos(angle), np.sin(angle)]
    space = bend.lift(line)
    assert np.ptp(space[:, 2]) > 20  # it does leave the plane
    length = np.linalg.norm(np.diff(space, axis=0), axis=1).sum()
    assert length == pytest.approx(600, abs=0.05)


def test_no_homography_flattens_bent_paper() -> None:
    sheet = np.stack(np.meshgrid(np.linspace(-260, 260, 15), np.linspace(-140, 140, 9)), axis=-1).reshape(-1, 2)
    seen = CAMERAS["bent paper"].project(sheet, POSE)
    best, _ = cv2.findHomography(sheet, seen)
    left = cv2.perspectiveTransform(sheet[None], best)[0] - seen
    assert 1.5 < np.linalg.norm(left, axis=1).max() < 20


def test_grid_covers_sizes_that_are_no_multiple_of_its_cells() -> None:
    size = (133, 83)
    camera = Camera(size, 120.0)
    assert camera.enlarged(camera.sheet_nodes(POSE).astype(np.float32)).shape == (size[1], size[0], 2)
