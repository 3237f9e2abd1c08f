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

from livespot.spotting.boxes import gap, united
from livespot.spotting.comparison import Region
from livespot.spotting.findings import Kind
from livespot.spotting.kernels.moves import best_shifts, move_explains, shift_fields
from livespot.spotting.photometry import Lit

TRIED = 3  # shifts, the best of the transform
LEAST_SHIFT = 2  # px of the crop: less is misregistration
LEAST_SHARE = 0.15  # of the mask that must overlap itself shifted
ALIKE = 0.4  # of the mean difference: so near are the two ends of a move

SIZE = 64  # px, longer side of the crop in which two regions are compared
NEAR = 0.5  # gap of two regions that are one move, of their longer side
SAME_SIZE = 1.8  # how much larger one of them may be, in pixels
SAME = 0.8  # share of both that the shift explains; one object gone and its like come elsewhere are two


def join_moves(lit: Lit, regions: Sequence[Region]) -> list[Region]:
    """Regions in their order, where one removed and one added nearby are the same object made one region, moved.

    Ends that lie far apart stay two.
    """
    result = list(regions)
    for one in regions:
        for two in regions:
            if one.kind is not Kind.REMOVED or two.kind is not Kind.ADDED or one not in result or two not in result:
                continue
            if _may_be_one(one, two) and _same_object(lit, one, two):
                first = min(result.index(one), result.index(two))
                result = [r for r in result if r is not one and r is not two]
                result.insert(first, _joined(one, two))
    return result


def _may_be_one(one: Region, two: Region) -> bool:
    pixels = sorted((int(one.mask.sum()), int(two.mask.sum())))
    near = gap(one.box, two.box) <= NEAR * max(*one.box[2:], *two.box[2:])
    return near and pixels[1] <= SAME_SIZE * pixels[0]


def _same_object(lit: Lit, one: Region, two: Region) -> bool:
    both = _joined(one, two)
    x, y, w, h = both.box
    (part_a, part_b), inside = lit.window((x, y, x + w, y + h)), both.mask.astype(np.uint8)
    scale = min(1.0, SIZE / max(w, h))
    if scale < 1.0:
        size = (max(4, round(w * scale)), max(4, round(h * scale)))
        part_a, part_b, share = (
            np.asarray(cv2.resize(p, size, interpolation=cv2.INTER_AREA), np.float32)
            for p in (part_a, part_b, inside.astype(np.float32))
        )
        inside = (share >= 0.35).astype(np.uint8)
    # the other way round it is the background that "moves", whatever the objects are
    away = (two.box[0] - one.box[0], two.box[1] - one.box[1])
    return explained_by_a_move(part_a, part_b, inside, away) > SAME


def _joined(one: Region, two: Region) -> Region:
    box, mask = united([one.box, two.box], [one.mask, two.mask])
    return Region(box, mask, Kind.MOVED, max(one.confidence, two.confidence))


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
