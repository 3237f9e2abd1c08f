"""Points, quads and homographies."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livespot import geometry

SQUARE = geometry.rectangle(10, 10)
coordinate = st.floats(-1000, 1000, allow_nan=False, width=32)


def test_apply_moves_points() -> None:
    shift = np.array([[1, 0, 5], [0, 1, -2], [0, 0, 1]], float)
    assert geometry.apply(shift, [[1, 2], [0, 0]]).tolist() == [[6, 0], [5, -2]]
    assert geometry.apply(shift, np.empty((0, 2))).shape == (0, 2)


def test_apply_stays_finite_on_the_horizon() -> None:
    tilted = np.array([[1, 0, 0], [0, 1, 0], [0.1, 0, -1]], float)
    assert np.all(np.isfinite(geometry.apply(tilted, [[10.0, 0.0]])))


def test_between_takes_one_quad_onto_the_other() -> None:
    target = np.array([[100, 50], [300, 60], [280, 240], [90, 200]], float)
    there = geometry.between(SQUARE, target)
    assert geometry.apply(there, SQUARE) == pytest.approx(target, abs=1e-3)
    assert geometry.apply(geometry.between(target, SQUARE), target) == pytest.approx(SQUARE, abs=1e-3)


@pytest.mark.parametrize(
    ("quad", "convex"),
    [
        (SQUARE, True),
        (SQUARE[::-1], False),
        (SQUARE[[0, 2, 1, 3]], False),
        (np.array([[0, 0], [10, 0], [2, 2], [0, 10]], float), False),
        (np.zeros((4, 2)), False),
        (np.array([[0, 0], [1, 1], [2, 2], [3, 3]], float), False),
        (SQUARE * np.nan, False),
    ],
    ids=["square", "anticlockwise", "crossed", "dented", "point", "line", "nan"],
)
def test_is_convex(quad: np.ndarray, convex: bool) -> None:
    assert geometry.is_convex(quad) is convex


def test_area_has_a_sign() -> None:
    assert geometry.area(SQUARE) == 100
    assert geometry.area(SQUARE[::-1]) == -100


def test_side_lengths_of_a_box() -> None:
    assert geometry.side_lengths(geometry.box_quad((3, 4, 20, 10))) == (20, 10)


@given(st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=20))
def test_the_identity_changes_nothing(points: list[tuple[float, float]]) -> None:
    assert geometry.apply(np.eye(3), points) == pytest.approx(np.array(points, float))


@given(coordinate, coordinate, st.floats(1, 500), st.floats(1, 500))
def test_a_box_has_its_own_area_wherever_it_is(x: float, y: float, width: float, height: float) -> None:
    quad = geometry.box_quad((x, y, width, height))
    assert geometry.area(quad) == pytest.approx(width * height, rel=1e-6)
