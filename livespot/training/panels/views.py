"""One view to learn the panel map from: a drawn page, worn, with all that lies around its two pictures.

Out: (SIDE, SIDE, 8) uint8 planes: BGR of A and of B, B laid onto A, as the search for the extent has them; 1 where both
hold something; 255 where the picture is that both show: nowhere, in some.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.panels.panel_map import SIDE
from livespot.training.drawn.assets import Assets
from livespot.training.drawn.camera import Wear, worn
from livespot.training.drawn.dice import Dice, Field, blur, grid
from livespot.training.drawn.pages import Sheet, anywhere, fingers
from livespot.training.drawn.samples import UNCHANGED, warped
from livespot.training.drawn.scenes import Puzzle, draw
from livespot.training.drawn.sprites import paste, sized
from livespot.training.panels.no_puzzle import no_puzzle

MASK = 7  # the last plane
NO_PUZZLE = 0.22  # of the views
CUT_THROUGH = 0.2  # of the views: the frame ends within the picture
Planes = NDArray[np.uint8]


def view(dice: Dice, art: Assets) -> Planes:
    """A puzzle on its page, its wear, how the search would lay it: one draw."""
    wear = Wear.draw(dice)
    if dice.chance(NO_PUZZLE):
        a, b = no_puzzle(dice, art)
        inside, margins = np.zeros(a.shape[:2], np.float32), [a.shape[0] // 4, a.shape[1] // 4] * 2
    else:
        longest = int(math.exp(dice.real(math.log(110), math.log(230))))
        other = max(70, int(longest * dice.real(0.5, 1.0)))
        puzzle = draw(
            dice, art, (other, longest) if dice.chance(0.75) else (longest, other), changed=not dice.chance(UNCHANGED)
        )
        _ground(dice, puzzle)
        a, b, inside, margins = _page(dice, art, puzzle)
    seen = np.ones_like(inside)
    bleeds = dice.chance(0.15)  # the pictures reach to the edges of the page
    sides = dice.rng.permutation(4)[: dice.pick([2, 3, 4, 4])] if bleeds else dice.rng.integers(0, 4, dice.whole(0, 2))
    for side in sides.tolist():
        exact = dice.chance(0.9 if bleeds else 0.2)
        cut = _frame_ends(inside.shape, side, (1.0 if exact else dice.real(-0.02, 1)) * margins[side])
        margins[side] = 0
        if dice.chance(0.6):
            a, b, inside, seen = a[cut], b[cut], inside[cut], seen[cut]
        else:
            kept = np.zeros_like(seen)
            kept[cut] = 1
            seen = seen * kept
    if dice.chance(0.38):
        a, b = (_glare(dice, a), b) if dice.chance(0.5) else (a, _glare(dice, b))
    (a, _), (b, _) = worn(dice, a, wear), worn(dice, b, wear)
    return _laid(dice, wear, a, b, inside, seen)


def _page(dice: Dice, art: Assets, puzzle: Puzzle) -> tuple[Field, Field, Field, list[int]]:
    """A and B with what lies around each, where the picture is, and the margins: above, left, below, right, px."""
    h, w = puzzle.tags.shape
    margins = [
        round((dice.real(0.03, 0.8) if dice.chance(0.85) else dice.real(0, 0.05)) * length) for length in (h, w, h, w)
    ]
    top, left, bottom, right = margins
    sheet = Sheet(dice, art, puzzle, (top, left, bottom, right))
    sheet.around()
    _captions(dice, art, sheet)
    shape, _ = sheet.panels()
    sheet.over()
    if dice.chance(0.5):
        sheet.table()
    if dice.chance(0.2):
        sheet.hand()
    a, b = (sheet.page[window].copy() for window in sheet.windows)
    inside = np.pad(shape, ((top, bottom), (left, right)))
    if dice.chance(0.3):
        _two_photographs(dice, art, a, b, inside)
    return a, b, inside, margins


def _two_photographs(dice: Dice, art: Assets, a: Field, b: Field, inside: Field) -> None:
    """Each picture before what is behind it: something else for each, or the same seen from beside, or one sheet with
    other things on it; fingers of their own.
    """
    rim = cv2.dilate(inside, np.ones((3, 3), np.uint8))[..., None]
    h, w = inside.shape
    way = dice.rng.random()
    behind_a = anywhere(dice, art, inside.shape) if way < 0.8 else a.copy()
    if dice.chance(0.4):  # the same hand, held the same way
        fingers(dice, behind_a)
    behind_b = behind_a.copy()
    if way < 0.35:
        behind_b = anywhere(dice, art, inside.shape)
    elif way < 0.8:
        beside = np.array([[1, 0, dice.real(-0.15, 0.15) * w], [0, 1, dice.real(-0.15, 0.15) * h]], np.float32)
        behind_b = np.asarray(cv2.warpAffine(behind_a, beside, (w, h), borderMode=cv2.BORDER_REPLICATE), np.float32)
    else:
        neighbour = dice.pick(art.pictures)
        ys, xs = (np.flatnonzero(inside.any(axis=k)) for k in (1, 0))
        top, left = dice.pick([(int(ys[-1]) + 1, int(xs[0])), (int(ys[0]), int(xs[-1]) + 1)])
        part = behind_a[top : top + len(ys), left : left + len(xs)]
        part[:] = cv2.resize(neighbour, (len(xs), len(ys)))[: part.shape[0], : part.shape[1]]
        behind_b = behind_a.copy()
    for picture, behind in ((a, behind_a), (b, behind_b)):
        fingers(dice, behind)
        picture += (behind - picture) * (1 - rim)


def _frame_ends(shape: tuple[int, ...], side: int, depth: float) -> tuple[slice, slice]:
    """What is left of (h, w) px where so much of a side (above, left, below, right) is beyond the camera's frame."""
    h, w = shape
    d = max(0, int(depth))
    return (np.s_[d:, :], np.s_[:, d:], np.s_[: h - d, :], np.s_[:, : w - d])[side]


def _ground(dice: Dice, puzzle: Puzzle) -> None:
    """Now and then only its lines are printed, or its ground is the paper's."""
    way, (a, b) = dice.rng.random(), (puzzle.a, puzzle.b)
    if way < 0.12:
        strength, tint = dice.real(2, 6), dice.real(0, 0.35)
        for picture in (a, b):
            grey = np.asarray(blur(picture, 0.8).mean(axis=2), np.float32)
            lines = np.abs(cv2.Laplacian(grey, cv2.CV_32F, ksize=3)) * strength
            picture[:] = np.clip(255 - np.clip(lines - 12, 0, 255), 0, 255)[..., None] * (1 - tint) + picture * tint
    elif way < 0.3:
        h, w = a.shape[:2]
        mask = np.zeros((h + 2, w + 2), np.uint8)
        picture8, near = np.clip(a, 0, 255).astype(np.uint8), (dice.whole(3, 14),) * 3
        for _ in range(6):
            x, y = dice.whole(0, w - 1), dice.whole(0, h - 1)
            start = dice.pick([(0, y), (w - 1, y), (x, 0), (x, h - 1)])
            cv2.floodFill(picture8, mask, start, (0,), near, near, 4 | cv2.FLOODFILL_MASK_ONLY | (1 << 8))
        ground = mask[1:-1, 1:-1] > 0
        if ground.mean() < 0.85:
            white = dice.real(225, 255)
            b[ground & (np.abs(a - b).max(axis=2) < 20)] = white
            a[ground] = white


def _captions(dice: Dice, art: Assets, sheet: Sheet) -> None:
    """A title above, a text below, near the pictures: at one of them, at both, or on from the one to the other."""
    h, w, (dx, dy) = sheet.h, sheet.w, sheet.b_at
    ink = dice.colour() * 0.3
    for below in (True, False):
        if not dice.chance(0.5):
            continue
        lines = dice.whole(1, 6 if below else 2)
        step = max(3, round(dice.real(0.02, 0.07) * w * (1.0 if below else dice.real(1, 2.2))))
        gap, across = round(dice.real(0.01, 0.12) * h), dice.chance(0.4)
        for x0, y0 in ((0, 0),) if across or dice.chance(0.15) else ((0, 0), (dx, dy)):
            wide = w + dx if across else round(w * dice.real(0.5, 1.0))
            y = y0 + h + gap if below else y0 - gap - lines * step
            for line in range(lines):
                x = x0
                while x < x0 + wide:
                    text = dice.pick(art.texts)
                    word = sized(text, min(wide, max(6, round(0.75 * step * text.shape[1] / text.shape[0]))))
                    word = word[: step - 1].copy()
                    word[..., :3] = ink
                    paste(sheet.page, word, *sheet.at(x, y + line * step))
                    x += word.shape[1] + max(2, step // 3)


def _glare(dice: Dice, picture: Field) -> Field:
    """A lamp's reflection, burnt out in its middle or only a veil."""
    h, w = picture.shape[:2]
    x, y = grid((h, w))
    x, y, turn = x - dice.real(0, w), y - dice.real(0, h), dice.real(0, math.pi)
    along, across = x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn)
    away = np.hypot(along, across / dice.real(0.4, 1.0)) / (dice.real(0.05, 0.45) * max(h, w))
    light = np.exp(-(away ** dice.real(1.2, 4))) * dice.real(60, 500)
    return np.asarray(picture + light[..., None], np.float32)


def _laid(dice: Dice, wear: Wear, a: Field, b: Field, inside: Field, seen: Field) -> Planes:
    """On the grid of the search: some perspective is left, B lies a little beside A, the further away the more, and
    the paper is bent."""
    h, w = inside.shape
    corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    lean = 0.06 * dice.real(0, 1) ** 2 * dice.pick([1, 1, 1, 2])
    moved = (corners + dice.rng.uniform(-lean, lean, (4, 2)) * (w, h)).astype(np.float32)
    scale = dice.real(170, SIDE) / max(h, w)
    size = max(32, round(w * scale)), max(32, round(h * scale))
    onto = np.diag([size[0] / w, size[1] / h, 1.0]) @ cv2.getPerspectiveTransform(corners, moved)
    soft = 0.45 / scale if scale < 0.75 else 0.0
    a, b = (
        np.asarray(cv2.warpPerspective(blur(p, soft), onto, size, borderMode=cv2.BORDER_REPLICATE), np.float32)
        for p in (a, b)
    )
    inside, seen = (
        np.asarray(cv2.warpPerspective(p.astype(np.float32), onto, size), np.float32) for p in (inside, seen)
    )
    shift = wear.shift * scale * dice.real(0.5, 1.5)
    off = dice.field(inside.shape, dice.whole(2, 9), 2) * shift + dice.rng.normal(0, 0.3 * shift, 2)
    off *= 1 + dice.real(0, 3) * blur(1 - inside, dice.real(4, 20))[..., None]
    b = warped(b, off, cv2.INTER_LINEAR)
    if dice.chance(0.3):
        bend = dice.field(inside.shape, dice.whole(1, 4), 2) * dice.real(0, 4)
        a, b, inside, seen = (warped(p, bend, cv2.INTER_LINEAR) for p in (a, b, inside, seen))
    out = np.zeros((SIDE, SIDE, MASK + 1), np.uint8)
    part, there = out[: size[1], : size[0]], seen > 0.5
    part[..., :6] = np.clip(np.dstack([a, b]), 0, 255) * there[..., None]
    part[..., 6], part[..., MASK] = there, np.clip(inside * there, 0, 1) * 255
    return out


def _cut_through(planes: Planes, rng: np.random.Generator) -> None:
    """End the camera's frame above somewhere in the picture, down to its middle."""
    rows = np.flatnonzero(planes[..., MASK].any(axis=1) if planes[..., MASK].any() else planes[..., 6].any(axis=1))
    planes[: rows[0] + int(rng.uniform(0, 0.55) * len(rows))] = 0


def batches(folder: Path, size: int, seed: int) -> Iterator[Planes]:
    """(size, SIDE, SIDE, 8) planes for ever, from what was drawn by then: turned, exchanged, under other light."""
    rng = np.random.default_rng([seed, 1])
    for number in itertools.count():
        if number % 200 == 0:
            files = sorted(folder.glob("*.npy"))
        views = np.stack([np.load(files[k]) for k in rng.integers(0, len(files), size)])
        for planes in views:
            if rng.random() < CUT_THROUGH:
                _cut_through(planes, rng)
        views = views[:, :: rng.choice([-1, 1]), :: rng.choice([-1, 1])]
        if rng.random() < 0.3:
            views = views.transpose(0, 2, 1, 3)
        if rng.random() < 0.5:
            views = views[..., [3, 4, 5, 0, 1, 2, 6, 7]]
        views = np.ascontiguousarray(views)
        for planes in views:
            light, both = rng.uniform(0.6, 1.4, (2, 1)) * rng.uniform(0.8, 1.25, (2, 3)), rng.uniform(0.7, 1.3)
            levels = 255 * np.clip(np.arange(256)[:, None] / 255 * light.ravel(), 0, 1) ** both
            planes[..., :6] = cv2.LUT(planes[..., :6], levels.astype(np.uint8)[:, None])
        yield views
