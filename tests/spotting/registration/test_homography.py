"""The map from panel A to panel B, whatever the layout."""

import cv2
import numpy as np
import pytest
from kit.puzzles import changed, page, scene

from livespot import geometry
from livespot.frame import Image
from livespot.geometry import Homography
from livespot.spotting.registration.features import cross_matches, features, self_matches
from livespot.spotting.registration.homography import Pairing, pair_across, pair_within


def paired(image: Image) -> Pairing | None:
    height, width = image.shape[:2]
    return pair_within(self_matches(features(image), 0.15 * min(height, width)), (width, height))


@pytest.mark.parametrize("kind", ["side", "stacked", "diagonal"])
def test_panels_pair_in_any_layout_and_a_is_the_left_or_upper_one(kind: str) -> None:
    printed = page(kind)
    pairing = paired(printed.image)
    # half a pixel: already the classic pipeline's limit
    assert np.abs(pairing.apply(printed.a) - printed.b).max() < 1.0
    assert np.abs(pairing.apply(printed.a.mean(axis=0)[None]) - printed.b.mean(axis=0)).max() < 0.5


def test_panels_of_another_size_and_turned_pair() -> None:
    a, b = scene(4), changed(scene(4))
    image = np.full((420, 760, 3), 240, np.uint8)
    image[60:300, 30:350] = a
    turned: Homography = np.array([[0.95, -0.12, 410.0], [0.12, 0.95, 40.0], [0, 0, 1]], np.float64)
    placed = cv2.warpPerspective(b, turned, (760, 420), borderMode=cv2.BORDER_CONSTANT, borderValue=(240, 240, 240))
    image[:, 380:] = placed[:, 380:]
    pairing = paired(image)
    corners = geometry.rectangle(319, 239)
    assert np.abs(pairing.apply(corners + np.array([30.0, 60.0])) - geometry.apply(turned, corners)).max() < 1.5


@pytest.mark.parametrize("what", ["one picture", "noise", "two scenes", "nothing"])
def test_no_pair_where_there_is_none(what: str) -> None:
    image = np.full((300, 700, 3), 240, np.uint8)
    if what == "noise":
        image = np.random.default_rng(0).integers(0, 256, image.shape).astype(np.uint8)
    if what in ("one picture", "two scenes"):
        image[30:270, 10:330] = scene(5)
    if what == "two scenes":
        image[30:270, 360:680] = scene(6)
    assert paired(image) is None


def test_two_pictures_pair_only_when_they_show_the_same() -> None:
    one = features(scene(7))
    assert pair_across(cross_matches(one, features(changed(scene(7)))), (320, 240)) is not None
    assert pair_across(cross_matches(one, features(scene(8))), (320, 240)) is None


def test_bent_paper_is_followed_by_the_residual() -> None:
    picture = scene(9, (640, 480))
    y, x = np.mgrid[0:480, 0:640].astype(np.float32)
    bend = (6.0 * np.sin(x / 640 * np.pi)).astype(np.float32)
    other = cv2.remap(picture, x, y - bend, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    pairing = pair_across(cross_matches(features(picture), features(other)), (640, 480))
    at = np.array([[u, v] for u in range(60, 600, 60) for v in range(60, 440, 60)], np.float64)
    truth = at + np.column_stack([np.zeros(len(at)), 6.0 * np.sin(at[:, 0] / 640 * np.pi)])
    plain = np.linalg.norm(geometry.apply(pairing.homography, at) - truth, axis=1)
    bent = np.linalg.norm(pairing.apply(at) - truth, axis=1)
    assert np.median(bent) < 0.7
    assert np.median(bent) < np.median(plain)
