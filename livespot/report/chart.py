"""The histogram of a difference map with its thresholds, ready to be drawn as SVG (explain.html).

In: the map, its two levels and what is seen. Out: a Histogram.
"""

from dataclasses import dataclass

import numpy as np

from livespot.spotting.explain import Compared

BINS = 90
WIDTH, HEIGHT = 760, 260  # units of the drawing
LEFT, TOP = 64, 34  # room for the axes' words
END, FLOOR = WIDTH - 16, HEIGHT - 44  # where the axes end


@dataclass(frozen=True)
class Histogram:
    """Places in units of the drawing. grid: y and words of each line. bars: x and y of their upper corner, wide each.

    levels: class, name, 5th, 50th and 95th percentile over the panel, and the middle one in words. ticks: x and words.
    """

    grid: list[tuple[float, str]]
    bars: list[tuple[float, float]]
    wide: float
    levels: list[tuple[str, str, float, float, float, str]]
    ticks: list[tuple[float, str]]


def histogram(compared: Compared) -> Histogram | None:
    """How many pixels differ by how much, logarithmic upwards, with the range of each threshold over the panel."""
    values = compared.difference[compared.seen]
    if not values.size:
        return None
    low, high = compared.low[compared.seen], compared.high[compared.seen]
    end = max(float(np.percentile(values, 99.95)), 2.0 * float(np.median(high)), float(high.max()) * 1.15, 1e-6)
    counts, _ = np.histogram(np.minimum(values, end), bins=BINS, range=(0.0, end))
    most = max(1.0, float(np.log10(counts.max() + 1)))

    def x(value: float) -> float:
        return round(LEFT + value / end * (END - LEFT), 1)

    def y(count: float) -> float:
        return round(FLOOR - (FLOOR - TOP) * float(np.log10(count + 1)) / most, 1)

    grid = [(y(10**power), f"{10**power:,}") for power in range(int(most) + 1)]
    bars = [(x(i * end / BINS), y(float(count))) for i, count in enumerate(counts) if count]
    one = [("high", "threshold", high)]
    both = [("low", "low", low), ("high", "high", high)]
    levels = []
    for kind, name, over in one if np.array_equal(low, high) else both:
        first, middle, last = (float(v) for v in np.percentile(over, (5, 50, 95)))
        levels.append((kind, name, x(first), x(middle), x(last), f"{middle:.3g}"))
    whole = 10.0 ** np.floor(np.log10(end))
    step = float(next(s for s in (whole, whole / 2, whole / 5, whole / 10) if end / s >= 4))
    ticks = [(x(i * step), f"{round(i * step, 6):g}") for i in range(int(end / step) + 1)]
    return Histogram(grid, bars, round((END - LEFT) / BINS - 0.8, 1), levels, ticks)
