"""What lies over one panel and reaches on beyond it: a hand, a title across the rim. It hides, and is no difference.

In: a picture and where its panels lie. Out: (h, w) bool for each panel. Pictures end at their rim; what differs inside
and goes on outside in the same colour does not belong to them. Seen on a coarse grid that reaches beyond the panel.
"""

import functools

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Image
from livespot.geometry import Homography
from livespot.spotting.kernels.downscale import downscale
from livespot.spotting.registration.residual_warp import at_points
from livespot.spotting.registration.warping import in_bounds

CELLS = 110.0  # of the coarse grid, over the panel's size
BEYOND = 0.08  # of the panel's size: how far outside it is looked at
DIFFERS = 26.0  # grey levels in some channel
THINNEST = 5  # cells: what is thinner is no hand, but a rim that does not lie exactly on the other
ACROSS = 2  # cells on either side of the rim at which its colour is compared
GOES_ON = 20.0  # grey levels by which one thing may change over the rim
CROSSING = 0.4  # share of the rim it meets at which it must go on: beside it may lie another panel
FAR = 0.045  # of the panel's size: a hand reaches so far outside
MOST = 0.5  # of the panel: what covers more is another light, or no page
EDGE = 0.6  # share of what it differs by that must be gone two cells further in: light fades, a hand ends

Mask = NDArray[np.bool_]
Field = NDArray[np.float32]
Cells = tuple[NDArray[np.intp], ...]  # rows and columns


def occluded(
    image: Image, to_a: Homography, to_b: Homography, warp: NDArray[np.float32], size: tuple[int, int]
) -> tuple[Mask, Mask]:
    """(h, w) bool each: what of panel A, and of panel B, is hidden by something that lies over its rim.

    image: (H, W, 3) uint8 BGR. to_a, to_b: canonical px -> px of `image`; warp: (gh, gw, 2) canonical px, as in a
    Registration. size: canonical (width, height).
    """
    grid = _grid(size)
    points = grid.points
    per_pixel = float(np.sqrt(abs(np.linalg.det(to_a[:2, :2] / to_a[2, 2]))))
    factor = max(1, int(grid.step * per_pixel))  # one or two pixels a cell
    small = downscale(image, factor)
    a, in_a = _sampled(small, factor, geometry.apply(to_a, points.reshape(-1, 2)), grid.shape)
    moved = points + at_points(warp, points)  # beyond the panel the warp is what it is at the rim
    b, in_b = _sampled(small, factor, geometry.apply(to_b, moved.reshape(-1, 2)), grid.shape)
    both, inside = in_a & in_b, grid.inside
    known = both & inside
    nothing = np.zeros(size[::-1], np.bool_)
    if np.count_nonzero(known) < 0.2 * np.count_nonzero(inside):
        return nothing, nothing
    gain = np.median((a[known] + 4.0) / (b[known] + 4.0), axis=0)
    one, two = a / np.sqrt(gain), b * np.sqrt(gain)
    off = np.abs(one - two)
    by = np.maximum(np.maximum(off[..., 0], off[..., 1]), off[..., 2])  # NumPy's own is slow along so short an axis
    differs = cv2.morphologyEx(
        ((by > DIFFERS) & both).astype(np.uint8), cv2.MORPH_OPEN, np.ones((THINNEST, THINNEST), np.uint8)
    )
    hides_a, hides_b = np.zeros(grid.shape, np.bool_), np.zeros(grid.shape, np.bool_)
    count, whole = cv2.connectedComponents(differs, connectivity=4)
    if count == 1:
        return nothing, nothing
    # what runs off the frame is as far away as can be seen
    unseen = cv2.dilate((~both).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    far = (grid.outside_by >= FAR * grid.length) | (unseen & ~inside)
    goes_far = np.bincount(whole[far], minlength=count) > 0
    goes_far[0] = False
    same = np.asarray(both & ~inside & (differs == 0), np.bool_)
    paper = [_paper(panel, same) for panel in (one, two)]
    # each part inside by itself: outside, it may hang together with whatever else is not alike there
    _, label = cv2.connectedComponents(differs * inside, connectivity=4)
    for number, (just_inside, beyond) in grid.crossings(np.asarray(label, np.int32), goes_far[whole]).items():
        part = label == number
        if len(just_inside[0]) < THINNEST or part.sum() > MOST * inside.sum() or not _ends(by, part, inside):
            continue
        for panel, hides, bare in ((one, hides_a, paper[0]), (two, hides_b, paper[1])):
            goes_on = np.abs(panel[beyond] - panel[just_inside]).max(axis=1) <= GOES_ON
            # a white cloud at the rim goes on in the white paper
            goes_on &= np.abs(panel[beyond] - bare).max(axis=1) > DIFFERS
            if goes_on.sum() >= max(THINNEST, CROSSING * len(goes_on)):
                hides |= part
    return grid.dense(hides_a), grid.dense(hides_b)


def _paper(panel: Field, where: Mask) -> Field:
    """The colour (3,) that lies around a panel (rows, columns, 3); where: outside it, the same around the other one."""
    return np.asarray(np.median(panel[where], axis=0) if where.any() else np.full(3, np.inf), np.float32)


def _ends(by: Field, part: Mask, inside: Mask) -> bool:
    """Whether what two panels differ by, (rows, columns) grey levels, falls off sharply where a part of it ends."""
    whole = part.astype(np.uint8)
    rim = (cv2.dilate(whole, np.ones((7, 7), np.uint8)) - cv2.dilate(whole, np.ones((5, 5), np.uint8)) > 0) & inside
    return bool(rim.any()) and float(np.median(by[rim])) < (1.0 - EDGE) * float(np.median(by[part]))


class _Grid:
    """The coarse grid: the panel, and a margin around it; the same for every view of a page.

    points: (rows, columns, 2) canonical px of the cells' middles. inside: (rows, columns) bool, cells of the panel.
    outside_by: (rows, columns), how many cells a cell lies outside the panel. None of them may be written to.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self.step = max(2.0, float(np.sqrt(size[0] * size[1])) / CELLS)
        self.columns, self.rows = (max(8, round(v / self.step)) for v in size)
        self.length = float(np.sqrt(self.columns * self.rows))
        self.margin = max(ACROSS + 1, round(BEYOND * self.length))
        self.shape = (self.rows + 2 * self.margin, self.columns + 2 * self.margin)
        self.points = self._points()
        self.inside = np.zeros(self.shape, np.bool_)
        self.inside[self.margin : self.margin + self.rows, self.margin : self.margin + self.columns] = True
        self.outside_by = self._outside_by()

    def _points(self) -> NDArray[np.float64]:
        y, x = np.mgrid[0 : self.shape[0], 0 : self.shape[1]]
        cells = np.dstack([x, y]) - self.margin + 0.5
        return cells * [self.size[0] / self.columns, self.size[1] / self.rows] - 0.5

    def _outside_by(self) -> Field:
        y, x = np.arange(self.shape[0]) - self.margin, np.arange(self.shape[1]) - self.margin
        down = np.maximum(-y, y - self.rows + 1).clip(0)
        across = np.maximum(-x, x - self.columns + 1).clip(0)
        return np.asarray(np.maximum(down[:, None], across[None]), np.float32)

    def crossings(self, label: NDArray[np.int32], outside: Mask) -> dict[int, tuple[Cells, Cells]]:
        """For each label inside that meets `outside` at the rim: the cells within and beyond it, where it crosses."""
        flat = np.arange(label.size).reshape(label.shape)
        m, reach = self.margin, ACROSS
        pairs = []
        for turned, out, at, last in (
            (label, outside, flat, m + self.rows),
            (label[::-1], outside[::-1], flat[::-1], m + self.rows),
            (label.T, outside.T, flat.T, m + self.columns),
            (label.T[::-1], outside.T[::-1], flat.T[::-1], m + self.columns),
        ):
            along = np.s_[m : turned.shape[1] - m]
            inner, beyond = turned[last - reach : last, along], out[last : last + reach, along]
            same = (inner > 0).all(axis=0) & beyond.all(axis=0)
            pairs.append((inner[0][same], at[last - reach, along][same], at[last + reach - 1, along][same]))
        number, within, beyond = (np.concatenate(v) for v in zip(*pairs, strict=True))
        return {
            int(n): (
                np.unravel_index(within[number == n], label.shape),
                np.unravel_index(beyond[number == n], label.shape),
            )
            for n in np.unique(number)
        }

    def dense(self, mask: Mask) -> Mask:
        """A mask of cells at every pixel of the panel, a cell wider."""
        if not mask.any():
            return np.zeros(self.size[::-1], np.bool_)
        wide = cv2.dilate(mask.astype(np.uint8), np.ones((5, 5), np.uint8))
        part = wide[self.margin : self.margin + self.rows, self.margin : self.margin + self.columns]
        return np.asarray(cv2.resize(part, self.size, interpolation=cv2.INTER_NEAREST) > 0, np.bool_)


@functools.lru_cache(maxsize=4)
def _grid(size: tuple[int, int]) -> _Grid:
    return _Grid(size)


def _sampled(small: Image, factor: int, points: NDArray[np.float64], shape: tuple[int, int]) -> tuple[Field, Mask]:
    """Colours (rows, columns, 3) at points (N, 2) px of the picture that was shrunk, and which lie inside it."""
    at = ((points + 0.5) / factor - 0.5).astype(np.float32).reshape(*shape, 2)
    x, y = (np.ascontiguousarray(at[..., i]) for i in (0, 1))
    values = cv2.remap(small, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(values, np.float32), in_bounds(x, y, small.shape[1], small.shape[0])
