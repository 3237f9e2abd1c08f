"""What a candidate is measured by, on panels where each number is known."""

from __future__ import annotations

import numpy as np
import pytest
from kit.crops import rectangles
from numpy.typing import NDArray

from livespot.geometry import Box
from livespot.spotting.classify.measures import Measures, Panels, Reach, measures_of, shifted_difference
from livespot.spotting.photometry.gain import GainCorrectedPair

SIZE = (90, 130)
REACH = Reach(margin=9, rim=12.0, white=200.0, shift=3)
BOX = (50, 40, 24, 9)
PLAIN: NDArray[np.bool_] = np.ones((9, 24), np.bool_)


def panels(**changed: object) -> Panels:
    """Panels of 100 grey, of which A is 130, 140, 150 in BOX; a map of 2 with 40 there; level 10."""
    a, b = np.full((*SIZE, 3), 100, np.uint8), np.full((*SIZE, 3), 100, np.uint8)
    a[40:49, 50:74] = (130, 140, 150)
    inside = rectangles(SIZE, BOX)
    difference = np.where(inside > 0, 40, 2).astype(np.float32)
    usual = Panels(
        GainCorrectedPair(a, b), difference, np.full(SIZE, 10, np.float32), inside, np.ones(SIZE, np.uint8),
        np.full((12, 17), 3, np.float32), np.ones((11, 16, 4), np.float32),
    )  # fmt: skip
    return usual._replace(**changed)


def measured(box: Box = BOX, mask: NDArray[np.bool_] = PLAIN, **changed: object) -> Measures:
    return measures_of(panels(**changed), box, mask, (slice(2, 7), slice(1, 9)), REACH)


def test_a_plain_candidate() -> None:
    m = measured()
    assert m.pixels == 9 * 24
    assert (m.inside, m.around, m.inside_median, m.beside_median) == pytest.approx((4.0, 0.2, 4.0, 0.2))
    assert (m.difference, m.level) == pytest.approx((40.0, 10.0))
    assert m.bias == m.size == pytest.approx((30.0, 40.0, 50.0))
    assert m.energy_a > 1.0 > m.energy_b == 0.0
    assert m.thickness == pytest.approx(0.955 * 5, rel=0.01)  # OpenCV's straight step
    assert 2.5 < m.wide < 4.0  # blurred, and over the level
    assert m.usual == 3.0
    assert m.fine == (40.0, 40.0, 40.0, 40.0)
    assert m.bright == 0.0
    assert m.unshifted > 0 < m.best <= m.unshifted


def test_the_panels_exchanged_mirror_it() -> None:
    m = measured()
    there = panels()
    other = measured(lit=GainCorrectedPair(there.lit.b, there.lit.a))
    assert other.bias == pytest.approx(tuple(-v for v in m.bias))
    assert (other.energy_a, other.energy_b) == (m.energy_b, m.energy_a)
    assert other._replace(bias=m.bias, energy_a=m.energy_a, energy_b=m.energy_b) == m


@pytest.mark.parametrize(
    ("box", "nearest", "furthest"),
    [((50, 40, 24, 9), 13, 13), ((3, 40, 4, 2), 4, 7), ((0, 0, 3, 3), 1, 3), ((124, 40, 6, 2), 1, 6)],
    ids=["inside", "near a side", "corner", "at a side"],
)
def test_how_far_the_rim_is(box: Box, nearest: float, furthest: float) -> None:
    m = measured(box, np.ones((box[3], box[2]), np.bool_))
    assert (m.nearest, m.furthest) == pytest.approx((nearest, furthest), rel=0.05)


def test_what_is_not_on_both_panels_is_a_rim() -> None:
    seen = np.ones(SIZE, np.uint8)
    seen[:, 80:] = 0
    m = measured(seen=seen)
    assert (m.nearest, m.furthest) == pytest.approx((7, 13), rel=0.05)


def test_white_that_one_panel_alone_has_is_bright() -> None:
    there = panels()
    a = there.lit.a.copy()
    a[40:49, 50:62] = 255
    assert measured(lit=GainCorrectedPair(a, there.lit.b)).bright == 0.5


def test_another_candidate_beside_it_is_left_out_of_the_ring() -> None:
    claimed, difference = panels().claimed.copy(), panels().difference.copy()
    claimed[52:58, 50:74] = 1
    difference[52:58, 50:74] = 50
    assert measured(claimed=claimed, difference=difference).around == pytest.approx(0.2)


def test_nothing_around() -> None:
    """A candidate that leaves no cells and no pixels to compare it with."""
    whole = measured((0, 0, 130, 90), np.ones(SIZE, np.bool_), peaks=np.ones((2, 2), np.float32))
    assert (whole.usual, whole.around, whole.beside_median) == (0.0, 0.0, -1.0)


def test_stripes_that_are_only_shifted_agree() -> None:
    picture = np.tile(np.array([0, 100], np.float32), (40, 25))
    near = np.zeros(picture.shape, np.uint8)
    near[10:-10, 10:-10] = 1
    found = shifted_difference(picture, np.roll(picture, 1, axis=1), near, (10, 10, 30, 20), 3)
    assert found == pytest.approx((100, 0))


def test_a_shift_that_only_one_panel_likes_is_none() -> None:
    rng = np.random.default_rng(1)
    a, flat = rng.uniform(0, 255, (40, 60)).astype(np.float32), np.full((40, 60), 128, np.float32)
    unshifted, best = shifted_difference(a, flat, np.ones((40, 60), np.uint8), (0, 0, 60, 40), 3)
    assert best == pytest.approx(unshifted, rel=0.05)
