"""What of a panel belongs to its picture, on drawn grids."""

import cv2
import numpy as np
import pytest

from livespot import geometry
from livespot.spotting.panels.outline import outline
from livespot.spotting.panels.side_fitting import PanelEvidence

GROUND = (150, 190, 110)
SIZE = (260, 220)  # width, height of the grid
QUAD = geometry.rectangle(180, 140) + 40


def scene(shape: str, over: str = "") -> tuple[PanelEvidence, np.ndarray, np.ndarray]:
    """Two panels with one picture of this shape on a page's ground, something over one rim; how far both are from the
    ground's colour; and the true mask.
    """
    rng = np.random.default_rng(3)
    picture = cv2.resize(rng.integers(0, 120, (20, 26, 3)).astype(np.uint8), SIZE, interpolation=cv2.INTER_NEAREST)
    inside = np.zeros(SIZE[::-1], np.uint8)
    if shape == "oval":
        cv2.ellipse(inside, (130, 110), (90, 70), 0, 0, 360, 1, -1)
    else:
        cv2.rectangle(inside, (40, 40), (219, 179), 1, -1)
    a = np.where(inside[..., None] > 0, picture, np.uint8(GROUND)).astype(np.uint8)
    b = a.copy()
    if over == "caption":
        for panel, right in ((a, 110), (b, 130)):
            cv2.rectangle(panel, (40, 179), (right, 186), (40, 40, 40), -1)
    if over == "title":
        cv2.rectangle(b, (60, 18), (120, 58), (40, 40, 230), -1)
    if over == "thing":
        cv2.circle(b, (130, 45), 16, (240, 240, 240), -1)
    paper = np.stack([np.abs(p.astype(np.float32) - GROUND).max(axis=2) / 5.0 for p in (a, b)], axis=2)
    panels = [p.astype(np.float32) for p in (a, b)]
    whole = np.ones(SIZE[::-1], np.bool_)
    evidence = PanelEvidence(*panels, (panels[0], panels[1]), np.ones(SIZE[::-1], np.float32), 160.0, whole)
    return evidence, paper, inside > 0


def test_an_oval_picture_is_an_oval() -> None:
    evidence, paper, true = scene("oval")
    picture, covered, quad = outline(evidence, [paper], [QUAD])
    assert (picture & true).sum() > 0.95 * (picture | true).sum()
    assert not covered.any()
    assert np.abs(quad - QUAD).max() < 3


def test_a_picture_that_fills_its_quad_is_left_alone() -> None:
    evidence, paper, _ = scene("straight")
    picture, covered, quad = outline(evidence, [paper], [QUAD])
    assert quad is QUAD
    assert picture[42:178, 42:218].all()
    assert not covered.any()


def test_the_first_quad_that_has_a_shape_is_taken_else_the_last() -> None:
    evidence, paper, true = scene("oval")
    within = QUAD.mean(axis=0) + 0.8 * (QUAD - QUAD.mean(axis=0))
    picture, _, _ = outline(evidence, [paper], [QUAD, within])
    assert (picture & true).sum() > 0.95 * (picture | true).sum()
    evidence, paper, _ = scene("straight")
    assert outline(evidence, [paper], [within, QUAD])[2] is QUAD


def test_a_caption_at_the_rim_is_no_shape_of_the_picture() -> None:
    evidence, paper, _ = scene("straight", "caption")
    around = QUAD + np.array([[0, 0], [0, 0], [0, 8], [0, 8]])
    assert outline(evidence, [paper], [around, QUAD])[2] is QUAD


@pytest.mark.parametrize("shape", ["oval", "straight"])
def test_a_title_over_the_rim_covers_what_is_under_it(shape: str) -> None:
    evidence, paper, true = scene(shape, "title")
    _, covered, _ = outline(evidence, [paper], [QUAD])
    assert covered[45:56, 70:110][true[45:56, 70:110]].all()
    assert covered[true].mean() < 0.08


def test_a_thing_of_the_picture_that_breaks_its_rim_is_compared() -> None:
    evidence, paper, _ = scene("straight", "thing")
    _, covered, _ = outline(evidence, [paper], [QUAD])
    assert not covered[QUAD[0, 1].astype(int) + 4 : 61, 116:144].any()
