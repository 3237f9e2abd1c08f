"""One difference, one box: the candidates of the difference map and the model's blobs made instances.

In: candidates, as fine as the panel, and the learned model's maps, coarse. Out: one candidate for each object. The
model marks an object as one blob whatever is printed on it, and neighbours as two: pieces that lie on one blob are one,
a candidate that covers several blobs is cut between them, a blob that no candidate lies on is a candidate itself, and
what no blob holds stays as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Box
from livespot.spotting.difference.boxes import united
from livespot.spotting.difference.regions import FEWEST_PIXELS, Candidate, Thresholds, away_from_rim, peak_over

Mask = NDArray[np.bool_]
Piece = tuple[Box, Mask]
Labels = NDArray[np.int32]


@dataclass(frozen=True)
class InstanceParameters:
    """sure, likely: of the model's difference map, 0 to 1, hysteresis of a blob. bound: of its core map, from where on
    pixels are of one object. on: share of a candidate's pixels that make it a part of the blob they lie on.
    touching: share of a candidate, from which a blob on it has a part of it. spread: of a blob's longer side, how far
    around it that part may reach; alone: times that, where the blob is the only one on a candidate and `on` holds.
    covered: share of a blob, from which a giant loses just what lies on it.
    """

    sure: float = 0.8
    likely: float = 0.7
    bound: float = 0.5
    on: float = 0.3
    touching: float = 0.05
    covered: float = 0.2
    spread: float = 0.2
    alone: float = 5.0


PARAMETERS = InstanceParameters()
BESIDE = 2.0  # px: what lies so near a blob is of it


def blobs(
    difference: NDArray[np.float32], core: NDArray[np.float32], use: InstanceParameters = PARAMETERS
) -> tuple[Labels, int]:
    """The model's instances, (h, w) int32 on its own grid, 0 where nothing differs; and how many there are.

    difference, core: (h, w) float32, 0 to 1. What hangs together in either of them is one object.
    """
    differs = difference > use.likely
    count, parts = cv2.connectedComponents((differs | (core > use.bound)).astype(np.uint8), connectivity=8)
    label = np.asarray(parts, np.int32)
    peak = np.zeros(count, np.float32)
    np.maximum.at(peak, label.ravel(), difference.ravel())
    sure = peak > use.sure
    sure[0] = False
    number = np.where(sure, np.cumsum(sure), 0).astype(np.int32)
    return np.where(differs, number[label], 0).astype(np.int32), int(number.max(initial=0))


def instances(
    found: Sequence[Candidate],
    label: Labels,
    count: int,
    difference: NDArray[np.float32],
    thresholds: Thresholds,
    use: InstanceParameters = PARAMETERS,
) -> list[Candidate]:
    """One candidate for each object; label: (h, w) int32 at the panel's size, 1 to `count` on the model's blobs."""
    parts: list[list[Piece]] = [[] for _ in range(count + 1)]
    boxes = _boxes(label, count)
    area = np.bincount(label.ravel(), minlength=count + 1)
    reach = np.full(count + 1, BESIDE, np.float32)
    for number, box in boxes:
        reach[number] = max(BESIDE, use.spread * max(box[2:]))
    result = []
    for c in found:
        x, y, w, h = c.box
        here = label[y : y + h, x : x + w]
        on = np.bincount(here[c.mask], minlength=count + 1)
        total = int(on.sum())
        much = on >= max(FEWEST_PIXELS, use.touching * total)
        lies = (much | (on >= np.maximum(FEWEST_PIXELS, use.covered * area))) & (np.arange(count + 1) > 0)
        touched = np.flatnonzero(lies).tolist()
        if not touched:
            result.append(c)
            continue
        alone = len(touched) == 1 and on[touched[0]] >= use.on * total
        owner, apart = _nearest(np.where(np.isin(here, touched), here, 0))
        far = np.where(away_from_rim(c.box, label.shape), use.alone, 1.0) if alone else 1.0
        near = c.mask & (apart <= np.where(much, reach, 0.0)[owner] * far)
        for number in touched:
            own = near & (owner == number)
            if own.any():
                parts[number].append(_cropped(own, (x, y)))
        rest = c.mask & ~near
        if np.count_nonzero(rest) >= FEWEST_PIXELS:
            box, mask = _cropped(rest, (x, y))
            result.append(Candidate(box, mask, peak_over(difference, box, mask, thresholds)))
    for number, (left, top, width, height) in boxes:
        own = label[top : top + height, left : left + width] == number
        pieces = [((left, top, width, height), own), *parts[number]]
        box, mask = united([p[0] for p in pieces], [p[1] for p in pieces])
        result.append(Candidate(box, mask, peak_over(difference, box, mask, thresholds)))
    return result


def _nearest(seeds: Labels) -> tuple[Labels, NDArray[np.float32]]:
    """For every pixel the nearest seed's number, and how far it lies, px; there is at least one seed."""
    free = (seeds == 0).astype(np.uint8)
    apart, place = cv2.distanceTransformWithLabels(free, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    number = np.zeros(int(np.max(place)) + 1, np.int32)
    number[np.asarray(place)[seeds > 0]] = seeds[seeds > 0]
    return np.asarray(number[place], np.int32), np.asarray(apart, np.float32)


def _boxes(label: Labels, count: int) -> list[tuple[int, Box]]:
    """Those of the labels 1 to `count` that are there, and their boxes."""
    rows, columns = np.nonzero(label)
    number = label[rows, columns] - 1
    low_x, low_y = np.full(count, label.shape[1]), np.full(count, label.shape[0])
    high_x, high_y = np.zeros(count, np.int64), np.zeros(count, np.int64)
    np.minimum.at(low_x, number, columns)
    np.minimum.at(low_y, number, rows)
    np.maximum.at(high_x, number, columns + 1)
    np.maximum.at(high_y, number, rows + 1)
    there = enumerate(zip(low_x, low_y, high_x, high_y, strict=True), start=1)
    return [(i, (int(x), int(y), int(u - x), int(v - y))) for i, (x, y, u, v) in there if u > x]


def _cropped(mask: Mask, at: tuple[int, int]) -> Piece:
    """A mask (h, w) whose corner lies at `at`, as the box around what it holds and the mask in it."""
    x, y, w, h = cv2.boundingRect(mask.astype(np.uint8))
    return (at[0] + x, at[1] + y, w, h), mask[y : y + h, x : x + w]
