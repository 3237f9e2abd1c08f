"""From a difference map to candidate regions."""

import cv2
import numpy as np
import pytest
from kit.references.difference import cell_peaks
from numpy.typing import NDArray

from livespot.spotting.difference.regions import (
    Candidate,
    candidates,
    halved_mask,
    local_thresholds,
    mask_of,
    sharp_edged,
    without,
)
from livespot.spotting.kernels.light import enlarged
from livespot.spotting.params import fitted_params

PARAMS = fitted_params().regions
Map = NDArray[np.float32]
SHAPE = (240, 320)
ALL = np.ones(SHAPE, np.bool_)


def blobs(*boxes: tuple[int, int, int, int], level: float = 80.0) -> Map:
    """A quiet map with these boxes standing out, grey levels."""
    quiet = np.abs(np.random.default_rng(0).normal(0, 1.0, SHAPE)).astype(np.float32)
    for x, y, w, h in boxes:
        quiet[y : y + h, x : x + w] = level
    return np.asarray(cv2.GaussianBlur(quiet, (0, 0), 1.0), np.float32)


def found(difference: Map, seen: NDArray[np.bool_] = ALL, sensitivity: float = 1.0) -> list[Candidate]:
    thresholds = local_thresholds(difference, seen, sensitivity, PARAMS)
    return candidates(difference, cell_peaks(difference), thresholds, seen, PARAMS)


def test_a_quiet_map_has_no_candidates() -> None:
    assert found(blobs()) == []
    assert found(np.zeros(SHAPE, np.float32)) == []


@pytest.mark.parametrize("level", [2.0, 8.0], ids=["below the floor", "loud"])
def test_noise_at_every_fourth_place_is_the_noise_of_all(level: float) -> None:
    rng = np.random.default_rng(3)
    loud = cv2.GaussianBlur(np.abs(rng.normal(0, level, (403, 598))).astype(np.float32), (0, 0), 1.0)
    loud[:, 300:] *= 2
    seen = rng.random(loud.shape) < 0.9
    whole = local_thresholds(loud, seen, 1.0, PARAMS)
    sampled = local_thresholds(loud, seen[:400:4, :596:4], 1.0, PARAMS, step=4)
    assert sampled.block == 4 * whole.block
    for name in ("high", "low"):
        one, two = (enlarged(getattr(t, name), t.block, (0, 0, 598, 403)) for t in (whole, sampled))
        assert np.abs(two / one - 1.0).max() <= 0.2
        assert np.median(np.abs(two / one - 1.0)) <= 0.04


def test_a_blob_is_boxed_closely() -> None:
    (one,) = found(blobs((100, 60, 20, 14)))
    assert np.abs(np.array(one.box) - (100, 60, 20, 14)).max() <= 3
    assert one.mask.shape == (one.box[3], one.box[2])
    assert one.mask.any(axis=0).all()
    assert one.mask.any(axis=1).all()
    assert one.peak > 1.0


@pytest.mark.parametrize(
    ("boxes", "count"),
    [
        ([(100, 60, 20, 14), (123, 60, 20, 14)], 1),
        ([(100, 60, 20, 14), (150, 60, 20, 14)], 2),
        ([(100, 60, 30, 30), (134, 60, 30, 30)], 1),
        ([(100, 60, 6, 6), (120, 60, 6, 6)], 2),
        ([(0, 0, 10, 10), (310, 230, 10, 10)], 2),
    ],
    ids=["fragments", "neighbours", "halves of a large one", "small neighbours", "corners"],
)
def test_fragments_are_one_and_neighbours_are_two(boxes: list[tuple[int, int, int, int]], count: int) -> None:
    assert len(found(blobs(*boxes))) == count


def test_what_is_left_of_the_rim_joins_nothing() -> None:
    boxes = [c.box for c in found(blobs((0, 60, 4, 120), (9, 100, 40, 30)))]
    assert len(boxes) == 2
    assert max(x for x, *_ in boxes) >= 7


def test_a_thing_cut_by_its_own_ground_reaches_the_rim() -> None:
    (one,) = found(blobs((100, 190, 50, 38), (104, 232, 40, 5)))
    assert one.box[1] + one.box[3] >= 236


def test_thresholds_follow_the_noise_of_the_place() -> None:
    difference = blobs((40, 100, 16, 16), (260, 100, 16, 16), level=40.0)
    rough = np.abs(np.random.default_rng(1).normal(0, 25.0, (240, 160))).astype(np.float32)
    difference[:, 160:] = np.maximum(difference[:, 160:], cv2.GaussianBlur(rough, (0, 0), 1.0))
    boxes = [c.box for c in found(difference)]
    assert any(abs(x - 40) < 5 for x, _, _, _ in boxes)
    assert all(x < 160 for x, _, _, _ in boxes)  # there 40 grey levels are nothing


def test_sensitivity_finds_fainter_things() -> None:
    faint = blobs((100, 60, 20, 14), level=11.0)
    assert found(faint, sensitivity=1.0) == []
    assert len(found(faint, sensitivity=2.0)) == 1


def test_what_is_not_seen_is_no_candidate() -> None:
    seen = ALL.copy()
    seen[:, :160] = False
    (one,) = found(blobs((60, 60, 20, 20), (200, 60, 20, 20)), seen)
    assert one.box[0] >= 190


def test_print_has_a_sharp_edge_and_light_has_not() -> None:
    printed = blobs((100, 60, 40, 40))
    y, x = np.mgrid[0:240, 0:320]
    light = (80.0 * np.exp(-((x - 120) ** 2 + (y - 80) ** 2) / 1800.0)).astype(np.float32)
    box = (100, 60, 40, 40)
    candidate = Candidate(box, np.ones((40, 40), np.bool_), 5.0)
    assert sharp_edged(printed, candidate)
    assert not sharp_edged(light, candidate)


def test_candidates_are_taken_out_of_what_is_seen() -> None:
    rest = without(ALL, mask_of([Candidate((100, 60, 20, 14), np.ones((14, 20), np.bool_), 5.0)], SHAPE))
    assert not rest[59:75, 99:121].any()
    assert (~rest).sum() == 16 * 22
    assert np.array_equal(without(ALL, mask_of([], SHAPE)), ALL)


@pytest.mark.parametrize("box", [(100, 60, 20, 14), (101, 61, 20, 14), (0, 0, 1, 1), (313, 233, 8, 8)], ids=str)
def test_candidates_on_a_panel_of_half_the_size(box: tuple[int, int, int, int]) -> None:
    w, h = box[2:]
    mask = np.random.default_rng(0).random((h, w)) < 0.3
    mask[0, 0] = mask[-1, -1] = True
    shape = (241, 321)
    full = mask_of([Candidate(box, mask, 5.0)], shape)[:240, :320]
    expected = full.reshape(120, 2, 160, 2).max(axis=(1, 3))
    assert np.array_equal(halved_mask([Candidate(box, mask, 5.0)], (120, 160)), expected)
