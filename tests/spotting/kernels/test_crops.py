"""The numbers of crops are those of plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from kit.crops import SIZES, colours, fields, mask
from kit.references.kernels import region_numbers_reference

from livespot.spotting.classify import kind_crop as plain
from livespot.spotting.kernels import crops as fast

ANY = np.uint8(255)  # bits of a mask that count


@pytest.mark.parametrize("beside", [True, False], ids=["something beside", "nothing beside"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_region_numbers(size: tuple[int, int], beside: bool) -> None:
    a, b = colours(size, 1), colours(size, 2)
    grey_a, grey_b, difference, high = fields(size, 4, 3)
    inside = mask(size)
    near = inside | mask(size, 1, 0.2)
    ring = (mask(size, 2) & (near ^ 1)) * np.uint8(beside)
    around = near | ring | mask(size, 3)
    edge = ring & mask(size, 4)
    labels = (
        inside * fast.INSIDE + near * fast.NEAR + ring * fast.RING + edge * fast.BESIDE + around * fast.AROUND
    ).astype(np.uint8)
    out = np.zeros(16)
    fast.region_numbers(a, b, grey_a, grey_b, difference, high + 1, labels, np.float32(160), out)
    got = fast.numbers_of(out)
    expected = region_numbers_reference(a, b, grey_a, grey_b, difference, high + 1, labels, 160.0)
    for name, one, two in zip(got._fields, got, expected, strict=True):
        assert one == pytest.approx(two, rel=1e-4, abs=1e-4), name  # float32 sums


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_correlation(size: tuple[int, int]) -> None:
    a, b = fields(size, 2)
    for where in (mask(size), np.zeros(size, np.uint8)):
        expected = plain.correlation(a, b, where, 5.0)
        assert fast.correlation(a, b, where, ANY, 5.0) == pytest.approx(expected, abs=1e-5)
    assert fast.correlation(a, a, np.ones(size, np.uint8), ANY, 1e-3) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_edge_levels(size: tuple[int, int]) -> None:
    part = fields(size, 1)[0]
    whole = np.ones(size, np.uint8)
    assert fast.edge_levels(part, whole) == pytest.approx((-1.0, float(np.median(part))))
    assert fast.edge_levels(part, 0 * whole)[1] == -1.0
