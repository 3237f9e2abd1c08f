"""What a lamp's reflection hides on a panel: a mask of its burnt out middle, the veil around it and a rim.

In: a panel, and the other one aligned with it. Out: (h, w) bool. Printed white ends at an edge, and a reflection fades
out; a shadow takes a share of the print's contrast, and a reflection adds to it.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.geometry import Quad
from livespot.spotting.kernels.channels import lowest_channel
from livespot.spotting.kernels.downscale import downscale
from livespot.spotting.registration.gradients import gradients

SATURATED = 250  # grey level from which a pixel may be glare
NEARLY = 224  # grey level from which a pixel may be glare where the other panel is much darker
ADDED = 20  # grey levels, how much darker
PAPER, SHADED, ABOVE_PAPER = 0.15, 200, 8.0  # share of both panels, grey level at least, above: a drawing on white
LEAST_GLARE = 2e-4  # of the panel: what is burnt out and smaller is a highlight of the print
LEAST_NEARLY = 3e-3  # the same in all, of what is not quite burnt out: a lamp is larger, print is light in many places
VEIL = 6.0  # grey levels that a reflection must add in every channel
LEGIBLE = 200  # grey level of the lowest channel: below it print shows through
VEIL_STEP = 4  # px of the grid it is seen on
LIGHT_REACH = 0.025  # of the panel's size, sigma: over so much light is told from shade
PLAIN_VARIANCE = 30.0  # squared grey levels of print, below which light cannot be told from shade
OFFSET = 12.0  # grey levels added to what is printed, from which a reflection hides it
LIGHTEST = 99.5  # percent of the print is no lighter
NEAR_IT = 5.0  # grey levels below it: the other panel may have a lamp over it, too
LIGHT_PAPER = 75.0  # percent of what lies beside the panels is no lighter than their paper
LIGHTER = 4.0  # grey levels that a reflection is lighter than the paper beside the panels
SHRUNK = 6  # times, of the picture on which that paper is looked at
BESIDE_FROM, BESIDE_TO = 1.14, 1.03  # of a panel's size: between the two is beside it
GLARE_SOFT = 10.0  # grey levels a px: glare fades out, printed white ends at an edge


def paper_level(image: Image, quads: Sequence[Quad]) -> float:
    """How light the paper beside the panels is, grey level of the darkest channel: printed white is no lighter.

    image: (H, W, 3) uint8 BGR. quads: of the panels in it.
    """
    small = downscale(image, SHRUNK)
    around = np.zeros(small.shape[:2], np.uint8)
    for grown, value in ((BESIDE_FROM, 1), (BESIDE_TO, 0)):
        for quad in quads:
            middle = quad.mean(axis=0)
            corners = ((quad - middle) * grown + middle) / SHRUNK
            cv2.fillConvexPoly(around, np.clip(np.round(corners), -9999, 9999).astype(np.int32), value)
    levels = small[around > 0]
    return float(np.percentile(levels.min(axis=1), LIGHT_PAPER)) if len(levels) else 0.0


class Glare(NamedTuple):
    """What a reflection does to a panel, (h, w) bool each. over: where it lies. hides: where it leaves nothing to
    see, a part of that.
    """

    over: NDArray[np.bool_]
    hides: NDArray[np.bool_]

    @property
    def lightens(self) -> NDArray[np.bool_]:
        """(h, w) bool: where print shows through it."""
        return self.over & ~self.hides


def no_glare(shape: tuple[int, ...]) -> Glare:
    """None on a panel of this shape, (h, w)."""
    return Glare(*np.zeros((2, *shape), np.bool_))


def glare(picture: Image, other: Image | None = None, paper: Callable[[], float] | None = None) -> Glare:
    """Where a reflection lies over a panel (h, w, 3) uint8.

    other: the other panel, aligned: around what is burnt out, as far as this one is lighter in every channel.
    paper: its grey level, asked for only where something may be glare; a reflection on a page is lighter than that,
    where the paper is not burnt out itself.
    """
    lowest = lowest_channel(picture)
    nothing = no_glare(lowest.shape)
    burnt = (lowest >= (SATURATED if other is None else _burnt_from(lowest, lowest_channel(other)))).view(np.uint8)
    least = LEAST_GLARE * lowest.size
    if cv2.countNonZero(burnt) <= least:
        return nothing
    if other is not None:
        # paper is as light in both panels; a tone curve may keep what is burnt out short of 255
        added = lowest_channel(np.asarray(cv2.subtract(picture, other), np.uint8))
        burnt &= (cv2.blur(added, (5, 5)) >= ADDED).view(np.uint8)
    length = float(np.sqrt(lowest.size))
    if cv2.countNonZero(burnt) <= least:
        return nothing
    burnt = np.asarray(cv2.morphologyEx(burnt, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)
    if cv2.countNonZero(burnt) <= least:  # nor is any part of it larger
        return nothing
    count, label, stats, _ = cv2.connectedComponentsWithStats(burnt)
    large = np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] > least) + 1
    if not len(large):
        return nothing
    around = np.ones((5, 5), np.uint8)  # beyond, the surroundings of a thin white line are flat again
    rim = np.flatnonzero(cv2.dilate(burnt, around) - burnt)
    nearest = cv2.dilate(label.astype(np.float32), around).reshape(-1)[rim].astype(np.int64)
    across, down = (along.reshape(-1)[rim] for along in gradients(lowest))
    total = np.bincount(nearest, minlength=count)
    steep = np.bincount(nearest, weights=(np.hypot(across, down) > GLARE_SOFT).astype(np.float64), minlength=count)
    is_glare = np.zeros(count, np.bool_)
    is_glare[large] = steep[large] < 0.35 * total[large]
    if not is_glare.any():
        return nothing
    core = is_glare[label].astype(np.uint8)
    if other is not None:
        light = _Light(picture, other)
        lightest = _lightest_print(lowest, core, lowest_channel(other))
        for number in np.flatnonzero(is_glare):
            x, y, w, h = stats[number, :4]
            box = np.s_[y : y + h, x : x + w]
            part = label[box] == number
            values = lowest[box][part]
            white = float(np.median(values)) >= SATURATED
            peak = float(np.percentile(values, 98))
            if peak < lightest - NEAR_IT or _as_paper(lowest[box], part, paper) or not light.burns(box, part, white):
                core[box][part] = 0
        left = lowest[core > 0]
        if not len(left) or (np.median(left) < SATURATED and len(left) < LEAST_NEARLY * lowest.size):
            return nothing
    reach = np.ones((2 * round(0.02 * length) + 1,) * 2, np.uint8)
    veil = core if other is None else core | light.veil(core)
    over, hides = (cv2.dilate(mask, reach) > 0 for mask in (veil, core | (veil & (lowest > LEGIBLE))))
    return Glare(np.asarray(over), np.asarray(hides))


def _as_paper(lowest: NDArray[np.uint8], part: NDArray[np.bool_], paper: Callable[[], float] | None) -> bool:
    """Whether a part of a box (rows, columns), grey levels, is no lighter than the paper, which is not burnt out."""
    if paper is None or (level := paper()) >= SATURATED:
        return False
    smooth = cv2.blur(lowest, (5, 5))  # noise is lighter, here and there
    return float(np.median(smooth[part])) < level + LIGHTER


def _burnt_from(lowest: NDArray[np.uint8], others: NDArray[np.uint8]) -> float:
    """Grey level from which a panel's pixels may be burnt out: above its white paper, where both panels show much.

    lowest, others: (h, w) uint8, the lowest channel of the panel and of the other one.
    """
    light = lowest[::3, ::3]
    light = light[light >= NEARLY]
    if len(light) < PAPER * lowest.size / 9.0 or float((others[::3, ::3] >= SHADED).mean()) < PAPER:
        return NEARLY
    return float(np.median(light)) + ABOVE_PAPER


def _lightest_print(lowest: NDArray[np.uint8], core: NDArray[np.uint8], others: NDArray[np.uint8]) -> float:
    """How light the print of both panels is at its lightest: a lamp that burns out is lighter, a white cloud is not."""
    near = cv2.dilate(core, np.ones((15, 15), np.uint8))[::3, ::3]
    outside = lowest[::3, ::3][near == 0]
    return float(np.percentile(np.concatenate([outside, others[::3, ::3].ravel()]), LIGHTEST))


class _Light:
    """What light `picture` has beyond `other`, seen coarsely, as light has no detail.

    A reflection adds to what is printed, a shadow takes a share of it: where print varies, the two are told apart by
    how much of the one panel's contrast the other one has. Where it does not vary, either may be meant.
    """

    def __init__(self, picture: Image, other: Image) -> None:
        height, width = picture.shape[:2]
        self._shape = (height, width)
        self._size = (max(1, width // VEIL_STEP), max(1, height // VEIL_STEP))
        one = cv2.resize(picture, self._size, interpolation=cv2.INTER_AREA).astype(np.float32)
        two = cv2.resize(other, self._size, interpolation=cv2.INTER_AREA).astype(np.float32)
        self._more = cv2.GaussianBlur(one, (0, 0), 1.5) - cv2.GaussianBlur(two, (0, 0), 1.5)
        sigma = LIGHT_REACH * float(np.sqrt(height * width)) / VEIL_STEP

        def near(values: NDArray[np.float32]) -> NDArray[np.float32]:
            return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma), np.float32)

        x, y = one.mean(axis=2), two.mean(axis=2)
        mean_x, mean_y = near(x), near(y)
        # light and shade change slowly: what changes quickly is print
        print_x, print_y = (v - cv2.GaussianBlur(v, (0, 0), 2.0) for v in (x, y))
        varies, together = near(print_y * print_y), near(print_x * print_y)
        shaded = mean_x / np.maximum(mean_y, 1.0)
        share = (together + PLAIN_VARIANCE * shaded) / (varies + PLAIN_VARIANCE)
        self._offset = mean_x - share * mean_y
        self._shade = (varies > PLAIN_VARIANCE) & (self._offset < OFFSET)

    def burns(self, box: tuple[slice, slice], part: NDArray[np.bool_], white: bool) -> bool:
        """Whether what is light in this part of a box (rows, columns) is a reflection. white: as light as can be."""
        rows, columns = np.nonzero(part)
        step = np.array(self._shape) / self._size[::-1]
        where = (
            ((rows + box[0].start) / step[0]).astype(np.int64), ((columns + box[1].start) / step[1]).astype(np.int64)
        )  # fmt: skip
        if white:
            return float(self._shade[where].mean()) < 0.5
        return float(np.median(self._offset[where])) >= ADDED / 2

    def veil(self, core: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """(h, w) uint8: where a reflection with this core adds light."""
        seed = self._coarse(core)
        # the panels differ in exposure anyway: what they differ by elsewhere is no veil
        usual = np.median(self._more[~seed], axis=0) if (~seed).any() else np.zeros(3)
        lighter = (((self._more - usual).min(axis=2) > VEIL) & ~self._shade) | seed
        _, label = cv2.connectedComponents(lighter.astype(np.uint8))
        touching = np.unique(label[seed])
        veil = np.isin(label, touching[touching > 0]).astype(np.uint8)
        return np.asarray(cv2.resize(veil, self._shape[::-1], interpolation=cv2.INTER_NEAREST), np.uint8)

    def _coarse(self, mask: NDArray[np.uint8]) -> NDArray[np.bool_]:
        return np.asarray(cv2.resize(mask, self._size, interpolation=cv2.INTER_AREA) > 0)
