"""Means of blocks are what OpenCV's area resampling says."""

from __future__ import annotations

import numpy as np
import pytest

from livespot.spotting.kernels.blocks import block_means, block_means_reference


@pytest.mark.parametrize("size", [(3, 3), (7, 11), (64, 33), (121, 250)], ids=str)
@pytest.mark.parametrize("factor", [1, 2, 3])
def test_means(size: tuple[int, int], factor: int) -> None:
    picture = np.random.default_rng(3).integers(0, 256, (*size, 3), dtype=np.uint8)
    found = block_means(picture, factor)
    assert found.shape == (size[0] // factor, size[1] // factor, 3)
    assert np.abs(found.astype(int) - block_means_reference(picture, factor)).max() <= 1


def test_nothing_overflows() -> None:
    white = np.full((300, 520, 3), 255, np.uint8)
    assert (block_means(white, 255) == 255).all()


def test_a_part_of_a_picture() -> None:
    picture = np.random.default_rng(4).integers(0, 256, (60, 90, 3), dtype=np.uint8)
    part = picture[5:51, 7:80]
    assert np.abs(block_means(part, 6).astype(int) - block_means_reference(part, 6)).max() <= 1
