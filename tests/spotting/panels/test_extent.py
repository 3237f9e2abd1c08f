"""The panels' extents: the quad of panel A on filmed and flat pages, held to the demo's own truth."""

import cv2
import numpy as np
import pytest

from livespot import geometry
from livespot.demo import Layout
from livespot.demo.opening import open_demo, page_picture
from livespot.frame import Image
from livespot.geometry import Quad
from livespot.spotting.panels.extent import _repeats, find_extent
from livespot.spotting.registration.features import features, self_matches
from livespot.spotting.registration.homography import pair_within

# of the panel's size: less than the width of a caption's letters, so that no text comes into the panel
CLOSE = 0.035


def _worst_corner(image: Image, truth: Quad) -> float:
    """How far the found quad's worst corner lies from the truth, of the panel's size."""
    size = (image.shape[1], image.shape[0])
    pairing = pair_within(self_matches(features(image), 0.15 * min(size)), size)
    assert pairing is not None
    extent = find_extent(image, image, pairing)
    off = np.linalg.norm(extent.quad - truth, axis=1).max()
    return float(off / np.sqrt(geometry.area(truth)))


@pytest.mark.parametrize("layout", ["side", "stacked", "diagonal"])
@pytest.mark.parametrize("name", ["kitchen", "reef"])
def test_a_flat_page_gives_the_panel_and_no_caption(name: str, layout: str) -> None:
    page = page_picture(name, layout=layout)
    assert _worst_corner(page.image, page.a) < CLOSE


@pytest.mark.parametrize("layout", ["side", "stacked"])
@pytest.mark.parametrize("paper", [(40, 70, 160), (225, 150, 60), (60, 62, 66)], ids=["blue", "orange", "slate"])
def test_paper_may_have_any_colour(paper: tuple[float, float, float], layout: str) -> None:
    page = page_picture("kitchen", layout=Layout(layout, paper=paper))
    assert _worst_corner(page.image, page.a) < CLOSE


@pytest.mark.parametrize("degrees", [-42, -20, 33])
@pytest.mark.parametrize(("name", "layout"), [("reef", "side"), ("harbour", "stacked"), ("coffee", "diagonal")])
def test_a_page_may_lie_turned_in_its_picture(name: str, layout: str, degrees: float) -> None:
    page = page_picture(name, layout=layout)
    height, width = page.image.shape[:2]
    turned = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.7), [0, 0, 1]])
    image = cv2.warpPerspective(page.image, turned, (width, height), borderValue=(70, 90, 110))
    assert _worst_corner(np.asarray(image, np.uint8), geometry.apply(turned, page.a)) < CLOSE


@pytest.mark.parametrize(
    ("name", "layout", "seed", "scenario"),
    [
        pytest.param("kitchen", "stacked", 29, "exposure", id="rounded frame"),
        pytest.param("harbour", "stacked", 8, "exposure", id="paper's edge beside the panels"),
        pytest.param("coffee", "side", 37, "exposure", id="touching panels"),
        pytest.param("coffee", "diagonal", 39, "glare", id="glare"),
        pytest.param("village", "side", 34, "finger", id="line drawing"),
    ],
)
def test_a_filmed_page_gives_the_panel(name: str, layout: str, seed: int, scenario: str) -> None:
    source = open_demo(name, seconds=1, seed=seed, layout=layout, scenario=scenario)
    frame = source.read()
    assert _worst_corner(frame.image, source.truth(frame.index).panels[0]) < CLOSE


@pytest.mark.parametrize("stacked", [False, True], ids=["side", "stacked"])
def test_halves_of_a_page_are_exact_where_the_sky_is_plain(stacked: bool) -> None:
    rng = np.random.default_rng(4)
    half = np.full((300, 240, 3), (235, 205, 150), np.uint8)
    for x, y, w in zip(rng.integers(0, 240, 300), rng.integers(190, 300, 300), rng.integers(4, 18, 300), strict=True):
        cv2.circle(half, (int(x), int(y)), int(w) // 2, rng.integers(20, 230, 3).tolist(), -1, cv2.LINE_AA)
    other = half.copy()
    cv2.circle(other, (80, 60), 14, (30, 30, 200), -1)
    page = np.concatenate([half, other], axis=0 if stacked else 1)
    assert _worst_corner(page, geometry.rectangle(240, 300) - 0.5) < 0.01


@pytest.mark.parametrize("side", [1, 2, 3, 4, 7])
def test_a_picture_of_a_few_px_is_no_ground_that_repeats(side: int) -> None:
    a = np.random.default_rng(side).integers(0, 256, (60, 80, 3), np.uint8)
    picture = np.zeros((60, 80), np.bool_)
    picture[20 : 20 + side, 30:60] = True
    assert not _repeats(a, picture)
    assert not _repeats(a, np.ascontiguousarray(picture[:, ::-1]))
