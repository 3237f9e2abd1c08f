"""What the search lays onto itself where there is no puzzle: words, patterns, a thing that stands twice, strangers.

Out: A and B, (h, w, 3) float32, two windows of one page, which agree here and there.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import cv2
import numpy as np

from livespot.training.drawn.assets import Assets
from livespot.training.drawn.dice import Dice, Field
from livespot.training.drawn.pages import anywhere
from livespot.training.drawn.sprites import any_sprite, paste, shape, sized

Pair = tuple[Field, Field]
Size = tuple[int, int]  # (h, w) px


def no_puzzle(dice: Dice, art: Assets) -> Pair:
    """One of these."""
    longest = dice.whole(150, 380)
    size = longest, max(90, round(longest * dice.real(0.4, 1.0)))
    draw: Callable[[Dice, Assets, Size], Pair] = dice.pick([_words, _pattern, _cells, _twice, _twice, _strangers])
    return draw(dice, art, size if dice.chance(0.5) else size[::-1])


def _windows(dice: Dice, page: Field, size: Size, off: tuple[int, int]) -> Pair:
    """Two windows of a page twice as large, the second (down, right) px beside the first."""
    h, w = size
    y, x = (dice.whole(max(0, -d), min(s, s - d)) for s, d in zip(size, off, strict=True))
    return page[y : y + h, x : x + w].copy(), page[y + off[0] : y + off[0] + h, x + off[1] : x + off[1] + w].copy()


def _words(dice: Dice, art: Assets, size: Size) -> Pair:
    """Lines of words, a few of which come again and again; one word lies on itself elsewhere."""
    h, w = size
    page = np.empty((2 * h, 2 * w, 3), np.float32)
    page[:] = dice.paper()
    known, ink = [dice.pick(art.texts) for _ in range(dice.whole(4, 40))], dice.colour() * 0.4
    pitch = dice.whole(7, 34)
    places: dict[int, list[tuple[int, int]]] = {}
    for y in range(0, 2 * h, pitch):
        x = dice.whole(-20, 10)
        while x < 2 * w:
            number = dice.whole(0, len(known) - 1)
            text = known[number]
            word = sized(text, max(6, round(0.75 * pitch * text.shape[1] / text.shape[0])))[: pitch - 1].copy()
            word[..., :3] = ink
            paste(page, word, x, y)
            places.setdefault(number, []).append((y, x))
            x += word.shape[1] + max(2, pitch // 3)
    one, two = dice.pick(
        [pair for at in places.values() for pair in itertools.combinations(at[:30], 2)] or [((0, 0),) * 2]
    )
    off = two[0] - one[0], two[1] - one[1]
    if abs(off[0]) > h or abs(off[1]) > w or off == (0, 0):
        off = dice.whole(1, h // pitch) * pitch, 0
    return _windows(dice, page, size, off)


def _pattern(dice: Dice, art: Assets, size: Size) -> Pair:
    """A ground that repeats, by whole periods beside itself: stripes, dots, checks, a figure again and again."""
    h, w = size
    period, lean = dice.whole(5, max(6, min(h, w) // 2)), dice.real(0, 0.5) * dice.whole(0, 1)
    page = np.empty((2 * h, 2 * w, 3), np.float32)
    page[:] = dice.colour() if dice.chance(0.5) else dice.paper()
    across = period if dice.chance(0.6) else dice.whole(5, max(6, min(h, w) // 2))
    if dice.chance(0.4):
        y, x = np.mgrid[0 : 2 * h, 0 : 2 * w].astype(np.float32)
        waves = np.sin(y * 2 * math.pi / period) * (1.0 if dice.chance(0.6) else np.sin(x * 2 * math.pi / across))
        waves = np.sign(waves) if dice.chance(0.4) else waves
        page += waves[..., None] * dice.real(6, 90) * dice.rng.uniform(0.4, 1, 3)
    else:
        tile = shape(dice, max(3, min(110, period - 8))) if dice.chance(0.5) else any_sprite(dice, art, period)
        for row, y in enumerate(range(-period, 2 * h, period)):
            for x in range(round(row * lean * across) % across - across, 2 * w, across):
                paste(page, tile, x, y)
        if lean:  # every second row lies between those above it
            return _windows(dice, page, size, (period * dice.whole(1, max(1, h // period)), 0))
    page += dice.field((2 * h, 2 * w), dice.whole(1, 5)) * dice.real(0, 40)
    down, right = dice.whole(0, h // period), dice.whole(0, w // across)
    return _windows(dice, page, size, (down * period, right * across) if down or right else (period, 0))


def _cells(dice: Dice, art: Assets, size: Size) -> Pair:
    """Rows of like frames with something else in each: keys, a calendar, a contact sheet, bricks."""
    h, w = size
    page = anywhere(dice, art, (2 * h, 2 * w))
    if dice.chance(0.7):
        page[:] = dice.paper()
    down, right = dice.whole(14, h), dice.whole(14, w)
    gap, ink, ground = dice.whole(1, 8), [float(v) for v in dice.colour()], [float(v) for v in dice.colour()]
    filled, framed, letters = dice.chance(0.6), dice.whole(1, 3), dice.chance(0.5)
    for y in range(-dice.whole(0, down), 2 * h, down):
        for x in range(-dice.whole(0, right) * dice.whole(0, 1), 2 * w, right):
            box = (x + gap, y + gap), (x + right - gap, y + down - gap)
            if filled:
                cv2.rectangle(page, *box, ground, -1)
            cv2.rectangle(page, *box, ink, framed)
            content = dice.pick(art.texts) if letters else any_sprite(dice, art, 400)
            inner = sized(content, max(4, dice.real(0.3, 0.8) * min(down, right)))
            paste(page, inner, x + (right - inner.shape[1]) // 2, y + (down - inner.shape[0]) // 2)
    k, n = dice.whole(0, h // down), dice.whole(0, w // right)
    return _windows(dice, np.asarray(page, np.float32), size, (k * down, n * right) if k or n else (down, 0))


def _twice(dice: Dice, art: Assets, size: Size) -> Pair:
    """Things that stand twice or more before other things: only they lie on each other."""
    h, w = size
    page = np.zeros((2 * h, 2 * w, 3), np.float32)
    while True:  # not on plain ground: that could be a puzzle
        page[:] = anywhere(dice, art, (2 * h, 2 * w))
        if dice.chance(0.5):
            other = dice.pick(art.pictures)
            page[:] = cv2.resize(other, (2 * w, 2 * h))
        if page[::4, ::4].std() > 15:
            break
    off = dice.whole(-h, h), dice.whole(-w, w)
    off = off if abs(off[0]) > h // 3 or abs(off[1]) > w // 3 else (h, off[1])
    y, x = (dice.whole(max(0, -d), min(s, s - d)) for s, d in zip(size, off, strict=True))
    for _ in range(dice.pick([1, 1, 1, 2, 3])):
        thing = any_sprite(dice, art, dice.real(0.15, 0.7) * max(size))
        u, v = y + dice.whole(0, max(0, h - thing.shape[0])), x + dice.whole(0, max(0, w - thing.shape[1]))
        paste(page, thing, v, u)
        paste(page, thing, v + off[1], u + off[0])
    return page[y : y + h, x : x + w].copy(), page[y + off[0] : y + off[0] + h, x + off[1] : x + off[1] + w].copy()


def _strangers(dice: Dice, art: Assets, size: Size) -> Pair:
    """Two places that have nothing in common, or a picture and itself far beside, larger or turned."""
    h, w = size
    a, b = (anywhere(dice, art, size) for _ in range(2))
    if dice.chance(0.5):
        a = np.asarray(cv2.resize(dice.pick(art.pictures), (w, h)), np.float32)
        right, down = (dice.pick([-1, 1]) * dice.real(0.06, 0.4) * side for side in (w, h))
        to = cv2.getRotationMatrix2D((w / 2, h / 2), dice.real(-12, 12), dice.real(0.8, 1.25))
        to = np.array([[1, 0, right], [0, 1, down]]) @ np.vstack([to, [0, 0, 1]])
        b = np.asarray(cv2.warpAffine(a, to, (w, h), borderMode=cv2.BORDER_REFLECT), np.float32)
    return a, b
