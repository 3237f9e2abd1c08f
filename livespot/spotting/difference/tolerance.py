"""The difference map: by how many grey levels two aligned panels differ beyond what misregistration explains.

In: both panels under the same light, and the registration's own error. Out: (h, w) float32 grey levels. A pixel of A
differs by as much as it lies outside the range of B's small neighbourhood, and the other way round; the larger of the
two, the largest of the channels. The neighbourhood's radius follows the local registration error.
"""

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.params import ToleranceParams


def tolerance_radius(error: NDArray[np.float32], params: ToleranceParams) -> NDArray[np.float32]:
    """The neighbourhood's radius, px, for a local registration error, px."""
    return np.asarray(np.clip(0.5 + 1.5 * error, params.least_radius, params.most_radius), np.float32)
