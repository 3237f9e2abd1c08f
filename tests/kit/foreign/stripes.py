"""A page on a screen, filmed: the screen's picture elements are stripes of red, green and blue, which make moiré.

In: a demo's page, shown one px a picture element, and how many px of the camera an element is wide. Out: frames, and
where the differences are in them. Stripes and the gaps between rows are waves; what the lens and a sensor's px let
through of each is known (a Gaussian, a sinc), the rest folds over as it does on a sensor, mosaic and all.
"""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import geometry
from livespot.demo.camera.sensor import GAMMA, Sensor
from livespot.demo.page import Page
from livespot.demo.scenario import SCENARIOS
from livespot.frame import Image
from livespot.geometry import Homography, Quad

LENS = 0.42  # px of the camera, sigma: a sharp one, without the filter against moiré that good cameras have
STRIPE, ROW = 0.28, 0.86  # of an element: how wide a stripe shines, and how high
PLACES = (5 / 6, 3 / 6, 1 / 6)  # of blue, green, red in an element
BEZEL = 0.012  # light of what is around

Floats = NDArray[np.float32]


class FilmedScreen:
    """A hand-held camera in front of the screen. pitch: px of the camera an element is wide."""

    def __init__(self, page: Page, pitch: float, size: tuple[int, int], seed: int = 0) -> None:
        self.page, self.pitch, self.size = page, pitch, size
        scenario = replace(SCENARIOS["desk"], mosaic=True, defocus=0.0)
        self._sensor = Sensor(scenario, size, seed)
        light = (page.image.astype(np.float32) / 255) ** GAMMA
        # a sensor's px and the lens, as wide as they are on the screen
        self._light = cv2.GaussianBlur(light, (0, 0), np.hypot(LENS, 12**-0.5) / pitch)
        self._turn = np.random.default_rng(seed).uniform(-1, 1, 8)

    def pose(self, time: float) -> Homography:
        """From px of the page to px of the frame."""
        height, width = self.page.image.shape[:2]
        corners = (geometry.rectangle(width, height) - [width / 2, height / 2]) * self.pitch
        askew = 0.012 * self.size[0] * self._turn.reshape(4, 2)
        drift = [5 * np.sin(1.3 * time), 3 * np.cos(0.9 * time)]
        return geometry.between(geometry.rectangle(width, height), corners + askew + drift + np.array(self.size) / 2)

    def image(self, index: int, time: float) -> Image:
        """Frame number `index`, (H, W, 3) uint8 BGR."""
        width, height = self.size
        grid = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1).reshape(-1, 2).astype(np.float64)
        at = geometry.apply(np.linalg.inv(self.pose(time)), grid).reshape(height, width, 2).astype(np.float32)
        along, down = at[..., 0], at[..., 1]
        rows = _waves(down, ROW, 0.5)
        seen = []
        for channel, place in enumerate(PLACES):
            light = np.ascontiguousarray(self._light[..., channel])
            lit = cv2.remap(light, along - np.float32(place), down - np.float32(0.5), cv2.INTER_LINEAR,
                            borderMode=cv2.BORDER_CONSTANT, borderValue=BEZEL)  # fmt: skip
            seen.append(lit * rows * _waves(along, STRIPE, place))
        picture = np.clip(np.dstack(seen), 0, 1) ** np.float32(1 / GAMMA)
        return self._sensor.deliver(np.asarray(picture * 255 + 0.5, np.uint8), time, index, (0.0, 0.0))

    def truth(self, time: float) -> list[Quad]:
        """Where the differences are on panel A, px of the frame."""
        return [geometry.apply(self.pose(time), d.a) for d in self.page.differences]


def _waves(at: Floats, shining: float, place: float) -> Floats:
    """What stripes, one a unit of `at` and `shining` of it wide, make of even light, as a sensor sees them: mean 1."""
    fy, fx = np.gradient(at)  # of the first wave, a px
    total = np.ones_like(at)
    for k in (1, 2):
        passed = np.exp(-2 * (np.pi * LENS * k) ** 2 * (fx * fx + fy * fy)) * np.sinc(k * fx) * np.sinc(k * fy)
        total += 2 * np.sinc(k * shining) * passed * np.cos(2 * np.pi * k * (at - place))
    return np.asarray(total, np.float32)
