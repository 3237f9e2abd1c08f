"""A drawn scene and its twin: layers over a background, some of them edited in one of the two.

In: dice and assets. Out: a Puzzle of perfect pictures; an instance is what one edit changed, whatever crosses it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.training.drawn.assets import Assets
from livespot.training.drawn.dice import Dice, Field, blur
from livespot.training.drawn.sprites import (
    Sprite,
    any_sprite,
    broken,
    dot,
    faint,
    outlined,
    paste,
    recoloured,
    shape,
    sized,
    stroke,
    turned,
)

KINDS = ("added", "removed", "changed", "recoloured", "moved")


@dataclass(eq=False)
class Puzzle:
    """a, b: (h, w, 3) float32, 0 to 255. tags: (h, w) uint8, the number of the edit that touched a pixel, 0 for none.

    kinds: of the edits, from number 1, indices into KINDS.
    """

    a: Field
    b: Field
    tags: NDArray[np.uint8]
    kinds: list[int] = field(default_factory=list)

    def new(self, kind: str) -> int:
        self.kinds.append(KINDS.index(kind))
        return len(self.kinds)


@dataclass(frozen=True, eq=False)
class Layer:
    """A sprite at a place; tag: the edit it belongs to, 0 for none. in_a, in_b: where it is drawn."""

    sprite: Sprite
    x: int
    y: int
    tag: int = 0
    in_a: bool = True
    in_b: bool = True


def draw(dice: Dice, assets: Assets, size: tuple[int, int], changed: bool) -> Puzzle:
    """A puzzle of (h, w) px; nothing differs unless `changed`."""
    h, w = size
    if dice.chance(0.12) and assets.drawn:
        return _own(dice, assets, size, changed)
    background = _background(dice, assets, size)
    puzzle = Puzzle(background, background.copy(), np.zeros(size, np.uint8))
    root = math.sqrt(h * w)
    layers = _layers(dice, assets, size)
    pixel_edits: list[float] = []
    if changed:
        for _ in range(dice.whole(3, 12) if dice.chance(0.85) else dice.whole(1, 2)):
            way = dice.rng.random()
            longest = max(4.0, root * (dice.real(0.012, 0.06) if dice.chance(0.55) else dice.real(0.05, 0.22)))
            if way < 0.28 or not layers:
                _add(dice, assets, puzzle, layers, longest)
            elif way < 0.62:
                _edit(dice, assets, puzzle, layers, root)
            elif way < 0.75:
                _mark(dice, assets, puzzle, layers, longest)
            elif way < 0.81:
                _pale(dice, puzzle, layers, root * dice.real(0.08, 0.35))
            else:
                pixel_edits.append(longest)
    for layer in layers:
        _lay(puzzle, layer)
    for longest in pixel_edits:
        _retouch(dice, puzzle, longest)
    if changed and dice.chance(0.12):
        _giant(dice, puzzle)
    _style(dice, puzzle)
    return puzzle


def _lay(puzzle: Puzzle, layer: Layer) -> None:
    for picture, here in ((puzzle.a, layer.in_a), (puzzle.b, layer.in_b)):
        laid = paste(picture, layer.sprite, layer.x, layer.y) if here else None
        if laid is not None and layer.tag:
            ys, xs, alpha = laid
            puzzle.tags[ys, xs][alpha > 0.15] = layer.tag


def _layers(dice: Dice, assets: Assets, size: tuple[int, int]) -> list[Layer]:
    h, w = size
    root, largest = math.sqrt(h * w), dice.real(0.1, 0.35)
    lines, out = dice.chance(0.3), []
    count = dice.whole(0, 10) if dice.chance(0.35) else dice.whole(8, 40)
    for k in range(count):
        part = dice.real(0.03, largest) if k > count // 4 else dice.real(largest * 0.6, largest * 1.5)
        sprite = any_sprite(dice, assets, max(8.0, root * part))
        if dice.chance(0.15):
            sprite = turned(sprite, dice.real(-40, 40))
        if dice.chance(0.3):
            sprite = sprite[:, ::-1]
        if lines:
            sprite = outlined(sprite, 1)
        sh, sw = sprite.shape[:2]
        out.append(Layer(sprite, dice.whole(-sw // 3, w - sw * 2 // 3), dice.whole(-sh // 3, h - sh * 2 // 3)))
    return out


def _one_side(dice: Dice, puzzle: Puzzle, sprite: Sprite, x: int, y: int) -> Layer:
    in_a = dice.chance(0.5)
    return Layer(sprite, x, y, puzzle.new("removed" if in_a else "added"), in_a, not in_a)


def _add(dice: Dice, assets: Assets, puzzle: Puzzle, layers: list[Layer], longest: float) -> None:
    """A thing in one of the two; now and then cut by the rim, or behind others."""
    h, w = puzzle.tags.shape
    sprite = any_sprite(dice, assets, longest)
    if dice.chance(0.15):
        sprite = faint(sprite, dice.real(0.1, 0.5))
    sh, sw = sprite.shape[:2]
    x, y = dice.whole(0, w - sw), dice.whole(0, h - sh)
    if dice.chance(0.25):  # over the rim
        across = [(-sw // 2, y), (w - sw // 2, y), (x, -sh // 2), (x, h - sh // 2), (w - sw // 4, y), (x, -sh * 3 // 4)]
        x, y = dice.pick(across)
    at = dice.whole(max(0, len(layers) - 6), len(layers)) if dice.chance(0.3) else len(layers)
    layers.insert(at, _one_side(dice, puzzle, sprite, x, y))


def _mark(dice: Dice, assets: Assets, puzzle: Puzzle, layers: list[Layer], longest: float) -> None:
    """A tiny thing on another thing: dots, lines, letters of one word; sometimes faint."""
    h, w = puzzle.tags.shape
    way = dice.rng.random()
    if way < 0.4:
        sprite = dot(dice)
    elif way < 0.7:
        sprite = stroke(dice, 45)
    elif way < 0.8:
        sprite = sized(dice.pick(assets.texts), max(8.0, longest))
    else:
        sprite = shape(dice, dice.whole(3, 14))
    if dice.chance(0.25):
        sprite = faint(sprite, dice.real(0.2, 0.6))
    under = dice.pick(layers)
    sh, sw = under.sprite.shape[:2]
    x, y = under.x + dice.whole(0, sw - sprite.shape[1]), under.y + dice.whole(0, sh - sprite.shape[0])
    x, y = (x, y) if dice.chance(0.5) else (dice.whole(0, w - 4), dice.whole(0, h - 4))
    layers.append(_one_side(dice, puzzle, sprite, x, y))


def _pale(dice: Dice, puzzle: Puzzle, layers: list[Layer], longest: float) -> None:
    """A large plain shape, little lighter or darker than the ground that it stands on: a cloud, a lamp, a door."""
    h, w = puzzle.tags.shape
    sprite = shape(dice, max(8, round(longest)))
    sh, sw = sprite.shape[:2]
    x, y = dice.whole(-sw // 6, w - sw * 5 // 6), dice.whole(-sh // 6, h - sh * 5 // 6)
    ground = puzzle.a[max(0, y) : y + sh, max(0, x) : x + sw].reshape(-1, 3)
    tint = dice.real(12, 45) * dice.pick([-1, 1]) + dice.rng.normal(0, 4, 3)
    sprite = sprite.copy()
    sprite[..., :3] = np.clip(np.median(ground, axis=0) + tint, 0, 255).astype(np.uint8)
    # behind the other things, as a rule
    layers.insert(0 if dice.chance(0.7) else len(layers), _one_side(dice, puzzle, sprite, x, y))


def _edit(dice: Dice, assets: Assets, puzzle: Puzzle, layers: list[Layer], root: float) -> None:
    """One thing of the scene is left out, recoloured, moved, resized, mirrored, turned, exchanged, broken."""
    free = [i for i, one in enumerate(layers) if one.tag == 0]
    if not free:
        return
    i = dice.pick(free)
    one = layers[i]
    s, way = one.sprite, dice.rng.random()
    if max(s.shape[:2]) > 0.5 * root:
        way = dice.pick([0.3, 0.99, 0.99])
    in_a = dice.chance(0.5)
    if way < 0.22:
        layers[i] = replace(one, tag=puzzle.new("removed" if in_a else "added"), in_a=in_a, in_b=not in_a)
        return
    x, y, kind = one.x, one.y, "changed"
    if way < 0.46:
        s, kind = recoloured(s, dice), "recoloured"
    elif way < 0.60:
        far, angle = root * (dice.real(0.012, 0.06) if dice.chance(0.6) else dice.real(0.06, 0.2)), dice.real(0, 6.28)
        x, y, kind = x + round(far * math.cos(angle)), y + round(far * math.sin(angle)), "moved"
    elif way < 0.68:
        s = sized(s, max(s.shape[:2]) * (dice.real(0.6, 0.87) if dice.chance(0.5) else dice.real(1.15, 1.5)))
    elif way < 0.74:
        s = s[:, ::-1]
    elif way < 0.79:
        s = turned(s, dice.real(10, 60) * dice.pick([-1, 1]))
    elif way < 0.84:
        s = any_sprite(dice, assets, max(s.shape[:2]))
    else:
        s = broken(s, dice)
    if kind == "changed":
        x += (one.sprite.shape[1] - s.shape[1]) // 2
        y += (one.sprite.shape[0] - s.shape[0]) // (1 if dice.chance(0.5) else 2)
    tag = puzzle.new(kind)
    if way >= 0.84:  # only what was taken off or painted over is the difference
        layers[i : i + 1] = [replace(one, tag=tag, in_b=False), Layer(s, x, y, tag, False, True)]
    else:
        layers[i : i + 1] = [replace(one, tag=tag, in_a=in_a, in_b=not in_a), Layer(s, x, y, tag, not in_a, in_a)]


def _retouch(dice: Dice, puzzle: Puzzle, longest: float) -> None:
    """An edit of the flat picture: a place cloned, filled in, mirrored, or what has one colour recoloured."""
    h, w = puzzle.tags.shape
    r = max(3.0, longest / 2)
    cx, cy = dice.real(0, w), dice.real(0, h)
    picture = puzzle.a if dice.chance(0.5) else puzzle.b
    angle = np.linspace(0, 2 * np.pi, 24)[:-1]
    radius = r * (0.75 + 0.25 * np.sin(angle * dice.whole(1, 4) + dice.real(0, 6)))
    outline = np.stack([cx + radius * np.cos(angle), cy + radius * np.sin(angle) * dice.real(0.5, 1)], 1)
    mask = np.zeros((h, w), np.uint8)
    cv2.fillPoly(mask, [outline.round().astype(np.int32)], 255, cv2.LINE_AA)
    x0, y0, x1, y1 = (int(v) for v in (max(0, cx - r - 2), max(0, cy - r - 2), min(w, cx + r + 3), min(h, cy + r + 3)))
    before, way, kind = picture.copy(), dice.rng.random(), "changed"
    alpha = mask[y0:y1, x0:x1, None].astype(np.float32) / 255
    under = picture[y0:y1, x0:x1]
    if way < 0.25:
        sy, sx = dice.whole(0, h - (y1 - y0)), dice.whole(0, w - (x1 - x0))
        soft = blur(alpha, dice.real(0.7, 3)) if dice.chance(0.6) else alpha
        picture[y0:y1, x0:x1] = under * (1 - soft) + before[sy : sy + y1 - y0, sx : sx + x1 - x0] * soft
    elif way < 0.45 and r < 35:
        picture[:] = cv2.inpaint(picture.astype(np.uint8), (mask > 0).astype(np.uint8), 3, cv2.INPAINT_TELEA)
    elif way < 0.85:
        level = (dice.whole(6, 30),) * 3
        flooded = np.zeros((h + 2, w + 2), np.uint8)
        seed = int(np.clip(cx, 0, w - 1)), int(np.clip(cy, 0, h - 1))
        how = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE
        cv2.floodFill(picture.astype(np.uint8), flooded, seed, (0, 0, 0), level, level, how)
        area = flooded[1:-1, 1:-1]
        if not 20 <= int(area.sum()) <= 0.08 * h * w:
            area = (mask > 128).astype(np.uint8)
        on = cv2.dilate(area, np.ones((3, 3), np.uint8))[..., None] > 0
        opaque = np.dstack([np.clip(picture, 0, 255).astype(np.uint8), np.full((h, w), 255, np.uint8)])
        picture[:] = np.where(on, recoloured(opaque, dice)[..., :3].astype(np.float32), picture)
        kind = "recoloured"
    else:
        flipped = under[:, ::-1] if dice.chance(0.6) else under[::-1]
        picture[y0:y1, x0:x1] = under * (1 - alpha) + flipped.copy() * alpha
    touched = np.abs(picture - before).max(axis=2) > 3
    if touched.any():
        puzzle.tags[touched] = puzzle.new(kind)


def _giant(dice: Dice, puzzle: Puzzle) -> None:
    """A large bent bar, frame or corner in one panel, round smaller differences or with small ones inside its box."""
    h, w = puzzle.tags.shape
    x, y = dice.real(0.05, 0.45) * w, dice.real(0.05, 0.45) * h
    u, v = dice.real(0.25, 0.5) * w, dice.real(0.25, 0.5) * h
    path = np.array([[x, y], [x, y + v], [x + u, y + v], [x + u, y]][: dice.whole(3, 4)], np.int32)
    mask = np.zeros((h, w), np.uint8)
    if dice.chance(0.5):  # off the rim, recoloured in both
        corner = np.array([[w - u, 0], [w, 0], [w, v], [w - u / 2, v * 1.1], [w - u * 1.1, v * 0.7]], np.int32)
        cv2.fillPoly(mask, [corner], 255, cv2.LINE_AA)
        mask = mask[:, ::-1] if dice.chance(0.5) else mask
        mask = mask[::-1] if dice.chance(0.5) else mask
    else:
        cv2.polylines(mask, [path], dice.chance(0.3), 255, dice.whole(3, max(4, w // 18)), cv2.LINE_AA)
    alpha, both = mask[..., None].astype(np.float32) / 255, dice.chance(0.35)
    on = (mask > 40) & (puzzle.tags == 0)
    first = dice.chance(0.5)
    tag = puzzle.new("recoloured" if both else "removed" if first else "added")
    alpha = alpha * on[..., None]
    puzzle.tags[on] = tag
    for picture in (puzzle.a, puzzle.b) if both else ((puzzle.a,) if first else (puzzle.b,)):
        picture += (dice.colour() - picture) * alpha


def _own(dice: Dice, assets: Assets, size: tuple[int, int], changed: bool) -> Puzzle:
    """A part of a puzzle of livespot's own scenes, with some marks more."""
    h, w = size
    *pictures, numbers, kinds = dice.pick(assets.drawn)
    scale = max(h / numbers.shape[0], w / numbers.shape[1], dice.real(0.6, 1.0))
    wide, high = (max(n, round(side * scale)) for n, side in zip((w, h), numbers.shape[::-1], strict=True))
    y, x = dice.whole(0, high - h), dice.whole(0, wide - w)
    a, b, tags = (
        np.ascontiguousarray(cv2.resize(p, (wide, high), interpolation=how)[y : y + h, x : x + w])
        for p, how in ((pictures[0], cv2.INTER_AREA), (pictures[1], cv2.INTER_AREA), (numbers, cv2.INTER_NEAREST))
    )
    one, two = np.asarray(a, np.float32), np.asarray(b if changed else a, np.float32).copy()
    owner = np.asarray(tags if changed else np.zeros_like(tags), np.uint8)
    puzzle = Puzzle(one, two, owner, [KINDS.index(k) for k in kinds])
    if changed:
        layers = [Layer(shape(dice, 4), dice.whole(0, w), dice.whole(0, h))]
        for _ in range(dice.whole(0, 5)):
            _mark(dice, assets, puzzle, layers, 12)
        for layer in layers[1:]:
            _lay(puzzle, layer)
    return puzzle


def _background(dice: Dice, assets: Assets, size: tuple[int, int]) -> Field:
    h, w = size
    if dice.chance(0.4):
        base = dice.pick(assets.pictures)
        scale = max(h / base.shape[0], w / base.shape[1]) * dice.real(1, 1.5)
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        base = np.asarray(cv2.resize(base, None, fx=scale, fy=scale, interpolation=how), np.uint8)
        y, x = dice.whole(0, base.shape[0] - h), dice.whole(0, base.shape[1] - w)
        part = cv2.resize(base[y : y + h, x : x + w], (w, h)).astype(np.float32)
        return part[:, ::-1].copy() if dice.chance(0.5) else part
    out = np.empty((h, w, 3), np.float32)
    out[:] = dice.colour() * 0.4 + 150 if dice.chance(0.7) else dice.colour()
    if dice.chance(0.3):
        out[:] = dice.real(225, 255)
    if dice.chance(0.5):
        out += np.linspace(-1, 1, h, dtype=np.float32)[:, None, None] * dice.rng.uniform(-40, 40, 3)
    for j in range(dice.whole(1, 5) if dice.chance(0.7) else 0):  # hills, floors, tables
        xs = np.arange(0, w + 20, 20)
        level = h * (0.3 + 0.15 * j + dice.real(-0.1, 0.1))
        ys = level + dice.real(0, 60) * np.sin(xs / w * dice.real(2, 9) + dice.real(0, 6))
        path = np.array([*np.stack([xs, ys], 1), [w + 20, h + 5], [0, h + 5]], np.int32)
        colour = dice.colour() * dice.pick([1, 0.5]) + dice.pick([0, 80])
        cv2.fillPoly(out, [path], [float(v) for v in colour], cv2.LINE_AA)
        if dice.chance(0.5):
            cv2.polylines(out, [path[:-2]], False, (20, 20, 20), dice.whole(1, 2), cv2.LINE_AA)
    for _ in range(dice.whole(3, 20) if dice.chance(0.25) else 0):
        ends = [(dice.whole(0, w), dice.whole(0, h)) for _ in range(2)]
        cv2.line(out, ends[0], ends[1], [float(v) for v in dice.colour()], dice.whole(1, 6), cv2.LINE_AA)
    if dice.chance(0.3):
        out += dice.field(size, dice.whole(3, 60)) * dice.real(3, 30)
    if dice.chance(0.2):
        out += dice.noise((h, w, 1), dice.real(2, 14))
    if dice.chance(0.12):  # tiles, bricks
        step, long, level = dice.whole(8, 30), dice.whole(12, 60), dice.real(-60, 60)
        out[::step] += level
        for y in range(0, h, step):
            out[y : y + step, (y // step % 2) * long // 2 :: long] += level
    return np.clip(out, 0, 255)


def _style(dice: Dice, puzzle: Puzzle) -> None:
    """Line art, grey, few colours, drawn edges: the same for both panels."""
    way = dice.rng.random()
    pictures = puzzle.a, puzzle.b
    if way < 0.16:
        lines, sigma, hatched = dice.chance(0.7), dice.real(0.6, 1.4), dice.chance(0.5)
        for p in pictures:
            grey = p.mean(axis=2)
            if lines:
                ink = np.clip(1 + (blur(grey, sigma) - blur(grey, sigma * 1.8)) / 4, 0, 1)
                y, x = np.indices(grey.shape)
                grey = ink * (np.where((x + y) % 6 < 2, np.clip(grey / 110, 0, 1), 1) if hatched else 1) * 250
            p[:] = grey[..., None]
    elif way < 0.24:
        step = 255 / dice.whole(3, 8)
        for p in pictures:
            p[:] = np.round(p / step) * step
    elif way < 0.33:
        for p in pictures:
            grey = p.mean(axis=2)
            p *= np.clip(1 + (blur(grey, 1.0) - blur(grey, 2.0)) / 8, 0.1, 1)[..., None]
    for p in pictures:
        np.clip(p, 0, 255, out=p)
