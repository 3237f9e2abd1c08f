"""Pen drawings of pictures."""

import cv2
import numpy as np

from livespot.demo import make_puzzle
from livespot.demo.linework import pen_drawing, pen_drawings


def test_a_drawing_is_ink_on_paper_and_shows_outlines() -> None:
    picture = np.full((200, 300, 3), (180, 120, 90), np.uint8)
    cv2.rectangle(picture, (100, 60), (199, 139), (60, 150, 220), -1)
    drawn = pen_drawing(picture, (240, 230, 200))
    assert drawn.shape == picture.shape
    assert (drawn[10, 10] == (200, 230, 240)).all()
    assert (drawn[100, 150] == (200, 230, 240)).all()
    # dark on one side of each edge, and no wider than a pen
    dark = drawn.min(axis=2) < 100
    for row in (dark[100, 90:110], dark[100, 190:210]):
        assert 1 <= row.sum() <= 6


def test_what_only_colour_tells_is_not_asked_for_and_all_else_is_identical() -> None:
    puzzle = make_puzzle("harbour", seed=3)
    noise = np.random.default_rng(0).normal(0.0, 4.0, puzzle.b.shape)
    noisy = np.clip(puzzle.b + noise, 0, 255).astype(np.uint8)
    boxes = [d.box for d in puzzle.differences]
    a, b, shown = pen_drawings(puzzle.a, noisy, boxes)
    assert 0 < len(shown) <= len(boxes)
    changed = (a != b).any(axis=2)
    for x, y, w, h in shown:
        assert changed[max(0, y) : y + h, max(0, x) : x + w].any()
        changed[max(0, y) : y + h, max(0, x) : x + w] = False
    assert not changed.any()


def test_a_change_of_colour_alone_is_dropped() -> None:
    picture = np.full((200, 300, 3), 128, np.uint8)
    other = picture.copy()
    # another hue of the same grey has no outline
    other[60:140, 100:200] = (158, 122, 128)
    a, b, shown = pen_drawings(picture, other, [(100, 60, 100, 80)])
    assert shown == []
    assert np.array_equal(a, b)
