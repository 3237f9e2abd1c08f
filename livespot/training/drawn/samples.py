"""One training sample: a worn puzzle as livespot lays it, and the truth at every pixel.

Out: (h, w, 13) uint8 planes, so that many crops can be read from each of a few thousand files: a BGR, b BGR (under one
light), instance, kind + 1, weight of the difference in 1/64, core, belongs to A, to B in 1/255, seen.
"""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.classify.eye_input import evened
from livespot.training.drawn.assets import Assets
from livespot.training.drawn.camera import Wear, worn
from livespot.training.drawn.dice import Dice, Field, blur
from livespot.training.drawn.pages import View, bare, on_page
from livespot.training.drawn.scenes import draw

INSTANCE, KIND, WEIGHT, CORE, BELONGS_A, BELONGS_B, SEEN = range(6, 13)
UNCHANGED = 0.24
PHOTOGRAPH = 2
VISIBLE = (8.0, 13.0, 18.0)  # grey levels that are a difference in files, scans, photographs
DOUBTFUL = (2.5, 4.0, 6.0)  # from here to there nothing is asked
DROWNED = 1.3  # times what the wear alone leaves: a difference that nowhere stands out more is not asked
Planes = NDArray[np.uint8]


def sample(dice: Dice, assets: Assets) -> Planes:
    """A puzzle, its page, its wear, its truth: one draw."""
    wear = Wear.draw(dice)
    way = dice.rng.random()
    wide = way > 0.94  # now and then: the eye looks at panels that were found
    longest = int(dice.real(250, 300) if wide else math.exp(dice.real(math.log(190), math.log(500))))
    other = max(150, int(longest * dice.real(0.55, 1.0)))
    size = (other, longest) if dice.chance(0.75) else (longest, other)
    puzzle = draw(dice, assets, size, changed=not dice.chance(UNCHANGED))
    view = bare(dice, puzzle) if way < 0.25 else on_page(dice, assets, puzzle, wide)
    (a, burnt_a), (b, burnt_b) = worn(dice, view.a, wear), worn(dice, view.b, wear)
    if wear.shift > 0.05:
        f = dice.field(a.shape[:2], dice.whole(2, 9), 2) * wear.shift + dice.rng.normal(0, 0.25 * wear.shift, 2)
        b = warped(b, f, dice.pick([cv2.INTER_LINEAR, cv2.INTER_CUBIC]))
        burnt_b = warped(burnt_b, f, cv2.INTER_LINEAR)
    belongs_a, belongs_b = view.belongs_a * (1 - burnt_a), view.belongs_b * (1 - burnt_b)
    return with_truth(dice, replace(view, a=a, b=b, belongs_a=belongs_a, belongs_b=belongs_b), puzzle.kinds, wear.hard)


def with_truth(dice: Dice, view: View, of_kinds: list[int], hard: int) -> Planes:
    """The planes of what is seen of a puzzle whose edits are `of_kinds` (see Puzzle). hard: which of VISIBLE."""
    hidden, whole = np.minimum(view.belongs_a, view.belongs_b) < 0.5, view.seen > 0.5
    out = np.empty((*hidden.shape, 13), np.uint8)
    a, b = (np.clip(p, 0, 255).astype(np.uint8) for p in (view.a, view.b))
    known = whole & ~hidden if dice.chance(0.3) and not hidden.all() else whole
    out[..., :3], out[..., 3:6] = evened(a, b, known)
    change = np.abs(blur(view.clean_a, 0.6) - blur(view.clean_b, 0.6)).max(axis=2)
    instances = _instances(change, view.tags, hidden | (view.doubtful > 0.5), VISIBLE[hard])
    instances = _not_drowned(instances, out[..., :3], out[..., 3:6], whole & ~hidden)
    kinds = np.array([0] + [k + 1 for k in of_kinds] + [0] * 256, np.uint8)[:256]
    out[..., INSTANCE], out[..., KIND] = instances, kinds[instances]
    doubtful = ~hidden & (change > DOUBTFUL[hard]) | (view.doubtful > 0.1)
    out[..., WEIGHT] = _weights(instances, doubtful, hidden)
    out[..., CORE] = cores(instances)
    out[..., BELONGS_A], out[..., BELONGS_B], out[..., SEEN] = view.belongs_a * 255, view.belongs_b * 255, whole
    return out


def warped(picture: Field, field: NDArray[np.floating], how: int) -> Field:
    """A picture read `field` (h, w, 2) px beside each of its places."""
    h, w = picture.shape[:2]
    x, y = np.arange(w, dtype=np.float32)[None] + field[..., 0], np.arange(h, dtype=np.float32)[:, None] + field[..., 1]
    return np.asarray(
        cv2.remap(picture, x.astype(np.float32), y.astype(np.float32), how, borderMode=cv2.BORDER_REPLICATE), np.float32
    )


def _nearest(seeds: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """For every pixel the number of the nearest pixel that has one; all 0 when none has."""
    if not seeds.any():
        return seeds
    how = cv2.DIST_LABEL_PIXEL
    _, labels = cv2.distanceTransformWithLabels((seeds == 0).astype(np.uint8), cv2.DIST_L2, 3, labelType=how)
    numbers = np.zeros(int(labels.max()) + 1, np.uint8)
    numbers[labels[seeds > 0]] = seeds[seeds > 0]
    return np.asarray(numbers[labels], np.uint8)


def _instances(change: Field, tags: NDArray[np.uint8], hidden: NDArray[np.bool_], visible: float) -> NDArray[np.uint8]:
    """Which edit a pixel that visibly changed belongs to; specks of less than four pixels are dropped."""
    on = (change > visible) & ~hidden
    near = cv2.dilate(tags, np.ones((5, 5), np.uint8))
    out = np.where(on & (near > 0), _nearest(tags), 0).astype(np.uint8)
    count = np.bincount(out.ravel(), minlength=256)
    out[count[out] < 4] = 0
    return out


def _not_drowned(instances: Planes, a: Planes, b: Planes, known: NDArray[np.bool_]) -> Planes:
    """Without those that noise, shift and dither of the worn panels hide: nobody could point at them."""
    left = blur(cv2.absdiff(np.ascontiguousarray(a), np.ascontiguousarray(b)).max(axis=2).astype(np.float32), 1.2)
    off = left[known & (instances == 0)]
    usual = float(np.quantile(off[::7], 0.9)) if off.size > 70 else 0.0
    for number in np.unique(instances)[1:]:
        on = instances == number
        if np.quantile(left[on], 0.8) < DROWNED * usual + 1.0:
            instances[on] = 0
    return instances


def _weights(instances: NDArray[np.uint8], doubtful: NDArray[np.bool_], hidden: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Small and large differences have about the same voice; doubtful pixels and those beside one little."""
    count = np.bincount(instances.ravel(), minlength=256)
    voice = np.clip(64 * np.sqrt(350.0 / np.maximum(count, 1)), 28, 250)
    voice[0] = 64
    out = np.asarray(voice[instances])
    off = instances == 0
    out[off & hidden] = 32  # what is not of the picture is no difference
    out[off & doubtful] = 0
    beside = cv2.dilate((~off).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    out[beside & off] = 16
    edge = cv2.morphologyEx(hidden.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    out[edge & off] = np.minimum(out[edge & off], 24)
    return np.asarray(out, np.uint8)


def cores(instances: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """1 inside of each instance, closed and filled so that its pieces are one, 0 where two instances meet."""
    out = np.zeros(instances.shape, np.uint8)
    if not instances.any():
        return out
    owner = _nearest(instances)
    for number in np.unique(instances)[1:]:
        ys, xs = np.nonzero(instances == number)
        h, w = int(np.ptp(ys)) + 1, int(np.ptp(xs)) + 1
        r = int(np.clip(0.16 * math.sqrt(h * w), 2, 24))
        y0, x0 = int(ys.min()) - r - 1, int(xs.min()) - r - 1
        part: Planes = np.zeros((h + 2 * r + 2, w + 2 * r + 2), np.uint8)
        part[ys - y0, xs - x0] = 1
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * r + 1, 2 * r + 1))
        part = np.asarray(cv2.morphologyEx(part, cv2.MORPH_CLOSE, disc), np.uint8)
        rings, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(part, rings, -1, 1, -1)
        if h * w < 150:  # a mark is wider at half size than it is
            part = np.asarray(cv2.dilate(part, np.ones((3, 3), np.uint8)), np.uint8)
        top, left = max(0, y0), max(0, x0)
        bottom, right = min(owner.shape[0], y0 + h + 2 * r + 2), min(owner.shape[1], x0 + w + 2 * r + 2)
        mine = owner[top:bottom, left:right] == number
        out[top:bottom, left:right] |= part[top - y0 : bottom - y0, left - x0 : right - x0] & mine
    meet = cv2.dilate(owner, np.ones((3, 3), np.uint8)) != cv2.erode(owner, np.ones((3, 3), np.uint8))
    out[meet] = 0
    return out
