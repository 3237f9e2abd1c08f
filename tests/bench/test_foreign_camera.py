"""The foreign camera keeps to its truth: marks are where it says, the same seed is the same film."""

import cv2
import numpy as np
import pytest
from kit.foreign.camera import ForeignCamera
from kit.foreign.page import Sheet, print_page, print_pair
from kit.puzzles import scene

from livespot import geometry
from livespot.bench.filmed import ClipResult, run_clip
from livespot.settings import Settings

SIZE = (640, 480)
DOTS = [(x, y) for x in (30, 110, 190, 270) for y in (30, 90, 150, 210)]


def dotted() -> Sheet:
    """Grey pictures with red dots of 24 px, each dot a mark."""
    picture = np.full((240, 320, 3), 120, np.uint8)
    for dot in DOTS:
        cv2.circle(picture, dot, 12, (0, 0, 255), -1, cv2.LINE_AA)
    boxes = [geometry.box_quad((x - 12.5, y - 12.5, 25, 25)) for x, y in DOTS]
    return print_pair(picture, picture, boxes, [], 900, np.random.default_rng(3))


@pytest.mark.parametrize("seed", [1, 4, 11])
def test_marks_are_seen_where_the_truth_says(seed: int) -> None:
    camera = ForeignCamera(dotted(), seed, 0.3, size=SIZE)
    errors = []
    while (frame := camera.read()) is not None:
        truth = camera.truth(frame.index)
        assert truth.in_view
        b, g, r = (frame.image[:, :, i].astype(int) for i in range(3))
        red = ((r - np.maximum(b, g)) > 50).astype(np.uint8)
        _, _, _, centres = cv2.connectedComponentsWithStats(red)
        for mark in truth.differences:
            for quad in () if mark.hidden else (mark.a, mark.b):
                errors.append(np.linalg.norm(centres[1:] - quad.mean(axis=0), axis=1).min())
    assert len(errors) > 100
    assert np.median(errors) < 0.6
    assert np.quantile(errors, 0.95) < 1.5


def test_the_same_seed_gives_the_same_film() -> None:
    films = [[], [], []]
    sheet = dotted()
    for film, seed in zip(films, (5, 5, 6), strict=True):
        camera = ForeignCamera(sheet, seed, 0.1, size=SIZE)
        while (frame := camera.read()) is not None:
            film.append(frame.image)
    assert len(films[0]) >= 2
    assert all(np.array_equal(p, q) for p, q in zip(films[0], films[1], strict=True))
    assert not np.array_equal(films[0][0], films[2][0])


def test_a_finger_hides_what_it_lies_on_and_leaves_again() -> None:
    sheet = dotted()
    hidden = []
    for seed in range(6):
        camera = ForeignCamera(sheet, seed, 3.0, size=SIZE)
        camera.fps, camera.length = 5 / 3, 6  # a few frames of it will do
        hidden.append([sum(m.hidden for m in camera.truth(f.index).differences) for f in iter(camera.read, None)])
    pointed_at = [shown for shown in hidden if shown[0] == shown[-1] == 0 and max(shown[1:-1]) > 0]
    assert pointed_at
    assert max(max(shown) for shown in pointed_at) < len(DOTS)


def test_a_page_as_it_is_keeps_its_labels() -> None:
    page = np.full((300, 620, 3), 250, np.uint8)
    a, b = geometry.box_quad((10, 10, 290, 280)), geometry.box_quad((320, 10, 290, 280))
    sheet = print_page(page, (a, b), [geometry.box_quad((50, 60, 30, 20))], [], 1240, np.random.default_rng(0))
    (on_a, on_b), width = sheet.differences[0], sheet.panels[0][1, 0] - sheet.panels[0][0, 0]
    assert (on_b - on_a)[:, 0] == pytest.approx(np.full(4, 310 / 290 * width), rel=1e-3)
    assert (on_a[0] - sheet.panels[0][0]) / width == pytest.approx(np.array([40, 50]) / 290, abs=1e-3)


def test_a_still_page_without_a_difference_gets_no_box() -> None:
    picture = scene(4)
    sheet = print_pair(picture, picture, [], [], 900, np.random.default_rng(1))
    result = ClipResult("foreign", "scene", "", 1)
    run_clip(ForeignCamera(sheet, 1, 1.0, size=SIZE, still=True), Settings(), result)
    assert result.frames >= 20
    assert result.empty == 1.0
