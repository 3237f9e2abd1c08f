"""A panel of a frame laid onto what is known of it: where exactly it lies, and what it shows there.

In: a frame, where the tracker has one of its panels, and the panel's evidence. Out: the panel on the canonical grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.geometry import Homography
from livespot.spotting.registration.agreement import common_share, softened
from livespot.spotting.registration.residual_warp import align, at_points, node_points, nodes, prepared
from livespot.spotting.registration.warping import in_bounds, remap_maps, sampled
from livespot.spotting.temporal.accumulator import Evidence

SAME_PAGE = 0.42  # share of the gradients' energy that a view of the page must have in common with it
CONFIDENCE = 0.9  # that one of the samples a panel's motion is guessed from has no outlier: 24 samples
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


HALVED = np.array([[0.5, 0.0, -0.25], [0.0, 0.5, -0.25], [0.0, 0.0, 1.0]])  # px to those of half the size


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
    if float(inside.mean()) < 0.2:
        return None
    first = np.asarray(cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)
    zero = np.zeros((*nodes(grid.size), 2), np.float32)
    there = prepared(first)
    return align(flat, there, zero, inside & seen, windows=(0.08, 0.03), rounds=rounds, threads=threads)[0]


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
        half = _bend(grey, grid.halved(), evidence.prepared_half(), evidence.seen[1::2, 1::2], rounds, threads)
        warp = None if half is None else grid.doubled(half)
    else:
        warp = _bend(grey, grid, evidence.prepared(), evidence.seen, rounds, threads)
    if warp is None:
        return None
    # what the whole panel moved belongs to the pose, the rest is this view's own bend
    sparse = (slice(None, None, 4),) * 2  # the warp is smooth
    at = node_points(grid.size).reshape(*nodes(grid.size), 2)[sparse].reshape(-1, 2)
    there = at + warp[sparse].reshape(-1, 2)
    target, _ = cv2.findHomography(at.astype(np.float32), there.astype(np.float32), cv2.LMEDS, confidence=CONFIDENCE)
    moved = grid.to @ np.asarray(target, np.float64) if target is not None else grid.to
    x, y = grid.maps(warp)
    inside = in_bounds(x, y, image.shape[1], image.shape[0])
    seen = sampled(image, x, y)
    if common_share(evidence.softened(), softened(seen), inside & evidence.seen) < SAME_PAGE:
        return None
    return seen, inside, moved
