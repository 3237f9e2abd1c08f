"""The histogram of a difference map with its thresholds, as SVG: text that stays text.

In: the map, its two levels and what is seen. Out: an <svg> element.
"""

from __future__ import annotations

import numpy as np

from livespot.spotting.explaining import Compared

BINS = 90
WIDTH, HEIGHT = 760, 260  # units of the drawing
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 34, 44  # room for the axes' words


def histogram(compared: Compared) -> str:
    """How many pixels differ by how much, logarithmic upwards, with the range of each threshold over the panel."""
    values = compared.difference[compared.seen]
    if not values.size:
        return ""
    low, high = compared.low[compared.seen], compared.high[compared.seen]
    end = max(float(np.percentile(values, 99.95)), 2.0 * float(np.median(high)), float(high.max()) * 1.15, 1e-6)
    counts, _ = np.histogram(np.minimum(values, end), bins=BINS, range=(0.0, end))
    most = max(1.0, float(np.log10(counts.max() + 1)))
    across, down = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(value: float) -> float:
        return LEFT + value / end * across

    def y(count: float) -> float:
        return TOP + down * (1.0 - float(np.log10(count + 1)) / most)

    parts = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="histogram of the difference map">']
    for power in range(int(most) + 1):
        at = y(10**power)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10**power:,}</text>')
    wide = across / BINS
    for i, count in enumerate(counts):
        if count:
            at = y(float(count))
            parts.append(
                f'<rect class="bar" x="{LEFT + i * wide:.1f}" y="{at:.1f}" '
                f'width="{wide - 0.8:.1f}" height="{TOP + down - at:.1f}"/>'
            )
    same = bool(np.array_equal(low, high))
    for name, levels, row in (("low", low, 1), ("high", high, 0)) if not same else (("threshold", high, 0),):
        first, middle, last = (float(v) for v in np.percentile(levels, (5, 50, 95)))
        kind = "low" if name == "low" else "high"
        parts.append(
            f'<rect class="{kind} range" x="{x(first):.1f}" y="{TOP}" '
            f'width="{max(x(last) - x(first), 0.5):.1f}" height="{down}"/>'
            f'<line class="{kind}" x1="{x(middle):.1f}" x2="{x(middle):.1f}" y1="{TOP - 4}" y2="{TOP + down}"/>'
            f'<text class="{kind}" x="{x(middle) + 4:.1f}" y="{TOP - 8 - 14 * row}">{name} {middle:.3g}</text>'
        )
    for tick in _ticks(end):
        parts.append(f'<text x="{x(tick):.1f}" y="{TOP + down + 18}" text-anchor="middle">{tick:g}</text>')
    parts.append(f'<text x="{LEFT + across / 2}" y="{HEIGHT - 6}" text-anchor="middle">{compared.unit}</text>')
    parts.append(f'<text x="{LEFT - 8}" y="{TOP - 14}" text-anchor="end">pixels</text></svg>')
    return "".join(parts)


def _ticks(end: float) -> list[float]:
    step = 10.0 ** np.floor(np.log10(end))
    step = float(next(s for s in (step, step / 2, step / 5, step / 10) if end / s >= 4))
    return [round(i * step, 6) for i in range(int(end / step) + 1)]
