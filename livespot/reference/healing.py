"""Retouching without a seam: texture from elsewhere is laid into a hole, and its light is bent to meet the rim.

In: a picture, a mask, and where the new content comes from. Out: the picture with the mask filled. Method: Poisson
image editing, Pérez et al. 2003, doi:10.1145/882262.882269, in its membrane form: the difference at the rim is carried
inside by a harmonic function, so that the filled part meets its surroundings exactly.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image

Mask = NDArray[np.bool_]
Shift = tuple[int, int]  # x, y
_RIM = 3  # px around the mask that must agree with the source
LIFTED = 30.0  # grey levels by which content may be lifted as a whole: more changes its colour
_ROUGH = 20.0  # grey levels by which the rim may still disagree after lifting: more leaves a smear
_AGREED = 99.0  # percent of the rim that must agree: the end of a thin line would be seen
_LIT = 110.0  # grey level of the place (strongest channel) above which these limits hold; in the dark they shrink
_DIMMEST = 0.2  # ... down to this share: grey levels are whole numbers
_CLIPPED = 4.0  # grey levels by which lifted content may leave the range: it loses its texture there
_SAMPLED = 200  # px of rim and hole by which places are compared


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


def cut_in(picture: Image, content: Image, mask: Mask, soft: float) -> Image:
    """`content` inside the mask with an edge `soft` px wide (sigma), its colours as they are: for things with an
    outline of their own."""
    inner = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.float32)
    share = cv2.GaussianBlur(inner, (0, 0), soft)[..., None]
    share[share < 0.02] = 0
    return np.asarray(picture + (content.astype(np.float32) - picture) * share + 0.5, np.float32).astype(np.uint8)


def meets(picture: Image, content: Image, mask: Mask, lifted: float = LIFTED) -> bool:
    """Whether `content` can be laid into the mask without a smear, and without lifting it by more than `lifted`.

    The rim is judged without its grain, which is no seam, and by the light of the place: a step that drowns in a
    bright picture is half of all the contrast there is in a dark one.
    """
    rim = cv2.dilate(mask.astype(np.uint8), np.ones((2 * _RIM - 1, 2 * _RIM - 1), np.uint8)).astype(bool) & ~mask
    if not rim.any():
        return False
    gap = picture.astype(np.float32) - content
    near = (2 * _RIM + 1, 2 * _RIM + 1)
    count = cv2.boxFilter(rim.astype(np.float32), -1, near, normalize=False)
    total = cv2.boxFilter(gap * rim[..., None], -1, near, normalize=False)
    step = total[rim] / count[rim][:, None]
    light = lit(picture[rim])
    lift = np.median(step, axis=0)
    if np.abs(lift).max() > lifted * light:
        return False
    if np.percentile(np.abs(step - lift).max(axis=1), _AGREED) > _ROUGH * light:
        return False
    raised = content[mask] + lift
    return bool(np.mean(((raised < -_CLIPPED) | (raised > 255 + _CLIPPED)).any(axis=1)) < 0.02)


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


def lit(pixels: NDArray[np.uint8]) -> float:
    """How large a step of light must be to be seen among these pixels, (n, 3): 1 in a bright place, less in a dark
    one."""
    return float(np.clip(pixels.max(axis=1).mean() / _LIT, _DIMMEST, 1.0))


def best_shifts(
    picture: Image, mask: Mask, corner: Shift, reach: float, rng: np.random.Generator, tries: int = 160, most: int = 6
) -> list[Shift]:
    """Where to take the content of a hole from: the shifts at which the rim looks most alike, up to an offset of light.

    mask: (h, w) of a part of the picture whose upper left pixel is `corner`, the hole _RIM px within it. reach: how
    far away to look, px. Best first, at most `most`; none when no place within the picture serves.
    """
    height, width = picture.shape[:2]
    rim = cv2.dilate(mask.astype(np.uint8), np.ones((2 * _RIM + 1, 2 * _RIM + 1), np.uint8)).astype(bool) & ~mask
    ys, xs = np.nonzero(rim)
    my, mx = np.nonzero(mask)
    if len(ys) < 8:
        return []
    low = np.array([mx.min() + corner[0], my.min() + corner[1]])
    high = np.array([mx.max() + corner[0], my.max() + corner[1]])
    size = high - low + 1
    angles, far = rng.uniform(0, 2 * np.pi, tries), rng.uniform(1.0, 1.0 + reach / max(1.0, float(size.max())), tries)
    shifts = np.rint(np.stack([np.cos(angles), np.sin(angles)], axis=1) * size * far[:, None]).astype(np.int64)
    # The source may not touch the hole itself, nor leave the picture.
    away = (np.abs(shifts) >= size + _RIM).any(axis=1)
    within = (low + shifts >= _RIM).all(axis=1) & (high + shifts < np.array([width, height]) - _RIM).all(axis=1)
    shifts = shifts[away & within]
    if len(shifts) == 0:
        return []
    few = rng.permutation(len(ys))[:_SAMPLED]
    ys, xs = ys[few] + corner[1], xs[few] + corner[0]
    few = rng.permutation(len(my))[:_SAMPLED]
    my, mx = my[few] + corner[1], mx[few] + corner[0]
    dx, dy = shifts[:, :1], shifts[:, 1:]
    there = picture[ys + dy, xs + dx].astype(np.float32)
    gap = picture[ys, xs].astype(np.float32) - there
    offset = np.median(gap, axis=1, keepdims=True)
    rough = np.abs(gap - offset).mean(axis=(1, 2))
    content = picture[my + dy, mx + dx].astype(np.float32)
    busy = np.abs(content - np.median(there, axis=1, keepdims=True)).mean(axis=(1, 2))
    cost = rough + 0.25 * np.abs(offset).mean(axis=(1, 2)) + 0.35 * busy
    return [(int(x), int(y)) for x, y in shifts[np.argsort(cost, kind="stable")[:most]]]


def healed(
    picture: Image, mask: Mask, corner: Shift, reach: float, rng: np.random.Generator, most: int = 6
) -> Image | None:
    """The part of the picture at `corner` that the mask covers, without what is under the mask; None when nothing
    within `reach` px can stand in its place. The shapes and the corner are those of `best_shifts`."""
    here = cut(picture, corner, mask.shape)
    x, y, w, h = cv2.boundingRect(mask.astype(np.uint8))
    inner = np.s_[y - _RIM : y + h + _RIM, x - _RIM : x + w + _RIM]
    hole = mask[inner]
    for dx, dy in best_shifts(picture, mask, corner, reach, rng, 80 * most // 3, most):
        place = (corner[0] + x - _RIM + dx, corner[1] + y - _RIM + dy)
        content = cut(picture, place, hole.shape)
        if meets(here[inner], content, hole, 2 * LIFTED):  # a background may be lit otherwise
            out = here.copy()
            out[inner] = lay_in(here[inner], content, hole)
            return out
    return None


def cut(picture: Image, corner: Shift, shape: tuple[int, ...]) -> Image:
    """The part of a picture of that shape (h, w) whose upper left pixel is `corner` (x, y)."""
    return picture[corner[1] : corner[1] + shape[0], corner[0] : corner[0] + shape[1]]


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
    from_x = (xs - pull * dx - weight * shift[0]).astype(np.float32)
    from_y = (ys - pull * dy - weight * shift[1]).astype(np.float32)
    out = picture.copy()
    part = cv2.remap(picture, from_x, from_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    touched = weight > 0
    out[y0:y1, x0:x1][touched] = part[touched]
    return out
