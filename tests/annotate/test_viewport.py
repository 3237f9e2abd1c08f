"""Where a picture lies on the canvas, and back from a click."""

import cv2
import numpy as np
import pytest

from livespot import geometry
from livespot.annotate.viewport import View

RECT = (10, 20, 800, 500)


def views() -> list[View]:
    base = View((400, 300), RECT)
    return [
        base,
        View((400, 300), RECT, mirror=True),
        base.zoomed(3.0, (200, 100)),
        View((400, 300), RECT, mirror=True).zoomed(2.5, (500, 300)),
        View((3000, 500), RECT),
        View((20, 900), RECT, mirror=True),
    ]


@pytest.mark.parametrize("view", views(), ids=["fitted", "mirrored", "zoomed", "both", "wide", "tall"])
def test_a_click_comes_back_to_the_point_it_was_drawn_from(view: View) -> None:
    points = np.array([[0, 0], [17.5, 3.25], [view.size[0] - 1, view.size[1] - 1]], np.float64)
    for point, (x, y) in zip(points, geometry.apply(view.matrix(), points), strict=True):
        assert np.allclose(view.to_picture(x, y), point, atol=1e-6)


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("zoom", [1.0, 2.0])
@pytest.mark.parametrize("size", [(800, 500), (400, 250), (1600, 1000), (300, 400)], ids=str)
def test_a_pixel_is_painted_where_the_matrix_says(size: tuple[int, int], zoom: float, mirror: bool) -> None:
    picture = np.zeros((size[1], size[0], 3), np.uint8)
    cx, cy = int(size[0] * 0.55), int(size[1] * 0.45)
    picture[cy - 4 : cy + 5, cx - 4 : cx + 5] = 255
    canvas = np.zeros((560, 840, 3), np.uint8)
    view = View(size, RECT, mirror).zoomed(zoom)
    view.draw(canvas, picture)
    x, y = geometry.apply(view.matrix(), [[cx, cy]])[0]
    rows, columns = np.nonzero(canvas[:, :, 0] > 127)
    assert abs(columns.mean() - x) < 0.75
    assert abs(rows.mean() - y) < 0.75


def test_nothing_outside_its_rectangle_is_touched() -> None:
    canvas = np.full((560, 840, 3), 7, np.uint8)
    View((400, 300), RECT).zoomed(6.0, (300, 200)).panned(900, 900).draw(canvas, np.full((300, 400, 3), 200, np.uint8))
    outside = np.ones(canvas.shape[:2], bool)
    outside[20:520, 10:810] = False
    assert (canvas[outside] == 7).all()


@pytest.mark.parametrize("mirror", [False, True])
def test_zooming_keeps_the_point_under_the_pointer(mirror: bool) -> None:
    view = View((400, 300), RECT, mirror)
    before = view.to_picture(300, 200)
    assert np.allclose(view.zoomed(4.0, (300, 200)).to_picture(300, 200), before, atol=1e-6)


@pytest.mark.parametrize("mirror", [False, True])
def test_the_picture_follows_the_dragging_hand(mirror: bool) -> None:
    view = View((400, 300), RECT, mirror).zoomed(4.0)
    assert np.allclose(view.panned(30, -20).to_picture(330, 180), view.to_picture(300, 200), atol=1e-6)


def test_zoomed_out_again_all_of_it_is_seen() -> None:
    view = View((400, 300), RECT).zoomed(5.0, (700, 100)).panned(100, 50).zoomed(0.01)
    assert (view.zoom, view.centre) == (1.0, (0.5, 0.5))


def test_marks_shrink_with_the_picture_where_the_window_shows_little_of_it() -> None:
    window = (0, 0, 1920, 1000)
    assert View((1280, 720), window).unit(1.4) == 1.4
    assert 0.8 < View((720, 1280), window).unit(1.4) < 1.1


@pytest.mark.parametrize("size", [(1920, 1080), (961, 541), (640, 360)], ids=lambda s: f"{s[0]}x{s[1]}")
@pytest.mark.parametrize("width", [640, 500, 310, 97])
def test_a_shrunken_picture_is_averaged_and_stays_in_place(size: tuple[int, int], width: int) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (size[1], size[0], 3)).astype(np.float32)
    picture = np.clip(127 + 12 * (cv2.GaussianBlur(noise, (0, 0), 4) - 127), 0, 255).astype(np.uint8)
    view = View(size, (0, 0, width, width))
    canvas = np.zeros((width, width, 3), np.uint8)
    view.draw(canvas, picture)
    x, y, w, h = view.area()
    reference = cv2.resize(picture, (w, h), interpolation=cv2.INTER_AREA)
    drawn = canvas[y : y + h, x : x + w]
    moved = cv2.warpAffine(reference, np.float32([[1, 0, 0.5], [0, 1, 0]]), (w, h), borderMode=cv2.BORDER_REPLICATE)
    single = cv2.resize(picture, (w, h), interpolation=cv2.INTER_NEAREST)
    off, of_moved, of_single = (np.abs(reference.astype(int) - other).mean() for other in (drawn, moved, single))
    assert off <= 0.7 * min(of_moved, of_single)  # both are 0 where nothing is scaled


@pytest.mark.parametrize("centre", [(0.0, 0.0), (1.0, 1.0), (0.5, 0.0)])
def test_a_view_at_the_edge_is_filled_with_picture(centre: tuple[float, float]) -> None:
    rect = (10, 20, 636, 690)
    view = View((480, 540), rect, zoom=2.5, centre=centre).settled()
    assert np.allclose(view.area(), rect, atol=1)
