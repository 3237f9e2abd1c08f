"""The compiled loop says what its NumPy reference says, bit for bit."""

import numpy as np
import pytest
from numpy.typing import NDArray

from livespot.demo.kernels import exposed
from livespot.frame import Image


def exposed_reference(
    image: Image,
    vignette: NDArray[np.int32],
    rows: NDArray[np.int32],
    table: Image,
    field: NDArray[np.int8],
    x: int,
    y: int,
    strength: NDArray[np.int32],
) -> Image:
    """The same in NumPy."""
    h, w = vignette.shape
    light = (vignette * rows[:, None]) >> 8
    dimmed = (image.astype(np.int32) * light[..., None]) >> 8
    value = np.stack([table[dimmed[..., c], c] for c in range(3)], axis=-1).astype(np.int32)
    value = value + ((field[y : y + h, x : x + w].astype(np.int32) * strength[value] + 128) >> 8)
    return np.asarray(np.clip(value, 0, 255), np.uint8)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_compiled_and_reference_agree(seed: int) -> None:
    rng = np.random.default_rng(seed)
    h, w = 37, 53
    arguments = (
        rng.integers(0, 256, (h, w, 3), np.uint8),
        rng.integers(150, 257, (h, w), np.int32),
        rng.integers(150, 257, h, np.int32),
        rng.integers(0, 256, (256, 3), np.uint8),
        rng.integers(-127, 128, (h + 9, w + 9, 3), np.int8),
        int(rng.integers(9)),
        int(rng.integers(9)),
        rng.integers(0, 40, 256, np.int32),
    )
    assert np.array_equal(exposed(*arguments), exposed_reference(*arguments))
