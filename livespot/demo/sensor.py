"""What lens and sensor do to a frame: blur, vignette, exposure, white balance, noise, sharpening, JPEG.

In: the frame as an ideal camera would see it, BGR uint8. Out: the frame as a cheap webcam delivers it. Every random
choice comes from the frame's index, so that the same frame is the same bits whenever it is asked for.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

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
        self._noise = _noise_field(rng, (size[0] + POOL, size[1] + POOL)) if scenario.noise > 0 else None
        self._vignette = _vignette(size, scenario.vignette) if scenario.vignette > 0 else None

    def focus_blur(self, time: float) -> float:
        """Sigma of the defocus, px: steady, and now and then the autofocus goes looking."""
        s = self._scenario
        hunting = s.focus_hunt * math.exp(-(((time % 4.0 - 2.4) / 0.22) ** 2)) if s.focus_hunt else 0.0
        return (s.defocus + hunting) * self._px

    def exposure(self, time: float) -> float:
        """Exposure, linear; hunting swings it by some stops."""
        s = self._scenario
        swing = (
            s.exposure_hunt
            * 0.5
            * math.sin(2 * math.pi * 0.4 * time)
            * (0.6 + 0.4 * math.sin(2 * math.pi * 0.13 * time))
        )
        return float(s.brightness * 2**swing)

    def deliver(self, image: Image, time: float, index: int, smear: tuple[float, float]) -> Image:
        """smear: how far the picture moved during the exposure, px."""
        s = self._scenario
        image = _smeared(image, smear)
        sigma = self.focus_blur(time)
        if sigma > 0.2:
            image = np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8)
        if self._vignette is not None:
            image = np.asarray(cv2.multiply(image, self._vignette, scale=1 / 255), np.uint8)
        if s.flicker > 0:
            image = self._flickering(image, time)
        image = np.asarray(cv2.LUT(image, _tone(self.exposure(time), s.warmth)), np.uint8)
        if self._noise is not None:
            image = self._noisy(image, index)
        if s.sharpen > 0:
            image = _sharpened(image, s.sharpen)
        if s.jpeg < 100:
            _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, s.jpeg])
            decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
            assert decoded is not None
            image = np.asarray(decoded, np.uint8)
        return image

    def _noisy(self, image: Image, index: int) -> Image:
        """Shot and read noise: after the gamma curve about constant, and stronger in the dark."""
        assert self._noise is not None
        rng = np.random.default_rng([self._seed, index, 11])
        x, y = (int(v) for v in rng.integers(0, POOL, 2))
        field = self._noise[y : y + self._size[1], x : x + self._size[0]]
        if rng.integers(2):
            field = np.ascontiguousarray(field[::-1])
        strength = cv2.LUT(image, _noise_strength(self._scenario.noise))
        grain = cv2.multiply(field, strength, scale=1 / (8 * 32), dtype=cv2.CV_16S)
        return np.asarray(cv2.add(image, grain, dtype=cv2.CV_8U), np.uint8)

    def _flickering(self, image: Image, time: float) -> Image:
        """Bands of a lamp on 50 Hz mains, read out row by row in 25 ms."""
        rows = time + np.arange(self._size[1]) / self._size[1] * 0.025
        # 99.2 Hz, not 100: camera and mains never agree, so that the bands creep.
        gain = (1 - self._scenario.flicker * (0.5 + 0.5 * np.sin(2 * np.pi * 99.2 * rows))) ** (1 / GAMMA)
        column = np.repeat((gain * 255).astype(np.uint8)[:, None], self._size[0], axis=1)
        return np.asarray(cv2.multiply(image, cv2.merge([column] * 3), scale=1 / 255), np.uint8)


def _smeared(image: Image, smear: tuple[float, float]) -> Image:
    """Blurred along a straight line of this length and direction, px."""
    length = math.hypot(*smear)
    if length < 0.5:
        return image
    length = min(length, 40.0)
    scale = length / math.hypot(*smear)
    half = math.ceil(length / 2) + 1
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.float32)
    steps = max(8, int(length * 8))
    for t in np.linspace(-0.5, 0.5, steps):  # deposit the line bilinearly
        x, y = half + smear[0] * scale * t, half + smear[1] * scale * t
        x0, y0 = int(x), int(y)
        fx, fy = x - x0, y - y0
        kernel[y0, x0] += (1 - fx) * (1 - fy)
        kernel[y0, x0 + 1] += fx * (1 - fy)
        kernel[y0 + 1, x0] += (1 - fx) * fy
        kernel[y0 + 1, x0 + 1] += fx * fy
    if length <= 12:
        return np.asarray(cv2.filter2D(image, -1, kernel / kernel.sum()), np.uint8)
    small = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)  # a long smear hides the loss
    kernel = cv2.resize(kernel, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    small = cv2.filter2D(small, -1, kernel / kernel.sum())
    return np.asarray(cv2.resize(small, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_LINEAR), np.uint8)


def _sharpened(image: Image, amount: float) -> Image:
    ring = -amount / 8
    kernel = np.full((3, 3), ring, np.float32)
    kernel[1, 1] = 1 + amount
    return np.asarray(cv2.filter2D(image, -1, kernel), np.uint8)


def _vignette(size: tuple[int, int], depth: float) -> Image:
    x = (np.arange(size[0]) - (size[0] - 1) / 2) / (size[0] / 2)
    y = (np.arange(size[1]) - (size[1] - 1) / 2) / (size[0] / 2)
    r2 = (x[None, :] ** 2 + y[:, None] ** 2) / 1.3
    gain = (1 - depth * 1.6 * r2) ** (1 / GAMMA)
    return np.repeat((np.clip(gain, 0, 1) * 255 + 0.5).astype(np.uint8)[..., None], 3, axis=2)


def _tone(exposure: float, warmth: float) -> Image:
    """A table from scene to sensor values, per channel; highlights roll off instead of clipping hard."""
    value = (np.arange(256) / 255) ** GAMMA * exposure
    channels = []
    for balance in (1 - 0.45 * warmth, 1 - 0.12 * warmth, 1 + 0.12 * warmth):
        v = value * balance
        v = np.where(v > 0.8, 0.8 + 0.2 * np.tanh((v - 0.8) / 0.35), v)
        channels.append(np.clip(v ** (1 / GAMMA) * 255 + 0.5, 0, 255))
    return np.stack(channels, axis=-1).astype(np.uint8)[None]


def _noise_strength(level: float) -> Image:
    """Noise in eighths of a grey level for every value; `level` at mid grey."""
    light = (np.arange(256) / 255) ** GAMMA
    shot, read = 1.0, 0.006
    slope = np.maximum(light, 0.003) ** (1 / GAMMA - 1) / GAMMA
    sigma = np.sqrt(shot * light + read) * slope
    sigma = sigma / sigma[128] * level
    return np.clip(np.minimum(sigma, 2.5 * level) * 8 + 0.5, 0, 255).astype(np.uint8)


def _noise_field(rng: np.random.Generator, size: tuple[int, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    """Noise of rms 32 in each channel: a fine part common to all, and coarser colour noise as demosaicing leaves it."""
    width, height = size
    luma = rng.standard_normal((height, width), np.float32)
    field = np.empty((height, width, 3), np.float32)
    for channel in range(3):
        coarse = rng.standard_normal((height // 2 + 1, width // 2 + 1), np.float32)
        chroma = cv2.resize(coarse, (2 * coarse.shape[1], 2 * coarse.shape[0]), interpolation=cv2.INTER_LINEAR)
        field[..., channel] = 0.8 * luma + 0.75 * chroma[:height, :width]
    field *= 32 / field.std()
    return np.clip(field, -127, 127).astype(np.int16)
