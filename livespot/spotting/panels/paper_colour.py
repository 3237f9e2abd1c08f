"""What colour the paper around the panels may be, and how far every place is from it.

In: both panels with their surroundings on one grid. Out: the plain colours that lie around the panels, the likeliest
first; and for one of them how far each panel is from it, place by place. Its brightness may change smoothly over the
page. Which of the colours is the page's ground is for outline.py to decide: the table is plain, too.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.kernels.channels import highest_channel
from livespot.spotting.registration.gradients import gradients

PLAIN = 2.0  # grey levels a px of the grid: no more gradient than that on paper
SAME_LIGHT = 0.3  # of the logarithm of brightness: shade on one sheet
SAME_TINT = 0.07  # of the logarithm of a channel against the others
DEVIATION = 0.05  # of the logarithm of a channel: so close to the fitted paper is paper
ENOUGH = 0.03  # share of a sector that a colour must cover to be found there
AROUND = 0.25  # of the core's width and height: how far beyond it the paper is looked for
BRIGHT = 8.0  # directions that twice the logarithm of brightness is worth
APART = 0.2  # of the logarithm of a channel: another colour
MOST = 150  # pixels looked at in a sector

Field = NDArray[np.float32]
Colour = NDArray[np.float64]
Pair = tuple[Field, Field]
Masks = tuple[NDArray[np.bool_], NDArray[np.bool_]]

MOST_COLOURS = 4


def paper_colours(logs: Pair, flat: Masks, core: NDArray[np.bool_]) -> list[Colour]:
    """Up to MOST_COLOURS plain colours (logarithms, 3) around the panels, the likeliest paper first.

    logs: (h, w, 3), of A and B. flat: (h, w), what is plain in each and no panel (`flat_around`). core: (h, w), what
    belongs to the panel for certain.
    """
    ys, xs = np.nonzero(core)
    if not len(xs):
        return []
    height, width = core.shape
    grid_y, grid_x = np.mgrid[0:height:3, 0:width:3]
    dx = (grid_x - (xs.min() + xs.max()) / 2) / max(float(np.ptp(xs)), 1.0)
    dy = (grid_y - (ys.min() + ys.max()) / 2) / max(float(np.ptp(ys)), 1.0)
    sector = np.where(np.abs(dx) > np.abs(dy), np.where(dx > 0, 0, 1), np.where(dy > 0, 2, 3))
    near = np.maximum(np.abs(dx), np.abs(dy)) < 0.5 + AROUND
    colours, sectors = [], []
    for panel, (log, plain) in enumerate(zip(logs, flat, strict=True)):
        for k in range(4):
            at = np.flatnonzero((plain[::3, ::3] & near & (sector == k)).ravel())
            if len(at) < 12:
                continue
            at = at[:: max(1, len(at) // MOST)]
            colours.append(log[::3, ::3].reshape(-1, 3)[at])
            sectors.append(np.full(len(at), 4 * panel + k))
    if not colours:
        return []
    every, which = np.concatenate(colours), np.concatenate(sectors)
    tried = every[:: max(1, len(every) // 60)]
    same = alike(every[None], tried[:, None])
    count = np.stack(
        [same[:, which == k].mean(axis=1) if (which == k).any() else np.zeros(len(tried)) for k in range(8)]
    )
    directions = np.minimum(count / ENOUGH, 1.0).sum(axis=0)
    light = tried.mean(axis=1)
    found = directions + BRIGHT * (light - light.max()) + 0.5 * count.mean(axis=0)
    left = directions >= 2.0
    chosen: list[Colour] = []
    while left.any() and len(chosen) < MOST_COLOURS:
        best = int(np.argmax(np.where(left, found, -np.inf)))
        colour = np.median(every[same[best]], axis=0)
        chosen.append(np.asarray(colour, np.float64))
        left &= (np.abs(tried - colour).max(axis=1) > APART) & (np.abs(tried - tried[best]).max(axis=1) > APART)
    return chosen


def paper_distance(logs: Pair, flat: Masks, colour: Colour) -> Field:
    """How far A and B are from paper of that colour, (h, w, 2), in DEVIATIONs."""
    away = [highest_channel(np.abs(log - _fitted(log, where, colour))) for log, where in zip(logs, flat, strict=True)]
    return np.asarray(np.dstack(away) / np.float32(DEVIATION), np.float32)


def flat_around(a: Field, b: Field, core: NDArray[np.bool_], seen: NDArray[np.bool_]) -> Masks:
    """(h, w) bool each: where A and B hardly change from px to px, and no panel is. seen: what both pictures hold."""
    free = seen & ~core
    return _plain(a) & free, _plain(b) & free


def mean(values: Field) -> Field:
    """The mean over the last axis, quicker than by NumPy's own reduction."""
    return np.asarray(sum(values[..., k] for k in range(values.shape[-1])) / np.float32(values.shape[-1]), np.float32)


def logarithm(picture: Field) -> Field:
    """Of BGR levels (…, 3), away from zero: light multiplies, so it adds here."""
    return np.asarray(np.log(picture + 8.0), np.float32)


def _plain(picture: Field) -> NDArray[np.bool_]:
    """Where (h, w, 3) levels hardly change from px to px."""
    grey = mean(picture)
    x, y = gradients(grey)
    return np.asarray(cv2.blur(np.abs(x) + np.abs(y), (3, 3)) < PLAIN, np.bool_)


def alike(one: Field, two: Field) -> NDArray[np.bool_]:
    """Whether colours (logarithms, (…, 3)) are one colour under different light."""
    difference = one - two
    light = mean(difference)
    tint = highest_channel(np.abs(difference - light[..., None]))
    return np.asarray((np.abs(light) < SAME_LIGHT) & (tint < SAME_TINT), np.bool_)


def _fitted(log: Field, where: NDArray[np.bool_], colour: Colour) -> Field:
    """The paper's colour (logarithms) at every pixel: a quadratic through what looks like it, fitted robustly."""
    height, width = where.shape
    step = 4
    y, x = np.mgrid[0:height:step, 0:width:step]
    y, x = y / height * 2.0 - 1.0, x / width * 2.0 - 1.0
    design = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)
    sample = log[::step, ::step].reshape(-1, 3)
    use = where[::step, ::step].ravel() & alike(sample, colour.astype(np.float32))
    solution = np.zeros((6, 3))
    solution[0] = colour
    if int(use.sum()) >= 40:
        rows, values = design[use], sample[use].astype(np.float64)
        penalty = np.diag([0.0, 0.01, 0.01, 0.05, 0.05, 0.05]) * len(rows)
        weight = np.ones(len(rows))
        for _ in range(5):
            left = rows.T @ (rows * weight[:, None]) + penalty
            solution = np.linalg.solve(left, rows.T @ (values * weight[:, None]))
            off = np.abs(values - rows @ solution).max(axis=1)
            weight = 1.0 / (1.0 + (off / 0.04) ** 2) ** 2
    field = (design @ solution).reshape(*x.shape, 3).astype(np.float32)
    return np.asarray(cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
