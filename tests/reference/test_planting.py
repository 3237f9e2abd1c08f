"""What is planted is where the key says, and nowhere else; nothing that fills a hole shows a seam."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import pytest

from livespot.demo.puzzle import KINDS, Puzzle, change_map
from livespot.errors import LivespotError
from livespot.frame import Image
from livespot.reference import healing, planting


def table_top(seed: int = 1) -> Image:
    """Coloured counters lying on a grained table: a picture whose things are known."""
    rng = np.random.default_rng(seed)
    grain = cv2.GaussianBlur(rng.standard_normal((360, 480, 1)).astype(np.float32), (0, 0), 1.5) * 18
    picture = np.clip(np.array([120, 160, 190], np.float32) + grain.reshape(360, 480, 1), 0, 255).astype(np.uint8)
    for n in range(20):
        x, y = 55 + 90 * (n % 5), 50 + 85 * (n // 5)
        colour = cv2.cvtColor(np.uint8([[[int(9 * n) % 180, 190, 90 + 7 * n]]]), cv2.COLOR_HSV2BGR)[0, 0]  # type: ignore[arg-type]
        cv2.circle(picture, (x, y), 14 + n % 4, [int(v) for v in colour], -1, cv2.LINE_AA)
    return picture


@lru_cache(maxsize=2)
def planted(seed: int) -> Puzzle:
    return planting.plant("table", table_top(), differences=8, seed=seed)


@pytest.mark.parametrize("seed", [1, 2])
def test_as_many_as_asked_of_several_kinds_from_subtle_to_plain(seed: int) -> None:
    puzzle = planted(seed)
    assert len(puzzle.differences) == 8
    assert {d.kind for d in puzzle.differences} <= set(KINDS)
    assert len({d.kind for d in puzzle.differences}) >= 3
    plain = sorted(d.contrast * d.area**0.5 for d in puzzle.differences)
    assert plain[-1] > 1.5 * plain[0]


@pytest.mark.parametrize("seed", [1, 2])
def test_everything_that_differs_is_in_a_box_and_every_box_holds_a_difference(seed: int) -> None:
    puzzle = planted(seed)
    change = change_map(puzzle.a, puzzle.b)
    outside = change.copy()
    for d in puzzle.differences:
        x, y, w, h = d.box
        assert (change[y : y + h, x : x + w] >= 20).mean() > 0.1
        margin = 6  # a light that was bent fades out beyond the box of what can be seen
        outside[max(0, y - margin) : y + h + margin, max(0, x - margin) : x + w + margin] = 0
    assert outside.max() < 20


def test_both_panels_are_edited() -> None:
    picture = table_top()
    puzzle = planted(1)
    assert (puzzle.a != picture).any()
    assert (puzzle.b != picture).any()


def test_the_same_seed_gives_the_same_puzzle_and_another_another() -> None:
    again = planting.plant("table", table_top(), differences=8, seed=1)
    assert (again.a == planted(1).a).all()
    assert (again.b == planted(1).b).all()
    assert (planted(2).b != planted(1).b).any()


def test_no_differences_leave_the_panels_alike() -> None:
    puzzle = planting.plant("table", table_top(), differences=0, seed=1)
    assert (puzzle.a == puzzle.b).all()
    assert puzzle.differences == ()


def test_an_empty_picture_is_refused_with_a_way_out() -> None:
    with pytest.raises(LivespotError, match="choose a busier one"):
        planting.plant("wall", np.full((300, 400, 3), 128, np.uint8), differences=3, seed=0)


def test_a_healed_hole_has_no_edge_and_the_texture_of_its_surroundings() -> None:
    picture = table_top()
    clean = picture.copy()
    x, y = 55 + 90 * 2, 50 + 85
    mask = np.zeros(picture.shape[:2], np.uint8)
    cv2.circle(mask, (x, y), 21, 1, -1)
    hole = mask.astype(bool)
    healed = healing.healed(clean, hole, 60.0, np.random.default_rng(0))
    assert healed is not None
    assert (healed[~hole] == clean[~hole]).all()
    grey = cv2.cvtColor(healed, cv2.COLOR_BGR2GRAY).astype(np.float64)
    edge = cv2.magnitude(cv2.Sobel(grey, cv2.CV_64F, 1, 0), cv2.Sobel(grey, cv2.CV_64F, 0, 1))
    rim = (cv2.dilate(mask, np.ones((3, 3), np.uint8)) - cv2.erode(mask, np.ones((3, 3), np.uint8))) > 0
    around = (cv2.dilate(mask, np.ones((19, 19), np.uint8)) - cv2.dilate(mask, np.ones((5, 5), np.uint8))) > 0
    assert np.median(edge[rim]) < 1.5 * np.median(edge[around])
    assert 0.5 < grey[hole].std() / grey[around].std() < 2.0
    assert grey[hole].mean() == pytest.approx(grey[around].mean(), abs=8)


def test_a_membrane_is_harmonic_between_its_rims() -> None:
    values = np.tile(np.linspace(0, 100, 21)[None, :, None], (9, 1, 1)).astype(np.float64)
    hole = np.zeros((9, 21), bool)
    hole[2:7, 3:18] = True
    wanted = values.copy()
    values[hole] = -500.0  # what is in the hole does not count
    assert np.abs(healing.membrane(values, hole) - wanted).max() < 1e-9
