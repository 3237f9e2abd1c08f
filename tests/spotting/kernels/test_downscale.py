"""Whole pixels into one: the mean of each block, and what does not fill a block is left out."""

import numpy as np
import pytest

from livespot.spotting.kernels.downscale import downscale


@pytest.mark.parametrize("shape", [(7, 9), (12, 9, 3), (3, 3)])
@pytest.mark.parametrize("factor", [2, 3])
def test_each_pixel_is_the_mean_of_its_block(shape: tuple[int, ...], factor: int) -> None:
    picture = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    small = downscale(picture, factor)
    rows, columns = shape[0] // factor, shape[1] // factor
    assert small.shape == (rows, columns, *shape[2:])
    blocks = picture[: rows * factor, : columns * factor].reshape(rows, factor, columns, factor, -1).mean(axis=(1, 3))
    assert np.abs(small.reshape(rows, columns, -1) - blocks).max() <= 0.5 + 1e-6


def test_a_picture_by_one_is_itself_and_a_tiny_one_keeps_a_pixel() -> None:
    picture = np.full((1, 2, 3), 7, np.uint8)
    assert downscale(picture, 1) is picture
    assert downscale(picture, 4).shape == (1, 1, 3)
