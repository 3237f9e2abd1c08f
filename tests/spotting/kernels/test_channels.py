"""Reductions over a picture's channels are NumPy's."""

import numpy as np
import pytest

from livespot.spotting.kernels.channels import highest_channel, lowest_channel


@pytest.mark.parametrize("shape", [(5, 7, 3), (4, 6, 1), (3, 2, 5), (2, 3, 4, 3)], ids=str)
@pytest.mark.parametrize("dtype", [np.uint8, np.float32], ids=["uint8", "float32"])
def test_extremes(shape: tuple[int, ...], dtype: type[np.generic]) -> None:
    values = np.random.default_rng(1).integers(0, 256, shape).astype(dtype)
    assert np.array_equal(lowest_channel(values), values.min(axis=-1))
    assert np.array_equal(highest_channel(values), values.max(axis=-1))
    assert highest_channel(values).dtype == dtype
