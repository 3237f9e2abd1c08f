"""The compiled loop says what its NumPy reference says, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

from livespot.demo.kernels import exposed, exposed_reference


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
