"""What many frames together say about one panel: a picture better than any of them.

In: the panel sampled onto the canonical grid, frame after frame, with the pixels that were really seen. Out: the
picture as it most often was. Each pixel keeps two hypotheses with the weight behind them: what it is held to be, and
what contradicts that. A finger or a moving glare gathers less weight than the paper it hides, unless it stays longer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.evidence import gather, smooth_distance
from livespot.spotting.registration import prepared

MEMORY = 16.0  # the weight a pixel's history has at most, in frames of full sharpness
CONTRADICTS = 26.0  # grey levels off that make a second hypothesis
SATURATED = 250  # grey level from which a pixel may be glare
NEARLY = 224  # grey level from which a pixel may be glare where the other panel is much darker
ADDED = 20  # grey levels, how much darker
PAPER, ABOVE_PAPER = 0.15, 8.0  # share of a panel that makes it a drawing on white; grey levels above its white
LEAST_GLARE = 2e-4  # of the panel: what is burnt out and smaller is a highlight of the print
VEIL = 6.0  # grey levels that a reflection must add in every channel
VEIL_STEP = 4  # px of the grid it is seen on
GLARE_SOFT = 10.0  # grey levels a px: glare fades out, printed white ends at an edge


class Evidence:
    """One panel's accumulated picture."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.picture = np.zeros((*shape, 3), np.float32)
        self.weight = np.zeros(shape, np.float32)
        self._other = np.zeros((*shape, 3), np.float32)
        self._other_weight = np.zeros(shape, np.float32)
        self._known: dict[str, NDArray[Any]] = {}  # what was made of the picture since the last sample

    def add(self, picture: Image, seen: NDArray[np.bool_], weight: float) -> None:
        """Take in one sample (h, w, 3) uint8; `seen` (h, w) bool; weight: 0 to 1, the frame's sharpness."""
        off = smooth_distance(picture, self.image())
        gather(
            np.require(picture, np.uint8, ["C", "W"]), off, np.require(seen, np.bool_, ["C", "W"]), weight,
            CONTRADICTS, MEMORY, self.picture, self.weight, self._other, self._other_weight,
        )  # fmt: skip
        self._known.clear()

    @property
    def seen(self) -> NDArray[np.bool_]:
        """(h, w) bool: pixels with anything behind them."""
        return self._once("seen", lambda: self.weight > np.float32(0.05))

    def image(self) -> Image:
        """(h, w, 3) uint8, not to be written to."""
        return self._once("image", lambda: cv2.convertScaleAbs(self.picture))

    def grey(self) -> NDArray[np.uint8]:
        """(h, w) uint8, not to be written to."""
        return self._once("grey", lambda: cv2.cvtColor(self.image(), cv2.COLOR_BGR2GRAY))

    def prepared(self) -> NDArray[np.float32]:
        """(h, w) float32, as registration.align takes it; not to be written to."""
        return self._once("prepared", lambda: prepared(self.grey(), quick=True))

    def _once(self, name: str, make: Callable[[], Any]) -> NDArray[Any]:
        if name not in self._known:
            self._known[name] = np.asarray(make())
        return self._known[name]


def glare(picture: Image, other: Image | None = None) -> NDArray[np.bool_]:
    """(h, w) bool: pixels of a panel (h, w, 3) uint8 that a reflection burns out, with the soft rim around them.

    other: the other panel, aligned: around what is burnt out, as far as this one is lighter in every channel.
    """
    blue, green, red = cv2.split(picture)
    lowest = np.asarray(cv2.min(cv2.min(blue, green), red), np.uint8)
    burnt = (lowest >= (SATURATED if other is None else _burnt_from(lowest))).astype(np.uint8)
    least = LEAST_GLARE * lowest.size
    if cv2.countNonZero(burnt) <= least:
        return np.zeros(lowest.shape, np.bool_)
    if other is not None:
        # paper is as light in both panels; a tone curve may keep what is burnt out short of 255
        blue, green, red = cv2.split(cv2.subtract(picture, other))
        added = cv2.min(cv2.min(blue, green), red)
        burnt &= (cv2.blur(added, (5, 5)) >= ADDED).astype(np.uint8)
    length = float(np.sqrt(lowest.size))
    if cv2.countNonZero(burnt) <= least:
        return np.zeros(lowest.shape, np.bool_)
    burnt = np.asarray(cv2.morphologyEx(burnt, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)
    if cv2.countNonZero(burnt) <= least:  # nor is any part of it larger
        return np.zeros(lowest.shape, np.bool_)
    count, label, stats, _ = cv2.connectedComponentsWithStats(burnt)
    large = np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] > least) + 1
    if not len(large):
        return np.zeros(lowest.shape, np.bool_)
    around = np.ones((5, 5), np.uint8)  # beyond, the surroundings of a thin white line are flat again
    rim = np.flatnonzero(cv2.dilate(burnt, around) - burnt)
    nearest = cv2.dilate(label.astype(np.float32), around).reshape(-1)[rim].astype(np.int64)
    across, down = (cv2.Sobel(lowest, cv2.CV_32F, dx, dy, scale=0.125).reshape(-1)[rim] for dx, dy in ((1, 0), (0, 1)))
    total = np.bincount(nearest, minlength=count)
    steep = np.bincount(nearest, weights=(np.hypot(across, down) > GLARE_SOFT).astype(np.float64), minlength=count)
    is_glare = np.zeros(count, np.bool_)
    is_glare[large] = steep[large] < 0.35 * total[large]
    if not is_glare.any():
        return np.zeros(lowest.shape, np.bool_)
    core = is_glare[label].astype(np.uint8)
    if other is not None:
        core |= _veil(picture, other, core)
    reach = 2 * round(0.02 * length) + 1
    return np.asarray(cv2.dilate(core, np.ones((reach, reach), np.uint8)) > 0, np.bool_)


def _burnt_from(lowest: NDArray[np.uint8]) -> float:
    """Grey level from which a panel's pixels may be burnt out: above its own white paper, where it shows much of it."""
    light = lowest[::3, ::3]
    light = light[light >= NEARLY]
    if len(light) < PAPER * lowest.size / 9.0:
        return NEARLY
    return float(np.median(light)) + ABOVE_PAPER


def _veil(picture: Image, other: Image, core: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(h, w) uint8: where a reflection with this core adds light to `picture`, seen coarsely: light has no detail."""
    height, width = core.shape
    size = (max(1, width // VEIL_STEP), max(1, height // VEIL_STEP))
    one = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    two = cv2.resize(other, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    seed = cv2.resize(core, size, interpolation=cv2.INTER_AREA) > 0
    added = cv2.GaussianBlur(one, (0, 0), 1.5) - cv2.GaussianBlur(two, (0, 0), 1.5)
    # the panels differ in exposure anyway: what they differ by elsewhere is no veil
    usual = np.median(added[~seed], axis=0) if (~seed).any() else np.zeros(3)
    lighter = ((added - usual).min(axis=2) > VEIL) | seed
    _, label = cv2.connectedComponents(lighter.astype(np.uint8))
    touching = np.unique(label[seed])
    veil = np.isin(label, touching[touching > 0]).astype(np.uint8)
    return np.asarray(cv2.resize(veil, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)


def sharpness(grey: NDArray[np.uint8]) -> float:
    """Mean squared Laplacian of a grey picture (h, w), without what single-pixel noise adds."""
    smooth = cv2.GaussianBlur(grey, (0, 0), 1.0)
    return float(cv2.norm(cv2.Laplacian(smooth, cv2.CV_32F), cv2.NORM_L2SQR)) / grey.size
