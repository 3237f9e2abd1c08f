"""Retouching without a seam: texture from elsewhere is laid into a hole, and its light is bent to meet the rim.

In: a picture, a mask, and where the new content comes from. Out: the picture with the mask filled. Method: Poisson
image editing, Pérez et al. 2003, doi:10.1145/882262.882269, in its membrane form: the difference at the rim is carried
inside by a harmonic function, so that the filled part meets its surroundings exactly.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image

Mask = NDArray[np.bool_]
Shift = tuple[int, int]  # x, y
_RIM = 3  # px around the mask that must agree with the source
LIFTED = 30.0  # grey levels by which content may be lifted as a whole: more changes its colour
_ROUGH = 26.0  # grey levels by which the rim may disagree beyond that: more leaves a smear


def lay_in(picture: Image, content: Image, mask: Mask) -> Image:
    """`content` (same shape as `picture`) inside the mask, its light changed so that no edge shows at the rim."""
    ys, xs = np.nonzero(mask)
    if len(ys) == 0:
        return picture.copy()
    y0, y1 = max(0, ys.min() - 2), min(picture.shape[0], ys.max() + 3)
    x0, x1 = max(0, xs.min() - 2), min(picture.shape[1], xs.max() + 3)
    area = np.s_[y0:y1, x0:x1]
    hole = mask[area]
    gap = picture[area].astype(np.float64) - content[area]
    lift = membrane(gap, hole)
    out = picture.copy()
    part = out[area]
    part[hole] = np.clip(content[area].astype(np.float64) + lift + 0.5, 0, 255).astype(np.uint8)[hole]
    return out


def cut_in(picture: Image, content: Image, mask: Mask) -> Image:
    """`content` inside the mask with a soft edge, its colours as they are: for things with an outline of their own."""
    soft = max(0.7, max(picture.shape) / 1400)
    inner = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.float32)
    share = cv2.GaussianBlur(inner, (0, 0), soft)[..., None]
    share[share < 0.02] = 0
    return np.asarray(picture + (content.astype(np.float32) - picture) * share + 0.5, np.float32).astype(np.uint8)


def meets(picture: Image, content: Image, mask: Mask, lifted: float = LIFTED) -> bool:
    """Whether `content` can be laid into the mask without a smear, and without lifting it by more than `lifted`."""
    wide = cv2.dilate(mask.astype(np.uint8), np.ones((2 * _RIM - 1, 2 * _RIM - 1), np.uint8)).astype(bool)
    rim = wide & ~mask
    gap = picture[rim].astype(np.float64) - content[rim]
    if len(gap) == 0:
        return False
    lift = np.median(gap, axis=0)
    rough = np.percentile(np.abs(gap - lift).max(axis=1), 88)
    return bool(np.abs(lift).max() <= lifted and rough <= _ROUGH)


def membrane(values: NDArray[np.float64], hole: Mask) -> NDArray[np.float64]:
    """`values` (h, w, c) continued into the hole harmonically: each pixel there the mean of its four neighbours."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.linalg import splu

    number = np.full(hole.shape, -1, np.int64)
    ys, xs = np.nonzero(hole)
    number[ys, xs] = np.arange(len(ys))
    rows, columns, weights = [np.arange(len(ys))], [np.arange(len(ys))], []
    right = np.zeros((len(ys), values.shape[2]))
    degree = np.zeros(len(ys))
    for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0)):
        ny, nx = ys + dy, xs + dx
        inside = (ny >= 0) & (ny < hole.shape[0]) & (nx >= 0) & (nx < hole.shape[1])
        degree += inside
        other = np.where(inside, number[np.clip(ny, 0, hole.shape[0] - 1), np.clip(nx, 0, hole.shape[1] - 1)], -1)
        free = inside & (other >= 0)
        rows.append(np.flatnonzero(free))
        columns.append(other[free])
        weights.append(np.full(int(free.sum()), -1.0))
        known = inside & (other < 0)
        right[known] += values[ny[known], nx[known]]
    matrix = csr_matrix(
        (np.concatenate([degree, *weights]), (np.concatenate(rows), np.concatenate(columns))), shape=(len(ys), len(ys))
    ).tocsc()
    out = values.copy()
    out[ys, xs] = splu(matrix).solve(right)
    return out


def best_shifts(
    picture: Image, mask: Mask, reach: float, rng: np.random.Generator, tries: int = 160, most: int = 6
) -> list[Shift]:
    """Where to take the content of a hole from: the shifts at which the rim looks most alike, up to an offset of light.

    reach: how far away to look, px. Best first, at most `most`; none when no place within the picture serves.
    """
    height, width = mask.shape
    rim = cv2.dilate(mask.astype(np.uint8), np.ones((2 * _RIM + 1, 2 * _RIM + 1), np.uint8)).astype(bool) & ~mask
    ys, xs = np.nonzero(rim)
    my, mx = np.nonzero(mask)
    if len(ys) < 8:
        return []
    take = rng.permutation(len(ys))[:600]
    ys, xs = ys[take], xs[take]
    here = picture[ys, xs].astype(np.float64)
    low = np.array([mx.min(), my.min()])
    high = np.array([mx.max(), my.max()])
    size = high - low + 1
    found: list[tuple[float, Shift]] = []
    for _ in range(tries):
        angle, far = rng.uniform(0, 2 * np.pi), rng.uniform(1.0, 1.0 + reach / max(1.0, float(size.max())))
        dx, dy = round(float(np.cos(angle)) * size[0] * far), round(float(np.sin(angle)) * size[1] * far)
        # The source may not touch the hole itself, nor leave the picture.
        if abs(dx) < size[0] + _RIM and abs(dy) < size[1] + _RIM:
            continue
        if low[0] + dx < _RIM or low[1] + dy < _RIM or high[0] + dx >= width - _RIM or high[1] + dy >= height - _RIM:
            continue
        inside = (ys + dy >= 0) & (ys + dy < height) & (xs + dx >= 0) & (xs + dx < width)
        there = picture[ys[inside] + dy, xs[inside] + dx].astype(np.float64)
        gap = here[inside] - there
        rough = float(np.abs(gap - np.median(gap, axis=0)).mean())
        offset = float(np.abs(np.median(gap, axis=0)).mean())
        content = picture[my + dy, mx + dx].astype(np.float64)
        busy = float(np.abs(content - np.median(there, axis=0)).mean())
        cost = rough + 0.25 * offset + 0.35 * busy
        found.append((cost, (dx, dy)))
    return [shift for _, shift in sorted(found)[:most]]


def healed(picture: Image, mask: Mask, reach: float, rng: np.random.Generator) -> Image | None:
    """The picture without what the mask covers; None when nothing near it can stand in its place."""
    for shift in best_shifts(picture, mask, reach, rng):
        content = shifted(picture, shift)
        if meets(picture, content, mask, 2 * LIFTED):  # a background may be lit otherwise
            return lay_in(picture, content, mask)
    return None


def bent(picture: Image, centre: tuple[float, float], reach: float, factor: float, shift: tuple[float, float]) -> Image:
    """The picture with what lies around `centre` (x, y) enlarged by `factor` and moved by `shift` px, with no edge.

    The change is full in the middle and fades out at `reach` px from it, as (1 - (r / reach)^2)^2: nothing folds
    for factors from 0.75 to 1.4 and shifts up to a quarter of `reach`.
    """
    height, width = picture.shape[:2]
    x0, y0 = (max(0, int(c - reach)) for c in centre)
    x1, y1 = min(width, int(centre[0] + reach) + 2), min(height, int(centre[1] + reach) + 2)
    ys, xs = np.mgrid[y0:y1, x0:x1].astype(np.float32)
    dx, dy = xs - centre[0], ys - centre[1]
    weight = np.clip(1.0 - (dx * dx + dy * dy) / reach**2, 0.0, 1.0) ** 2
    pull = weight * (1.0 - 1.0 / factor)
    from_x = xs - pull * dx - weight * shift[0]
    from_y = ys - pull * dy - weight * shift[1]
    out = picture.copy()
    part = cv2.remap(
        picture,
        from_x.astype(np.float32),
        from_y.astype(np.float32),
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REFLECT_101,
    )
    touched = weight > 0
    out[y0:y1, x0:x1][touched] = part[touched]
    return out


def shifted(picture: Image, shift: Shift) -> Image:
    """The picture moved so that what was at p + shift is at p."""
    matrix = np.array([[1, 0, -shift[0]], [0, 1, -shift[1]]], np.float64)
    return np.asarray(
        cv2.warpAffine(
            picture, matrix, picture.shape[1::-1], flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT_101
        ),
        np.uint8,
    )
