"""A page knows where its panels and differences lie."""

import numpy as np
import pytest

from livespot.demo import Layout, compose, make_puzzle, page_picture, ready_made
from livespot.demo.page import LAYOUTS, layout_for, printed
from livespot.errors import UsageError
from livespot.frame import Image
from livespot.geometry import Quad, rectangle


def cut(image: Image, quad: Quad) -> Image:
    """The upright quad's pixels."""
    x, y = np.round(quad[0] + 0.5).astype(int)
    w, h = np.round(quad[2] - quad[0]).astype(int)
    return image[y : y + h, x : x + w]


@pytest.mark.parametrize("kind", LAYOUTS)
@pytest.mark.parametrize("seed", [0, 3, 8])
def test_panels_lie_where_the_page_says(kind: str, seed: int) -> None:
    puzzle = make_puzzle("coffee", seed=1, differences=3, layout=kind)
    layout = layout_for(kind, seed)
    page = printed(puzzle, layout)
    middle = np.s_[40:-40, 40:-40]  # round corners and badges stay out of it
    assert np.array_equal(cut(page.image, page.a)[middle], puzzle.a[middle])
    assert np.array_equal(cut(page.image, page.b)[middle], puzzle.b[middle])
    for d, planted in zip(page.differences, puzzle.differences, strict=True):
        x, y, w, h = planted.box
        assert np.array_equal(cut(page.image, d.a), puzzle.a[y : y + h, x : x + w])
        assert np.array_equal(cut(page.image, d.b), puzzle.b[y : y + h, x : x + w])
        assert (d.kind, d.what) == (planted.kind, planted.what)


@pytest.mark.parametrize(
    ("kind", "right", "below"), [("side", True, False), ("stacked", False, True), ("diagonal", True, True)]
)
def test_panel_a_is_the_left_or_upper_one(kind: str, right: bool, below: bool) -> None:
    page = page_picture("coffee", layout=kind, differences=0)
    way = page.b.mean(axis=0) - page.a.mean(axis=0)
    assert (way[0] > 50) == right
    assert (way[1] > 50) == below
    assert way.min() > -1


def test_panels_may_touch() -> None:
    picture = np.full((200, 240, 3), 90, np.uint8)
    page = compose("two", picture, picture, [], Layout("side", gap=0.0, frame=0.0))
    assert page.a[1, 0] == page.b[0, 0]


def test_round_corners_show_the_paper() -> None:
    picture = np.zeros((300, 300, 3), np.uint8)
    page = compose("two", picture, picture, [], Layout(radius=0.1, frame=0.0, paper=(255, 240, 200)))
    x, y = np.round(page.a[0] + 0.5).astype(int)
    assert tuple(page.image[y, x]) == (200, 240, 255)
    assert tuple(page.image[y + 150, x]) == (0, 0, 0)


def test_any_two_pictures_make_a_page() -> None:
    a = np.full((300, 400, 3), 60, np.uint8)
    b = np.full((375, 500, 3), 60, np.uint8)
    page = compose("mine", a, b, [(40, 30, 20, 10)], Layout(), kinds=["removed"])
    d = page.differences[0]
    assert d.kind == "removed"
    assert np.allclose(d.a[2] - d.a[0], [20, 10])
    assert np.allclose(d.b[2] - d.b[0], [25, 12.5], atol=1e-3)  # B is a quarter larger
    assert np.allclose(d.b[0] - page.b[0], [50, 37.5], atol=1e-3)


def test_a_page_that_exists_already() -> None:
    image = np.full((400, 900, 3), 200, np.uint8)
    a, b = rectangle(300, 200) + np.array([50, 60]), rectangle(300, 200) + np.array([450, 70])
    page = ready_made("scan", image, a, b, [rectangle(30, 20) + 100])
    assert page.image is image
    assert np.allclose(page.differences[0].b, rectangle(30, 20) + np.array([500, 110]), atol=1e-3)


def test_an_unknown_layout_names_the_choices() -> None:
    with pytest.raises(UsageError, match="side, stacked, diagonal"):
        page_picture("coffee", layout="spiral")
