"""From a difference map to candidate regions: thresholds that follow the scene, hysteresis, trimming, joining.

In: the difference map, grey levels. Out: its local thresholds and the candidates. What is noise here is measured here:
the local mean and root mean square of the map outside the candidates. Only where a cell's peak is above its threshold
is any pixel looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Box
from livespot.spotting.difference._components import strong_parts
from livespot.spotting.difference.boxes import crop_around, gap, united
from livespot.spotting.difference.islands import islands
from livespot.spotting.difference.noise import Noise, noise_levels
from livespot.spotting.kernels.light import BLOCK, enlarged
from livespot.spotting.params import RegionParams

CAP = 24.0  # grey levels: what is above does not raise the measured noise further
RIM = 0.03  # of the panel's size: what reaches no deeper in from a side is left of its rim
FACING = 0.7  # of what is left of the rim, that must lie beside a region to be a part of it
COARSE = 1.5  # blocks: a blur this wide, on shrunk values, is as good as the wide one, for what is so smooth
SHARP = 0.4  # of the level inside: how much may be left around a region printed with an edge
FEWEST_PIXELS = 5
SMOOTH = 1.0  # px, sigma of the blur that takes single-pixel noise out of the map


@dataclass(frozen=True, eq=False)
class Candidate:
    """box: (x, y, width, height). mask: (height, width) bool, what differs. peak: in units of the threshold."""

    box: Box
    mask: NDArray[np.bool_]
    peak: float


@dataclass(frozen=True, eq=False)
class Thresholds:
    """high, low: (gh, gw) float32 grey levels, of the hysteresis, by blocks of `block` px."""

    high: NDArray[np.float32]
    low: NDArray[np.float32]
    block: int

    def of_finer(self, factor: int) -> Thresholds:
        """The same for a map that is finer by a whole factor."""
        return Thresholds(self.high, self.low, self.block * factor)


def local_thresholds(
    difference: NDArray[np.float32],
    seen: NDArray[np.bool_],
    sensitivity: float,
    params: RegionParams,
    most: float = float("inf"),
    step: int = 1,
) -> Thresholds:
    """Hysteresis levels from the map's own noise outside what stands out; most: times their median over the panel.

    step: px between the places of the map (h, w) where noise is measured. seen: (h // step, w // step), those places.
    """
    if step > 1:
        rows, columns = seen.shape
        places = np.ascontiguousarray(difference[::step, ::step][:rows, :columns])
        return local_thresholds(places, seen, sensitivity, params, most).of_finer(step)
    height, width = difference.shape
    sigma = max(params.noise_sigma * float(np.sqrt(height * width)) / BLOCK, 1.0)
    shape = (-(-height // BLOCK), -(-width // BLOCK))
    # what is so smooth is reckoned on a grid as coarse as the window allows
    factor = max(1, min(int(sigma / COARSE), min(shape) // 8))
    # a difference that is not yet left out may speak for itself only so loudly: CAP
    floors, times = (params.high_floor, params.low_floor), (params.high_times, params.low_times)
    noise = Noise(CAP, sigma, factor, floors, times, sensitivity)
    high, low = noise_levels(difference, seen, noise)
    if np.isfinite(most):
        high, low = (np.minimum(v, np.float32(most * np.median(v))).astype(np.float32) for v in (high, low))
    return Thresholds(high, low, BLOCK)


def candidates(
    difference: NDArray[np.float32],
    peaks: NDArray[np.float32],
    thresholds: Thresholds,
    seen: NDArray[np.bool_],
    params: RegionParams,
) -> list[Candidate]:
    """Regions where the map rises above the high level, as far as it stays above the low one. peaks: as of
    lit_difference."""
    height, width = difference.shape
    length = float(np.sqrt(height * width))
    kept = standing_out(difference, peaks, thresholds, seen, params)
    reach = max(1, round(params.join * length))
    result = []
    # the closing joins what is nearer than twice its radius: parts further apart are done each in its own window
    for (left, top, _, _), count, part in islands(kept, 2 * reach + 2):
        whole = part.view(np.uint8)
        apart = [] if count == 1 else _parted(whole, (left, top), (width, height), RIM * length)
        for x, y, mask in [(0, 0, part)] if count == 1 else (one for p in apart for one in _joined(p, reach, params)):
            if np.count_nonzero(mask) < FEWEST_PIXELS:
                continue
            x, y, (h, w) = left + x, top + y, mask.shape
            box = (x, y, w, h)
            result.append(Candidate(box, mask, peak_over(difference, box, mask, thresholds)))
    return _merged(result, (width, height), length, params)


def standing_out(
    difference: NDArray[np.float32],
    peaks: NDArray[np.float32],
    thresholds: Thresholds,
    seen: NDArray[np.bool_],
    params: RegionParams,
) -> NDArray[np.uint8]:
    """What hysteresis and trimming keep of the map, (h, w) uint8, 0 or 1."""
    return strong_parts(difference, peaks, seen, thresholds.high, thresholds.low, thresholds.block, params.trim)


def peak_over(difference: NDArray[np.float32], box: Box, mask: NDArray[np.bool_], thresholds: Thresholds) -> float:
    """The highest of a map (h, w) over its high level, where a mask in a box (x, y, width, height) is."""
    x, y, w, h = box
    level = enlarged(thresholds.high, thresholds.block, (x, y, x + w, y + h))
    return float((difference[y : y + h, x : x + w] / level)[mask].max(initial=0.0))


def _parted(kept: NDArray[np.uint8], at: tuple[int, int], size: tuple[int, int], rim: float) -> list[NDArray[np.uint8]]:
    """A mask as what is left of the rim and the rest, each (h, w): the rim's fragments join nothing else.

    at: left and top of the mask on a panel of `size` (width, height) px. rim: px.
    """
    h, w = kept.shape
    if min(at[0], at[1], size[0] - at[0] - w, size[1] - at[1] - h) > rim:
        return [kept]
    _, label, stats, _ = cv2.connectedComponentsWithStats(kept, connectivity=8)
    of_rim = np.array([_reach((at[0] + x, at[1] + y, w, h), size) <= rim for x, y, w, h, _ in stats])
    of_rim[0] = False
    if not of_rim.any():
        return [kept]
    edge = of_rim[label]
    return [kept & ~edge, edge.astype(np.uint8)]


def _joined(kept: NDArray[np.uint8], reach: int, params: RegionParams) -> Iterator[tuple[int, int, NDArray[np.bool_]]]:
    """Parts of a mask, fragments nearer than `reach` px joined: left, top and mask of each."""
    # two dots are joined too: a closing would leave them two
    half = max(1, round(params.closing * reach))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * half + 1, 2 * half + 1))
    around = cv2.copyMakeBorder(kept, half, half, half, half, cv2.BORDER_CONSTANT)
    joined = np.asarray(cv2.dilate(around, disc), np.uint8)
    number, group = cv2.connectedComponents(joined, connectivity=8)
    group = group[half:-half, half:-half]
    for i in range(1, number):
        part = (group == i) & (kept > 0)
        rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
        yield (
            int(columns[0]),
            int(rows[0]),
            part[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1],
        )


def _merged(found: list[Candidate], size: tuple[int, int], length: float, params: RegionParams) -> list[Candidate]:
    """Fragments of one thing joined: two large ones may lie further apart than two small ones.

    size: (width, height) px of the panel. What does not reach in from its rim is the rim's, and stays by itself unless
    it is the end of a thing that does.
    """
    at_rim = [c for c in found if _reach(c.box, size) <= RIM * length]
    found = [c for c in found if _reach(c.box, size) > RIM * length]
    found = sorted(found, key=lambda c: -max(c.box[2:]))
    group = list(range(len(found)))
    outlines: dict[int, NDArray[np.float32]] = {}

    def outline(i: int) -> NDArray[np.float32]:
        if i not in outlines:
            outlines[i] = _outline(found[i])
        return outlines[i]

    for i, one in enumerate(found):
        for j in range(i + 1, len(found)):
            reach = min(params.merge * max(found[j].box[2:]), params.merge_most * length)
            if reach < 2.0:
                break  # sorted: the ones after it are smaller still
            if group[i] == group[j] or gap(one.box, found[j].box) > reach:
                continue
            apart = np.min(np.linalg.norm(outline(i)[:, None] - outline(j)[None], axis=2))
            if float(apart) <= reach:
                old, new = group[j], group[i]
                group = [new if g == old else g for g in group]
    result = []
    for g in sorted(set(group)):
        members = [c for c, own in zip(found, group, strict=True) if own == g]
        result.append(members[0] if len(members) == 1 else _union(members))
    for one in at_rim:
        within = min(params.merge * max(one.box[2:]), params.merge_most * length)
        reach = max(2.0 * params.closing * params.join * length, within)
        beside = [i for i, c in enumerate(result) if gap(one.box, c.box) <= reach and _faces(one.box, c.box, size)]
        if beside:
            result[beside[0]] = _union([result[beside[0]], one])
        else:
            result.append(one)
    return result


def _outline(candidate: Candidate) -> NDArray[np.float32]:
    contours, _ = cv2.findContours(candidate.mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    points = np.vstack(contours).reshape(-1, 2).astype(np.float32)
    return points[:: max(1, len(points) // 60)] + np.array(candidate.box[:2], np.float32)


def away_from_rim(box: Box, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """(height, width) bool: the pixels of a box that lie further in than the rim of a panel of this shape (h, w)."""
    rim = RIM * float(np.sqrt(shape[0] * shape[1]))
    x, y, w, h = box
    down, across = (
        np.minimum(at, n - 1 - at) >= rim
        for at, n in ((np.arange(y, y + h), shape[0]), (np.arange(x, x + w), shape[1]))
    )
    return np.asarray(down[:, None] & across, np.bool_)


def _reach(box: Box, size: tuple[int, int]) -> int:
    """How far a box reaches in from the nearest side, px."""
    x, y, w, h = box
    return min(x + w, y + h, size[0] - x, size[1] - y)


def _faces(edge: Box, inner: Box, size: tuple[int, int]) -> bool:
    """Whether a box at a side lies within another one's share of that side: the end of it, and no strip of the rim."""
    x, y, w, h = edge
    level = min(y + h, size[1] - y) <= min(x + w, size[0] - x)
    (at, long), (other, span) = ((x, w), (inner[0], inner[2])) if level else ((y, h), (inner[1], inner[3]))
    return min(at + long, other + span) - max(at, other) >= FACING * long


def _union(members: list[Candidate]) -> Candidate:
    box, mask = united([c.box for c in members], [c.mask for c in members])
    return Candidate(box, mask, max(c.peak for c in members))


def sharp_edged(difference: NDArray[np.float32], candidate: Candidate) -> bool:
    """Whether the map falls off at the candidate's edge within a pixel or three, as print does and light does not."""
    (x0, y0, x1, y1), inside = crop_around(candidate.box, candidate.mask, 4, difference.shape)
    part = difference[y0:y1, x0:x1]
    ring = cv2.dilate(inside, np.ones((7, 7), np.uint8)) - cv2.dilate(inside, np.ones((3, 3), np.uint8))
    return bool(ring.any()) and float(np.median(part[ring > 0])) < SHARP * float(np.median(part[inside > 0]))


def mask_of(found: Sequence[Candidate], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """The candidates' pixels, (h, w) uint8, 0 or 1."""
    result = np.zeros(shape, np.uint8)
    for c in found:
        x, y, w, h = c.box
        result[y : y + h, x : x + w] |= c.mask
    return result


def halved_mask(found: Sequence[Candidate], shape: tuple[int, int]) -> NDArray[np.uint8]:
    """The candidates on a panel of half the size, (h, w) uint8: 1 where one of the four pixels is one's."""
    result = np.zeros(shape, np.uint8)
    for c in found:
        x, y, w, h = c.box
        top, left = y % 2, x % 2
        even = np.zeros((top + h + (y + h) % 2, left + w + (x + w) % 2), np.bool_)
        even[top : top + h, left : left + w] = c.mask
        rows = even[::2] | even[1::2]
        part = result[y // 2 : (y + h + 1) // 2, x // 2 : (x + w + 1) // 2]
        part |= (rows[:, ::2] | rows[:, 1::2])[: part.shape[0], : part.shape[1]]
    return result


def without(seen: NDArray[np.bool_], taken: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """`seen` without what is taken and the pixels that touch it, (h, w) bool."""
    return np.asarray(seen & (cv2.dilate(taken, np.ones((3, 3), np.uint8)) == 0), np.bool_)
