"""The match rule, row by row."""

import numpy as np
import pytest

from livespot import geometry
from livespot.reference.scoring import Labels, Score, grown, mean_f1, overlap, score

PANEL = geometry.rectangle(1000, 800)  # grown by 10 px; 1.5 % of the area is 12 000 px²
LABEL = (100.0, 100.0, 40.0, 40.0)  # 1600 px²


@pytest.mark.parametrize(
    ("reported", "labelled", "ignored", "expected"),
    [
        ([], [], [], (0, 0, 0)),
        ([], [LABEL], [], (0, 1, 0)),
        ([LABEL], [], [], (0, 0, 1)),
        ([LABEL], [LABEL], [], (1, 0, 0)),
        ([(100, 100, 40, 10)], [LABEL], [], (1, 0, 0)),
        ([(138, 100, 4, 40)], [LABEL], [], (1, 0, 0)),
        ([(134, 100, 20, 40)], [LABEL], [], (0, 1, 0)),
        ([(60, 60, 100, 100)], [LABEL], [], (1, 0, 0)),
        ([(60, 60, 115, 115)], [LABEL], [], (0, 1, 0)),
        ([(60, 60, 105, 114)], [(100, 100, 10, 10)], [], (1, 0, 1)),
        ([(145, 100, 40, 40)], [LABEL], [], (0, 1, 0)),
        ([(149, 100, 40, 40)], [LABEL], [], (0, 1, 1)),
        ([LABEL], [], [LABEL], (0, 0, 0)),
        ([LABEL, (105, 105, 5, 5)], [LABEL], [], (1, 0, 0)),
        ([(100, 100, 60, 40)], [LABEL, (135, 100, 30, 40)], [], (2, 0, 0)),
        ([LABEL, (500, 500, 20, 20)], [LABEL, (700, 100, 30, 30)], [], (1, 1, 1)),
    ],
    ids=[
        "nothing", "missed", "false", "exact", "covers a quarter", "half of itself inside", "covers too little",
        "6.25 times as large", "8.3 times as large", "tiny label: found and false", "touches the grown label",
        "just off the grown label", "ignored", "fragments", "one report over two", "one of each",
    ],
)  # fmt: skip
def test_counts(
    reported: list[tuple[float, float, float, float]],
    labelled: list[tuple[float, float, float, float]],
    ignored: list[tuple[float, float, float, float]],
    expected: tuple[int, int, int],
) -> None:
    labels = Labels(tuple(geometry.box_quad(b) for b in labelled), tuple(geometry.box_quad(b) for b in ignored), PANEL)
    got = score([geometry.box_quad(b) for b in reported], labels)
    assert (got.found, got.missed, got.false) == expected


def test_counts_do_not_depend_on_the_view() -> None:
    """The same page seen in perspective gives the same counts."""
    view = geometry.between(PANEL, [[80, 60], [900, 20], [960, 700], [40, 640]])
    labelled = [(100.0, 100.0, 40.0, 40.0), (600.0, 500.0, 30.0, 60.0)]
    reported = [(95.0, 105.0, 40.0, 40.0), (300.0, 300.0, 50.0, 50.0)]

    def seen(boxes: list[tuple[float, float, float, float]]) -> tuple[geometry.Quad, ...]:
        return tuple(geometry.apply(view, geometry.box_quad(b)) for b in boxes)

    labels = Labels(seen(labelled), (), geometry.apply(view, PANEL))
    assert score(seen(reported), labels) == Score(1, 1, 1)


def test_names_what_was_hit_and_what_was_false() -> None:
    labels = Labels((geometry.box_quad(LABEL), geometry.box_quad((500, 100, 30, 30))), (), PANEL)
    got = score([geometry.box_quad((800, 700, 9, 9)), geometry.box_quad((500, 100, 30, 30))], labels)
    assert got.hits == (1,)
    assert got.falses == (0,)


@pytest.mark.parametrize(
    ("given", "precision", "recall", "f1"),
    [(Score(), 1.0, 1.0, 1.0), (Score(0, 3, 0), 1.0, 0.0, 0.0), (Score(3, 1, 2), 0.6, 0.75, 2 / 3)],
    ids=["nothing to find, nothing said", "nothing found", "mixed"],
)
def test_shares(given: Score, precision: float, recall: float, f1: float) -> None:
    assert (given.precision, given.recall, given.f1) == pytest.approx((precision, recall, f1))


def test_scores_add_and_average() -> None:
    total = sum([Score(1, 1, 0), Score(2, 0, 3)], Score())
    assert total == Score(3, 1, 3)
    assert mean_f1([Score(1, 0, 0), Score(0, 1, 0)]) == 0.5
    assert np.isnan(mean_f1([]))


# Pairs of nearly parallel quads for which cv2.intersectConvexConvex gives a sixtieth and a quarter of the area.
@pytest.mark.parametrize(
    ("a", "b", "area"),
    [
        (geometry.box_quad((0, 0, 4, 4)), geometry.box_quad((2, 2, 4, 4)), 4.0),
        (geometry.box_quad((0, 0, 4, 4)), geometry.box_quad((4, 0, 4, 4)), 0.0),
        (geometry.box_quad((0, 0, 4, 4)), geometry.box_quad((0, 0, 4, 4)), 16.0),
        (geometry.box_quad((0, 0, 4, 4)), geometry.box_quad((0, 0, 4, 4))[::-1], 16.0),
        (
            [[6.173, 7.504], [14.018, 7.036], [17.679, 53.948], [9.844, 54.392]],
            [[0.294, 7.854], [13.037, 7.095], [14.703, 28.434], [1.968, 29.176]], 147.08,
        ),
        (
            [[30.480, 8.837], [62.977, 8.589], [65.395, 41.748], [32.807, 42.118]],
            [[53.444, 8.662], [73.440, 8.510], [76.501, 49.940], [56.435, 50.187]], 316.94,
        ),
    ],
    ids=["corner", "edge only", "same", "other way round", "nearly parallel", "nearly parallel, beside"],
)  # fmt: skip
def test_overlap(a: geometry.Quad, b: geometry.Quad, area: float) -> None:
    assert overlap(a, b) == pytest.approx(area, rel=1e-3)


def test_grown_keeps_the_axes() -> None:
    quad = np.array([[10.0, 0.0], [20.0, 10.0], [10.0, 20.0], [0.0, 10.0]])  # a square on its corner
    assert grown(quad, np.sqrt(2)) == pytest.approx(
        np.array([[10.0, -2.0], [22.0, 10.0], [10.0, 22.0], [-2.0, 10.0]]), abs=1e-4
    )


@pytest.mark.parametrize(
    ("reported", "boxes", "exact"),
    [
        ([LABEL, (500, 500, 20, 20)], 2, 1),
        ([LABEL], 1, 0),
        ([(100, 100, 20, 40), (122, 100, 18, 40), (500, 500, 20, 20)], 3, 0),
        ([LABEL, (500, 500, 20, 20), (700, 100, 30, 30)], 2, 1),
        ([LABEL, (500, 500, 20, 20), (300, 700, 30, 30)], 3, 0),
    ],
    ids=["as many as labelled", "one missed", "one in two pieces", "one on what is ignored", "one false"],
)
def test_the_number_on_screen(reported: list[tuple[float, float, float, float]], boxes: int, exact: int) -> None:
    labels = Labels(
        tuple(geometry.box_quad(b) for b in (LABEL, (500.0, 500.0, 20.0, 20.0))),
        (geometry.box_quad((700.0, 100.0, 30.0, 30.0)),),
        PANEL,
    )
    got = score([geometry.box_quad(b) for b in reported], labels)
    assert (got.boxes, got.exact) == (boxes, exact)
    assert (got + got).boxes_a_difference == boxes / 2
