"""Cut-outs, (h, w, 4) uint8 BGRA: drawn or taken from the assets, sized, turned, recoloured, broken, pasted."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.training.drawn.assets import Assets, premultiplied
from livespot.training.drawn.dice import Dice, Field

Sprite = NDArray[np.uint8]
INK = (20, 15, 15)


def sized(sprite: Sprite, longest: float) -> Sprite:
    """Resized to that many px of the longer side; never enlarged more than 1.6 times."""
    scale = min(1.6, longest / max(sprite.shape[:2]))
    if abs(scale - 1) < 0.03:
        return sprite
    size = max(2, round(sprite.shape[1] * scale)), max(2, round(sprite.shape[0] * scale))
    return premultiplied(sprite, "resize", size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)


def turned(sprite: Sprite, degrees: float) -> Sprite:
    h, w = sprite.shape[:2]
    side = int(math.hypot(h, w)) + 2
    m = cv2.getRotationMatrix2D((w / 2, h / 2), degrees, 1)
    m[:, 2] += [(side - w) / 2, (side - h) / 2]
    out = premultiplied(sprite, "warpAffine", m, (side, side), flags=cv2.INTER_LINEAR)
    ys, xs = np.nonzero(out[..., 3] > 8)
    return out[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1] if len(ys) else sprite


def outlined(sprite: Sprite, width: int) -> Sprite:
    out = sprite.copy()
    solid = (sprite[..., 3] > 128).astype(np.uint8)
    out[(solid - cv2.erode(solid, np.ones((2 * width + 1, 2 * width + 1), np.uint8))) > 0, :3] = INK
    return out


def recoloured(sprite: Sprite, dice: Dice) -> Sprite:
    """Another hue, brightness, saturation, or one colour throughout."""
    out = sprite.copy()
    hsv = np.asarray(cv2.cvtColor(out[..., :3], cv2.COLOR_BGR2HSV), np.float32)
    way = dice.rng.random()
    if way < 0.5:
        hsv[..., 0] = (hsv[..., 0] + dice.real(20, 160)) % 180
        hsv[..., 1] = hsv[..., 1] * dice.real(0.8, 1.5) + (30 if dice.chance(0.5) else 0)
    elif way < 0.7:
        hsv[..., 2] *= dice.real(0.35, 0.75) if dice.chance(0.5) else dice.real(1.25, 2)
    elif way < 0.8:
        hsv[..., 1] *= dice.real(0, 0.4)
    else:
        grey = out[..., :3].mean(axis=2, keepdims=True) / 150
        out[..., :3] = np.clip(grey * dice.colour(), 0, 255) if way < 0.9 else dice.colour()
        return out
    out[..., :3] = cv2.cvtColor(np.clip(hsv, 0, 255).astype(np.uint8), cv2.COLOR_HSV2BGR)
    return out


def faint(sprite: Sprite, share: float) -> Sprite:
    """The same, seen through by that share of its opacity."""
    out = sprite.copy()
    out[..., 3] = out[..., 3] * share
    return out


def broken(sprite: Sprite, dice: Dice) -> Sprite:
    """A piece taken off: the far end of it, a hole, or a detail painted over in the colour around it."""
    out = sprite.copy()
    h, w = out.shape[:2]
    ys, xs = np.nonzero(out[..., 3] > 100)
    if not len(ys):
        return out
    yy, xx = np.mgrid[0:h, 0:w]
    if dice.chance(0.55):
        t = dice.real(0, 2 * math.pi)
        along = (xx - w / 2) * math.cos(t) + (yy - h / 2) * math.sin(t)
        out[along > np.percentile(along[ys, xs], dice.real(70, 95)), 3] = 0
        return out
    j, r = dice.whole(0, len(ys) - 1), max(2.0, max(h, w) * dice.real(0.06, 0.2))
    hole = (yy - ys[j]) ** 2 + (xx - xs[j]) ** 2 < r * r
    if dice.chance(0.5):
        out[hole, 3] = 0
    else:
        out[hole, :3] = np.median(out[hole & (out[..., 3] > 100), :3], axis=0)
    return out


def _polygon(angle: Field, radius: Field | float, centre: float) -> NDArray[np.int32]:
    return np.stack([centre + radius * np.cos(angle), centre + radius * np.sin(angle)], 1).round().astype(np.int32)


def shape(dice: Dice, n: int) -> Sprite:
    """A plain drawn thing of about n px: ellipse, polygon, bar, star, blob; shaded, patterned, outlined by chance."""
    mask = np.zeros((n + 8, n + 8), np.uint8)
    c = n / 2 + 4
    way = dice.whole(0, 4)
    if way == 0:
        axes = n // 2, max(2, int(n / 2 * dice.real(0.3, 1)))
        cv2.ellipse(mask, (int(c), int(c)), axes, dice.real(0, 180), 0, 360, 255, -1, cv2.LINE_AA)
    elif way == 1:
        cv2.rectangle(mask, (4, 4), (4 + n, 4 + max(2, int(n * dice.real(0.1, 1)))), 255, -1)
    elif way == 2:
        points = 2 * dice.whole(5, 9)
        radius = np.where(np.arange(points) % 2, n / 2 * dice.real(0.3, 0.6), n / 2)
        cv2.fillPoly(mask, [_polygon(np.arange(points) * 2 * np.pi / points, radius, c)], 255, cv2.LINE_AA)
    elif way == 3:
        angle = np.sort(dice.rng.uniform(0, 2 * np.pi, dice.whole(3, 9)))
        cv2.fillPoly(mask, [_polygon(angle, n / 2 * dice.rng.uniform(0.5, 1, len(angle)), c)], 255, cv2.LINE_AA)
    else:
        angle = np.linspace(0, 2 * np.pi, 40)[:-1]
        radius = n / 2 * (0.7 + 0.3 * np.sin(angle * dice.whole(2, 6) + dice.real(0, 6)))
        cv2.fillPoly(mask, [_polygon(angle, radius, c)], 255, cv2.LINE_AA)
    out = np.zeros((*mask.shape, 4), np.uint8)
    out[..., :3], out[..., 3] = dice.colour(), mask
    if dice.chance(0.4):
        shade = np.linspace(dice.real(0.5, 1), dice.real(0.8, 1.3), n + 8)[:, None, None]
        out[..., :3] = np.clip(out[..., :3] * shade, 0, 255)
    if dice.chance(0.25):
        y, x = np.indices(mask.shape)
        stripes = (x + y) // dice.whole(3, 7) % 2 > 0 if dice.chance(0.5) else (y % 9 < 4) & (x % 9 < 4)
        out[stripes, :3] = dice.colour()
    return outlined(out, dice.whole(1, 2)) if dice.chance(0.5) else out


def stroke(dice: Dice, longest: int = 90) -> Sprite:
    """Lines of 1 to 3 px: straight, bent, or a few beside each other."""
    w, h = dice.whole(8, longest), dice.whole(3, longest * 2 // 3)
    mask = np.zeros((h + 8, w + 8), np.uint8)
    n = dice.whole(2, 5)
    knots = np.cumsum(dice.rng.normal(0, 1, (n, 2)), 0)
    knots = (knots - knots.min(0)) / max(1e-3, np.ptp(knots)) * [w, h] + 4
    path = np.stack([np.interp(np.linspace(0, n - 1, 30), range(n), knots[:, k]) for k in (0, 1)], 1)
    if dice.chance(0.5):
        path = np.stack([np.convolve(np.pad(path[:, k], 3, "edge"), np.ones(7) / 7, "valid") for k in (0, 1)], 1)
    for _ in range(dice.whole(2, 3) if dice.chance(0.3) else 1):
        cv2.polylines(mask, [(path * 8).astype(np.int32)], False, 255, dice.whole(1, 3), cv2.LINE_AA, 3)
        path = path + dice.rng.normal(0, 5, 2)
    out = np.zeros((*mask.shape, 4), np.uint8)
    out[..., :3], out[..., 3] = dice.colour() if dice.chance(0.5) else dice.real(0, 60), mask
    return out


def dot(dice: Dice) -> Sprite:
    """2 to 11 px across, filled or a ring, round or square."""
    r = dice.whole(1, 5)
    mask = np.zeros((2 * r + 5, 2 * r + 5), np.uint8)
    if dice.chance(0.3):
        mask[2 : 2 + 2 * r, 2 : 2 + 2 * r] = 255
    else:
        cv2.circle(mask, (r + 2, r + 2), r, 255, -1 if r < 3 or dice.chance(0.7) else 1, cv2.LINE_AA)
    out = np.zeros((*mask.shape, 4), np.uint8)
    out[..., :3], out[..., 3] = dice.colour() if dice.chance(0.6) else dice.real(0, 50), mask
    return out


def any_sprite(dice: Dice, assets: Assets, longest: float) -> Sprite:
    """Something of about that many px: mostly a cut-out from the assets."""
    way = dice.rng.random()
    if way < 0.68:
        return sized(dice.pick(assets.cutouts), longest)
    if way < 0.82:
        return shape(dice, max(3, int(min(longest, 110) - 8)))
    if way < 0.90:
        return sized(dice.pick(assets.texts), longest)
    return stroke(dice, max(10, int(longest))) if way < 0.96 else dot(dice)


def paste(picture: Field, sprite: Sprite, x: int, y: int) -> tuple[slice, slice, Field] | None:
    """Lay a sprite on a (H, W, 3) float32 picture, in place. Where it lies and its alpha there; None: outside."""
    h, w = sprite.shape[:2]
    x0, y0, x1, y1 = max(0, x), max(0, y), min(picture.shape[1], x + w), min(picture.shape[0], y + h)
    if x1 <= x0 or y1 <= y0:
        return None
    part = sprite[y0 - y : y1 - y, x0 - x : x1 - x].astype(np.float32)
    alpha = part[..., 3:] / 255
    under = picture[y0:y1, x0:x1]
    under += (part[..., :3] - under) * alpha
    return slice(y0, y1), slice(x0, x1), alpha[..., 0]
