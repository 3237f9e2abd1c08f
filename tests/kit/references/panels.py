"""What the kernels of `spotting.panels` compute, plainly: what they are held to."""

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import Map
from livespot.spotting.panels._scans import Floats, Whole


def rows_with_reference(
    band: Map, usable: NDArray[np.bool_], colours: Map, light: float, tint: float
) -> NDArray[np.float64]:
    """The same, plainly."""
    apart = band[None] - colours[:, None, None]
    common = apart.mean(axis=3)
    same = (np.abs(common) < light) & (np.abs(apart - common[..., None]).max(axis=3) < tint)
    return np.asarray((same & usable).any(axis=2).mean(axis=1), np.float64)


def line_means_reference(one: Map, two: Map, middle: Whole, slope: Whole) -> tuple[NDArray[np.float64], ...]:
    """The same, plainly."""
    places, depths = one.shape
    along = np.linspace(-0.5, 0.5, places)
    at = middle[:, None, None] + slope[:, None] * along
    index = np.clip(np.floor(at + 0.5), 0, depths - 1).astype(np.int64)
    return tuple(values[np.arange(places), index].mean(axis=2, dtype=np.float64) for values in (one, two))


def sharpness_by_angle_reference(
    x: Floats, y: Floats, across: Floats, down: Floats, radians: Floats
) -> NDArray[np.float64]:
    """The same in NumPy."""
    result = []
    for angle in radians:
        at = x * np.cos(angle) + y * np.sin(angle)
        weight = np.abs(across * np.cos(angle) + down * np.sin(angle))
        at = at - np.floor(at.min()) + 2.0 if len(at) else at
        low = np.floor(at).astype(np.int64)
        size = int(low.max(initial=0)) + 4
        lines = np.bincount(low, weight * (1.0 - (at - low)), size) + np.bincount(low + 1, weight * (at - low), size)
        result.append(float((np.diff(np.convolve(lines, (0.25, 0.5, 0.25))) ** 2).sum()))
    return np.array(result)
