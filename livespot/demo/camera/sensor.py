"""What lens and sensor do to a frame: blur, vignette, exposure, white balance, noise, sharpening, JPEG.

In: the frame as an ideal camera would see it, BGR uint8. Out: the frame as a cheap webcam delivers it. Every random
choice comes from the frame's index, so that the same frame is the same bits whenever it is asked for.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.demo.scenario import Scenario
from livespot.frame import Image

GAMMA = 2.2
POOL = 96  # px by which the noise field is larger than a frame: room for shifting it about


class Sensor:
    """The electronics behind the lens, for frames of one size."""

    def __init__(self, scenario: Scenario, size: tuple[int, int], seed: int) -> None:
        self._scenario = scenario
        self._seed = seed
        self._size = size
        self._px = size[0] / 1280
        rng = np.random.default_rng([seed, 6007])
        from livespot.demo.kernels import exposed  # numba is slow to import

        self._exposed = exposed
        self._noise = _noise_field(rng, (size[0] + POOL, size[1] + POOL))
        self._strength = _noise_strength(scenario.noise)
        self._vignette = _vignette(size, scenario.vignette)

    def focus_blur(self, time: float) -> float:
        """Sigma of the defocus, px: steady, and now and then the autofocus goes looking."""
        s = self._scenario
        hunting = s.focus_hunt * math.exp(-(((time % 4.0 - 2.4) / 0.22) ** 2)) if s.focus_hunt else 0.0
        return (s.defocus + hunting) * self._px

    def exposure(self, time: float) -> float:
        """Exposure, linear; hunting swings it by some stops."""
        s = self._scenario
        slow = 0.6 + 0.4 * math.sin(2 * math.pi * 0.13 * time)
        return float(s.brightness * 2 ** (s.exposure_hunt * 0.5 * math.sin(2 * math.pi * 0.4 * time) * slow))

    def deliver(self, image: Image, time: float, index: int, smear: tuple[float, float]) -> Image:
        """smear: how far the picture moved during the exposure, px."""
        s = self._scenario
        image = _smeared(image, smear)
        sigma = self.focus_blur(time)
        if sigma > 0.2:
            image = np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8)
        x, y = (int(v) for v in np.random.default_rng([self._seed, index, 11]).integers(0, POOL, 2))
        table = _tone(self.exposure(time), s.warmth, s.shoulder)
        rows = self._flicker(time)
        image = self._exposed(image, self._vignette, rows, table, self._noise, x, y, self._strength)
        if s.mosaic:
            image = _demosaiced(image)
        if s.sharpen > 0:
            image = _sharpened(image, s.sharpen)
        if s.jpeg < 100:
            _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, s.jpeg])
            image = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
        return image

    def _flicker(self, time: float) -> NDArray[np.int32]:
        """Light of each row in 256ths: bands of a lamp on 50 Hz mains, as the rows are read out one after the other."""
        # 99.2 Hz, not 100: camera and mains never agree, so that the bands creep. All rows are read in 25 ms.
        rows = time + np.arange(self._size[1]) / self._size[1] * 0.025
        gain = (1 - self._scenario.flicker * (0.5 + 0.5 * np.sin(2 * np.pi * 99.2 * rows))) ** (1 / GAMMA)
        return np.asarray(gain * 256 + 0.5, np.int32)


def _smeared(image: Image, smear: tuple[float, float]) -> Image:
    """Blurred along a straight line of this length and direction, px."""
    length = math.hypot(*smear)
    if length < 0.5:
        return image
    shorter = min(1.0, 40.0 / length)
    dx, dy = smear[0] * shorter, smear[1] * shorter
    if length <= 12:
        return np.asarray(cv2.filter2D(image, -1, _line_kernel(dx, dy)), np.uint8)
    # A long smear hides that it is made at half the size.
    half = cv2.resize(image, (image.shape[1] // 2, image.shape[0] // 2), interpolation=cv2.INTER_AREA)
    half = cv2.filter2D(half, -1, _line_kernel(dx / 2, dy / 2))
    return np.asarray(cv2.resize(half, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_LINEAR), np.uint8)


def _line_kernel(dx: float, dy: float) -> NDArray[np.float32]:
    """A line from -half to +half of (dx, dy), laid down bilinearly; its sum is 1."""
    half = math.ceil(math.hypot(dx, dy) / 2) + 1
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.float32)
    t = np.linspace(-0.5, 0.5, max(8, int(math.hypot(dx, dy) * 8)))
    x, y = half + dx * t, half + dy * t
    x0, y0 = x.astype(int), y.astype(int)
    for i, j, share in (
        (y0, x0, (1 - (x - x0)) * (1 - (y - y0))),
        (y0, x0 + 1, (x - x0) * (1 - (y - y0))),
        (y0 + 1, x0, (1 - (x - x0)) * (y - y0)),
        (y0 + 1, x0 + 1, (x - x0) * (y - y0)),
    ):
        np.add.at(kernel, (i, j), share.astype(np.float32))
    return np.asarray(kernel / kernel.sum(), np.float32)


def _demosaiced(image: Image) -> Image:
    """What is left of a picture of which a Bayer sensor sees one colour a pixel."""
    raw = image[..., 1].copy()
    raw[::2, ::2], raw[1::2, 1::2] = image[::2, ::2, 0], image[1::2, 1::2, 2]
    return np.asarray(cv2.cvtColor(raw, cv2.COLOR_BayerRGGB2RGB_EA), np.uint8)


def _sharpened(image: Image, amount: float) -> Image:
    kernel = np.full((3, 3), -amount / 8, np.float32)
    kernel[1, 1] = 1 + amount
    return np.asarray(cv2.filter2D(image, -1, kernel), np.uint8)


def _vignette(size: tuple[int, int], depth: float) -> NDArray[np.int32]:
    """Light in 256ths, (h, w): less towards the corners."""
    x = (np.arange(size[0]) - (size[0] - 1) / 2) / (size[0] / 2)
    y = (np.arange(size[1]) - (size[1] - 1) / 2) / (size[0] / 2)
    r2 = (x[None, :] ** 2 + y[:, None] ** 2) / 1.3
    gain = np.clip(1 - depth * 1.6 * r2, 0, 1) ** (1 / GAMMA)
    return np.asarray(gain * 256 + 0.5, np.int32)


def _tone(exposure: float, warmth: float, shoulder: float) -> Image:
    """A table from scene to sensor values, per channel; highlights roll off instead of clipping hard."""
    value = (np.arange(256) / 255) ** GAMMA * exposure
    channels = []
    for balance in (1 - 0.45 * warmth, 1 - 0.12 * warmth, 1 + 0.12 * warmth):
        v = value * balance
        room = 1 - shoulder
        v = np.where(v > shoulder, shoulder + room * np.tanh((v - shoulder) / (1.75 * room)), v)
        channels.append(np.clip(v ** (1 / GAMMA) * 255 + 0.5, 0, 255))
    return np.stack(channels, axis=-1).astype(np.uint8)


def _noise_strength(level: float) -> NDArray[np.int32]:
    """Noise in eighths of a grey level for every value; `level` at mid grey."""
    light = (np.arange(256) / 255) ** GAMMA
    slope = np.maximum(light, 0.003) ** (1 / GAMMA - 1) / GAMMA
    sigma = np.sqrt(light + 0.006) * slope  # of shot noise, and of reading it out
    sigma = sigma / sigma[128] * level
    return np.asarray(np.minimum(sigma, 2.5 * level) * 8 + 0.5, np.int32)


def _noise_field(rng: np.random.Generator, size: tuple[int, int]) -> NDArray[np.int8]:
    """Noise of rms 32 in each channel: a fine part common to all, and coarser colour noise as demosaicing leaves it."""
    width, height = size
    luma = rng.standard_normal((height, width), np.float32)
    coarse = rng.standard_normal((height // 2 + 1, width // 2 + 1, 3), np.float32)
    field = cv2.resize(coarse, (2 * coarse.shape[1], 2 * coarse.shape[0]), interpolation=cv2.INTER_LINEAR)
    total = 0.75 * field[:height, :width] + 0.8 * luma[..., None]
    return np.asarray(np.clip(total * (32 / float(total.std())), -127, 127), np.int8)
