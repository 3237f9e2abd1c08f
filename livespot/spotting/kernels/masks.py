"""Masks grown by squares."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import helper, kernel

Mask = NDArray[np.uint8]


@kernel
def copied(values: Any, o: Any) -> None:
    """o[:] = values, for 2-D arrays of one shape: said by NumPy's own words it takes seconds to compile."""
    for y in range(o.shape[0]):
        for x in range(o.shape[1]):
            o[y, x] = values[y, x]


@helper
def _or_row(row: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        o[x] |= row[x]


@kernel
def widened_on(mask: Any, has: Any, reach: Any, o: Any) -> None:
    """A mask (h, w) uint8 of 0 and 1 that has grown by a square of 2 has + 1 px, to one of 2 reach + 1 px, into o.

    Step by step: what has grown by n px grows by up to n + 1 more when it is put beside itself, also at a border.
    """
    h, w = mask.shape
    copied(mask, o)
    before = np.empty_like(mask)
    flat, flat_before = o.reshape(-1), before.reshape(-1)
    done = has
    while done < min(reach, w - 1):
        step = min(done + 1, reach - done, w - 1)
        copied(o, before)
        for y in range(h):
            _or_row(before[y, step:], o[y, : w - step])
            _or_row(before[y, : w - step], o[y, step:])
        done += step
    done = has
    while done < min(reach, h - 1):
        step = min(done + 1, reach - done, h - 1)
        copied(o, before)
        _or_row(flat_before[step * w :], flat[: (h - step) * w])
        _or_row(flat_before[: (h - step) * w], flat[step * w :])
        done += step
