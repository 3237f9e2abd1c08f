"""Evidence: one more sample taken into what is known of a panel."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import Map, f32, helper, in_bands, kernel


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
) -> None:
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
