"""One difference, one box: pieces bound by the model's blobs, neighbours kept apart, nothing sure swallowed."""

import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Box
from livespot.spotting.difference.instances import blobs, instances
from livespot.spotting.difference.regions import Candidate, Thresholds

SHAPE = (120, 160)
LEVEL = Thresholds(np.full((30, 40), 10.0, np.float32), np.full((30, 40), 5.0, np.float32), 4)


def drawn(*boxes: Box, value: float = 1.0) -> NDArray[np.float32]:
    result = np.zeros(SHAPE, np.float32)
    for x, y, w, h in boxes:
        result[y : y + h, x : x + w] = value
    return result


def candidate(box: Box, mask: NDArray[np.bool_] | None = None) -> Candidate:
    return Candidate(box, np.ones((box[3], box[2]), np.bool_) if mask is None else mask, 2.0)


def found(
    pieces: list[Candidate], difference: NDArray[np.float32], core: NDArray[np.float32] | None = None
) -> set[Box]:
    label, count = blobs(difference, drawn() if core is None else core)
    return {c.box for c in instances(pieces, label, count, 20.0 * difference, LEVEL)}


def test_without_anything_there_is_nothing() -> None:
    assert found([], drawn()) == set()


def test_pieces_on_one_blob_are_one() -> None:
    pieces = [candidate((20, 20, 10, 30)), candidate((40, 22, 10, 30))]
    assert found(pieces, drawn((20, 20, 32, 32))) == {(20, 20, 32, 32)}


def test_pieces_that_the_core_binds_are_one_where_nothing_differs_between_them() -> None:
    pieces = [candidate((20, 20, 10, 30)), candidate((60, 20, 10, 30))]
    differs = drawn((20, 20, 10, 30), (60, 20, 10, 30))
    assert found(pieces, differs) == {(20, 20, 10, 30), (60, 20, 10, 30)}
    assert found(pieces, differs, drawn((20, 20, 50, 30))) == {(20, 20, 50, 30)}


def test_a_candidate_over_two_blobs_is_cut_between_them() -> None:
    both = candidate((20, 20, 60, 20))
    assert found([both], drawn((20, 20, 26, 20), (54, 20, 26, 20))) == {(20, 20, 30, 20), (50, 20, 30, 20)}


def test_a_small_change_in_the_box_of_a_large_one_stays() -> None:
    """An L of which the model sees nothing, and a mark in its box."""
    mask = np.zeros((80, 100), np.bool_)
    mask[:, :10] = mask[:10] = True
    pieces = [candidate((20, 20, 100, 80), mask), candidate((70, 60, 6, 6))]
    assert found(pieces, drawn((70, 60, 6, 6))) == {(20, 20, 100, 80), (70, 60, 6, 6)}


def test_a_giant_does_not_take_the_blob_in_it() -> None:
    assert found([candidate((0, 0, 160, 120))], drawn((70, 60, 12, 12))) == {(0, 0, 160, 120), (70, 60, 12, 12)}


def test_a_blob_that_no_candidate_lies_on_is_one() -> None:
    assert found([], drawn((70, 60, 12, 12))) == {(70, 60, 12, 12)}


def test_what_the_model_is_not_sure_of_binds_nothing() -> None:
    pieces = [candidate((20, 20, 10, 30)), candidate((40, 20, 10, 30))]
    assert found(pieces, drawn((20, 20, 32, 32), value=0.7)) == {(20, 20, 10, 30), (40, 20, 10, 30)}


def test_a_blob_that_is_out_of_sight_is_none() -> None:
    label, count = blobs(drawn((20, 20, 12, 12), (70, 60, 12, 12)), drawn())
    label[:, :50] = 0
    assert [c.box for c in instances([], label, count, drawn(), LEVEL)] == [(70, 60, 12, 12)]


def test_a_strip_along_the_rim_is_no_part_of_the_one_thing_on_it() -> None:
    """A flag near the rim, and a strip that hangs together with it: what one picture shows a little more of."""
    mask = np.zeros((100, 30), np.bool_)
    mask[:, :3] = mask[10:34, :] = True
    assert found([candidate((0, 5, 30, 100), mask)], drawn((6, 15, 24, 24))) == {(2, 13, 28, 28), (0, 5, 3, 100)}
