"""A hand over the rim hides; what ends at the rim is the picture's."""

import cv2
import numpy as np
import pytest

from livespot.demo.opening import page_picture
from livespot.frame import Image
from livespot.spotting.panels.detect import search_page
from livespot.spotting.registration.residual_warp import Registration
from livespot.spotting.visibility.occlusion import occluded

SKIN = (120, 150, 205)


@pytest.fixture(scope="module")
def page() -> tuple[Image, Registration]:
    designed = page_picture("village", seed=5, layout="side")
    image = np.asarray(cv2.resize(designed.image, (1280, 1280 * designed.image.shape[0] // designed.image.shape[1])))
    found = search_page(image, 800)
    assert isinstance(found, Registration)
    return np.asarray(image, np.uint8), found


def hidden(image: Image, found: Registration) -> tuple[np.ndarray, np.ndarray]:
    return occluded(image, found.to_a, found.to_b, found.warp, found.size)


def finger(image: Image, tip: np.ndarray, foot: np.ndarray, width: int) -> Image:
    result = image.copy()
    cv2.line(result, tuple(int(v) for v in tip), tuple(int(v) for v in foot), SKIN, width, cv2.LINE_AA)
    return result


def test_a_page_with_differences_hides_nothing(page: tuple[Image, Registration]) -> None:
    image, found = page
    over_a, over_b = hidden(image, found)
    assert over_a.mean() < 0.01
    assert over_b.mean() < 0.01


@pytest.mark.parametrize("which", [0, 1])
def test_a_finger_over_the_rim_is_hidden_on_its_own_panel(page: tuple[Image, Registration], which: int) -> None:
    image, found = page
    width, height = found.size
    to = (found.on_a, found.on_b)[which]
    tip, foot = to(np.array([[0.5 * width, 0.8 * height], [0.5 * width, 1.3 * height]]))
    over = hidden(finger(image, tip, foot, 70), found)
    assert over[which][int(0.93 * height), int(0.5 * width)]
    assert over[1 - which].mean() < 0.01
    assert 0.01 < over[which].mean() < 0.15
    assert not over[which][: int(0.5 * height)].any()


def test_a_thing_that_ends_at_the_rim_is_not_hidden(page: tuple[Image, Registration]) -> None:
    image, found = page
    width, height = found.size
    inside = image.copy()
    x, y = found.on_b(np.array([[0.5 * width, 0.88 * height]]))[0]
    cv2.circle(inside, (int(x), int(y)), 30, SKIN, -1)
    _, over_b = hidden(inside, found)
    assert not over_b[int(0.88 * height), int(0.5 * width)]


def test_a_thing_of_the_paper_s_colour_at_the_rim_is_not_hidden(page: tuple[Image, Registration]) -> None:
    image, found = page
    width, height = found.size
    across = np.array([[0.3, -0.01], [0.4, -0.01], [0.4, 0.2], [0.3, 0.2]]) * [width, height]
    beyond = np.array([[0.3, -0.1], [0.4, -0.1], [0.4, -0.01], [0.3, -0.01]]) * [width, height]
    x, y = found.on_a(np.array([[0.35 * width, -0.04 * height]]))[0].astype(int)
    filled = image.copy()
    cv2.fillConvexPoly(filled, found.on_a(across).astype(np.int32), (60, 60, 60))
    cv2.fillConvexPoly(filled, found.on_a(beyond).astype(np.int32), (60, 60, 60))
    assert hidden(filled, found)[0].mean() > 0.01
    # the other panel has something above it there; this one a white thing, and white paper
    bare = image.copy()
    cv2.fillConvexPoly(bare, found.on_a(across).astype(np.int32), tuple(int(v) for v in image[y, x]))
    cv2.fillConvexPoly(bare, found.on_b(np.vstack([beyond[:2], across[2:]])).astype(np.int32), (60, 60, 60))
    assert hidden(bare, found)[0].mean() < 0.01


def test_panels_out_of_the_frame_hide_nothing(page: tuple[Image, Registration]) -> None:
    image, found = page
    away = np.array([[1, 0, 5000], [0, 1, 0], [0, 0, 1.0]])
    over_a, over_b = occluded(image, away @ found.to_a, away @ found.to_b, found.warp, found.size)
    assert not over_a.any()
    assert not over_b.any()
    assert over_a.shape == (found.size[1], found.size[0])
