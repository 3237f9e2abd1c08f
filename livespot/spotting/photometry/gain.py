"""The light of both panels made equal, without letting a difference even itself out.

In: two aligned panels. Out: the smooth gain per channel between them, and both with it shared out (half each, so that
neither panel is the reference). Photographs of one page differ in gain, up to threefold across a panel; an additive
term did not help.
"""

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.light import Window, lit, masked_means, white_of, wide_blur
from livespot.spotting.kernels.runtime import Map

MOST_GAIN = 4.0
DARK = 6.0  # grey levels added before dividing: black has no gain
COARSE = 2.0  # blocks: a blur this wide, on shrunk values, is as good as the wide one, for what is so smooth


def smooth_gain(a: Image, b: Image, seen: NDArray[np.bool_], sigma: float) -> NDArray[np.float32]:
    """(gh, gw, 3) float32 by blocks of 4 px: what b must be multiplied by to look like a; only `seen` pixels count.

    sigma: of the longer side, how far the gain is smooth.
    """
    means = masked_means(a, b, seen)
    sigma *= max(means[0].shape[:2])

    # far from anything seen the mean of a much larger window stands in
    one, two = (wide_blur(m, sigma, COARSE) + np.float32(0.02) * wide_blur(m, 6.0 * sigma) for m in means)
    black = DARK * one[..., 3:] + np.float32(1e-6)
    return np.asarray(np.clip((one[..., :3] + black) / (two[..., :3] + black), 1 / MOST_GAIN, MOST_GAIN), np.float32)


@dataclass(frozen=True, eq=False)
class GainCorrectedPair:
    """Both panels (h, w, 3) uint8 under one light, made where they are looked at.

    root: (gh, gw, 3) float32 by blocks of `block` px, the square root of the gain; None: they are as they are.
    """

    a: Image
    b: Image
    root: Map | None = None
    block: int = 1

    def window(self, window: Window) -> tuple[Map, Map]:
        """Both (y1 - y0, x1 - x0, 3) float32, grey levels, in a window (x0, y0, x1, y1)."""
        (gain_a, white_a), (gain_b, white_b) = self._gains
        return lit(self.a, gain_a, white_a, self.block, window), lit(self.b, gain_b, white_b, self.block, window)

    @functools.cached_property
    def _gains(self) -> tuple[tuple[Map, Map], tuple[Map, Map]]:
        """What each panel is multiplied by, and where it is cut off."""
        root = np.ones((1, 1, 3), np.float32) if self.root is None else self.root
        over = np.float32(1) / root
        return (over, white_of(over)), (root, white_of(root))

    def whole(self) -> tuple[Map, Map]:
        """Both panels in full."""
        return self.window((0, 0, self.a.shape[1], self.a.shape[0]))
