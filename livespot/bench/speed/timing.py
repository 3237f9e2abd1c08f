"""Timing things side by side: in turn, so that what slows one slows all; medians with their spread."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Timing:
    """median, low, high: ms; low and high are the quartiles."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        digits = 2 if self.median < 100 else 0
        return f"{self.median:.{digits}f} ({self.low:.{digits}f} to {self.high:.{digits}f})"


def of(values: object) -> Timing:
    """The timing of measured milliseconds."""
    low, median, high = np.percentile(np.asarray(values, np.float64), (25, 50, 75))
    return Timing(float(median), float(low), float(high))


def interleaved(
    work: Mapping[str, Callable[[], object]], *, seconds: float = 3.0, most: int = 40, least: int = 3
) -> dict[str, Timing]:
    """Time each of `work`, one call of each in turn, for about `seconds` s; the first round is not counted."""
    for call in work.values():
        call()
    taken: dict[str, list[float]] = {name: [] for name in work}
    end = time.perf_counter() + seconds
    rounds = 0
    while rounds < least or (rounds < most and time.perf_counter() < end):
        for name, call in work.items():
            start = time.perf_counter()
            call()
            taken[name].append((time.perf_counter() - start) * 1e3)
        rounds += 1
    return {name: of(values) for name, values in taken.items()}
