"""A reflection is told from white print and from a shadow."""

import cv2
import numpy as np
import pytest
from kit.puzzles import scene

from livespot.frame import Image
from livespot.spotting.temporal.accumulator import sharpness
from livespot.spotting.visibility.glare import glare, paper_level


def reflection(picture: Image, x: int, y: int, reach: float) -> Image:
    v, u = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]]
    light = 400.0 * np.exp(-((u - x) ** 2 + (v - y) ** 2) / (2 * reach * reach))
    return np.clip(picture + light[..., None], 0, 255).astype(np.uint8)


def test_a_reflection_is_glare_and_printed_white_is_not() -> None:
    picture = np.clip(scene(4), 0, 200).astype(np.uint8)
    assert not glare(picture).over.any()
    mask = glare(reflection(picture, 160, 120, 25.0)).hides
    assert mask[110:130, 150:170].all()
    assert not mask[:40, :40].any()
    printed = picture.copy()
    cv2.rectangle(printed, (120, 80), (200, 160), (255, 255, 255), -1)
    assert not glare(printed).over.any()


def test_print_that_shows_through_the_light_around_a_reflection_is_seen() -> None:
    other = np.clip(scene(4), 0, 140).astype(np.uint8)
    picture = reflection(other, 160, 120, 45.0)
    light = glare(picture, other)
    assert light.hides[picture.min(axis=2) > 250].all()
    legible = (picture.min(axis=2) < 180) & (picture.min(axis=2).astype(int) > other.min(axis=2) + 20)
    assert legible.mean() > 0.1
    assert light.hides[legible].mean() < 0.3
    assert light.over[legible].mean() > 0.9


@pytest.mark.parametrize("level", [0, 255], ids=["black", "white"])
def test_a_flat_picture_is_no_reason_to_fail(level: int) -> None:
    flat = np.full((60, 80, 3), level, np.uint8)
    assert glare(flat).over.shape == (60, 80)
    assert sharpness(flat[..., 0]) == 0.0


def test_a_white_outline_in_one_panel_is_not_glare() -> None:
    other = np.clip(scene(6), 0, 200).astype(np.uint8)
    picture = other.copy()
    cv2.ellipse(picture, (160, 120), (20, 17), 0, 0, 360, (30, 30, 220), -1, cv2.LINE_AA)
    cv2.ellipse(picture, (160, 120), (20, 17), 0, 0, 360, (255, 255, 255), 2, cv2.LINE_AA)
    assert not glare(picture, other).over.any()


def test_light_paper_out_of_the_shade_is_not_glare_and_what_is_printed_there_is_seen() -> None:
    """A soft shadow across a cream page: one panel lies in the light, the other in the shade."""
    page = np.full((240, 320, 3), (205, 232, 240), np.float64)
    for x in range(20, 320, 40):
        cv2.circle(page, (x, 60 + x % 120), 9, (90.0, 90.0, 120.0), -1, cv2.LINE_AA)
    across = np.linspace(0, 1, 320)[None, :, None]
    pool = np.exp(-(((across - 0.6) / 0.1) ** 2))
    lit = np.clip(page * (1.0 + 0.13 * pool), 0, 255).astype(np.uint8)
    shaded = np.clip(page * (0.9 - 0.3 * np.clip(3 * across - 1, 0, 1)), 0, 255).astype(np.uint8)
    assert not glare(lit, shaded).over.any()
    assert not glare(shaded, lit).over.any()
    # a reflection on the very same page is one
    assert glare(reflection(shaded, 100, 120, 25.0), shaded).over[110:130, 90:110].all()


def test_a_white_cloud_on_a_white_page_is_no_lamp() -> None:
    sky = np.clip(scene(4), 0, 150).astype(np.uint8)
    v, u = np.mgrid[0:240, 0:320]
    white = np.clip(1.6 * np.exp(-((u - 240) ** 2 / 1800.0 + (v - 60) ** 2 / 600.0)), 0, 1)[..., None]
    noise = np.random.default_rng(0).normal(0, 2.0, sky.shape)
    cloudy = (
        (sky * (1 - white) + 232.0 * white + noise).clip(0, 255).astype(np.uint8)
    )  # it fades out as a reflection does
    assert glare(cloudy, sky).over.any()
    assert not glare(cloudy, sky, lambda: 232.0).over.any()
    assert glare(reflection(sky, 240, 60, 25.0), sky, lambda: 232.0).over[50:70, 230:250].all()


def test_a_small_white_bird_on_a_tinted_page_is_no_lamp() -> None:
    sky = np.clip(scene(4), 0, 150).astype(np.uint8)
    v, u = np.mgrid[0:240, 0:320]

    def with_white(reach: float) -> Image:
        white = np.exp(-((u - 240) ** 2 + (v - 60) ** 2) / (2 * reach * reach))[..., None]
        noise = np.random.default_rng(0).normal(0, 2.0, sky.shape)
        return np.asarray((sky * (1 - white) + 236.0 * white + noise).clip(0, 255), np.uint8)

    assert not glare(with_white(16.0), sky, lambda: 210.0).over.any()
    assert glare(with_white(30.0), sky, lambda: 210.0).over[55:65, 235:245].all()


def test_the_paper_is_what_lies_beside_the_panels() -> None:
    page = np.full((480, 640, 3), 231, np.uint8)
    quads = [np.array([[x, 100], [x + 200, 100], [x + 200, 300], [x, 300]], np.float64) for x in (80, 340)]
    for quad in quads:
        cv2.fillConvexPoly(page, quad.astype(np.int32), (255, 255, 255))
    assert paper_level(page, quads) == pytest.approx(231.0, abs=2.0)
    assert paper_level(page, [quads[0] + 5000.0]) == 0.0
