"""Wide Gaussian blurs of values on a small grid, as light.wide_blur makes them, within one compiled call.

smaller       each new value the mean of what it covers
larger        bilinear between the values' middles
wide_blurred  shrunk, blurred, enlarged
smoothed      one wide blur, and a little of a much wider one

Values lie in rows of w * c, c channels side by side, 1, 3 or 4 of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from livespot.spotting.kernels.bands import Map, f32, kernel, ready
from livespot.spotting.kernels.light import ENOUGH, LEAST_ACROSS, wide_blur


def smoothed(values: Map, sigma: float, enough: float, times: float, share: float) -> Map:
    """A blur of (h, w, c) float32, c 3 or 4, by sigma px, and `share` of one `times` as wide.

    enough: as of wide_blur, for the first of them.
    """
    height, width, channels = values.shape
    result = np.empty((height, width, channels), np.float32)
    flat = ready(values, np.float32).reshape(height, -1)
    _smoothed(flat, channels, float(sigma), float(enough), float(times), f32(share), result.reshape(height, -1))
    return result


def smoothed_reference(values: Map, sigma: float, enough: float, times: float, share: float) -> Map:
    """The same by OpenCV."""
    return np.asarray(wide_blur(values, sigma, enough) + np.float32(share) * wide_blur(values, times * sigma))


@kernel
def add_times(row: Any, weight: Any, o: Any) -> None:
    """o += weight * row."""
    for x in range(o.shape[0]):
        o[x] += row[x] * weight


@kernel
def _put_times(row: Any, weight: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        o[x] = row[x] * weight


@kernel
def _add_both(one: Any, two: Any, weight: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        o[x] += (one[x] + two[x]) * weight


# --- smaller ---


@kernel
def _shares(n: Any, m: Any, first: Any, weights: Any) -> None:
    """Of m pixels that n are made: where each begins, and the weights (m, reach) of those it is the mean of."""
    step = n / m
    for i in range(m):
        start, end = i * step, (i + 1) * step
        first[i] = min(int(np.floor(start + 1e-9)), n - weights.shape[1])
        for j in range(weights.shape[1]):
            at = first[i] + j
            share = min(end, at + 1.0) - max(start, float(at))
            weights[i, j] = f32(share / step) if share > 1e-9 else f32(0)


@kernel
def _narrower(line: Any, channels: Any, first: Any, share: Any, o: Any) -> None:
    """A row's pixels; 1, 3 or 4 channels: sums in registers take a fifth of the time."""
    if channels == 1:
        for x in range(first.shape[0]):
            total = f32(0)
            for j in range(share.shape[1]):
                total += line[first[x] + j] * share[x, j]
            o[x] = total
    elif channels == 3:
        for x in range(first.shape[0]):
            blue, green, red = f32(0), f32(0), f32(0)
            for j in range(share.shape[1]):
                at, weight = 3 * (first[x] + j), share[x, j]
                blue += line[at] * weight
                green += line[at + 1] * weight
                red += line[at + 2] * weight
            o[3 * x], o[3 * x + 1], o[3 * x + 2] = blue, green, red
    else:
        for x in range(first.shape[0]):
            blue, green, red, rest = f32(0), f32(0), f32(0), f32(0)
            for j in range(share.shape[1]):
                at, weight = 4 * (first[x] + j), share[x, j]
                blue += line[at] * weight
                green += line[at + 1] * weight
                red += line[at + 2] * weight
                rest += line[at + 3] * weight
            o[4 * x], o[4 * x + 1], o[4 * x + 2], o[4 * x + 3] = blue, green, red, rest


@kernel
def smaller(values: Any, channels: Any, o: Any) -> None:
    """Rows (h, w c) float32 made smaller, (H, W c): the mean of what each new pixel covers."""
    h, w = values.shape[0], values.shape[1] // channels
    height, width = o.shape[0], o.shape[1] // channels
    if h == height and w == width:
        for y in range(h):
            o[y] = values[y]
        return
    first_y, share_y = np.empty(height, np.int64), np.empty((height, min(h // height + 2, h)), np.float32)
    first_x, share_x = np.empty(width, np.int64), np.empty((width, min(w // width + 2, w)), np.float32)
    _shares(h, height, first_y, share_y)
    _shares(w, width, first_x, share_x)
    line = np.empty(w * channels, np.float32)
    for y in range(height):
        line[:] = 0
        for j in range(share_y.shape[1]):
            if share_y[y, j] > 0:
                add_times(values[first_y[y] + j], share_y[y, j], line)
        _narrower(line, channels, first_x, share_x, o[y])


# --- larger ---


@kernel
def _between(n: Any, m: Any, at: Any, next_: Any, share: Any) -> None:
    """Of m places that n are spread over: the two each lies between, and how far on, 0 to 1."""
    for i in range(m):
        place = min(max((i + 0.5) * n / m - 0.5, 0.0), n - 1.0)
        at[i] = int(place)
        next_[i] = min(at[i] + 1, n - 1)
        share[i] = f32(place - at[i])


@kernel
def _wider(line: Any, left: Any, right: Any, share: Any, o: Any) -> None:
    for i in range(o.shape[0]):
        value = line[left[i]]
        o[i] = value + (line[right[i]] - value) * share[i]


@kernel
def _add_mix(one: Any, two: Any, on: Any, weight: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        o[x] += (one[x] + (two[x] - one[x]) * on) * weight


@kernel
def add_larger(values: Any, channels: Any, weight: Any, o: Any) -> None:
    """Rows (h, w c) enlarged to (H, W c), bilinear between their middles, `weight` times added to o."""
    h, w = values.shape[0], values.shape[1] // channels
    height, width = o.shape[0], o.shape[1] // channels
    up, down, below = np.empty(height, np.int64), np.empty(height, np.int64), np.empty(height, np.float32)
    _between(h, height, up, down, below)
    at, next_, share = np.empty(width, np.int64), np.empty(width, np.int64), np.empty(width, np.float32)
    _between(w, width, at, next_, share)
    # of every value of a row, not of every pixel
    n = width * channels
    left, right, on = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.float32)
    for x in range(width):
        for k in range(channels):
            i = x * channels + k
            left[i], right[i], on[i] = at[x] * channels + k, next_[x] * channels + k, share[x]
    lines = np.empty((2, width * channels), np.float32)
    held = -1  # the row that is the last one enlarged: rows of even number are in the first line
    for y in range(height):
        for r in (up[y], down[y]):
            if r > held:
                _wider(values[r], left, right, on, lines[r % 2])
                held = r
        _add_mix(lines[up[y] % 2], lines[down[y] % 2], below[y], weight, o[y])


# --- blurred ---


@kernel
def _reflected(i: Any, n: Any) -> Any:
    """Row or column i of n, beyond the edge as in a mirror that repeats it: b a | a b c | c b."""
    while i < 0 or i >= n:
        i = -1 - i if i < 0 else 2 * n - 1 - i
    return i


@kernel
def _blurred(values: Any, channels: Any, sigma: Any, o: Any) -> None:
    """A Gaussian blur of rows (h, w c), borders reflected, as far as OpenCV takes it: four sigma."""
    h, n = values.shape
    w = n // channels
    reach = (int(np.rint(sigma * 8 + 1)) | 1) // 2
    taps, total = np.empty(reach + 1, np.float32), 0.0
    for i in range(reach + 1):
        weight = np.exp(-0.5 * (i / sigma) ** 2)
        taps[i] = weight
        total += weight if i == 0 else 2 * weight
    for i in range(reach + 1):
        taps[i] = f32(taps[i] / total)
    edge = reach * channels
    line = np.empty(n + 2 * edge, np.float32)
    for y in range(h):
        inner = line[edge : edge + n]
        _put_times(values[y], taps[0], inner)
        for i in range(1, reach + 1):
            _add_both(values[_reflected(y - i, h)], values[_reflected(y + i, h)], taps[i], inner)
        for i in range(reach):
            before, after = _reflected(-1 - i, w), _reflected(w + i, w)
            for k in range(channels):
                line[edge - (i + 1) * channels + k] = line[edge + before * channels + k]
                line[edge + n + i * channels + k] = line[edge + after * channels + k]
        row = o[y]
        _put_times(inner, taps[0], row)
        for i in range(1, reach + 1):
            step = i * channels
            _add_both(line[edge - step : edge - step + n], line[edge + step : edge + step + n], taps[i], row)


@kernel
def add_wide_blurred(values: Any, channels: Any, sigma: Any, enough: Any, weight: Any, o: Any) -> None:
    """light.wide_blur of rows (h, w c), `weight` times added to o."""
    h, w = values.shape[0], values.shape[1] // channels
    factor = min(int(sigma / enough), min(h, w) // LEAST_ACROSS)
    if factor < 2:
        smooth = np.empty_like(values)
        _blurred(values, channels, sigma, smooth)
        for y in range(h):
            add_times(smooth[y], weight, o[y])
        return
    height, width = int(np.rint(h / factor)), int(np.rint(w / factor))
    small, smooth = np.empty((height, width * channels), np.float32), np.empty((height, width * channels), np.float32)
    smaller(values, channels, small)
    rest = np.sqrt(max(sigma * sigma - factor * factor / 4, 0.0)) / factor
    _blurred(small, channels, rest, smooth)
    add_larger(smooth, channels, weight, o)


@kernel
def add_smoothed(values: Any, channels: Any, sigma: Any, enough: Any, times: Any, share: Any, o: Any) -> None:
    """As smoothed, added to o."""
    add_wide_blurred(values, channels, sigma, enough, f32(1), o)
    add_wide_blurred(values, channels, times * sigma, ENOUGH, share, o)


@kernel
def _smoothed(values: Any, channels: Any, sigma: Any, enough: Any, times: Any, share: Any, o: Any) -> None:
    o[:] = 0
    add_smoothed(values, channels, sigma, enough, times, share, o)
