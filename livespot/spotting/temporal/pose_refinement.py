"""A panel of a frame laid onto what is known of it: where exactly it lies, and what it shows there.

In: a frame, where the tracker has one of its panels, and the panel's evidence. Out: the panel on the canonical grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Image
from livespot.geometry import Homography, Points
from livespot.spotting.registration.agreement import TEXTURE, agreement, common_share, softened
from livespot.spotting.registration.residual_warp import align, at_points, node_points, nodes, prepared
from livespot.spotting.registration.warping import in_bounds, remap_maps, sampled
from livespot.spotting.temporal.accumulator import Evidence

SAME_PAGE = 0.42  # share of the gradients' energy that a view of the page must have in common with it
CONFIDENCE = 0.9  # that one of the samples a panel's motion is guessed from has no outlier: 24 samples
LEAST_SEEN = 0.05  # of a panel, that a view of it must show
WHOLE = 0.75  # of a panel: what shows less tells how it moved, not how it is tilted
ROUGH = 4  # px of the grid: of so much of it each is one px of the pictures by which a panel is first sought
CORNERS, FEWEST = 200, 12  # of it, that are followed from where it is thought to lie, and must be found again
LOCAL = 0.04  # of a panel's longer side: sigma of what is around a place
LOCALLY = 0.3  # share of the gradients' energy that a view from near must have in common with what is known there
FINE = 150  # px, shorter side of a panel on which a view is put right; a larger one is halved for it


@dataclass(frozen=True, eq=False)
class Grid:
    """Where a panel is sampled: a homography to picture px after a warp at the nodes, and the size in px."""

    to: Homography
    warp: NDArray[np.float32]
    size: tuple[int, int]

    def halved(self) -> Grid:
        """The same in px of twice the size, those of the picture and those of the panel."""
        width, height = self.size[0] // 2, self.size[1] // 2
        at = node_points((width, height)) * 2.0 + 0.5
        warp = at_points(self.warp, at).astype(np.float32).reshape(*nodes((width, height)), 2)
        return Grid(HALVED @ self.to @ np.linalg.inv(HALVED), warp * np.float32(0.5), (width, height))

    def maps(self, more: NDArray[np.float32] | None = None) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """x, y (h, w) float32 for cv2.remap; more: a warp on top."""
        return remap_maps(self.to, self.warp if more is None else self.warp + more, self.size)

    def doubled(self, half: NDArray[np.float32]) -> NDArray[np.float32]:
        """What is in px of `halved` at its nodes (gh, gw[, 2]) in px and at the nodes of this one."""
        at = (node_points(self.size) - 0.5) * 0.5
        return 2.0 * at_points(half, at).astype(np.float32).reshape(*nodes(self.size), *half.shape[2:])


HALVED = geometry.enlarging(0.5, 0.5)  # px to those of half the size


def _bend(
    grey: NDArray[np.uint8],
    grid: Grid,
    flat: NDArray[np.float32],
    seen: NDArray[np.bool_],
    rounds: int,
    threads: int,
) -> NDArray[np.float32] | None:
    """By what warp a frame must be moved on a grid to lie on a panel's `prepared` evidence; None: it is not in view."""
    x, y = grid.maps()
    inside = in_bounds(x, y, grey.shape[1], grey.shape[0])
    if float(inside.mean()) < LEAST_SEEN:
        return None
    first = np.asarray(cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)
    zero = np.zeros((*nodes(grid.size), 2), np.float32)
    there = prepared(first)
    return align(flat, there, zero, inside & seen, windows=(0.08, 0.03), rounds=rounds, threads=threads)[0]


def sought(grey: NDArray[np.uint8], grid: Grid, evidence: Evidence, to_grey: Homography) -> Homography:
    """How a panel lies against where it is thought to lie, from its grid to the grid.

    It comes into view after the other one, which says only roughly where it is. to_grey: frame px to those of `grey`.
    """
    size = grid.size[0] // ROUGH, grid.size[1] // ROUGH
    to_full = geometry.enlarging(grid.size[0] / size[0], grid.size[1] / size[1])
    warp = at_points(grid.warp, geometry.apply(to_full, node_points(size))) / ROUGH
    x, y = remap_maps(to_grey @ grid.to @ to_full, warp.astype(np.float32).reshape(*nodes(size), 2), size)
    there = cv2.remap(grey, x, y, cv2.INTER_AREA, borderMode=cv2.BORDER_CONSTANT)
    known = cv2.resize(evidence.grey(), size, interpolation=cv2.INTER_AREA)
    seen = cv2.resize(evidence.known.view(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    inside = in_bounds(x, y, grey.shape[1], grey.shape[0]).view(np.uint8)
    found = cv2.goodFeaturesToTrack(known, CORNERS, 0.01, 5.0, mask=cv2.bitwise_and(seen, inside))
    if found is None:
        return np.eye(3)
    points = np.asarray(found, np.float32).reshape(-1, 2)
    moved, ok, _ = cv2.calcOpticalFlowPyrLK(known, there, points, np.zeros_like(points), winSize=(15, 15), maxLevel=3)
    back, _, _ = cv2.calcOpticalFlowPyrLK(there, known, moved, np.zeros_like(points), winSize=(15, 15), maxLevel=3)
    good = (ok.ravel() == 1) & (np.linalg.norm(back - points, axis=1) < 1.0)
    if np.count_nonzero(good) < FEWEST:
        return np.eye(3)
    lies, agrees = cv2.findHomography(points[good], moved[good], cv2.USAC_MAGSAC, 1.5)
    if lies is None or np.count_nonzero(agrees) < max(FEWEST, 0.5 * np.count_nonzero(good)):
        return np.eye(3)
    return np.asarray(to_full @ lies @ np.linalg.inv(to_full), np.float64)


def large(size: tuple[int, int]) -> bool:
    """Whether a panel of this (width, height) is put right at half its size."""
    return min(size) >= 2 * FINE


def view_of(
    image: Image,
    grey: NDArray[np.uint8],
    grid: Grid,
    evidence: Evidence,
    going_on: bool,
    rounds: int,
    threads: int = 1,
) -> tuple[Image, NDArray[np.bool_], Homography] | None:
    """One panel of a frame laid onto its evidence: sample, inside, the homography put right; None if it is not it.

    grey: the frame, at half its size when `going_on`: where the panel lies is known, and only put right.
    """
    if going_on:
        half = _bend(grey, grid.halved(), evidence.prepared_half(), evidence.known[1::2, 1::2], rounds, threads)
        warp = None if half is None else grid.doubled(half)
    else:
        warp = _bend(grey, grid, evidence.prepared(), evidence.known, rounds, threads)
    if warp is None:
        return None
    # what the whole panel moved belongs to the pose, the rest is this view's own bend
    sparse = (slice(None, None, 4),) * 2  # the warp is smooth
    at = node_points(grid.size).reshape(*nodes(grid.size), 2)[sparse].reshape(-1, 2)
    there = at + warp[sparse].reshape(-1, 2)
    x, y = grid.maps(warp)
    inside = in_bounds(x, y, image.shape[1], image.shape[0])
    moved = grid.to @ _common_motion(at, there, inside)
    seen = sampled(image, x, y)
    known, shown = evidence.softened(), softened(seen)
    if common_share(known, shown, inside & evidence.known) < SAME_PAGE:
        return None
    if evidence.under is not None:
        # the rest is laid on wrongly there, and would be what is known
        share, energy = agreement(known, shown, LOCAL * max(known.shape))
        agrees = ((share > LOCALLY) | (energy < TEXTURE)).view(np.uint8)
        inside &= cv2.resize(agrees, grid.size, interpolation=cv2.INTER_NEAREST) > 0
    return seen, inside, moved


def _common_motion(at: Points, there: Points, inside: NDArray[np.bool_]) -> Homography:
    """How a panel moved as a whole: its points (N, 2) to where they are. inside: (h, w) bool, what of it is in view."""
    if float(inside.mean()) >= WHOLE:
        one, two = at.astype(np.float32), there.astype(np.float32)
        target, _ = cv2.findHomography(one, two, cv2.LMEDS, confidence=CONFIDENCE)
        return np.eye(3) if target is None else np.asarray(target, np.float64)
    column, row = np.rint(at).astype(int).T
    shown = inside[np.minimum(row, inside.shape[0] - 1), np.minimum(column, inside.shape[1] - 1)]
    if np.count_nonzero(shown) < 8:
        return np.eye(3)
    near, _ = cv2.estimateAffinePartial2D(at[shown], there[shown], method=cv2.LMEDS)
    return np.eye(3) if near is None else np.vstack([near, [0.0, 0.0, 1.0]])
