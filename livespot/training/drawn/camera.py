"""What a print, a lamp and a camera do to one panel; the two panels are done apart, as they lie at two places.

In: a perfect picture. Out: the worn one, and where burnt-out glare hides it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from livespot.training.drawn.assets import Pixels
from livespot.training.drawn.dice import Dice, Field, blur, grid

BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16 - 0.5
S444, S420 = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420


@dataclass(frozen=True)
class Wear:
    """What both panels of a puzzle share. hard: 0 files, 1 scans, 2 photographs. Sizes in px, levels in grey levels.

    halftone: (period, strength); speckle: share of random print dots; dither: step; shift: misregistration, px;
    sensor: how many pixels of a camera there are for one of the panel, along a side.
    """

    hard: int
    halftone: tuple[float, float] | None
    speckle: float
    ink: tuple[float, float]
    paper: Field
    moire: float
    blur: float
    blur_apart: float
    noise: float
    dither: int
    shift: float
    sensor: float

    @classmethod
    def draw(cls, dice: Dice) -> Wear:
        hard = 0 if dice.chance(0.25) else 1 if dice.chance(0.25) else 2
        photo = hard == 2
        if hard == 0:
            shift = dice.real(0, 0.5) if dice.chance(0.4) else 0.0
        else:
            shift = (
                dice.real(0, 1.2) if dice.chance(0.72) else dice.real(1, 2.3) if dice.chance(0.8) else dice.real(2, 3.5)
            )
        return cls(
            hard=hard,
            halftone=(dice.real(2, 5), dice.real(0.03, 0.3)) if hard and dice.chance(0.3) else None,
            speckle=dice.real(0.004, 0.05) if dice.chance(0.08) else 0.0,
            ink=(dice.real(0, 45), dice.real(215, 255)) if hard else (0, 255),
            paper=np.array([dice.real(v, 1) for v in ((0.85, 0.92, 0.93) if hard else (1, 1, 1))], np.float32),
            moire=dice.real(2, 14) if photo and dice.chance(0.12) else 0,
            blur=dice.real(0, 1.3) if hard else dice.real(0, 0.5) if dice.chance(0.4) else 0,
            blur_apart=0.5 if photo else 0.15 if hard else 0.0,
            noise=dice.real(0, 8 if dice.chance(0.8) else 15) if photo else dice.real(0, 3) if dice.chance(0.5) else 0,
            dither=dice.pick([16, 24, 32, 51]) if hard < 2 and dice.chance(0.08) else 0,
            shift=shift,
            sensor=dice.real(0.45, 1.0) if photo and dice.chance(0.5) else 1.0,
        )  # fmt: skip


def worn(dice: Dice, picture: Field, wear: Wear) -> tuple[Field, Field]:
    """(h, w, 3) float32 -> the same as a camera gives it, and (h, w) float32, 1 where it is burnt out."""
    shape = picture.shape[:2]
    hidden = np.zeros(shape, np.float32)
    photo = wear.hard == 2
    im = _printed(dice, picture, wear)
    if wear.hard:
        im = (im * ((wear.ink[1] - wear.ink[0]) / 255) + wear.ink[0]) * wear.paper
        im = _lit(dice, im, photo)
    if photo:
        im, hidden = _glossy(dice, im)
        if wear.moire:
            x, y = grid(shape)
            t, f = dice.real(0, 3.1), 6.28 / dice.real(2.2, 14)
            wave = np.sin((x * math.cos(t) + y * math.sin(t)) * f)[..., None] * wear.moire
            im = im + wave * dice.rng.uniform(0.3, 1, 3)
    im = np.asarray(im, np.float32)
    im = blur(im, wear.blur + abs(dice.rng.normal(0, wear.blur_apart)) if wear.blur_apart else wear.blur)
    if photo and dice.chance(0.15):  # motion
        n = dice.whole(2, 5)
        kernel = np.zeros((n, n), np.float32)
        cv2.line(kernel, (0, dice.whole(0, n - 1)), (n - 1, dice.whole(0, n - 1)), 1.0, 1)
        im = np.asarray(cv2.filter2D(im, -1, kernel / kernel.sum()), np.float32)
    if dice.chance(0.12):  # chroma: one channel lies beside the others
        c = dice.whole(0, 2)
        im[..., c] = _beside(im[..., c], dice.real(-1.2, 1.2), dice.real(-1.2, 1.2))
    if photo and dice.chance(0.3):  # a lens' fringes: red to one side, blue to the other
        dx, dy = dice.real(-0.8, 0.8), dice.real(-0.8, 0.8)
        im[..., 0], im[..., 2] = _beside(im[..., 0], dx, dy), _beside(im[..., 2], -dx, -dy)
    if wear.hard and dice.chance(0.6):
        x = np.clip(im / 255, 0, 1) ** dice.real(0.8, 1.25)
        im = (x + dice.real(-0.04, 0.04) * np.sin(x * 6.28)) * 255
    if wear.hard == 1 and dice.chance(0.12):  # a scan in hard contrast
        im = np.clip((im - dice.real(110, 150)) * dice.real(1.5, 4) + 140, 0, 255)
    if wear.hard and dice.chance(0.4):
        grey = im.mean(axis=2, keepdims=True)
        im = grey + (im - grey) * dice.real(0.8, 1.2)
    im = _sensed(dice, np.asarray(im, np.float32), wear)
    if photo and dice.chance(0.3):
        im = im + dice.field(shape, dice.whole(60, 160), 3) * dice.real(2, 9)
    if photo and dice.chance(0.25):  # a phone's sharpening
        im = im + (im - blur(np.asarray(im, np.float32), dice.real(1, 2))) * dice.real(0.4, 1.6)
    return _coded(dice, np.clip(im, 0, 255).astype(np.uint8), wear), hidden


def _beside(channel: Field, dx: float, dy: float) -> Field:
    """A channel (h, w), moved by that many px."""
    m = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    size = channel.shape[1], channel.shape[0]
    moved = cv2.warpAffine(np.ascontiguousarray(channel), m, size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.float32)


def _sensed(dice: Dice, im: Field, wear: Wear) -> Field:
    """What a sensor's pixels make of it: fewer of them, further from it fewer still, a colour each, noise."""
    h, w = im.shape[:2]
    by = wear.sensor * dice.real(0.8, 1.0) if wear.sensor < 1 else 1.0
    if by < 0.97:
        im = np.asarray(cv2.resize(im, (max(8, round(w * by)), max(8, round(h * by))), interpolation=cv2.INTER_AREA))
    if wear.noise > 0.3:
        im = im + dice.noise((*im.shape[:2], 1 if dice.chance(0.4) else 3), wear.noise * dice.real(0.7, 1.4))
    if wear.hard == 2 and dice.chance(0.4):
        colour = np.clip(im, 0, 255).astype(np.uint8)
        raw = np.ascontiguousarray(colour[..., 1])
        raw[::2, ::2], raw[1::2, 1::2] = colour[::2, ::2, 2], colour[1::2, 1::2, 0]
        ways = [cv2.COLOR_BayerRGGB2BGR, cv2.COLOR_BayerRGGB2BGR_EA, cv2.COLOR_BayerRGGB2BGR_VNG]
        im = np.asarray(cv2.cvtColor(raw, dice.pick(ways)), np.float32)
    if by < 0.97:
        how = dice.pick([cv2.INTER_LINEAR, cv2.INTER_CUBIC])
        im = np.asarray(cv2.resize(im, (w, h), interpolation=how))
    return np.asarray(im, np.float32)


def _printed(dice: Dice, picture: Field, wear: Wear) -> Field:
    shape = picture.shape[:2]
    im = picture
    if wear.speckle:  # a coarse process: few levels, dots of its own at every edge
        im = im // 48 * 48 + 24
        edges = cv2.dilate(cv2.Canny(picture.astype(np.uint8), 60, 140), np.ones((5, 5), np.uint8)) > 0
        dots = (dice.rng.random(shape, np.float32) < wear.speckle * (0.25 + 2 * edges)).astype(np.uint8)
        on = cv2.dilate(dots, np.ones((dice.whole(1, 2),) * 2, np.uint8)) > 0
        im[on] = np.where(dice.rng.random((int(on.sum()), 1)) < 0.7, 20, 235)
    if wear.halftone:
        period, strength = wear.halftone
        x, y = grid(shape)
        im = im / 255
        for c, angle in enumerate((0.26, 1.3, 0.78)):
            f = 2 * np.pi / period
            u = (x * math.cos(angle) + y * math.sin(angle)) * f + dice.real(0, 6)
            v = (y * math.cos(angle) - x * math.sin(angle)) * f + dice.real(0, 6)
            im[..., c] += strength * (np.cos(u) + np.cos(v)) * im[..., c] * (1 - im[..., c]) * 4
        im = np.clip(im, 0, 1) * 255
    return im


def _lit(dice: Dice, im: Field, photo: bool) -> Field:
    """Uneven light, a lamp's fall-off, shadows with soft or sharp edges, a fold."""
    shape = im.shape[:2]
    h, w = shape
    x, y = grid(shape)
    gain = 1 + dice.field(shape, dice.whole(2, 3)) * dice.real(0, 0.45 if photo else 0.12)
    gain = gain * (1 + dice.rng.normal(0, 0.03, 3).astype(np.float32)) * dice.real(0.8, 1.2)
    if dice.chance(0.3):
        fall = dice.real(-0.5, 0.5) * ((x / w - 0.5) * dice.real(-1, 1) + (y / h - 0.5) * dice.real(-1, 1))
        gain = gain * (1 + fall)[..., None]
    if photo and dice.chance(0.3):  # lamps of two colours
        gain = gain * (1 + dice.field(shape, dice.whole(1, 3), 3) * dice.real(0, 0.12))
    if photo and dice.chance(0.3):
        corners = [[dice.real(-0.3, 1.3) * w, dice.real(-0.3, 1.3) * h] for _ in range(dice.whole(3, 4))]
        shade = np.zeros(shape, np.float32)
        cv2.fillPoly(shade, [np.array(corners, np.int32)], 1.0)
        soft = blur(shade, dice.real(1, 6) if dice.chance(0.5) else dice.real(5, 30))
        gain = gain * (1 - soft * dice.real(0.1, 0.6))[..., None]
    im = im * gain
    if dice.chance(0.2):  # a fold
        slope = dice.real(-0.2, 0.2)
        d = np.abs(x - dice.real(0, w) - slope * y) if dice.chance(0.5) else np.abs(y - dice.real(0, h) - slope * x)
        im = im + (np.exp(-((d / dice.real(1, 6)) ** 2)) * dice.real(-25, 25))[..., None]
    return np.asarray(im, np.float32)


def _glossy(dice: Dice, im: Field) -> tuple[Field, Field]:
    """Gloss in patches, a veil over a part of it, burnt-out highlights; and where the last hide what is under them."""
    shape = im.shape[:2]
    h, w = shape
    hidden = np.zeros(shape, np.float32)
    if dice.chance(0.35):
        f = np.clip((dice.field(shape, dice.whole(2, 7))[..., 0] - dice.real(0, 0.5)) / 0.5, 0, 1.2)
        if dice.chance(0.35):  # grain in the varnish
            f = f * np.clip(1 + blur(dice.noise(shape), dice.real(0, 1.5)) * dice.real(0.6, 2), 0, None)
        im = im + (f * dice.real(15, 110))[..., None]
    if dice.chance(0.12):  # haze: a veil that takes the contrast away
        f = np.clip(dice.field(shape, dice.whole(1, 3)) * 0.7 + 0.4, 0, 0.85) * dice.real(0.3, 1)
        im = im + (dice.real(170, 250) - im) * f
    for _ in range(dice.whole(1, 3) if dice.chance(0.15) else 0):
        x, y = grid(shape)
        cx, cy, s, t = dice.real(0, w), dice.real(0, h), dice.real(0.03, 0.12) * w, dice.real(0, 3.1)
        u, v = (x - cx) * math.cos(t) + (y - cy) * math.sin(t), (y - cy) * math.cos(t) - (x - cx) * math.sin(t)
        light = np.exp(-(u * u + v * v * dice.real(1, 6)) / (s * s)) * dice.real(200, 600)
        im = im + light[..., None]
        hidden = np.maximum(hidden, (light > 130).astype(np.float32))
    return np.asarray(im, np.float32), hidden


def _resampled(dice: Dice, im: Pixels) -> Pixels:
    """Made smaller or larger and back, as scans and downloads are; thin lines come out thinner, thicker, in steps."""
    h, w = im.shape[:2]
    by = dice.real(0.55, 1.0) if dice.chance(0.6) else dice.real(1.0, 1.7)
    size = max(8, round(w * by)), max(8, round(h * by))
    ways = [cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4, cv2.INTER_NEAREST]
    there = cv2.resize(im, size, interpolation=dice.pick(ways))
    return np.asarray(cv2.resize(there, (w, h), interpolation=dice.pick(ways[:4])), np.uint8)


def _coded(dice: Dice, im: Pixels, wear: Wear) -> Field:
    h, w = im.shape[:2]
    if dice.chance(0.2 if wear.hard == 2 else 0.35):
        im = _resampled(dice, im)
    if wear.dither:
        tile = np.roll(np.tile(BAYER, (h // 4 + 1, w // 4 + 1))[:h, :w], dice.whole(0, 3), 1)[..., None]
        im = np.clip(np.round(im / wear.dither + tile) * wear.dither, 0, 255).astype(np.uint8)
    if wear.hard == 2 and dice.chance(0.06):
        im = np.asarray(cv2.bilateralFilter(im, 5, 25, 3), np.uint8)
    if dice.chance(0.8 if wear.hard else 0.6):
        how = [cv2.IMWRITE_JPEG_QUALITY, dice.whole(30 if wear.hard else 55, 97)]
        how += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, dice.pick([S444, S420, S420])]
        im = np.asarray(cv2.imdecode(cv2.imencode(".jpg", im, how)[1], cv2.IMREAD_COLOR), np.uint8)
    return im.astype(np.float32)
