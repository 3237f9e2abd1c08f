"""Where two pictures laid onto each other agree: gradients of the same direction and strength.

In: grey pictures on one grid, the matches. Out: the share of the gradients that both have in common, and the core, the
parts of a panel that agree for certain. Texture in either counts, so that a caption under one panel speaks against it.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.geometry import Points
from livespot.spotting.kernels.downscale import downscale
from livespot.spotting.registration.gradients import compressed, gradient_products, gradients

Field = NDArray[np.float32]

GRADIENT = 3.0  # grey levels a px: half strength
UNKNOWN = 0.15  # of the gradients: so much is taken to be common in a direction that has none
TEXTURE = 0.1  # of 2: less gradient says nothing
FAINT = 1.5  # grey levels a px: the faintest edge
ERODE = 0.03  # of the panel's size: diameter of what an edge seems to reach
NEAR = 0.02  # of the panel's size: diameter of what an edge speaks for
CLOSE, OPEN = 0.015, 0.06  # of the panel's size: gaps that are bridged, threads that are cut


def agreement(a: Field, b: Field, sigma: float) -> tuple[Field, Field]:
    """Share (0 to 1) of the gradients that a and b (h, w) have in common nearby, and how much there is (0 to 2).

    Gradients are compressed, so that a black frame does not speak for the paper around it.
    """
    common, energy = (_nearby(p, sigma) for p in gradient_products(a, b, GRADIENT))
    return np.asarray(common / (energy + np.float32(1e-6)), np.float32), energy


def _nearby(values: NDArray[np.floating[Any]], sigma: float) -> Field:
    """The mean of (h, w) values around each pixel, sigma px."""
    width = max(3, int(2.0 * sigma) | 1)
    return np.asarray(cv2.blur(cv2.blur(values, (width, width)), (width, width)), np.float32)


def weakest_agreement(a: Field, b: Field, sigma: float) -> Field:
    """Share (at most 1) of the gradients that a and b (h, w) have in common nearby in the direction in which they have
    the least: lines of other text lie on each other, and their letters do not. Gradients all of one direction agree
    across it.
    """

    def near(values: NDArray[np.floating[Any]]) -> Field:
        return _nearby(values, sigma)

    (ax, ay), (bx, by) = compressed(a, GRADIENT), compressed(b, GRADIENT)
    # symmetric matrices: what there is, and what is common; the smaller eigenvalue of the one against the other
    exx, exy, eyy = near(0.5 * (ax * ax + bx * bx)), near(0.5 * (ax * ay + bx * by)), near(0.5 * (ay * ay + by * by))
    cxx, cxy, cyy = near(ax * bx), near(0.5 * (ax * by + ay * bx)), near(ay * by)
    spare = np.float32(0.5 * UNKNOWN) * (exx + eyy) + np.float32(1e-4)
    exx, eyy, cxx, cyy = exx + spare, eyy + spare, cxx + spare, cyy + spare
    over = 1.0 / (exx * eyy - exy * exy)
    half = 0.5 * (eyy * cxx - 2.0 * exy * cxy + exx * cyy) * over
    product = (cxx * cyy - cxy * cxy) * over
    return np.asarray(half - np.sqrt(np.maximum(half * half - product, 0.0)), np.float32)


def softened(picture: NDArray[np.uint8]) -> Field:
    """A picture (h, w[, 3]) uint8 as `common_share` takes it: grey, (h // 2, w // 2) float32.

    Half the levels at half the size: gradients a pixel stay what they were.
    """
    small = downscale(picture, 2)
    if small.ndim == 3:
        small = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
    return np.asarray(cv2.GaussianBlur(small * np.float32(0.5), (0, 0), 0.75), np.float32)


def common_share(reference: Field, other: Field, where: NDArray[np.bool_]) -> float:
    """Share (0 to 1) of the gradients' energy two aligned pictures, both `softened`, have in common.

    where: (h, w) bool, what is judged.
    """
    share, energy = agreement(reference, other, 3.0)
    # running sums of zeros end a little below zero
    weight = np.sqrt(np.maximum(energy, 0.0)) * where[::2, ::2][: energy.shape[0], : energy.shape[1]]
    return float((share * weight).sum() / (weight.sum() + 1e-6))


def weakest_share(reference: Field, other: Field, where: NDArray[np.bool_]) -> float:
    """The median (at most 1) of what two aligned pictures, both `softened`, have in common in the direction in which
    they agree least, where there is print: pages of repeated words agree along their lines. where: (h, w) bool.
    """
    _, energy = agreement(reference, other, 3.0)
    printed = (energy > TEXTURE) & where[::2, ::2][: energy.shape[0], : energy.shape[1]]
    return float(np.median(weakest_agreement(reference, other, 3.0)[printed])) if printed.any() else 1.0


def near_edges(a: Field, b: Field, length: float) -> NDArray[np.bool_]:
    """Where there is an edge close by, in either panel: the window of the agreement must not bridge blank paper."""
    strength = np.maximum(np.hypot(*gradients(a)), np.hypot(*gradients(b)))
    level = max(FAINT, 3.0 * float(np.percentile(strength[::2, ::2], 20)))
    return np.asarray(cv2.dilate((strength > level).astype(np.uint8), disc(NEAR * length)) > 0, np.bool_)


def core_of(agrees: NDArray[np.bool_], matches: Points, length: float) -> NDArray[np.bool_] | None:
    """The parts (h, w) that agree, hold matches and are more than a thread thick; holes filled. None: nothing does."""
    close = disc(CLOSE * length)
    border = 2 * close.shape[0]
    solid = cv2.morphologyEx(agrees.astype(np.uint8), cv2.MORPH_OPEN, disc(3))
    padded = cv2.copyMakeBorder(solid, border, border, border, border, cv2.BORDER_CONSTANT)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, close)
    contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = cv2.drawContours(np.zeros_like(closed), contours, -1, 1, -1)
    # what is thin and sticks out is text or a neighbour that happens to agree
    opened = cv2.morphologyEx(filled, cv2.MORPH_OPEN, disc(OPEN * length))[border:-border, border:-border]
    count, label = cv2.connectedComponents(opened)
    held = matches_on(np.asarray(label, np.int32), count, matches)
    held[0] = 0
    holds = held >= max(4, 0.01 * held.sum())
    if not holds.any():
        return None
    # an edge spoke for what is around it, also beyond the rim
    core = cv2.erode(holds[label].astype(np.uint8), disc(ERODE * length), borderValue=1)
    return np.asarray(core > 0, np.bool_) if core.any() else None


def matches_on(label: NDArray[np.int32], count: int, matches: Points) -> NDArray[np.int64]:
    """How many of the matches (N, 2) px lie on each of `count` labelled parts (h, w)."""
    at = np.round(matches).astype(np.int64)
    inside = (at >= 0).all(axis=1) & (at[:, 0] < label.shape[1]) & (at[:, 1] < label.shape[0])
    return np.bincount(label[at[inside, 1], at[inside, 0]], minlength=count)


def disc(diameter: float) -> NDArray[np.uint8]:
    """A round structuring element, `diameter` px wide, 3 at least."""
    width = max(3, int(diameter) | 1)
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width)), np.uint8)
