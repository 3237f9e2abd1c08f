"""What many frames together say about one panel: a picture better than any of them.

In: the panel sampled onto the canonical grid, frame after frame, with the pixels that were really seen. Out: the
picture as it most often was. Each pixel keeps two hypotheses with the weight behind them: what it is held to be, and
what contradicts that. A finger or a moving glare gathers less weight than the paper it hides, unless it stays longer.
"""

import math
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.channels import highest_channel
from livespot.spotting.kernels.downscale import downscale
from livespot.spotting.kernels.runtime import as_kernel_array
from livespot.spotting.registration.agreement import softened
from livespot.spotting.registration.residual_warp import prepared
from livespot.spotting.temporal._accumulate import gather

MEMORY = 16.0  # the weight a pixel's history has at most, in frames of full sharpness
LEAST, GLIMPSE = 0.05, 0.03  # weight from which a pixel is seen; of one that was only ever doubted
CLEARLY = 1.0  # the same where there is something under it, which a blurred view must not hide
LIGHTENED = 0.06  # of a sample's weight, where a reflection lies over it
NEARBY = 1.2  # px, sigma of the blur before a sample is held against what is known
CONTRADICTS = 26.0  # grey levels off that make a second hypothesis


class Evidence:
    """One panel's accumulated picture.

    under: the same from further away, on the same grid, which shows where nothing was seen from here. afar: (h, w)
    bool, what was known before the grid was made finer: to lay a view onto, but not to be compared.
    """

    def __init__(
        self,
        shape: tuple[int, int],
        threads: int = 1,
        under: "Evidence | None" = None,
        afar: NDArray[np.bool_] | None = None,
    ) -> None:
        self._threads = threads
        self.under = under
        self._afar = afar
        self.picture = np.zeros((*shape, 3), np.float32)
        self.weight = np.zeros(shape, np.float32)
        self._other = np.zeros((*shape, 3), np.float32)
        self._other_weight = np.zeros(shape, np.float32)
        self._known: dict[str, NDArray[Any]] = {}  # what was made of the picture since the last sample

    def add(
        self,
        picture: Image,
        seen: NDArray[np.bool_],
        weight: float,
        doubted: NDArray[np.bool_] | None = None,
        lightened: NDArray[np.bool_] | None = None,
        far: bool = False,
    ) -> None:
        """Take in one sample (h, w, 3) uint8; `seen` (h, w) bool; weight: 0 to 1, the frame's sharpness.

        far: seen from further away than the grid is made for: it goes to what lies under.
        doubted: (h, w) bool, what a hand may hide: taken as it is where there is nothing better. lightened: (h, w)
        bool, what is seen through a reflection: weak evidence, which one clear sample replaces.
        """
        if far and self.under is not None:
            self.under.add(picture, seen, weight, doubted, lightened)
            self._known.clear()
            return
        colours, off = as_kernel_array(picture, np.uint8), smooth_distance(picture, self.image())
        samples = [(seen, weight)]
        if lightened is not None and lightened.any():
            samples.append((lightened, LIGHTENED * weight))
        for where, share in samples:
            gather(
                colours, off, as_kernel_array(where, np.bool_), share, CONTRADICTS, MEMORY,
                self.picture, self.weight, self._other, self._other_weight,
                threads=self._threads,
            )  # fmt: skip
        if doubted is not None and (first := doubted & (self.weight <= GLIMPSE)).any():
            self.picture[first], self.weight[first] = picture[first], GLIMPSE
        self._known.clear()

    def doubt(self, where: NDArray[np.bool_]) -> None:
        """Count what is known there, (h, w) bool, as seen through a reflection."""
        for weight in (self.weight, self._other_weight):
            weight[where] *= LIGHTENED
        self._known.clear()

    def relight(self, gain: NDArray[np.float32]) -> None:
        """Multiply what is known by `gain`, (3,) float32 BGR or (h, w, 1): the same print under another light."""
        self.picture *= gain
        self._other *= gain
        if self.under is not None:
            self.under.relight(gain)
        self._known.clear()

    def enlarged(self, picture: Image, size: tuple[int, int]) -> "Evidence":
        """An empty one on a finer grid, (width, height) px, with `picture`, what is known so far, under it."""
        under = Evidence(size[::-1], self._threads)
        under.picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR), np.float32)
        afar = cv2.resize(self.known.view(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
        return Evidence(size[::-1], self._threads, under, afar)

    @property
    def near(self) -> NDArray[np.bool_]:
        """(h, w) bool: pixels seen as finely as the grid is."""
        least = LEAST if self.under is None else CLEARLY
        return self._once("near", lambda: self.weight > np.float32(least))

    @property
    def seen(self) -> NDArray[np.bool_]:
        """(h, w) bool: pixels with anything behind them."""
        under = self.under
        return self.near if under is None else self._once("seen", lambda: self.near | under.seen)

    @property
    def known(self) -> NDArray[np.bool_]:
        """(h, w) bool: those, and pixels of which is known what they looked like from further away."""
        afar = self._afar
        return self.seen if afar is None else self._once("known", lambda: self.seen | afar)

    @property
    def glimpsed(self) -> NDArray[np.bool_]:
        """(h, w) bool: those, and pixels that were in view, but maybe hidden."""
        under, here = self.under, self._once("glimpsed here", lambda: self.weight > np.float32(0.0))
        return here if under is None else self._once("glimpsed", lambda: here | under.glimpsed)

    def image(self) -> Image:
        """(h, w, 3) uint8, not to be written to."""
        return self._once("image", self._image)

    def _image(self) -> Image:
        own = np.asarray(cv2.convertScaleAbs(self.picture), np.uint8)
        return own if self.under is None else np.where(self.near[..., None], own, self.under.image())

    def grey(self) -> NDArray[np.uint8]:
        """(h, w) uint8, not to be written to."""
        return self._once("grey", lambda: cv2.cvtColor(self.image(), cv2.COLOR_BGR2GRAY))

    def prepared(self) -> NDArray[np.float32]:
        """(h, w) float32, as registration.align takes it; not to be written to."""
        return self._once("prepared", lambda: prepared(self.grey()))

    def prepared_half(self) -> NDArray[np.float32]:
        """(h // 2, w // 2) float32: the same at half the size; not to be written to."""
        return self._once("half", lambda: prepared(downscale(self.grey(), 2)))

    def softened(self) -> NDArray[np.float32]:
        """(h // 2, w // 2) float32, as agreement.common_share takes it; not to be written to."""
        return self._once("softened", lambda: softened(self.grey()))

    def _once(self, name: str, make: Callable[[], Any]) -> NDArray[Any]:
        if name not in self._known:
            self._known[name] = np.asarray(make())
        return self._known[name]


def smooth_distance(a: Image, b: Image) -> NDArray[np.uint8]:
    """(h, w) uint8, grey levels: the largest over the channels of |a - b| where both are blurred by NEARBY px."""
    one, two = (cv2.GaussianBlur(p, (5, 5), NEARBY) for p in (a, b))
    return highest_channel(cv2.absdiff(one, two))


def sharpness(grey: NDArray[np.uint8], softening: float = 0.0, where: NDArray[np.bool_] | None = None) -> float:
    """Mean squared Laplacian of a grey picture (h, w), without what single-pixel noise adds.

    softening: px, the sigma of a blur that it is given before. where: (h, w) bool, the part that counts.
    """
    smooth = cv2.GaussianBlur(grey, (0, 0), math.hypot(1.0, softening))
    edges = cv2.Laplacian(smooth, cv2.CV_16S)
    if where is None:
        return float(cv2.norm(edges, cv2.NORM_L2SQR)) / grey.size
    part = where.view(np.uint8)
    return float(cv2.norm(edges, cv2.NORM_L2SQR, part)) / max(1, cv2.countNonZero(part))
