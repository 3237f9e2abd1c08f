"""The page lying on a desk, as one picture that the camera looks at: wood, the page's shadow, the room's light.

In: a page and how large it will be seen. Out: a World: a BGR picture that repeats seamlessly, so that the camera may
look past its edge.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike

from livespot.demo.camera.optics import Bend
from livespot.demo.camera.sensor import GAMMA
from livespot.demo.page import Page
from livespot.demo.scenario import Scenario
from livespot.frame import Image
from livespot.geometry import Points

GRAIN = 512  # px over which the wood's frequencies are counted

WOODS = (
    ((96, 122, 152), (58, 82, 112)),
    ((62, 74, 88), (34, 42, 54)),
    ((150, 168, 180), (112, 132, 148)),
    ((92, 84, 70), (64, 56, 46)),
)


@dataclass(frozen=True, eq=False)
class World:
    """What the camera looks at.

    picture: (H, W, 3) uint8 BGR, periodic. middle: where the page's middle lies in it, px. scale: world px a page px, x
    and y. page_size: width and height of the page, page px.
    """

    picture: Image
    middle: tuple[float, float]
    scale: tuple[float, float]
    page_size: tuple[int, int]

    def sheet(self, page_points: ArrayLike) -> Points:
        """Page px (N, 2) to sheet points (origin at the page's middle, world px)."""
        p = np.asarray(page_points, np.float64).reshape(-1, 2)
        return np.asarray((p - [(self.page_size[0] - 1) / 2, (self.page_size[1] - 1) / 2]) * self.scale)


def wood(rng: np.random.Generator, height: int, width: int) -> Image:
    """A table top, (height, width, 3), that repeats without a seam at its edges and nowhere within."""
    light, dark = WOODS[int(rng.integers(len(WOODS)))]
    spectrum = np.fft.rfft2(rng.standard_normal((height, width), np.float32))
    fy, fx = np.fft.fftfreq(height)[:, None] * GRAIN, np.fft.rfftfreq(width)[None, :] * GRAIN
    fy, fx = fy.astype(np.float32), fx.astype(np.float32)
    warp = np.fft.irfft2(spectrum * np.exp(-((fx / 2.5) ** 2) - (fy / 7) ** 2), (height, width))
    fibre = np.fft.irfft2(spectrum * np.exp(-((fx / 9) ** 2)) / (1 + np.abs(fy) / 40), (height, width))
    warp, fibre = warp / warp.std(), fibre / fibre.std()
    rings = np.arange(height, dtype=np.float32)[:, None] / height * round(9 * height / GRAIN)
    share = np.clip(0.5 + 0.24 * np.sin(2 * np.pi * (rings + 0.35 * warp)) + 0.16 * fibre, 0, 1)
    table = np.linspace(dark, light, 256).astype(np.uint8)
    return np.ascontiguousarray(table[(share * 255).astype(np.uint8)])


def lay_out(page: Page, scale: float, scenario: Scenario, bend: Bend, least: tuple[float, float], seed: int) -> World:
    """The page on the desk. scale: world px a page px. least: width and height of the world, px."""
    rng = np.random.default_rng([seed, 4243])
    height, width = page.image.shape[:2]
    w, h = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(page.image, (w, h), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    full_w, full_h = (cv2.getOptimalDFTSize(round(max(a, 1.1 * b))) for a, b in zip(least, (w, h), strict=True))
    picture = wood(rng, full_h, full_w)
    x0, y0 = (full_w - w) // 2, (full_h - h) // 2
    _drop_shadow(picture, x0, y0, w, h, blur=0.014 * w, lift=0.008 * w)
    picture[y0 : y0 + h, x0 : x0 + w] = small
    world = World(picture, (x0 + (w - 1) / 2, y0 + (h - 1) / 2), (w / width, h / height), (width, height))
    _light(world, scenario, bend, rng)
    return world


def _drop_shadow(picture: Image, x0: int, y0: int, w: int, h: int, blur: float, lift: float) -> None:
    coarse = 8  # a blur this wide needs no more than every eighth pixel
    pad = -(-round(4 * blur) // coarse) * coarse
    small = np.zeros(((h + 2 * pad) // coarse, (w + 2 * pad) // coarse), np.float32)
    small[pad // coarse : (pad + h) // coarse, pad // coarse : (pad + w) // coarse] = 0.55
    small = np.asarray(cv2.GaussianBlur(small, (0, 0), blur / coarse), np.float32)
    shade = np.asarray(cv2.resize(small, (w + 2 * pad, h + 2 * pad), interpolation=cv2.INTER_LINEAR), np.float32)
    x, y = x0 - pad + round(lift), y0 - pad + round(lift)
    part = picture[max(0, y) : y + shade.shape[0], max(0, x) : x + shade.shape[1]]
    shade = shade[max(0, -y) :, max(0, -x) :][: part.shape[0], : part.shape[1]]
    part[:] = (part * (1 - shade[..., None])).astype(np.uint8)


def _light(world: World, scenario: Scenario, bend: Bend, rng: np.random.Generator) -> None:
    """Bake the room's light into the picture: a falling-off, a shadow's edge, the slopes of the bent paper."""
    height, width = world.picture.shape[:2]
    step = 16
    xs = np.arange(0, width + step, step) - world.middle[0]
    ys = np.arange(0, height + step, step) - world.middle[1]
    grid = np.stack(np.meshgrid(xs, ys), axis=-1)
    half = world.page_size[0] * world.scale[0] / 2
    angle = rng.uniform(0, 2 * np.pi)
    along = (grid @ np.array([np.cos(angle), np.sin(angle)])) / half
    gain = 1 - scenario.gradient * np.clip(0.5 + 0.5 * along, -0.2, 1.2)
    if scenario.shade > 0:
        tilt = rng.uniform(-0.6, 0.6)
        edge = (grid @ np.array([np.cos(tilt), np.sin(tilt)])) / half - rng.uniform(-0.5, 0.5)
        gain *= 1 - scenario.shade / (1 + np.exp(-edge / 0.05))
    if not bend.flat:
        slope = bend.slope_at(grid.reshape(-1, 2)).reshape(grid.shape[:2])
        gain *= 1 + 0.9 * np.sin(slope)  # a lamp to one side
    # Towards the picture's edge the light is even, so that the desk repeats without a seam.
    inside = np.minimum(np.minimum(grid + world.middle, [width, height] - grid - world.middle).min(axis=-1) / 160, 1)
    gain = gain.mean() + (gain - gain.mean()) * np.clip(inside, 0, 1)
    factor = np.clip(gain, 0.02, 2.0) ** (1 / GAMMA)
    smooth = cv2.resize(factor.astype(np.float32), (width + step, height + step), interpolation=cv2.INTER_LINEAR)
    smooth = smooth[:height, :width]
    for y in range(0, height, 256):  # in bands: the float picture of a large desk would not fit the cache
        part = world.picture[y : y + 256]
        part[:] = np.clip(part * smooth[y : y + 256, :, None], 0, 255).astype(np.uint8)
