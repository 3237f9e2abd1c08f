"""The foreign camera from its lens to its JPEG: blur, colour fringes, mosaic, noise, exposure and white that hunt.

In: the light of a scene in each px, linear BGR. Out: the picture a cheap webcam makes of it.
"""

from collections import deque

import cv2
import numpy as np

from kit.foreign.page import Doubles, Floats
from livespot.frame import Image

SRGB = np.array(
    [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in np.linspace(0, 1, 256)], np.float32
)


class Sensor:
    """Drawn from `rng` for pictures of `size`. open: the exposure, s. still: neither focus nor exposure hunts."""

    def __init__(self, rng: np.random.Generator, size: tuple[int, int], seconds: float, *, still: bool) -> None:
        self._rng, self._size, self._still = rng, size, still
        self._wells, self._read = rng.uniform(1500, 9000), rng.uniform(0.002, 0.008)  # electrons; share of full scale
        self._soft = rng.uniform(0.4, 0.85) * size[0] / 1000
        self._fringe, self._sharpen = rng.uniform(2e-4, 1.2e-3), rng.uniform(0.2, 1.0)
        self._quality, self.open = int(rng.integers(62, 90)), 1 / rng.uniform(30, 120)
        self._gain, self._white = rng.uniform(-0.4, 0.4), rng.uniform(-0.12, 0.12, 2)  # logarithms
        self._target, self._wrong = rng.uniform(0.38, 0.52), deque([0.0] * 3, 3)
        self._defocus = rng.uniform(0.2, 0.8) * seconds if rng.random() < 0.3 and not still else -9.0

    def picture(self, scene: Floats, run: Doubles, now: float) -> Image:
        """(H, W, 3) uint8 BGR. run: (2,) px, how far the picture moves while the shutter is open."""
        return self._developed(self._through_lens(scene, run, now), now)

    def _through_lens(self, scene: Floats, run: Doubles, now: float) -> Floats:
        sigma = self._soft + 1.8 * np.exp(-(((now - self._defocus) / 0.25) ** 2))
        scene = np.asarray(cv2.GaussianBlur(scene, (0, 0), sigma), np.float32)
        if np.hypot(*run) > 0.5:
            at = int(np.ceil(np.hypot(*run) / 2)) + 1
            kernel = np.zeros((2 * at + 1, 2 * at + 1), np.float32)
            for x, y in at + np.linspace(-0.5, 0.5, 33)[:, None] * run:
                left, top, u, v = int(x), int(y), x % 1, y % 1
                kernel[top : top + 2, left : left + 2] += np.outer((1 - v, v), (1 - u, u)).astype(np.float32)
            scene = np.asarray(
                cv2.filter2D(scene, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE), np.float32
            )
        for channel, zoom in ((0, 1 + self._fringe), (2, 1 - self._fringe)):
            x, y = (np.array(self._size) - 1) / 2 * (1 - zoom)
            wide = np.array([[zoom, 0, x], [0, zoom, y]])
            plane = np.ascontiguousarray(scene[:, :, channel])
            scene[:, :, channel] = cv2.warpAffine(plane, wide, self._size, borderMode=cv2.BORDER_REPLICATE)
        return scene

    def _developed(self, scene: Floats, now: float) -> Image:
        raw = np.empty(scene.shape[:2], np.float32)
        for y, x, channel in ((0, 0, 2), (0, 1, 1), (1, 0, 1), (1, 1, 0)):
            raw[y::2, x::2] = scene[y::2, x::2, channel]
        raw *= np.float32(np.exp(self._gain))
        noise = np.sqrt(np.maximum(raw, 0) / np.float32(self._wells) + np.float32(self._read**2))
        raw += noise * self._rng.standard_normal(raw.shape, np.float32)
        whole = cv2.cvtColor((np.clip(raw, 0, 1) * 4095).astype(np.uint16), cv2.COLOR_BayerRGGB2BGR)
        coded = np.empty(whole.shape, np.uint8)
        level = np.linspace(0, 1, 4096)
        for channel, gain in enumerate(np.exp([self._white[0], 0.0, self._white[1]])):
            light = np.clip(level * gain, 0, 1)
            curve = np.where(light < 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
            curve -= 0.03 * np.sin(2 * np.pi * curve)  # a little more contrast than is true
            coded[:, :, channel] = np.round(255 * curve).astype(np.uint8)[whole[:, :, channel]]
        self._settle(coded, now)
        soft = cv2.GaussianBlur(coded, (0, 0), 1.1)
        sharp = cv2.addWeighted(coded, 1 + self._sharpen, soft, -self._sharpen, 0)
        half_colour = (cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420)
        _, packed = cv2.imencode(".jpg", sharp, (cv2.IMWRITE_JPEG_QUALITY, self._quality, *half_colour))
        return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)

    def _settle(self, coded: Image, now: float) -> None:
        """Exposure and white balance for the next frame; exposure acts on what was seen three frames ago."""
        mean = np.maximum(coded[::8, ::8].reshape(-1, 3).mean(axis=0) / 255, 0.02)
        self._wrong.append(float(np.log(self._target / mean.mean())))
        hunt = 0.0 if self._still else 0.01 * np.sin(3.1 * now)
        self._gain += float(np.clip(0.5 * self._wrong[0], -0.15, 0.15)) + hunt
        grey = np.log(mean[1] / mean[[0, 2]]) - 0.6 * self._white  # it believes in a grey world, by half
        self._white += 0.06 * grey + 0.3 * hunt * np.array([1, -1])
