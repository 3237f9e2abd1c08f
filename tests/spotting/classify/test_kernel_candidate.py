"""Everything a candidate is measured by is what OpenCV and NumPy find, step by step."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from kit.crops import blob, rectangles
from kit.references.classify import numbers_of_candidate_reference

from livespot.geometry import Box
from livespot.spotting.classify import _candidate as fast
from livespot.spotting.classify._measures import Compared

SIZE = (90, 130)
REACH = fast.Reach(margin=9, rim=12.0, white=200.0, shift=3)


def panels() -> fast.Panels:
    """Two panels that have little to do with each other, a corner of which is not seen."""
    rng = np.random.default_rng(5)
    a, b = (cv2.GaussianBlur(rng.integers(0, 256, (*SIZE, 3)).astype(np.uint8), (0, 0), 1.0) for _ in range(2))
    root = rng.uniform(0.7, 1.4, (12, 17, 3)).astype(np.float32)
    difference, high = rng.uniform(0, 60, SIZE).astype(np.float32), rng.uniform(14, 30, (23, 33)).astype(np.float32)
    compared = Compared((a, b), (1 / root, root), 8, difference, high, 4)
    seen = rectangles(SIZE, (0, 0, 130, 90)) - rectangles(SIZE, (112, 70, 18, 20))
    claimed, peaks = rectangles(SIZE, (60, 30, 10, 8), (30, 10, 6, 6)), rng.uniform(0, 60, (12, 17)).astype(np.float32)
    return fast.Panels(compared, claimed, seen, peaks, rng.uniform(0, 9, (11, 16, 4)).astype(np.float32))


@pytest.mark.parametrize(
    "box",
    [(50, 40, 24, 9), (0, 0, 3, 3), (125, 20, 5, 11), (95, 60, 14, 8), (0, 0, 130, 90), (64, 0, 1, 1)],
    ids=["inside", "corner", "side", "beside what is not seen", "everything", "a pixel"],
)
def test_numbers(box: Box) -> None:
    mask = blob((box[3], box[2]), 6).view(np.bool_)
    given = (panels(), box, mask, (2, 7, 1, 9), REACH)
    got, expected = fast.numbers_of_candidate(*given), numbers_of_candidate_reference(*given)
    for name, one, two in zip(
        got.measures.numbers._fields, got.measures.numbers, expected.measures.numbers, strict=True
    ):
        assert one == pytest.approx(two, rel=1e-3, abs=1e-3), name  # float32 sums
    assert got.measures[1:] == pytest.approx(expected.measures[1:], rel=1e-4)
    for name, one, two in zip(got._fields[1:], got[1:], expected[1:], strict=True):
        assert one == pytest.approx(two, rel=1e-4, abs=1e-3), name  # OpenCV's steps are rounded to 16 bits


def test_nothing_around() -> None:
    """A candidate that leaves no cells to compare it with."""
    whole = panels()._replace(peaks=np.ones((2, 2), np.float32))
    mask = np.ones((8, 8), np.bool_)
    assert fast.numbers_of_candidate(whole, (4, 4, 8, 8), mask, (0, 0, 0, 0), REACH).usual == 0.0
