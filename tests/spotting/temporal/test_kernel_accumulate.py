"""A sample is taken into the evidence as the plain reference does it."""

import numpy as np
import pytest
from kit.references.temporal import gather_reference

from livespot.spotting.temporal._accumulate import gather


@pytest.mark.parametrize("share", [1.0, 0.2], ids="weight {}".format)
@pytest.mark.parametrize("size", [(16, 16), (270, 301)], ids=str)  # one thread and two
def test_many_samples_gathered(size: tuple[int, int], share: float) -> None:
    rng = np.random.default_rng(1)
    mine = [np.zeros((*size, 3), np.float32), np.zeros(size, np.float32)] * 2
    mine = [array.copy() for array in mine]
    theirs = [array.copy() for array in mine]
    for _ in range(8):
        picture = rng.integers(0, 256, (*size, 3)).astype(np.uint8)
        off = rng.integers(0, 60, size).astype(np.uint8)
        seen = rng.random(size) < 0.8
        gather(picture, off, seen, share, 26.0, 16.0, *mine)
        gather_reference(picture, off, seen, share, 26.0, 16.0, *theirs)
    for name, one, two in zip(("mean", "weight", "other", "other weight"), mine, theirs, strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-4, atol=1e-3, err_msg=name)
