"""Objects that moved: found again elsewhere in the other panel.

In: both panels under the same light and what differs. Out: how much of it one shift explains, and regions that are the
two ends of one move joined. A shift d explains a pixel of the mask when A there is what B is at d from it, or B there
what A is at -d, both ends within what differs: background that looks the same everywhere explains nothing. The shifts
worth trying come from the masked squared difference over all shifts at once, by Fourier transforms (Padfield 2012).
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.classify.kind_crop import Mask
from livespot.spotting.difference.boxes import gap, united
from livespot.spotting.difference.comparison import Region, joined
from livespot.spotting.kernels.channels import highest_channel
from livespot.spotting.kernels.runtime import Map
from livespot.spotting.photometry.gain import GainCorrectedPair
from livespot.spotting.results import Kind

TRIED = 3  # shifts, the best of the transform
LEAST_SHIFT = 2  # px of the crop: less is misregistration
LEAST_SHARE = 0.15  # of the mask that must overlap itself shifted
ALIKE = 0.4  # of the mean difference: so near are the two ends of a move

SIZE = 64  # px, longer side of the crop in which two regions are compared
NEAR, FAR = 0.5, 2.0  # gap of two regions that are one move, of their longer side; of what was mirrored
SAME_SIZE = 1.8  # how much larger one of them may be, in pixels
MIRRORED = 0.65  # share of both that a mirror image explains: unlike things reach a third
SLACK = 2  # px of that crop, by which a mirror image may be off
SAME = 0.8  # share of both that the shift explains; one object gone and its like come elsewhere are two


def join_moves(lit: GainCorrectedPair, regions: Sequence[Region]) -> list[Region]:
    """Regions in their order, where one removed and one added nearby are the same object made one region: moved, or
    changed where it was mirrored. Ends that lie far apart stay two.
    """
    result = list(regions)
    for one in regions:
        for two in regions:
            if one.kind is not Kind.REMOVED or two.kind is not Kind.ADDED or one not in result or two not in result:
                continue
            if _may_be_one(one, two) and (kind := _as_one(lit, one, two)):
                first = min(result.index(one), result.index(two))
                result = [r for r in result if r is not one and r is not two]
                result.insert(first, joined(one, two, kind))
    return result


def _may_be_one(one: Region, two: Region) -> bool:
    pixels = sorted((int(one.mask.sum()), int(two.mask.sum())))
    return _apart(one, two) <= FAR and pixels[1] <= SAME_SIZE * pixels[0]


def _apart(one: Region, two: Region) -> float:
    """The gap between two regions, of their longer side."""
    return gap(one.box, two.box) / max(*one.box[2:], *two.box[2:])


def _as_one(lit: GainCorrectedPair, one: Region, two: Region) -> Kind | None:
    """What became of an object that was where `one` is and is where `two` is; None: they are two objects."""
    (x, y, w, h), mask = united([one.box, two.box], [one.mask, two.mask])
    (part_a, part_b), inside = lit.window((x, y, x + w, y + h)), mask.astype(np.uint8)
    gone = np.zeros_like(inside)
    gone[one.box[1] - y :, one.box[0] - x :][: one.box[3], : one.box[2]] = one.mask
    scale = min(1.0, SIZE / max(w, h))
    if scale < 1.0:
        size = (max(4, round(w * scale)), max(4, round(h * scale)))
        part_a, part_b, share, share_gone = (
            np.asarray(cv2.resize(p, size, interpolation=cv2.INTER_AREA), np.float32)
            for p in (part_a, part_b, inside.astype(np.float32), gone.astype(np.float32))
        )
        inside, gone = (share >= 0.35).astype(np.uint8), (share_gone >= 0.35).astype(np.uint8)
    # the other way round it is the background that "moves", whatever the objects are
    away = (two.box[0] - one.box[0], two.box[1] - one.box[1])
    if _apart(one, two) <= NEAR and explained_by_a_move(part_a, part_b, inside, away) > SAME:
        return Kind.MOVED
    return Kind.CHANGED if explained_by_a_mirror(part_a, part_b, gone, inside & ~gone) > MIRRORED else None


def explained_by_a_mirror(a: Map, b: Map, gone: Mask, come: Mask) -> float:
    """The share, 0 to 1, of what is gone from A that B's mirror image in the crop's middle holds, left for right or
    upside down, or of what has come to B that A's holds: the smaller one.

    a, b: (h, w, 3) float32, one crop of both panels. gone, come: (h, w) uint8, 1 where A, where B holds a thing alone.
    """
    if not gone.any() or not come.any():
        return 0.0
    weight, _, level = weights_of(a, b, gone | come)
    a, b = (np.asarray(cv2.GaussianBlur(p, (0, 0), 1.0), np.float32) for p in (a, b))  # outlines are a px off
    steps = range(-SLACK, SLACK + 1)

    def held(panel: Map, image: Map, where: Mask) -> float:
        """The share of what is there in `panel` that `image` holds in the same place."""
        here = weight * where
        same = highest_channel(cv2.absdiff(panel, image)) < level
        return float(here[same].sum() / max(here.sum(), 1e-6))

    return max(
        min(held(a, np.roll(turn(b), (y, x), (0, 1)), gone), held(b, np.roll(turn(a), (y, x), (0, 1)), come))
        for turn in (np.fliplr, np.flipud)
        for y in steps
        for x in steps
    )


def explained_by_a_move(
    a: NDArray[np.float32], b: NDArray[np.float32], inside: NDArray[np.uint8], away: tuple[int, int] | None = None
) -> float:
    """The share of what differs that the best shift explains, 0 to 1; the same with the panels exchanged.

    a, b: (h, w, 3) float32, one crop of both panels. inside: (h, w) uint8, 1 where they differ. away: (dx, dy), about
    which way an object of A must have gone; None for any.
    """
    near = np.asarray(cv2.dilate(inside, np.ones((3, 3), np.uint8)), np.uint8)
    x, y, w, h = cv2.boundingRect(near)  # both ends of a move lie in it
    part = np.s_[y : y + h, x : x + w]
    a, b = np.ascontiguousarray(a[part]), np.ascontiguousarray(b[part])
    inside, near = np.ascontiguousarray(inside[part]), np.ascontiguousarray(near[part])
    weight, total, level = weights_of(a, b, inside)
    if total <= 0.0:
        return 0.0
    shifts = [s for s in _shifts(a, b, near) if away is None or s[0] * away[0] + s[1] * away[1] > 0]
    return max((move_explains(a, b, near, weight, s, level) / total for s in shifts), default=0.0)


def weights_of(
    a: NDArray[np.float32], b: NDArray[np.float32], inside: NDArray[np.uint8]
) -> tuple[NDArray[np.float32], float, float]:
    """How far apart a crop's panels are where they differ, (h, w) float32 grey levels; its sum; what is alike.

    a, b: (h, w, 3) float32. inside: (h, w) uint8, 1 where they differ.
    """
    blue, green, red = cv2.split(cv2.absdiff(a, b))
    weight = np.asarray(cv2.max(cv2.max(blue, green), red) * inside, np.float32)
    total = float(weight.sum())
    return weight, total, ALIKE * total / max(1.0, float(np.count_nonzero(inside)))


def _shifts(a: NDArray[np.float32], b: NDArray[np.float32], near: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """The shifts (dx, dy) px at which most of A's masked pixels look like B's."""
    # even sizes take half the time
    rows, columns = (2 * cv2.getOptimalDFTSize(n) for n in near.shape)

    def product(p: cv2.typing.MatLike, q: cv2.typing.MatLike) -> cv2.typing.MatLike:
        return cv2.mulSpectrums(q, p, 0, conjB=True)

    def back(spectrum: cv2.typing.MatLike) -> NDArray[np.float32]:
        return np.asarray(cv2.dft(spectrum, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE), np.float32)

    fields = shift_fields(a, b, near, rows, columns)
    mask, square_a, square_b, one, two = (cv2.dft(f, nonzeroRows=near.shape[0]) for f in fields)
    apart = cv2.add(product(square_a, mask), product(mask, square_b))
    apart = cv2.scaleAdd(product(one, two), -2.0, apart)
    return best_shifts(back(apart), back(product(mask, mask)), LEAST_SHARE, LEAST_SHIFT, TRIED)


def move_explains(a: Map, b: Map, near: Mask, weight: Map, shift: tuple[int, int], level: float) -> float:
    """The sum of `weight` (h, w) over the pixels that are one end of a move by `shift` (dx, dy) px.

    a, b: (h, w, 3) float32. near: (h, w) uint8, where both ends must lie. level: grey levels, so near are they.
    """
    (dx, dy), (height, width) = shift, near.shape
    if abs(dx) >= width or abs(dy) >= height:
        return 0.0
    start = np.s_[max(0, -dy) : min(height, height - dy), max(0, -dx) : min(width, width - dx)]
    end = np.s_[max(0, dy) : min(height, height + dy), max(0, dx) : min(width, width + dx)]
    same = (highest_channel(cv2.absdiff(a[start], b[end])) < level) & (near[start] > 0) & (near[end] > 0)
    result = np.zeros(near.shape, np.bool_)
    result[start] |= same
    result[end] |= same
    return float(weight[result].sum())


def shift_fields(a: Map, b: Map, near: Mask, rows: int, columns: int) -> NDArray[np.float32]:
    """(5, rows, columns) float32, zero beyond the crop: the mask, the squared values of A and of B, and those values:
    of the channel in which A and B differ most, less their mean and only in the mask.

    a, b: (h, w, 3) float32. near: (h, w) uint8, not empty, 1 where a pixel counts.
    """
    height, width = near.shape
    channel = int(np.argmax(np.abs(a - b)[near > 0].sum(axis=0, dtype=np.float64)))
    one, two = a[..., channel], b[..., channel]
    mean = 0.5 * (one[near > 0].mean(dtype=np.float64) + two[near > 0].mean(dtype=np.float64))
    one, two = (one - mean) * near, (two - mean) * near
    fields = np.zeros((5, rows, columns), np.float32)
    fields[:, :height, :width] = np.stack([near, one * one, two * two, one, two])
    return fields


def best_shifts(apart: Map, count: Map, share: float, least: int, tried: int) -> list[tuple[int, int]]:
    """The `tried` shifts (dx, dy) at which most pixels look alike, best first; none next to a better one.

    apart, count: (rows, columns) float32, of every shift, negative ones from the end: the summed squared difference of
    the pixels that meet, and how many meet. share: of all pixels, how many must meet. least: px, of a
    shift that counts.
    """
    (rows, columns), area = count.shape, float(count[0, 0])
    usual = max(float(apart[0, 0]) / area, 1.0)
    gain = np.where(count > share * area, count - apart / usual, -np.inf)
    close = list(range(1 - least, least))
    gain[np.ix_(close, close)] = -np.inf
    result = []
    for _ in range(tried):
        y, x = divmod(int(np.argmax(gain)), columns)
        if gain[y, x] <= 0.0:
            break
        result.append((x - columns if 2 * x > columns else x, y - rows if 2 * y > rows else y))
        gain[np.ix_([(y - 1) % rows, y, (y + 1) % rows], [(x - 1) % columns, x, (x + 1) % columns])] = -np.inf
    return result
