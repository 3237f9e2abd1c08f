"""From map to regions: the fast steps say what their plain references say."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from livespot.spotting.kernels import regions as fast

SIZES = [(8, 8), (37, 50), (41, 43), (3, 2), (130, 301)]


def blobs(size: tuple[int, int], seed: int) -> NDArray[np.float32]:
    """A map of 0 to about 40 grey levels with soft blobs."""
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.random(size, np.float32), (0, 0), 2.0)
    return np.asarray(40 * (noise - noise.min()) / (np.ptp(noise) + 1e-6), np.float32)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_quiet_moments(size: tuple[int, int]) -> None:
    difference = blobs(size, 4)
    rng = np.random.default_rng(4)
    seen = rng.random(size) < 0.8
    low = rng.uniform(5, 35, (-(-size[0] // 4), -(-size[1] // 4))).astype(np.float32)
    got = fast.quiet_moments(difference, seen, low, 24.0, threads=2)
    expected = fast.quiet_moments_reference(difference, seen, low, 24.0)
    assert got == pytest.approx(expected, rel=1e-5, abs=1e-5)


def test_nothing_is_quiet_above_no_level() -> None:
    none = np.full((2, 2), -np.inf, np.float32)
    assert fast.quiet_moments(blobs((8, 8), 5), np.ones((8, 8), np.bool_), none, 24.0).max() == 0


def test_above() -> None:
    difference = blobs((61, 77), 6)
    seen = np.random.default_rng(6).random(difference.shape) < 0.7
    level = np.full_like(difference, 20)
    assert np.array_equal(fast.above(difference, level, seen, threads=2) > 0, (difference > level) & seen)


@pytest.mark.parametrize("trim", [0.0, 0.2, 0.9], ids="trim {}".format)
@pytest.mark.parametrize("seed", range(3))
def test_strong_parts(seed: int, trim: float) -> None:
    difference = blobs((60, 80), seed)
    count, label = cv2.connectedComponents((difference > 22).astype(np.uint8))
    high = np.full_like(difference, 28)
    got = fast.strong_parts(np.asarray(label, np.int32), count, difference, high, trim)
    assert np.array_equal(got, fast.strong_parts_reference(np.asarray(label, np.int32), count, difference, high, trim))
    assert 0 < got.sum() < (label > 0).sum() or trim == 0


@pytest.mark.parametrize("reach", [2, 9, 30], ids="reach {}".format)
@pytest.mark.parametrize("seed", range(3))
def test_islands_hold_everything_once_and_lie_apart(seed: int, reach: int) -> None:
    rng = np.random.default_rng(seed)
    kept = np.zeros((150, 211), np.uint8)
    for _ in range(12):
        row, column = rng.integers(0, 145), rng.integers(0, 205)
        kept[row : row + rng.integers(1, 9), column : column + rng.integers(1, 9)] = 1
    owner = np.zeros(kept.shape, np.int32)
    for number, ((x, y, w, h), part) in enumerate(fast.island_masks(kept, reach), start=1):
        assert not (owner[y : y + h, x : x + w][part > 0]).any()
        owner[y : y + h, x : x + w][part > 0] = number
    assert np.array_equal(owner > 0, kept > 0)
    for island in range(1, int(owner.max()) + 1):
        others = ((owner > 0) & (owner != island)).astype(np.uint8)
        near = cv2.dilate((owner == island).astype(np.uint8), np.ones((2 * reach + 1,) * 2, np.uint8))
        assert not (others & near).any()


def test_threads_do_not_change_a_bit() -> None:
    seen = np.random.default_rng(7).random((401, 333)) < 0.9
    difference = blobs((401, 333), 7)
    low = np.random.default_rng(8).uniform(5, 20, (101, 84)).astype(np.float32)

    def everything(t: int) -> list[NDArray[np.generic]]:
        return [
            fast.quiet_moments(difference, seen, low, 24.0, threads=t),
            fast.above(difference, difference[::-1], seen, threads=t),
        ]

    assert all(np.array_equal(p, q) for p, q in zip(everything(1), everything(3), strict=True))
