"""Evidence: one more sample taken into what is known of a panel.

smooth_distance   how far a sample lies from what is known, nearby
gather            the sample taken in
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import Map, as_kernel_array, f32, helper, in_bands, kernel, mirrored


def gather(
    picture: NDArray[np.uint8],
    off: NDArray[np.uint8],
    seen: NDArray[np.bool_],
    share: float,
    contradicts: float,
    memory: float,
    mean: Map,
    weight: Map,
    other: Map,
    other_weight: Map,
    *,
    threads: int = 1,
) -> None:
    """Take a sample (h, w, 3) uint8 into two hypotheses a pixel, in place.

    off: (h, w) uint8, how far the sample lies from `mean` nearby, grey levels. share: the sample's weight. A pixel that
    is within `contradicts` moves the mean, another one the other hypothesis; the heavier of the two becomes the mean.
    mean, other: (h, w, 3) float32; weight, other_weight: (h, w) float32, at most `memory`.
    """
    height, width = seen.shape
    numbers = np.float32(share), np.float32(contradicts), np.float32(memory)
    colours, known, doubted = (values.reshape(height, 3 * width) for values in (picture, mean, other))

    def work(y0: int, y1: int) -> None:
        _gather(colours, off, seen, *numbers, known, weight, doubted, other_weight, y0, y1)

    in_bands(work, height, width, threads)


@helper
def _rates(
    off: Any, seen: Any, share: Any, contradicts: Any, memory: Any, weight: Any, other_weight: Any, rates: Any
) -> Any:
    """By what share a row's pixels that agree move, 0 elsewhere, and their weights; how many there are that do not."""
    against = 0
    for x in range(seen.shape[0]):
        had = weight[x]
        agrees = seen[x] & ((had <= f32(0)) | (f32(off[x]) < contradicts))
        rates[x] = share / (had + share) if agrees else f32(0)
        weight[x] = min(had + share, memory) if agrees else had
        other_weight[x] *= f32(0.8) if agrees & (had > f32(0)) else f32(1)
        against += seen[x] & (not agrees)
    return against


@helper
def _threefold(rates: Any, o: Any) -> None:
    for x in range(rates.shape[0]):
        o[3 * x] = o[3 * x + 1] = o[3 * x + 2] = rates[x]


@helper
def _moved(picture: Any, rates: Any, mean: Any) -> None:
    for i in range(mean.shape[0]):
        mean[i] += rates[i] * (f32(picture[i]) - mean[i])


@helper
def _contradicted(
    picture: Any, seen: Any, rates: Any, share: Any, memory: Any, mean: Any, weight: Any, other: Any, other_weight: Any
) -> None:  # fmt: skip
    """The pixels of a row that do not agree, taken into the other hypothesis."""
    for x in range(seen.shape[0]):
        if not seen[x] or rates[x] > f32(0):
            continue
        had, against = weight[x], other_weight[x]
        rate = share / (against + share)
        for i in range(3 * x, 3 * x + 3):
            other[i] += rate * (f32(picture[i]) - other[i])
        other_weight[x] = min(against + share, memory)
        if other_weight[x] > had:
            for i in range(3 * x, 3 * x + 3):
                mean[i], other[i] = other[i], mean[i]
            weight[x], other_weight[x] = other_weight[x], had


@kernel
def _gather(
    picture: Any, off: Any, seen: Any, share: Any, contradicts: Any, memory: Any, mean: Any, weight: Any, other: Any,
    other_weight: Any, y0: Any, y1: Any,
) -> None:  # fmt: skip
    width = seen.shape[1]
    rates, threefold = np.empty(width, np.float32), np.empty(3 * width, np.float32)
    for y in range(y0, y1):
        against = _rates(off[y], seen[y], share, contradicts, memory, weight[y], other_weight[y], rates)
        _threefold(rates, threefold)
        _moved(picture[y], threefold, mean[y])
        if against > 0:
            _contradicted(picture[y], seen[y], rates, share, memory, mean[y], weight[y], other[y], other_weight[y])


NEARBY = 1.2  # px, sigma of the blur
TAPS = 4  # of it, each way


def smooth_distance(a: NDArray[np.uint8], b: NDArray[np.uint8], *, threads: int = 1) -> NDArray[np.uint8]:
    """(h, w) uint8, grey levels: the largest over the channels of |a - b| where both are blurred by NEARBY px.

    a, b: (h, w, 3) uint8. The difference is blurred, which is once instead of twice; borders are mirrored.
    """
    height, width = a.shape[:2]
    one, two = (as_kernel_array(p, np.uint8).reshape(height, 3 * width) for p in (a, b))
    weights = np.exp(-0.5 * (np.arange(TAPS + 1) / NEARBY) ** 2)
    weights = (weights / (weights[0] + 2 * weights[1:].sum())).astype(np.float32)
    out = np.empty((height, width), np.uint8)
    in_bands(lambda y0, y1: _smooth_distance(one, two, weights, out, y0, y1), height, width, threads)
    return out


@helper
def _apart_row(a: Any, b: Any, wide: Any) -> None:
    """a - b, with TAPS mirrored pixels on either side."""
    n = a.shape[0]
    for x in range(n):
        wide[3 * TAPS + x] = f32(np.int16(a[x]) - np.int16(b[x]))
    for i in range(1, TAPS + 1):
        for k in range(3):
            wide[3 * (TAPS - i) + k] = wide[3 * (TAPS + mirrored(-i, n // 3)) + k]
            wide[3 * (TAPS - 1 + i) + n + k] = wide[3 * (TAPS + mirrored(n // 3 - 1 + i, n // 3)) + k]


@helper
def _along(d: Any, w: Any, o: Any) -> None:
    w0, w1, w2, w3, w4 = w[0], w[1], w[2], w[3], w[4]
    for x in range(o.shape[0]):
        near = w1 * (d[x + 9] + d[x + 15]) + w2 * (d[x + 6] + d[x + 18])
        o[x] = w0 * d[x + 12] + near + w3 * (d[x + 3] + d[x + 21]) + w4 * (d[x] + d[x + 24])


@kernel
def _down(e: Any, f: Any, g: Any, h: Any, m: Any, p: Any, q: Any, r: Any, s: Any, w: Any, o: Any) -> None:
    w0, w1, w2, w3, w4 = w[0], w[1], w[2], w[3], w[4]
    for x in range(o.shape[0]):
        o[x] = abs(w0 * m[x] + w1 * (h[x] + p[x]) + w2 * (g[x] + q[x]) + w3 * (f[x] + r[x]) + w4 * (e[x] + s[x]))


@helper
def _over_channels(v: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        o[x] = np.uint8(max(max(v[3 * x], v[3 * x + 1]), v[3 * x + 2]) + f32(0.5))


@kernel
def _smooth_distance(a: Any, b: Any, weights: Any, out: Any, y0: Any, y1: Any) -> None:
    height, n = a.shape
    wide, line = np.zeros(n + 6 * TAPS, np.float32), np.empty(n, np.float32)
    count = 2 * TAPS + 1
    rows = np.empty((count, n), np.float32)  # the last ones, each where its number modulo their count says
    for y in range(y0 - TAPS, y1 + TAPS):
        at = mirrored(y, height)
        _apart_row(a[at], b[at], wide)
        i = y - y0 + TAPS
        _along(wide, weights, rows[i % count])
        if i < 2 * TAPS:
            continue
        first = i + 1  # the oldest of the rows
        _down(
            rows[first % count], rows[(first + 1) % count], rows[(first + 2) % count], rows[(first + 3) % count],
            rows[(first + 4) % count], rows[(first + 5) % count], rows[(first + 6) % count], rows[(first + 7) % count],
            rows[(first + 8) % count], weights, line,
        )  # fmt: skip
        _over_channels(line, out[y - TAPS])
