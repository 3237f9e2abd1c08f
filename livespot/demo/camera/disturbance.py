"""What comes between page and camera: a moving reflection, and a hand that points.

Both are drawn onto the frame, and both can say how much of a point they hide, for the truth.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.demo.camera.motion import Waves, eased
from livespot.demo.camera.optics import Camera
from livespot.demo.camera.sensor import GAMMA
from livespot.demo.canvas import Canvas, Gradient, arc, rgb, smooth
from livespot.demo.scenario import Scenario
from livespot.frame import Image
from livespot.geometry import Points

Floats = NDArray[np.float64]

_STEPS = 4096  # of light, from none to white, that are coded again
_LINEAR = ((np.arange(256) / 255.0) ** GAMMA).astype(np.float32)
_CODED = (255.0 * (np.arange(_STEPS) / (_STEPS - 1)) ** (1.0 / GAMMA) + 0.5).astype(np.uint8)


class Glare:
    """The reflection of a lamp on the paper, that moves as page and lamp tilt: white in its middle, or a veil of light
    that lifts dark print more than light print.
    """

    def __init__(self, scenario: Scenario, page_width: float, page_height: float, seed: int) -> None:
        rng = np.random.default_rng([seed, 907])
        self._strength, self._veil = scenario.glare, scenario.veil
        self._half = page_width * scenario.glare_size * np.array([1.0, rng.uniform(0.55, 0.8)])
        self._range = np.array([page_width, page_height]) * (0.27, 0.16)
        self._waves = Waves.random(rng, 2, 0.1, 0.35, False)
        angle = rng.uniform(-0.7, 0.7)
        self._turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])

    def cover(self, sheet: Floats, time: float) -> Floats:
        """How white each sheet point (..., 2) is: 0 clear, 1 nothing but light."""
        fade = self._fade(sheet, time)
        return np.asarray(np.clip(np.maximum(self._strength, self._veil) * fade - 0.02, 0, 1))

    def _fade(self, sheet: Floats, time: float) -> Floats:
        centre = self._waves.at(time) * self._range
        d = ((sheet - centre) @ self._turn.T) / self._half
        return np.asarray(np.exp(-(d**2).sum(axis=-1)))

    def lay_on(self, image: Image, nodes: Floats, camera: Camera, time: float) -> None:
        fade = self._fade(nodes, time)
        if (found := _where(self._veil * fade, camera)) is not None:
            area, share = found  # light adds up in the scene, not in the code of its picture
            light = cv2.LUT(image[area], _LINEAR) + share[..., None]
            image[area] = np.take(_CODED, np.minimum(light * (_STEPS - 1) + 0.5, _STEPS - 1).astype(np.int32))
        if (found := _where(self._strength * fade - 0.02, camera)) is not None:
            area, share = found
            white = cv2.merge([(share * 255).astype(np.uint8)] * 3)
            lifted = cv2.multiply(cv2.bitwise_not(image[area]), white, scale=1 / 255)
            image[area] = cv2.add(image[area], lifted)


def _where(share: Floats, camera: Camera) -> tuple[tuple[slice, slice], NDArray[np.float32]] | None:
    """The part of the frame in which a share at the camera's nodes is more than nothing, and it there, 0 to 1."""
    if share.max() <= 0.01:
        return None
    full = camera.enlarged(np.clip(share, 0, 1).astype(np.float32))
    rows = np.flatnonzero(full.max(axis=1) > 1 / 255)
    columns = np.flatnonzero(full.max(axis=0) > 1 / 255)
    if not (len(rows) and len(columns)):
        return None
    area = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return area, np.clip(full[area], 0, 1)


class Hand:
    """A hand that comes in from below, points at the page, moves along and leaves."""

    PERIOD = 5.0  # seconds from one visit to the next

    def __init__(self, scenario: Scenario, size: tuple[int, int], seed: int) -> None:
        self._share = scenario.finger
        self._size = size
        self._seed = seed
        scale = size[0] / 1280
        picture, alpha, tip = _hand_picture(scale, seed)
        pad = round(30 * scale)
        self._alpha = cv2.copyMakeBorder(alpha, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=0)
        soft = cv2.GaussianBlur(self._alpha, (0, 0), 9 * scale)
        shadow = np.roll(soft, (round(10 * scale), round(-14 * scale)), (0, 1))
        share = (self._alpha / 255.0)[..., None]
        # What is left of the picture under hand and shadow, in 255ths, and what the hand adds to it.
        keep = np.repeat((1 - share) * (1 - 0.5 * shadow[..., None] / 255.0), 3, axis=2)
        self._keep: Image = np.asarray(keep * 255 + 0.5, np.uint8)
        lit = cv2.copyMakeBorder(picture, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
        self._light: Image = np.asarray(lit * share + 0.5, np.uint8)
        self._tip = tip + pad

    def tip(self, time: float) -> Points | None:
        """Where the finger's tip is, frame px; None while the hand is away."""
        visit, phase = divmod(time / self.PERIOD - 0.2, 1.0)
        if visit < 0 or phase > self._share:
            return None
        rng = np.random.default_rng([self._seed, int(visit), 5])
        t = phase / self._share
        inside = eased(t / 0.22) - eased((t - 0.78) / 0.22)
        start, end = rng.uniform(0.15, 0.85, 2), rng.uniform(0.25, 0.7, 2)
        w, h = self._size
        x = start[0] + (start[1] - start[0]) * eased((t - 0.15) / 0.7)
        y = end[0] + (end[1] - end[0]) * eased((t - 0.15) / 0.7)
        y = 1.12 + (y - 1.12) * inside
        tap = 0.006 * math.sin(2 * math.pi * 1.7 * time)
        return np.array([x * w, (y + tap) * h])

    def _offset(self, time: float) -> tuple[int, int] | None:
        """Where the hand's picture lies, whole px: between two frames it moves much further than one."""
        tip = self.tip(time)
        return None if tip is None else (round(tip[0] - self._tip[0]), round(tip[1] - self._tip[1]))

    def cover(self, points: Points, time: float) -> Floats:
        """How much of each frame point (N, 2) the hand hides, 0 to 1."""
        out = np.zeros(len(points))
        offset = self._offset(time)
        if offset is not None:
            local = np.round(points).astype(int) - offset
            h, w = self._alpha.shape
            inside = (local >= 0).all(axis=1) & (local[:, 0] < w) & (local[:, 1] < h)
            out[inside] = self._alpha[local[inside, 1], local[inside, 0]] / 255
        return out

    def lay_on(self, image: Image, time: float) -> None:
        offset = self._offset(time)
        if offset is None:
            return
        x, y = offset
        h, w = self._alpha.shape
        x0, y0, x1, y1 = max(0, x), max(0, y), min(self._size[0], x + w), min(self._size[1], y + h)
        if x1 <= x0 or y1 <= y0:
            return
        part = np.s_[y0 - y : y1 - y, x0 - x : x1 - x]
        kept = cv2.multiply(image[y0:y1, x0:x1], self._keep[part], scale=1 / 255)
        image[y0:y1, x0:x1] = cv2.add(kept, self._light[part])


def _hand_picture(scale: float, seed: int) -> tuple[Image, Image, Floats]:
    """A pointing hand with its sleeve: BGR, alpha, and where the tip of the finger is, px."""
    rng = np.random.default_rng([seed, 71])
    skin = (rgb("e8b48f"), rgb("c98d63"), rgb("8a5a3c"), rgb("f0c3a3"))[int(rng.integers(4))]
    sleeve = (rgb("34506b"), rgb("7a3340"), rgb("4a5a3c"), rgb("55525c"))[int(rng.integers(4))]
    height = round(760 * scale)
    silhouette = smooth([
        (0.455, 0.035), (0.478, 0.012), (0.502, 0.030), (0.512, 0.10), (0.520, 0.19), (0.545, 0.215),
        (0.585, 0.225), (0.625, 0.25), (0.655, 0.285), (0.668, 0.33), (0.664, 0.40), (0.635, 0.47), (0.615, 0.54),
        (0.63, 0.70), (0.67, 1.2), (0.37, 1.2), (0.395, 0.70), (0.40, 0.55), (0.375, 0.49), (0.335, 0.43),
        (0.315, 0.37), (0.335, 0.335), (0.37, 0.345), (0.405, 0.375), (0.428, 0.34), (0.432, 0.24), (0.445, 0.13)
    ], closed=True)  # fmt: skip
    outline = Canvas((height, height), 2)
    outline.image[:] = 0
    outline.poly(silhouette, (255, 255, 255), None)
    outline.poly([(0.33, 0.80), (0.70, 0.79), (0.80, 1.3), (0.24, 1.3)], (255, 255, 255), None)
    alpha = np.ascontiguousarray(outline.finished()[..., 0])
    paint = Canvas((height, height), 2)
    paint.image[:] = np.array(skin[::-1], np.uint8)
    dark, light = tuple(0.68 * v for v in skin), tuple(min(255.0, 1.1 * v + 14) for v in skin)
    fold = (dark[0], dark[1] * 0.9, dark[2] * 0.88)
    for (x, y), length in zip([(0.53, 0.30), (0.575, 0.315), (0.615, 0.335)], (0.12, 0.115, 0.10), strict=True):
        paint.stroke([(x, y - 0.06), (x - 0.012, y), (x - 0.02, y + length)], fold, 2.4, curved=True, alpha=0.55)
    for y in (0.125, 0.135, 0.22, 0.232):
        paint.stroke([(0.455, y), (0.478, y + 0.006), (0.502, y)], fold, 1.3, curved=True, alpha=0.6)
    paint.stroke([(0.425, 0.375), (0.45, 0.43), (0.455, 0.50)], fold, 2.4, curved=True, alpha=0.6)
    paint.poly(arc(0.4785, 0.045, 0.0155, 0.026, 0, 360), Gradient(light, skin, (0.47, 0.02), (0.49, 0.07)), fold, 0.8)  # type: ignore[arg-type]
    paint.poly([(0.33, 0.80), (0.70, 0.79), (0.80, 1.3), (0.24, 1.3)], sleeve, None)
    paint.rect(0.325, 0.79, 0.385, 0.045, tuple(0.8 * v for v in sleeve), None)  # type: ignore[arg-type]
    picture = paint.finished().astype(np.float32)
    # Round it: light from the upper left on a surface that falls off towards the outline.
    depth = np.minimum(cv2.distanceTransform((alpha > 127).astype(np.uint8), cv2.DIST_L2, 5) / (0.05 * height), 1.0)
    lifted = cv2.GaussianBlur(np.sqrt(np.maximum(1 - (1 - depth) ** 2, 0)), (0, 0), 3 * scale)
    gx, gy = cv2.Sobel(lifted, cv2.CV_32F, 1, 0) * scale, cv2.Sobel(lifted, cv2.CV_32F, 0, 1) * scale
    shade = np.clip(0.80 + 0.2 * lifted + 1.6 * (gx * 0.7 + gy * 0.6), 0.5, 1.15)
    grain = cv2.GaussianBlur(rng.standard_normal((height, height)).astype(np.float32), (0, 0), 1.2) * 0.03
    picture *= (shade + grain)[..., None]
    return np.clip(picture, 0, 255).astype(np.uint8), alpha, np.array([0.478, 0.012]) * height
