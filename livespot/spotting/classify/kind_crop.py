"""What a region's kind is told by: both panels under one light in a window, made smaller, and how alike and how
one-sided they are in it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.runtime import Map
from livespot.spotting.registration.gradients import gradients

Mask = NDArray[np.uint8]

KEPT = 0.35  # of a pixel of the crop, or of the fullest one, that must differ
BLUR = 0.7  # px, sigma, before gradients are taken
BESIDE = 3  # px, how wide a ring of what is around is looked at
GAP = 0.15  # of the region's shorter side, each way: gaps that are closed


class KindParameters(NamedTuple):
    """How a crop is looked at. few: pixels that stand for all. noise: grey levels (a px) that weigh nothing.
    uncorrelated: grey levels squared of variance that are noise.
    """

    few: int
    noise: float
    uncorrelated: float


class Told(NamedTuple):
    """a, b: (h, w, 3) float32, the crop of either panel. inside: (h, w) uint8, 1 where they differ; nothing more is
    known when that is empty.

    pattern: correlation of both inside. side: near 1 when only A has an object, near -1 when only B has. outline:
    correlation of the gradients' strength in and around it.
    """

    a: Map
    b: Map
    inside: Mask
    pattern: float
    side: float
    outline: float


def kind_features(a: Map, b: Map, inside: Mask, size: tuple[int, int], how: KindParameters) -> Told:
    """Of a window of both panels under one light, (h, w, 3) float32.

    inside: (h, w) uint8, 1 where they differ. size: (width, height) px of the crop, at most the window's.
    """
    scale = max(size) / max(inside.shape)
    a, b, share = (
        np.asarray(cv2.resize(p, size, interpolation=cv2.INTER_AREA), np.float32)
        for p in (a, b, inside.astype(np.float32))
    )
    inside = (share >= min(KEPT, float(share.max()))).astype(np.uint8) if share.any() else share.astype(np.uint8)
    if not inside.any():
        return Told(a, b, inside, 0.0, 0.0, 0.0)
    reach = max(1, round(2 * scale))
    around = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    whole, outline = silhouette(inside)
    one, two = _gradient(a), _gradient(b)
    edge_a, edge_b = (cv2.mean(cv2.dilate(s, around), outline)[0] for s in (one, two))
    parts = [_balance(edge_a, edge_b, how.noise)]
    parts.append(_balance(cv2.mean(one, whole)[0], cv2.mean(two, whole)[0], how.noise))
    wider = 2 * (reach + BESIDE) + 1
    beside = cv2.dilate(whole, np.ones((wider, wider), np.uint8)) - cv2.dilate(whole, around)
    if beside.any():
        parts.append(_balance(*strangeness(a, b, inside, beside.astype(np.uint8), how.few), how.noise))
    near = np.asarray(cv2.dilate(inside, np.ones((2 * reach + 3, 2 * reach + 3), np.uint8)), np.uint8)
    greys = [p.mean(axis=2) for p in (a, b)]
    pattern = correlation(greys[0], greys[1], inside, how.uncorrelated * float(inside.sum()))
    alike = correlation(one, two, near, how.noise * float(near.sum()))
    return Told(a, b, inside, pattern, sum(parts) / len(parts), alike)


def _gradient(part: Map) -> Map:
    """(h, w) float32 grey levels a px, over the three channels."""
    smooth = cv2.GaussianBlur(part, (0, 0), BLUR)
    across, down = gradients(np.asarray(smooth, np.float32))
    return np.asarray(np.sqrt((across * across + down * down).sum(axis=2)), np.float32)


def _balance(one: float, two: float, noise: float) -> float:
    """Which of two strengths is larger: 1 only the first, -1 only the second."""
    return (one - two) / (one + two + noise)


def silhouette(inside: Mask) -> tuple[Mask, Mask]:
    """The region (h, w) uint8, 0 or 1, without holes and gaps, and its outline."""
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    shorter = min(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    k = max(3, int(GAP * shorter) * 2 + 1)
    padded = cv2.copyMakeBorder(inside, k, k, k, k, cv2.BORDER_CONSTANT)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (k, k)))
    contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    whole, outline = np.zeros_like(closed), np.zeros_like(closed)
    cv2.drawContours(whole, contours, -1, 1, -1)
    cv2.drawContours(outline, contours, -1, 1, 1)
    return np.asarray(whole[k:-k, k:-k], np.uint8), np.asarray(outline[k:-k, k:-k], np.uint8)


def correlation(a: Map, b: Map, where: Mask, noise: float) -> float:
    """Correlation of two fields (h, w) where a mask (h, w) is not 0; noise: added to the product of the deviations."""
    count = cv2.countNonZero(where)
    if count == 0:
        return 0.0
    p, q = (values - np.float32(cv2.mean(values, where)[0]) for values in (a, b))
    pp, qq, pq = (count * cv2.mean(cv2.multiply(one, two), where)[0] for one, two in ((p, p), (q, q), (p, q)))
    return pq / (math.sqrt(pp * qq) + noise)


def strangeness(a: Map, b: Map, inside: Mask, beside: Mask, few: int) -> tuple[float, float]:
    """How far A's and B's colours inside are from the nearest colour beside, in either panel; means, grey levels.

    a, b: (h, w, 3) float32. inside, beside: (h, w) uint8, not empty; about `few` pixels stand for all of each.
    """

    def some(colours: Map) -> Map:
        return colours[:: max(1, len(colours) // few)]

    known = np.concatenate([some(a[beside > 0]), some(b[beside > 0])])
    strange = [np.linalg.norm(some(p[inside > 0])[:, None] - known[None], axis=2).min(axis=1).mean() for p in (a, b)]
    return float(strange[0]), float(strange[1])
