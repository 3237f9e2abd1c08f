"""All measures of a candidate are those of the single references."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from livespot.geometry import Box
from livespot.spotting.kernels import crops
from livespot.spotting.kernels import measuring as fast


@pytest.mark.parametrize("box", [(30, 20, 14, 9), (0, 0, 3, 3), (75, 49, 5, 11)], ids=["inside", "corner", "end"])
def test_measures(box: Box) -> None:
    size = (60, 80)
    rng = np.random.default_rng(2)
    panels = tuple(cv2.GaussianBlur(rng.integers(0, 256, (*size, 3)).astype(np.uint8), (0, 0), 1.0) for _ in range(2))
    root = rng.uniform(0.7, 1.4, (8, 10, 3)).astype(np.float32)
    difference = rng.uniform(0, 60, size).astype(np.float32)
    high = rng.uniform(14, 30, (15, 20)).astype(np.float32)
    x, y, w, h = box
    window = (max(0, x - 9), max(0, y - 9), min(size[1], x + w + 9), min(size[0], y + h + 9))
    inside = np.zeros(size, np.uint8)
    inside[y : y + h, x : x + w] = rng.random((h, w)) < 0.8
    inside[y + 1, x + 1] = 1
    near, around = (cv2.dilate(inside, np.ones((n, n), np.uint8)) for n in (5, 19))
    ring = around & (near ^ 1)
    labels = inside * crops.INSIDE | near * crops.NEAR | ring * crops.RING | around * crops.AROUND
    given = (fast.Compared((panels[0], panels[1]), (1 / root, root), 8, difference, high, 4), window, box)
    part = np.ascontiguousarray(labels[window[1] : window[3], window[0] : window[2]], np.uint8)
    got, expected = fast.measures(*given, part, 200.0, 3), fast.measures_reference(*given, part, 200.0, 3)
    for name, one, two in zip(got.numbers._fields, got.numbers, expected.numbers, strict=True):
        assert one == pytest.approx(two, rel=1e-3, abs=1e-3), name  # float32 sums
    assert got[1:] == pytest.approx(expected[1:], rel=1e-4)
