"""The scans of the extent search: straight lines across a band, a colour along its rows, projections at many angles."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import Map, as_kernel_array, f32, kernel

Whole = NDArray[np.int32]


def line_means(one: Map, two: Map, middle: Whole, slope: Whole) -> tuple[Map, Map]:
    """Means over a band's places of `one` and of `two` along each line, (M, S) float32 each.

    one, two: (places, depths) float32, the same shape. middle: (M,) the depth of a line in the middle of the band.
    slope: (S,) how much deeper it is at the last place than at the first. Depths are rounded, and held in the band.
    """
    means = np.empty((2, len(middle), len(slope)), np.float32)
    _line_means(as_kernel_array(one, np.float32), as_kernel_array(two, np.float32), middle, slope, means)
    return means[0], means[1]


@kernel
def _line_means(one: Any, two: Any, middle: Any, slope: Any, means: Any) -> None:
    places, depths = one.shape
    for i in range(middle.shape[0]):
        for j in range(slope.shape[0]):
            first = middle[i] - 0.5 * slope[j]
            step = slope[j] / (places - 1.0)
            sum_one, sum_two = 0.0, 0.0
            for s in range(places):
                at = int(np.floor(first + step * s + 0.5))
                at = min(max(at, 0), depths - 1)
                sum_one += one[s, at]
                sum_two += two[s, at]
            means[0, i, j] = sum_one / places
            means[1, i, j] = sum_two / places


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


Floats = NDArray[np.float32]


def sharpness_by_angle(x: Floats, y: Floats, across: Floats, down: Floats, radians: Floats) -> NDArray[np.float64]:
    """(A,) for each angle: squared differences of neighbouring lines, 1 px wide, across the axis that it turns x to.

    x, y: (N,) px. across, down: (N,) a vector at each point, which counts by how much of it lies along the axis. All
    float32. Each point is shared out between two lines, and three lines are smoothed, as pixels lie on a grid, too.
    """
    result = np.zeros(len(radians), np.float64)
    if len(x):
        reach = float(np.ceil(np.hypot(np.abs(x).max(), np.abs(y).max()))) + 2.0
        points = (as_kernel_array(p, np.float32) for p in (x, y, across, down))
        _sharpness(*points, np.cos(radians), np.sin(radians), f32(reach), result)
    return result


@kernel
def _sharpness(x: Any, y: Any, across: Any, down: Any, cos: Any, sin: Any, reach: Any, o: Any) -> None:
    size = 2 * int(reach) + 6
    lines = np.zeros(size, np.float64)
    for i in range(cos.shape[0]):
        c, s = cos[i], sin[i]
        lines[:] = 0
        for k in range(x.shape[0]):
            at = x[k] * c + y[k] * s + reach
            weight = abs(across[k] * c + down[k] * s)
            low = int(at)
            part = weight * (at - f32(low))
            lines[low] += weight - part
            lines[low + 1] += part
        before, total = 0.0, 0.0
        for k in range(1, size - 1):
            smooth = 0.25 * lines[k - 1] + 0.5 * lines[k] + 0.25 * lines[k + 1]
            total += (smooth - before) ** 2
            before = smooth
        o[i] = total + before * before
