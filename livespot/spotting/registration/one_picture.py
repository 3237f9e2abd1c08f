"""Whether two aligned panels are prints of one picture, and not lines of other text or a pattern that stands twice.

In: two panels on one grid, and what both hold. Out: yes or no. Print must agree in every direction it has; a plain
picture, which has little of it, may agree by where its colours lie.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.downscale import downscale
from livespot.spotting.params import SearchParams
from livespot.spotting.registration.agreement import common_share, softened, weakest_share
from livespot.spotting.registration.residual_warp import Registration

COMMON = 0.55  # share of the gradients' energy that two prints of one picture have in common; real pages have 0.75 on
# px of a panel's shorter side, and what is asked of one as small as the first in the direction that agrees least: words
# that stand twice are seldom larger, and real pages have 0.8 there
SMALL, SMALL_WEAKEST = (150.0, 300.0), 0.7

# a plain picture has little print, and noise and glare agree with nothing: what is asked of it, and of its colours
COMMON_PLAIN = 0.45
TINTS_ALIKE, TINT_PX = 0.9, 32  # correlation of Lab's a and b at so few px
TINTED = 10.6  # levels of Lab's a and b, the deviation of a picture that has colours; text and paper have 2
SCATTERED = 600  # px of a panel's shorter side, from which it is looked at at half the size, too


def one_picture(a: Image, b: Image, inside: NDArray[np.bool_], params: SearchParams) -> bool:
    """Whether two aligned panels (h, w, 3) uint8 are prints of one picture; scattered dots are looked at coarsely.

    inside: (h, w) bool, what both hold.
    """
    height, width = inside.shape
    asked = float(np.interp(min(inside.shape), SMALL, (SMALL_WEAKEST, params.min_directional_agreement)))
    one, two = softened(a), softened(b)
    common = common_share(one, two, inside)
    if common >= COMMON and weakest_share(one, two, inside) >= asked:
        return True
    if common >= COMMON_PLAIN and _same_tints(a, b, inside):
        return True
    if min(inside.shape) < SCATTERED:
        return False
    inside = inside[: height // 2 * 2 : 2, : width // 2 * 2 : 2]
    return one_picture(downscale(a, 2), downscale(b, 2), inside, params)


def agrees(registration: Registration, image_a: Image, image_b: Image) -> bool:
    """Whether what was registered has as much print in common as two prints of one picture, in all directions."""
    one, two = softened(registration.sample_a(image_a)), softened(registration.sample_b(image_b))
    return common_share(one, two, registration.inside(image_a.shape, image_b.shape)) >= COMMON


def _same_tints(a: Image, b: Image, inside: NDArray[np.bool_]) -> bool:
    """Whether the colours of two aligned panels (h, w, 3) lie in the same places; the light does not matter."""
    height, width = inside.shape
    scale = TINT_PX / max(inside.shape)
    size = max(4, round(width * scale)), max(4, round(height * scale))
    small = cv2.resize(inside.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.5
    if not small.any():
        return False
    one, two = (
        cv2.cvtColor(cv2.resize(panel, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2LAB)[small][:, 1:]
        for panel in (a, b)
    )
    one, two = one - one.mean(axis=0), two - two.mean(axis=0)
    deviations = np.sqrt([np.mean(one * one), np.mean(two * two)])
    return bool(deviations.min() >= TINTED and np.mean(one * two) >= TINTS_ALIKE * deviations.prod())
