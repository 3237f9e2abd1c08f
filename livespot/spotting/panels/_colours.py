"""How much of a band of pixels has a colour in each of its rows, whatever the light on it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import Map, as_kernel_array, f32, kernel


def rows_with(band: Map, usable: NDArray[np.bool_], colours: Map, light: float, tint: float) -> NDArray[np.float64]:
    """Share of the rows of `band` that hold each of the colours at a usable place, (N,).

    band: (rows, places, 3) and colours: (N, 3), logarithms, float32. usable: (rows, places). Two are one colour whose
    channels differ by the same to within `tint`, and by less than `light` in the mean.
    """
    shares = np.empty(len(colours), np.float64)
    _rows_with(
        as_kernel_array(band, np.float32),
        as_kernel_array(usable, np.bool_),
        as_kernel_array(colours, np.float32),
        light,
        tint,
        shares,
    )
    return shares


@kernel
def _rows_with(band: Any, usable: Any, colours: Any, light: Any, tint: Any, shares: Any) -> None:
    rows, places, _ = band.shape
    for n in range(colours.shape[0]):
        blue, green, red = colours[n, 0], colours[n, 1], colours[n, 2]
        count = 0
        for r in range(rows):
            for i in range(places):
                if not usable[r, i]:
                    continue
                b, g, d = band[r, i, 0] - blue, band[r, i, 1] - green, band[r, i, 2] - red
                common = (b + g + d) / f32(3)
                if abs(common) < light and max(abs(b - common), abs(g - common), abs(d - common)) < tint:
                    count += 1
                    break
        shares[n] = count / rows
