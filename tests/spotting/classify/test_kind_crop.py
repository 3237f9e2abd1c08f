"""What a region's kind is told by: which panel has the object, and whether the pattern is still there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from livespot.frame import Image
from livespot.spotting.classify import kind_crop as fast

HOW = fast.KindParameters(few=80, noise=4.0, uncorrelated=30.0)


def looked_at(a: Image, b: Image) -> fast.Told:
    inside = np.zeros((40, 48), np.uint8)
    inside[10:30, 12:36] = 1
    one, two = (p[4:44, 4:52].astype(np.float32) for p in (a, b))
    return fast.kind_features(one, two, inside, (48, 40), HOW)


@pytest.fixture
def print_() -> Image:
    rng = np.random.default_rng(2)
    return cv2.GaussianBlur(rng.integers(90, 130, (60, 60, 3)).astype(np.uint8), (0, 0), 2)


def test_an_object_that_one_panel_has_is_on_its_side(print_: Image) -> None:
    other = print_.copy()
    other[14:34, 16:40] = np.random.default_rng(5).normal((40, 200, 60), 30, (20, 24, 3)).clip(0, 255)
    only_a, only_b = looked_at(other, print_), looked_at(print_, other)
    assert only_a.side > 0.5
    assert only_b.side == pytest.approx(-only_a.side, abs=1e-5)
    assert only_b.pattern == pytest.approx(only_a.pattern, abs=1e-5)


def test_another_colour_keeps_the_pattern(print_: Image) -> None:
    painted = np.random.default_rng(6).normal(120, 40, (20, 24, 3)).clip(0, 255).astype(np.uint8)
    a, b = print_.copy(), print_.copy()
    a[14:34, 16:40] = painted
    b[14:34, 16:40] = painted // 2
    told = looked_at(a, b)
    assert told.pattern > 0.85
    assert abs(told.side) < 0.5


def test_gaps_and_holes_belong_to_the_silhouette() -> None:
    inside = np.zeros((30, 40), np.uint8)
    cv2.circle(inside, (18, 15), 9, 1, 2)  # a ring
    inside[14:16] = 0  # cut through
    whole, outline = fast.silhouette(inside)
    assert whole[15, 18] == 1
    assert whole[14, 10] == 1
    assert outline[15, 18] == 0
    assert not (outline & ~whole & 1).any()


def test_nothing_inside() -> None:
    picture = np.zeros((20, 20, 3), np.float32)
    got = fast.kind_features(picture, picture, np.zeros((20, 20), np.uint8), (20, 20), HOW)
    assert not got.inside.any()
    assert got[3:] == (0.0, 0.0, 0.0)
