"""How tolerant the comparison is."""

import numpy as np
import pytest

from livespot.spotting.difference.tolerance import tolerance_radius
from livespot.spotting.params import fitted_params


@pytest.mark.parametrize(
    ("error", "radius"),
    [(0.0, 1.0), (0.2, 1.0), (0.6, 1.4), (1.0, 2.0), (50.0, 2.0)],
    ids=["perfect", "good", "fair", "poor", "hopeless"],
)
def test_tolerance_follows_the_registration_error_within_bounds(error: float, radius: float) -> None:
    found = tolerance_radius(np.full((3, 4), error, np.float32), fitted_params().difference)
    assert found.shape == (3, 4)
    assert found.dtype == np.float32
    assert np.allclose(found, radius)
