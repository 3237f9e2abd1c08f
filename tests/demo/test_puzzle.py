"""A puzzle's truth is what really differs between its two pictures."""

import numpy as np
import pytest

from livespot.demo import demo_names, make_puzzle
from livespot.demo.page import unchanged
from livespot.demo.puzzle import KINDS, PLAIN, VISIBLE, change_map

EVERY = [
    *((name, "side") for name in demo_names()),
    ("harbour", "stacked"),
    ("astronaut", "stacked"),
    ("village", "diagonal"),
]
SEED = 11  # none of the seeds that the README or the benchmark show


@pytest.mark.parametrize(("name", "layout"), EVERY, ids=[f"{n}-{lay}" for n, lay in EVERY])
def test_truth_is_what_changed(name: str, layout: str) -> None:
    puzzle = make_puzzle(name, seed=SEED, layout=layout)
    change = change_map(puzzle.a, puzzle.b)
    width = puzzle.a.shape[1]
    assert len(puzzle.differences) == 7
    rest = change.copy()
    for d in puzzle.differences:
        x, y, w, h = d.box
        inside = change[y : y + h, x : x + w] >= VISIBLE
        # The box is tight: something visible changed in its first and last rows and columns.
        assert inside[0].any()
        assert inside[-1].any()
        assert inside[:, 0].any()
        assert inside[:, -1].any()
        assert 0.001 <= inside.mean() * w * h / change.size <= 0.03
        values = change[y : y + h, x : x + w][inside]
        assert np.mean(values >= PLAIN) >= 0.6
        assert d.kind in KINDS
        rest[y : y + h, x : x + w] = 0
        for other in puzzle.differences:
            if other is not d:
                u, v, p, q = other.box
                apart = max(u - x - w, x - u - p, v - y - h, y - v - q)
                assert apart >= 0.015 * width, f"{d} and {other} touch"
    assert rest.max() < VISIBLE, "something differs that the truth does not know"
    assert np.mean(rest > 0) < 0.005  # only the last grey levels of soft shadows reach past the boxes


def test_added_and_removed_say_on_which_panel_the_object_is() -> None:
    # The village is drawn in black on white: an object brings ink.
    puzzle = make_puzzle("village", seed=SEED, differences=8)
    seen = set()
    for d in puzzle.differences:
        if d.kind in ("added", "removed") and d.what in ("flower", "butterfly", "bird", "sheep", "dog", "mushroom"):
            x, y, w, h = d.box
            ink_a = int((puzzle.a[y : y + h, x : x + w] < 128).sum())
            ink_b = int((puzzle.b[y : y + h, x : x + w] < 128).sum())
            assert (ink_b > ink_a) == (d.kind == "added"), d
            seen.add(d.kind)
    assert seen, "the scene planted no object of ink; choose another seed"


def test_kinds_are_mixed() -> None:
    kinds = [d.kind for seed in (21, 22) for d in make_puzzle("kitchen", seed=seed).differences]
    assert set(kinds) == set(KINDS)


def test_same_seed_same_puzzle_and_another_seed_another() -> None:
    one, two, other = (make_puzzle("kitchen", seed=s, differences=4) for s in (5, 5, 6))
    assert np.array_equal(one.a, two.a)
    assert np.array_equal(one.b, two.b)
    assert one.differences == two.differences
    assert one.differences != other.differences


def test_no_differences_means_identical_pictures() -> None:
    puzzle = make_puzzle("coffee", seed=SEED, differences=0)
    assert np.array_equal(puzzle.a, puzzle.b)
    assert puzzle.differences == ()
    same = unchanged(make_puzzle("coffee", seed=SEED, differences=2))
    assert np.array_equal(same.a, same.b)
    assert same.differences == ()


@pytest.mark.parametrize("name", ["reef", "village", "astronaut"])
def test_thin_marks_are_thin_and_of_the_promised_contrast(name: str) -> None:
    puzzle = make_puzzle(name, seed=SEED, differences=10, thin=True)
    assert 600 <= puzzle.a.shape[1] <= 800
    assert len(puzzle.differences) == 10
    change = change_map(puzzle.a, puzzle.b)
    for d in puzzle.differences:
        x, y, w, h = d.box
        part = change[y : y + h, x : x + w]
        assert set(np.unique(part)) <= {0, int(d.contrast)}
        assert 60 <= d.contrast <= 110
        if d.what == "dot":
            assert (w, h) == (4, 4)
        else:
            assert np.count_nonzero(part) <= 3 * max(w, h)  # 1 to 2 px wide, whatever its direction
        change[y : y + h, x : x + w] = 0
    assert change.max() == 0


@pytest.mark.parametrize(("name", "layout"), [("coffee", "stacked"), ("astronaut", "diagonal")])
def test_nothing_is_planted_of_which_the_rim_leaves_a_sliver(name: str, layout: str) -> None:
    puzzle = make_puzzle(name, seed=5001, layout=layout)
    height, width = puzzle.a.shape[:2]
    assert len(puzzle.differences) == 7
    for d in puzzle.differences:
        x, y, w, h = d.box
        least = 0.04 * (height * width) ** 0.5
        assert w >= least or (x > 0 and x + w < width), d
        assert h >= least or (y > 0 and y + h < height), d
