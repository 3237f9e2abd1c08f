"""Everything a candidate is measured by, from its mask on.

Its surroundings, how far it stands out of the map and of a wider blur, how thick it is, where the rim is, how alike
both panels are in it and around it, and what the finest print is like there.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Box
from livespot.spotting.classify.kind_crop import correlation
from livespot.spotting.difference._fused_rows import CELL
from livespot.spotting.difference.boxes import crop_around, with_margin
from livespot.spotting.kernels.channels import lowest_channel
from livespot.spotting.kernels.runtime import Map
from livespot.spotting.photometry.gain import GainCorrectedPair
from livespot.spotting.registration.gradients import gradients

Mask = NDArray[np.uint8]
Cells = tuple[slice, slice]  # rows, columns

WIDE = 2.5  # px, sigma of the wider blur
TAPS = 10  # px, how far it reaches
SURROUNDED = 10  # cells around a candidate
UNCORRELATED = 100.0  # squared grey levels, summed, that are noise


class Panels(NamedTuple):
    """What all candidates of two panels share.

    difference, level: (h, w) float32, the map and its high level. claimed: (h, w) uint8, 1 where there is a candidate.
    seen: (h, w) uint8, what is on both. peaks: of the map, by cells of CELL px. fine: (gh, gw, 4) of fine_sums.
    """

    lit: GainCorrectedPair
    difference: Map
    level: Map
    claimed: Mask
    seen: Mask
    peaks: Map
    fine: Map


class Reach(NamedTuple):
    """How far is looked.

    margin: px around a candidate, 4 at least. rim: px, from where on the rim is far away. white: grey level of the
    darkest channel from which a pixel is nearly white. shift: px, tried each way.
    """

    margin: int
    rim: float
    white: float
    shift: int


class Measures(NamedTuple):
    """Of one candidate.

    inside, around, inside_median, beside_median: of the map over its level, in it, around it (0 where there is nothing
    around it) and just beside it (-1 likewise).
    """

    pixels: int
    inside: float
    around: float
    inside_median: float
    beside_median: float
    difference: float  # mean of the map inside, grey levels
    energy_a: float  # mean squared gradient in it and near it, (grey levels a px)²
    energy_b: float
    bright: float  # share of it that is nearly white in one panel
    bias: tuple[float, float, float]  # mean of a - b inside, by channel
    size: tuple[float, float, float]  # mean of |a - b| inside, by channel
    correlation: float  # of both panels' grey in it and around it
    close: float  # of both panels' grey in it and near it
    unshifted: float  # mean difference near it, grey levels
    best: float  # the same at the best shift
    level: float  # the median of the level over its box
    thickness: float  # px, the largest inscribed circle's radius
    wide: float  # the peak of the wider blur over the level
    nearest: float  # px of its pixels to a place that is not on both panels, `Reach.rim` + 1 where that is far
    furthest: float
    usual: float  # what the map reaches in every tenth cell around it
    fine: tuple[float, float, float, float]  # sums over the cells of the finest print


def measures_of(panels: Panels, box: Box, mask: NDArray[np.bool_], cells: Cells, reach: Reach) -> Measures:
    """box: (x, y, width, height) px. mask: (height, width), not empty. cells: of the finest print around it."""
    x, y, w, h = box
    window, inside = crop_around(box, mask, reach.margin, panels.difference.shape)
    x0, y0, x1, y1 = window
    own = np.s_[y - y0 : y - y0 + h, x - x0 : x - x0 + w]
    near, edge, grown = (_widened(inside, n) for n in (2, 4, reach.margin))
    # neither near nor another candidate's; what is another candidate's is around it, too
    free = (near | panels.claimed[y0:y1, x0:x1]) ^ 1
    there, ring, beside = inside.view(np.bool_), grown & free, edge & free
    a, b = panels.lit.window(window)
    greys = [np.asarray(cv2.cvtColor(p, cv2.COLOR_BGR2GRAY), np.float32) for p in (a, b)]
    part, level = panels.difference[y0:y1, x0:x1], panels.level[y0:y1, x0:x1]
    ratio = np.asarray(cv2.divide(part, level), np.float32)
    beside_values, bias, size = ratio[beside > 0], cv2.mean(a - b, inside), cv2.mean(cv2.absdiff(a, b), inside)
    lightest = cv2.max(lowest_channel(a), lowest_channel(b))[there]
    unshifted, best = shifted_difference(greys[0], greys[1], near, (own[1].start, own[0].start, w, h), reach.shift)
    nearest, furthest = _to_the_rim(panels.seen, box, mask, reach.rim)
    fine = panels.fine[cells].sum(axis=(0, 1), dtype=np.float64).tolist()
    return Measures(
        pixels=len(lightest),
        inside=cv2.mean(ratio, inside)[0],
        around=cv2.mean(ratio, ring)[0],
        inside_median=_median(ratio[there]),
        beside_median=_median(beside_values) if len(beside_values) else -1.0,
        difference=cv2.mean(part, inside)[0],
        energy_a=_energy(greys[0], near),
        energy_b=_energy(greys[1], near),
        bright=float(np.mean(lightest > reach.white)),
        bias=(bias[0], bias[1], bias[2]),
        size=(size[0], size[1], size[2]),
        correlation=correlation(greys[0], greys[1], grown, UNCORRELATED),
        close=correlation(greys[0], greys[1], near, UNCORRELATED),
        unshifted=unshifted,
        best=best,
        level=_median(level[own].ravel()),
        thickness=_thickness(mask),
        wide=float((_wide(panels.difference, box) / level[own])[mask].max(initial=0.0)),
        nearest=nearest,
        furthest=furthest,
        usual=_usual_peak(panels.peaks, box),
        fine=(fine[0], fine[1], fine[2], fine[3]),
    )


def _median(values: NDArray[np.float32]) -> float:
    """np.median at a fifth of its cost; one value at least."""
    half = len(values) // 2
    if len(values) % 2 == 1:
        return float(np.partition(values, half)[half])
    ordered = np.partition(values, (half - 1, half))
    return 0.5 * (float(ordered[half - 1]) + float(ordered[half]))


def shifted_difference(a: Map, b: Map, near: Mask, box: Box, reach: int) -> tuple[float, float]:
    """The mean difference of two grey crops (h, w) where `near` is 1, as they are and under the best shift.

    box: (x, y, width, height), around which `near` is looked at. reach: px, tried each way. A shift is as good as it is
    for the panel that likes it less.
    """
    x0, y0, x1, y1 = with_margin(box, 2 + reach, a.shape)
    here = np.s_[y0:y1, x0:x1]
    a, b, weight = a[here], b[here], np.ascontiguousarray(near[here])
    wide_a, wide_b = (cv2.copyMakeBorder(p, *(reach,) * 4, cv2.BORDER_REPLICATE) for p in (a, b))
    height, width = a.shape
    unshifted = best = cv2.norm(a, b, cv2.NORM_L1, weight)
    for down in range(2 * reach + 1):
        for right in range(2 * reach + 1):
            one = cv2.norm(a, wide_b[down : down + height, right : right + width], cv2.NORM_L1, weight)
            if one < best:  # else the worse of the two is no better either
                up, left = 2 * reach - down, 2 * reach - right
                other = cv2.norm(b, wide_a[up : up + height, left : left + width], cv2.NORM_L1, weight)
                best = min(best, max(one, other))
    count = cv2.countNonZero(weight)
    return unshifted / count, best / count


def _widened(mask: Mask, reach: int) -> Mask:
    return np.asarray(cv2.dilate(mask, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)), np.uint8)


def _energy(grey: Map, near: Mask) -> float:
    x, y = gradients(grey)
    return cv2.mean(cv2.multiply(x, x) + cv2.multiply(y, y), near)[0]


def _thickness(mask: NDArray[np.bool_]) -> float:
    padded = cv2.copyMakeBorder(mask.view(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    return float(cv2.distanceTransform(padded, cv2.DIST_L2, 3).max())


def _to_the_rim(seen: Mask, box: Box, mask: NDArray[np.bool_], rim: float) -> tuple[float, float]:
    """How far the mask's nearest pixel and its furthest one are from what is not on both panels, px."""
    (x, y, w, h), margin = box, int(rim) + 2
    x0, y0, x1, y1 = with_margin(box, margin, seen.shape)
    part = seen[y0:y1, x0:x1]
    if part.shape == (h + 2 * margin, w + 2 * margin) and part.all():
        return rim + 1.0, rim + 1.0
    # where the part ends within the panel, that is too far away to count
    known = cv2.copyMakeBorder(part, 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    left, top = x - x0 + 1, y - y0 + 1
    distance = cv2.distanceTransform(known, cv2.DIST_L2, 3)[top : top + h, left : left + w][mask]
    return min(float(distance.min()), rim + 1.0), min(float(distance.max()), rim + 1.0)


def _wide(difference: Map, box: Box) -> Map:
    """The map, blurred more widely, in a box."""
    x, y, w, h = box
    x0, y0, x1, y1 = with_margin(box, TAPS, difference.shape)
    part = cv2.GaussianBlur(difference[y0:y1, x0:x1], (2 * TAPS + 1, 2 * TAPS + 1), WIDE)
    return np.asarray(part[y - y0 : y - y0 + h, x - x0 : x - x0 + w], np.float32)


def _usual_peak(peaks: Map, box: Box) -> float:
    """What the map reaches in every tenth cell around a box, the box and what touches it left out."""
    x, y, w, h = box
    left, top, right, bottom = x // CELL, y // CELL, (x + w - 1) // CELL + 1, (y + h - 1) // CELL + 1
    y0, x0 = max(0, top - SURROUNDED), max(0, left - SURROUNDED)
    part = peaks[y0 : bottom + SURROUNDED, x0 : right + SURROUNDED]
    others = np.ones(part.shape, np.bool_)
    others[max(0, top - 1 - y0) : bottom + 1 - y0, max(0, left - 1 - x0) : right + 1 - x0] = False
    values = part[others]
    if len(values) == 0:
        return 0.0
    tenth = len(values) - 1 - len(values) // 10
    return float(np.partition(values, tenth)[tenth])
