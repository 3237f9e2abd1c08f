"""The panel map as it is read at run time: where a picture is on a drawn page, whichever of the two is called A."""

import hashlib
import json

import numpy as np
import pytest
from kit.no_puzzles import page_of_words

from livespot.demo.opening import page_picture
from livespot.frame import Image
from livespot.geometry import Quad
from livespot.spotting.panels.panel_map import WEIGHTS, panel_map
from livespot.spotting.panels.quad_score import filled

Mask = np.ndarray[tuple[int, int], np.dtype[np.bool_]]


def views(name: str) -> tuple[Image, Image, Mask]:
    """A page's two pictures with a margin around each, and where the picture is."""
    page = page_picture(name, layout="side")
    low, high = page.a.min(axis=0), page.a.max(axis=0)
    left, top = np.maximum(np.rint(low - 0.12 * (high - low)), 0).astype(int)
    right, bottom = np.rint(high + 0.12 * (high - low)).astype(int)
    across = int(np.rint(page.b[:, 0].min() - low[0]))
    right = min(right, page.image.shape[1] - across)
    a = page.image[top:bottom, left:right]
    b = page.image[top:bottom, left + across : right + across]
    quad: Quad = page.a - (left, top)
    return a, b, filled(quad, a.shape[:2])


@pytest.mark.parametrize("name", ["kitchen", "reef", "harbour", "coffee"])
def test_the_picture_is_where_it_is_drawn(name: str) -> None:
    a, b, inside = views(name)
    found = panel_map(a, b, np.ones(inside.shape, np.bool_)).belongs > 0.5
    assert (found & inside).sum() > 0.93 * (found | inside).sum()


def test_exchanging_a_and_b_changes_nothing() -> None:
    a, b, inside = views("reef")
    seen = np.ones(inside.shape, np.bool_)
    np.testing.assert_allclose(panel_map(a, b, seen), panel_map(b, a, seen), atol=1e-5)


def test_what_only_one_picture_holds_is_not_of_both() -> None:
    a, b, inside = views("reef")
    seen = np.ones(inside.shape, np.bool_)
    seen[:, : inside.shape[1] // 2] = False
    found = panel_map(a, b, seen).belongs
    assert found.dtype == np.float32
    assert found[~seen].max() == 0.0
    assert found[seen & inside].mean() > 0.8


def test_lines_of_words_on_other_lines_are_no_puzzle() -> None:
    page = page_of_words(np.random.default_rng(3))
    for down in (2, 5, 9):
        a, b = page[:400, :500], page[30 * down : 30 * down + 400, :500]
        puzzle = panel_map(a, b, np.ones((400, 500), np.bool_)).puzzle
        assert (puzzle > 0.9).mean() < 0.1


@pytest.mark.parametrize("size", [(3, 5), (40, 700), (500, 480)], ids=str)
def test_any_size_is_taken(size: tuple[int, int]) -> None:
    plain = np.full((*size, 3), 240, np.uint8)
    for found in panel_map(plain, plain, np.ones(size, np.bool_)):
        assert found.shape == size
        assert 0.0 <= found.min() <= found.max() <= 1.0


def test_the_weights_are_those_whose_origin_is_told() -> None:
    told = json.loads(WEIGHTS.with_suffix(".json").read_text())
    assert told["sha256"] == hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
    assert told["bytes"] == WEIGHTS.stat().st_size < 2_000_000
    assert told["held_out"]["iou_median"] > 0.9
