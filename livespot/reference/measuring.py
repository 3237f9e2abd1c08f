"""What a camera makes of a known page: noise, light, blur, size. Arrays in, numbers out.

In: a frame and where the page lies in it. Out: a Quality. Noise is measured where the page is known to be blank, so
that texture cannot pass for it.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.frame import Image
from livespot.reference import key
from livespot.reference.recognition import Found

_BLUNT = np.array([0.0, 0.15, 0.3, 0.45, 0.6, 0.8, 1.1, 1.5])  # sigma, mm on the paper
_PATCH = 9  # px
_BARE = 0.96  # of the paper's level: a camera puts glare no higher than white paper
_INKED = 195  # grey levels of the key: ink that bare paper cannot be taken for


@dataclass(frozen=True)
class Quality:
    """noise: grey levels rms on blank paper. light: grey level of blank paper. blur: sigma, mm on the paper.

    panel_px: width of panel A in the frame. glare: share of a panel that is burnt out.
    """

    noise: float
    light: float
    blur: float
    panel_px: float
    glare: float


def measure(image: Image, found: Found) -> Quality:
    """The quality of one frame, (H, W, 3) uint8 BGR."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    noise, light = _blank(grey, found)
    width, _ = geometry.side_lengths(found.panels()[0])
    return Quality(noise, light, _blur(grey, found), width, _glare(grey, found, light))


def _blank(grey: Image, found: Found) -> tuple[float, float]:
    """Noise and light of blank paper: a plane is fitted to small patches, what is left is noise."""
    picture = found.key.picture
    step = 12
    ys, xs = (g.ravel() for g in np.mgrid[10 : picture.shape[0] - 10 : step, 10 : picture.shape[1] - 10 : step])
    low = cv2.erode(picture, np.ones((25, 25), np.uint8))
    blank = low[ys, xs] >= 250
    centres = geometry.apply(found.page, (np.column_stack([xs, ys])[blank] + 0.5) / key.PX_PER_MM)
    half = _PATCH // 2
    basis = np.stack(np.meshgrid(np.arange(-half, half + 1), np.arange(-half, half + 1)), axis=-1).reshape(-1, 2)
    design = np.column_stack([basis, np.ones(len(basis))]).astype(np.float64)
    projector = np.eye(len(design)) - design @ np.linalg.pinv(design)
    inside = (centres > half).all(axis=1) & (centres < np.array(grey.shape[::-1]) - half - 1).all(axis=1)
    spread, level = [], []
    for x, y in np.rint(centres[inside]).astype(int):
        patch = grey[y - half : y + half + 1, x - half : x + half + 1].astype(np.float64).ravel()
        if patch.max() >= 254:
            continue
        spread.append(float(np.sqrt(((projector @ patch) ** 2).sum() / (len(design) - 3))))
        level.append(float(patch.mean()))
    if not spread:
        return 0.0, float(np.percentile(grey, 98))
    return float(np.median(spread)), float(np.median(level))


def _panel(grey: Image, found: Found, quad: NDArray[np.float64], to_frame: NDArray[np.float64]) -> tuple[Image, Image]:
    """A panel of the key and the same panel as the frame shows it, both at the key's scale."""
    low, high = np.ceil(quad[0] * key.PX_PER_MM).astype(int) + 4, np.floor(quad[2] * key.PX_PER_MM).astype(int) - 4
    size = (int(high[0] - low[0]), int(high[1] - low[1]))
    s = 1 / key.PX_PER_MM
    to_mm = np.array([[s, 0, (low[0] + 0.5) * s], [0, s, (low[1] + 0.5) * s], [0, 0, 1]])
    seen = cv2.warpPerspective(grey, to_frame @ to_mm, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return found.key.picture[low[1] : high[1], low[0] : high[0]], np.asarray(seen, np.uint8)


def _blur(grey: Image, found: Found) -> float:
    """Sigma by which the key's picture has to be blurred to look like the frame, mm: by the share of fine detail."""
    clean, seen = _panel(grey, found, found.key.a, found.a)

    def fine(picture: NDArray[np.float32]) -> float:
        """Energy between 0.5 and 1 mm over that between 1 and 2 mm."""
        bands = [cv2.GaussianBlur(picture, (0, 0), s * key.PX_PER_MM) for s in (0.25, 0.5, 1.0)]
        return float(np.mean((bands[0] - bands[1]) ** 2) / (np.mean((bands[1] - bands[2]) ** 2) + 1e-6))

    wanted = fine(seen.astype(np.float32))
    original = clean.astype(np.float32)
    blurred = (cv2.GaussianBlur(original, (0, 0), s * key.PX_PER_MM) if s > 0 else original for s in _BLUNT)
    table = [fine(np.asarray(picture, np.float32)) for picture in blurred]
    return float(np.interp(-wanted, -np.array(table), _BLUNT))


def _glare(grey: Image, found: Found, light: float) -> float:
    """Share of the worse panel that looks like bare paper, `light` grey levels, or brighter where ink was printed."""
    burnt = []
    for quad, to_frame in ((found.key.a, found.a), (found.key.b, found.b)):
        clean, seen = _panel(grey, found, quad, to_frame)
        burnt.append(float(np.mean((seen >= _BARE * light) & (clean < _INKED))))
    return max(burnt)
