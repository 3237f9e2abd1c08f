"""A reflection that lies softly over one panel: light added to the print, which takes contrast from it.

In: two aligned panels. Out: the same two, as if the same reflection lay over both, and what it hides altogether. Light
that is added in the scene lifts dark print more than light print once a camera has coded it: within a small window the
one panel is s times the other one plus an offset, with s below 1. A shadow has no offset, an exchanged object no
correlation, and an object of another colour ends at an edge, where the correlation is lost; a reflection fades out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.difference.comparison import Region
from livespot.spotting.kernels.downscale import downscale
from livespot.spotting.kernels.light import wide_blur

STEP = 3  # px of the grid it is seen on
REACH = 0.04  # of the panel's size, sigma of the window
FINE = 3.0  # grid px, sigma: what is coarser is light, and no print
PLAIN = 30.0  # squared grey levels of print, below which nothing can be said
NOISE = 5.0  # squared grey levels that are there in any case
ALIKE = 0.8  # correlation of the print of both panels, at least
ADDED = 30.0  # grey levels added to black, from which it is a reflection
FAINT = 15.0  # grey levels added to black that are left as they are
LEAST = 0.03  # of the panel: a reflection is at least so large
FADES = 0.6  # share of the print on its outline that is still alike in both panels
LARGE = 0.1  # of the panel: no object is so large, so half of that share is enough
HIDES = 0.3  # share of the print's contrast, below which nothing can be compared
BURNT, WHITE = 0.1, 215.0  # share of the other panel's variance that is left, and how light it is, where it burns out
DOUBT = 1.2  # log-odds that a reflection takes from a difference

Field = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ReflectionMatchedPair:
    """a, b: the panels under one reflection, (h, w, 3) uint8. seen: (h, w) bool, what can be compared.

    share: float32 on a grid STEP px wide, 0 to 1, how much of a reflection lies there over either; None without one.
    """

    a: Image
    b: Image
    seen: Mask
    share: Field | None = None

    def doubted(self, regions: tuple[Region, ...]) -> tuple[Region, ...]:
        """The same regions, those under a reflection less sure: what is laid over is only near to what was there."""
        if self.share is None:
            return regions
        result = []
        for r in regions:
            x, y, w, h = r.box
            under = self.share[y // STEP : (y + h) // STEP + 1, x // STEP : (x + w) // STEP + 1]
            doubt = DOUBT * float(under.mean()) if under.size else 0.0
            odds = np.exp(-doubt) * r.confidence / max(1.0 - r.confidence, 1e-6)
            result.append(replace(r, confidence=float(odds / (1.0 + odds))))
        return tuple(sorted(result, key=lambda r: -r.confidence))


def evened(a: Image, b: Image, seen: Mask) -> ReflectionMatchedPair:
    """Two aligned panels, (h, w, 3) uint8, brought under one reflection; seen: (h, w) bool.

    The clearer panel is given the reflection of the other one, as what is hidden cannot be brought back. Panels without
    a reflection are returned as they are. Exchanging the panels exchanges the result.
    """
    height, width = seen.shape
    size = (max(1, width // STEP), max(1, height // STEP))
    known = cv2.resize(seen.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    sigma = max(1.5, REACH * float(np.sqrt(height * width)) / STEP)
    one, two = _Print(a, known, sigma), _Print(b, known, sigma)
    together = one.with_(two)
    over_a, over_b = _reflection(one, two, together, known), _reflection(two, one, together, known)
    if over_a is None and over_b is None:
        return ReflectionMatchedPair(a, b, seen)
    clear = seen
    panels = []
    # where a reflection lies over both, the stronger one is given to the other panel
    shares = [v.share if v is not None else np.zeros(known.shape, np.float32) for v in (over_a, over_b)]
    for picture, reflection, own, other in ((a, over_b, shares[1], shares[0]), (b, over_a, shares[0], shares[1])):
        if reflection is None:
            panels.append(picture)
            continue
        share = np.where(own >= other, own, 0.0).astype(np.float32)
        panels.append(reflection.laid_over(picture, share))
        hidden = (reflection.hides & (share > 0.0)).astype(np.uint8)
        clear = clear & (cv2.resize(hidden, (width, height), interpolation=cv2.INTER_NEAREST) == 0)
    return ReflectionMatchedPair(panels[0], panels[1], clear, np.maximum(*shares))


class _Print:
    """What a panel shows within a small window, on the coarse grid.

    mean: (h, w, 3) its colour. light: (h, w) the mean of the three. fine: (h, w) what is finer than light.
    varies: (h, w) its variance, squared grey levels.
    """

    def __init__(self, picture: Image, known: Mask, sigma: float) -> None:
        small = downscale(picture, STEP)
        grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32)
        self.sigma = sigma
        self.mean = self._near(small.astype(np.float32))
        self.light = np.asarray(cv2.transform(self.mean, np.full((1, 3), 1 / 3, np.float32)), np.float32)
        self.fine = np.where(known, grey - cv2.GaussianBlur(grey, (0, 0), FINE), np.float32(0.0))
        self.varies = self._near(self.fine * self.fine)

    def with_(self, other: _Print) -> Field:
        """(h, w): the covariance of both panels' print."""
        return self._near(self.fine * other.fine)

    def _near(self, values: Field) -> Field:
        return wide_blur(values, self.sigma)


@dataclass(frozen=True, eq=False)
class _Reflection:
    """What lies over a panel, on the coarse grid: the print's contrast left (h, w), and what is added (h, w, 3).

    share: (h, w), 0 to 1, how surely it is there. hides: (h, w) bool, where it leaves nothing to compare.
    """

    contrast: Field
    offsets: Field
    share: Field
    hides: Mask

    def laid_over(self, picture: Image, share: Field) -> Image:
        """`picture`, (h, w, 3) uint8, with the reflection over it, as far as `share` says."""
        size = (picture.shape[1], picture.shape[0])
        contrast = cv2.resize(1.0 + share * (self.contrast - 1.0), size, interpolation=cv2.INTER_LINEAR)
        offsets = cv2.resize(share[..., None] * self.offsets, size, interpolation=cv2.INTER_LINEAR)
        hazy = cv2.multiply(picture, cv2.merge([contrast] * 3), dtype=cv2.CV_32F) + offsets
        return np.asarray(cv2.convertScaleAbs(np.maximum(hazy, 0.0)), np.uint8)


def _reflection(x: _Print, y: _Print, together: Field, known: Mask) -> _Reflection | None:
    """The reflection over panel `x`, seen beside panel `y`; None without one."""
    light = x.light / np.maximum(y.light, np.float32(1.0))
    contrast = (together + PLAIN * light) / (y.varies + PLAIN)
    offsets = x.mean - contrast[..., None] * y.mean
    alike = together > ALIKE * np.sqrt((x.varies + NOISE) * (y.varies + NOISE))
    tells = alike & (y.varies > PLAIN) & known
    added = np.where(tells, _least(offsets), np.float32(0.0))
    if np.count_nonzero(added > ADDED) < LEAST * added.size:
        return None
    found = _fading(added > ADDED, alike, (x.varies > PLAIN) & known)
    if not found.any():
        return None
    # between the print that tells, what lies around it holds
    sigma = x.sigma
    weight = (tells & (found | (added < ADDED))).astype(np.float32) + np.float32(1e-4)
    total = cv2.GaussianBlur(weight, (0, 0), 1.5 * sigma)
    contrast = np.where(tells, contrast, cv2.GaussianBlur(contrast * weight, (0, 0), 1.5 * sigma) / total)
    further = np.asarray(x.mean - contrast[..., None] * y.mean, np.float32)
    offsets = np.asarray(np.where(tells[..., None], offsets, further), np.float32)
    reach = 2 * max(2, round(2.0 * sigma)) + 1
    around = cv2.dilate(found.astype(np.uint8), np.ones((reach, reach), np.uint8)) > 0
    share = np.clip((_least(offsets) - FAINT) / (ADDED - FAINT), 0.0, 1.0) * around
    share = np.asarray(cv2.GaussianBlur(share.astype(np.float32), (0, 0), 0.5 * sigma), np.float32)
    burnt = around & (y.varies > PLAIN) & (x.varies < BURNT * y.varies) & (_least(x.mean) > WHITE)
    hides = burnt | ((contrast < HIDES) & (share > 0.5))
    return _Reflection(contrast.astype(np.float32), offsets.astype(np.float32), np.maximum(share, burnt), hides)


def _least(colours: NDArray[np.floating[Any]]) -> Field:
    """The least of the three channels of (h, w, 3): NumPy's own minimum along so short an axis is slow."""
    return np.asarray(np.minimum(np.minimum(colours[..., 0], colours[..., 1]), colours[..., 2]), np.float32)


def _fading(added: Mask, alike: Mask, printed: Mask) -> Mask:
    """Those parts of what seems added that are large and fade out."""
    _, label, stats, _ = cv2.connectedComponentsWithStats(added.astype(np.uint8))
    result = np.zeros(added.shape, np.bool_)
    for number in np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] >= LEAST * added.size) + 1:
        part = label == number
        rim = (cv2.dilate(part.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0) & ~part & printed
        least = FADES if stats[number, cv2.CC_STAT_AREA] < LARGE * added.size else FADES / 2.0
        if not rim.any() or alike[rim].mean() >= least:
            result |= part
    return result
