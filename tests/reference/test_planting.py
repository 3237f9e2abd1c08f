"""What is planted is where the key says, and nowhere else; nothing that fills a hole shows a seam."""

from collections import Counter
from functools import lru_cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from livespot.demo.puzzle import KINDS, Planted, Puzzle, change_map
from livespot.errors import LivespotError
from livespot.frame import Image
from livespot.reference import changing, healing, planting


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


@pytest.mark.parametrize("seed", [1, 2])
def test_both_panels_are_edited_and_as_much_is_missing_in_the_one_as_in_the_other(seed: int) -> None:
    picture, puzzle = table_top(), planted(seed)
    edited = [[_differs(panel, picture, d.box) for d in puzzle.differences] for panel in (puzzle.a, puzzle.b)]
    assert abs(sum(edited[0]) - sum(edited[1])) <= 1
    kinds = [d.kind for d in puzzle.differences]
    assert abs(kinds.count("added") - kinds.count("removed")) <= 1


def _differs(one: Image, two: Image, box: tuple[int, int, int, int]) -> bool:
    x, y, w, h = box
    return bool((one[y : y + h, x : x + w] != two[y : y + h, x : x + w]).any())


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_called_added_is_in_b_and_what_is_called_removed_in_a(seed: int) -> None:
    puzzle = planted(seed)
    named = [d for d in puzzle.differences if d.kind in ("added", "removed")]
    assert named
    for d in named:
        x, y, w, h = d.box
        busy = {name: panel[y : y + h, x : x + w].std() for name, panel in (("a", puzzle.a), ("b", puzzle.b))}
        assert max(busy, key=lambda name: busy[name]) == ("b" if d.kind == "added" else "a")


def test_kinds_are_as_even_as_what_can_be_changed_allows() -> None:
    def edit(kind: str, contrast: float) -> changing.Edit:
        return changing.Edit(0, 0, np.zeros((1, 1, 3), np.uint8), Planted(kind, (0, 0, 1, 1), "", 0.01, contrast))

    edits = [edit("moved", 20.0 + i) for i in range(12)] + [edit("recoloured", 90), edit("removed", 50)]
    chosen = planting._spread(edits, 6)
    assert Counter(e.planted.kind for e in chosen) == {"moved": 4, "recoloured": 1, "removed": 1}
    moved = [e.planted.contrast for e in chosen if e.planted.kind == "moved"]
    assert moved[0] < 23  # the subtlest is among them, and not only subtle ones
    assert moved[-1] > 27


def test_a_picture_with_little_in_it_is_tried_harder(monkeypatch: pytest.MonkeyPatch) -> None:
    night = (data.rocket()[150:, ::-1, ::-1] * 0.4).astype(np.uint8)
    harder = planting.plant("rocket", night, differences=20, seed=1)
    monkeypatch.setattr(planting, "_EFFORTS", planting._EFFORTS[:1])
    assert len(planting.plant("rocket", night, differences=20, seed=1).differences) < len(harder.differences)


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
    with pytest.raises(LivespotError, match="choose one with more in it"):
        planting.plant("wall", np.full((300, 400, 3), 128, np.uint8), differences=3, seed=0)


def test_a_healed_hole_has_no_edge_and_the_texture_of_its_surroundings() -> None:
    picture = table_top()
    clean = picture.copy()
    x, y = 55 + 90 * 2, 50 + 85
    mask = np.zeros(picture.shape[:2], np.uint8)
    cv2.circle(mask, (x, y), 21, 1, -1)
    hole = mask.astype(bool)
    healed = healing.healed(clean, hole, (0, 0), 60.0, np.random.default_rng(0))
    assert (healed[~hole] == clean[~hole]).all()
    grey = cv2.cvtColor(healed, cv2.COLOR_BGR2GRAY).astype(np.float64)
    edge = cv2.magnitude(cv2.Sobel(grey, cv2.CV_64F, 1, 0), cv2.Sobel(grey, cv2.CV_64F, 0, 1))
    rim = (cv2.dilate(mask, np.ones((3, 3), np.uint8)) - cv2.erode(mask, np.ones((3, 3), np.uint8))) > 0
    around = (cv2.dilate(mask, np.ones((19, 19), np.uint8)) - cv2.dilate(mask, np.ones((5, 5), np.uint8))) > 0
    assert np.median(edge[rim]) < 1.5 * np.median(edge[around])
    assert 0.5 < grey[hole].std() / grey[around].std() < 2.0
    assert grey[hole].mean() == pytest.approx(grey[around].mean(), abs=8)


def dark_boards() -> tuple[Image, list[tuple[int, int]]]:
    """Counters on boards that are two dark greys in turn, in a sensor's noise; and their middles. Half of the counters
    lie across an edge."""
    rng = np.random.default_rng(3)
    picture = np.full((400, 640, 3), 46.0)
    picture[:, (np.arange(640) // 80) % 2 == 0] = 28.0
    middles = [(60 + 65 * n, 60 + 90 * m) for n in range(9) for m in range(4)]
    for x, y in middles:
        cv2.circle(picture, (x, y), 13, (20.0, 30.0, 90.0), -1, cv2.LINE_AA)
    return np.clip(picture + rng.normal(0, 2.5, picture.shape), 0, 255).astype(np.uint8), middles


def seam(filled: Image, hole: NDArray[np.uint8]) -> float:
    """Step of light across the outline of the hole, grey levels: 4 to 9 px within against 1 to 6 px outside, over
    stretches of 11 px, where it is largest; less than that of a natural edge, which goes on outside."""
    light = filled.astype(np.float32).mean(axis=2)
    inward = cv2.distanceTransform(hole, cv2.DIST_L2, 5)
    outward = cv2.distanceTransform(1 - hole, cv2.DIST_L2, 5)

    def mean(where: NDArray[np.bool_]) -> NDArray[np.float32]:
        count = cv2.boxFilter(where.astype(np.float32), -1, (21, 21), normalize=False)
        total = cv2.boxFilter(light * where, -1, (21, 21), normalize=False)
        return np.asarray(total / np.maximum(count, 1), np.float32)

    within, outside = mean((inward >= 4) & (inward < 9)), mean((outward >= 1) & (outward < 6))
    return float(np.percentile(np.abs(within - outside)[(inward > 0) & (inward < 2)], 90))


def test_a_healed_hole_shows_no_seam_in_a_dark_picture() -> None:
    picture, middles = dark_boards()
    clean = np.full((400, 640, 3), 46.0)
    clean[:, (np.arange(640) // 80) % 2 == 0] = 28.0
    seams = []
    for x, y in middles:
        hole = np.zeros(picture.shape[:2], np.uint8)
        cv2.circle(hole, (x, y), 18, 1, -1)
        healed = healing.healed(picture, hole.astype(bool), (0, 0), 110.0, np.random.default_rng(x * y))
        if healed is not None:
            seams.append(seam(healed, hole) - seam(clean.astype(np.uint8), hole))
    assert len(seams) >= len(middles) // 2
    # The boards are 18 levels apart: a smear of half of that would be seen, a board's own noise is a level here.
    assert max(seams) < 4


def test_the_grain_of_a_dark_picture_goes_on_in_a_healed_hole() -> None:
    picture, middles = dark_boards()
    for x, y in middles[:12]:
        hole = np.zeros(picture.shape[:2], np.uint8)
        cv2.circle(hole, (x, y), 18, 1, -1)
        healed = healing.healed(picture, hole.astype(bool), (0, 0), 110.0, np.random.default_rng(1))
        if healed is None:
            continue
        fine = cv2.Laplacian(healed.astype(np.float32), cv2.CV_32F)
        around = cv2.dilate(hole, np.ones((15, 15), np.uint8)) > hole
        spread = [float(np.median(np.abs(fine[where]))) for where in (hole > 0, around)]
        assert spread[0] == pytest.approx(spread[1], rel=0.15)


def test_a_membrane_is_harmonic_between_its_rims() -> None:
    values = np.tile(np.linspace(0, 100, 21)[None, :, None], (9, 1, 1)).astype(np.float64)
    hole = np.zeros((9, 21), bool)
    hole[2:7, 3:18] = True
    wanted = values.copy()
    values[hole] = -500.0  # what is in the hole does not count
    assert np.abs(healing.membrane(values, hole) - wanted).max() < 1e-9
