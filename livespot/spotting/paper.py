"""What colour the paper around the panels is, place by place.

In: both panels with their surroundings on one grid. Out: how far each is from bare paper. The paper is the plain colour
that lies around both panels on most of their sides; its brightness may change smoothly over the page.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

PLAIN = 2.0  # grey levels a px of the grid: no more gradient than that on paper
SAME_LIGHT = 0.3  # of the logarithm of brightness: shade on one sheet
SAME_TINT = 0.07  # of the logarithm of a channel against the others
DEVIATION = 0.05  # of the logarithm of a channel: so close to the fitted paper is paper
ENOUGH = 0.03  # share of a sector that a colour must cover to be found there
AROUND = 0.25  # of the core's width and height: how far beyond it the paper is looked for
BRIGHT = 8.0  # directions that twice the logarithm of brightness is worth
FAR = 9.0
MOST = 150  # pixels looked at in a sector

Field = NDArray[np.float32]


def paper_distance(a: Field, b: Field, core: NDArray[np.bool_], seen: NDArray[np.bool_]) -> Field:
    """How far A and B are from the paper's colour, (h, w, 2), in DEVIATIONs; FAR everywhere when no paper was found.

    a, b: (h, w, 3) BGR levels. core: (h, w), what belongs to the panel for certain. seen: what both pictures hold.
    """
    plain = [_plain(picture) & seen & ~core for picture in (a, b)]
    logs = [np.asarray(np.log(picture + 8.0), np.float32) for picture in (a, b)]
    colour = _common(logs, plain, core)
    if colour is None:
        return np.full((*core.shape, 2), FAR, np.float32)
    away = [
        np.abs(log - _fitted(log, where, colour)).max(axis=2) / DEVIATION
        for log, where in zip(logs, plain, strict=True)
    ]
    return np.asarray(np.dstack(away), np.float32)


def _plain(picture: Field) -> NDArray[np.bool_]:
    grey = picture.mean(axis=2)
    x = cv2.Sobel(grey, cv2.CV_32F, 1, 0, scale=0.125)
    y = cv2.Sobel(grey, cv2.CV_32F, 0, 1, scale=0.125)
    return np.asarray(cv2.blur(np.abs(x) + np.abs(y), (3, 3)) < PLAIN, np.bool_)


def _common(
    logs: list[NDArray[np.float32]], plain: list[NDArray[np.bool_]], core: NDArray[np.bool_]
) -> NDArray[np.float64] | None:
    """The colour (logarithms, 3) that lies around both panels in the most directions, and is bright."""
    ys, xs = np.nonzero(core)
    if not len(xs):
        return None
    height, width = core.shape
    grid_y, grid_x = np.mgrid[0:height:3, 0:width:3]
    dx = (grid_x - (xs.min() + xs.max()) / 2) / max(float(np.ptp(xs)), 1.0)
    dy = (grid_y - (ys.min() + ys.max()) / 2) / max(float(np.ptp(ys)), 1.0)
    sector = np.where(np.abs(dx) > np.abs(dy), np.where(dx > 0, 0, 1), np.where(dy > 0, 2, 3))
    near = np.maximum(np.abs(dx), np.abs(dy)) < 0.5 + AROUND
    colours, sectors = [], []
    for panel, (log, where) in enumerate(zip(logs, plain, strict=True)):
        for k in range(4):
            at = np.flatnonzero((where[::3, ::3] & near & (sector == k)).ravel())
            if len(at) < 12:
                continue
            at = at[:: max(1, len(at) // MOST)]
            colours.append(log[::3, ::3].reshape(-1, 3)[at])
            sectors.append(np.full(len(at), 4 * panel + k))
    if not colours:
        return None
    every, which = np.concatenate(colours), np.concatenate(sectors)
    tried = every[:: max(1, len(every) // 60)]
    same = _alike(every[None], tried[:, None])
    count = np.stack(
        [same[:, which == k].mean(axis=1) if (which == k).any() else np.zeros(len(tried)) for k in range(8)]
    )
    found = np.minimum(count / ENOUGH, 1.0).sum(axis=0)
    # of two colours found all around, the brighter one is the paper, the other the picture's ground or the table
    light = tried.mean(axis=1)
    best = int(np.argmax(found + BRIGHT * (light - light.max()) + 0.5 * count.mean(axis=0)))
    if found[best] < 2.0:
        return None
    return np.asarray(np.median(every[same[best]], axis=0), np.float64)


def _alike(one: NDArray[np.float32], two: NDArray[np.float32]) -> NDArray[np.bool_]:
    difference = one - two
    light = difference.mean(axis=-1, keepdims=True)
    tint = np.abs(difference - light).max(axis=-1)
    return np.asarray((np.abs(light[..., 0]) < SAME_LIGHT) & (tint < SAME_TINT), np.bool_)


def _fitted(log: NDArray[np.float32], where: NDArray[np.bool_], colour: NDArray[np.float64]) -> NDArray[np.float32]:
    """The paper's colour (logarithms) at every pixel: a quadratic through what looks like it, fitted robustly."""
    height, width = where.shape
    step = 4
    y, x = np.mgrid[0:height:step, 0:width:step]
    y, x = y / height * 2.0 - 1.0, x / width * 2.0 - 1.0
    design = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)
    sample = log[::step, ::step].reshape(-1, 3)
    use = where[::step, ::step].ravel() & _alike(sample, colour.astype(np.float32))
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
