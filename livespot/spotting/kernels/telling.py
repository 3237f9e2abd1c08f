"""What a region's kind is told by, in one call that leaves other threads alone meanwhile.

Both panels under one light in a window, made smaller, and how alike and how one-sided they are in it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.kernels.bands import Map, f32, kernel, mirrored, ready
from livespot.spotting.kernels.crops import correlation, correlation_reference, strangeness, strangeness_reference
from livespot.spotting.kernels.light import Window, _scaled_window, scaled_window_reference
from livespot.spotting.kernels.silhouette import silhouette, silhouette_reference, widened
from livespot.spotting.kernels.smoothing import add_times, smaller

Mask = NDArray[np.uint8]

KEPT = 0.35  # of a pixel of the crop, or of the fullest one, that must differ
BLUR = 0.7  # px, sigma, before gradients are taken
TAPS = 3  # of the blur, each way
BESIDE = 3  # px, how wide a ring of what is around is looked at


class Looked(NamedTuple):
    """How a crop is looked at. few: pixels that stand for all. noise: grey levels (a px) that weigh nothing.
    uncorrelated: grey levels squared of variance that are noise.
    """

    few: int
    noise: float
    uncorrelated: float


class Told(NamedTuple):
    """a, b: (h, w, 3) float32, the crop of either panel. inside: (h, w) uint8, 1 where they differ; nothing more is
    known when that is empty.

    pattern: correlation of both inside. side: near 1 when only A has an object, near -1 when only B has. outline:
    correlation of the gradients' strength in and around it.
    """

    a: Map
    b: Map
    inside: Mask
    pattern: float
    side: float
    outline: float


def told(
    panels: tuple[Image, Image], roots: tuple[Map, Map], block: int,
    window: Window, inside: Mask, size: tuple[int, int], how: Looked,
) -> Told:  # fmt: skip
    """Of a window (x0, y0, x1, y1) of both panels (h, w, 3) uint8, times `roots` (gh, gw, 3) by blocks of `block` px.

    inside: (y1 - y0, x1 - x0) uint8, 1 where they differ. size: (width, height) px of the crop, at most the window's.
    """
    width, height = size
    small = np.empty((2, height, width, 3), np.float32)
    mask, out = np.empty((height, width), np.uint8), np.zeros(3, np.float64)
    a, b = (ready(p, np.uint8) for p in panels)
    one, two = (ready(v, np.float32) for v in roots)
    reach = max(1, round(2 * max(size) / max(inside.shape)))
    whole = ready(inside, np.uint8)
    _told(a, b, one, two, block, window[0], window[1], whole, reach, *how, small, mask, out)
    return Told(small[0], small[1], mask, *(float(v) for v in out))


def told_reference(
    panels: tuple[Image, Image], roots: tuple[Map, Map], block: int,
    window: Window, inside: Mask, size: tuple[int, int], how: Looked,
) -> Told:  # fmt: skip
    """The same, plainly."""
    scale = max(size) / max(inside.shape)
    a, b = (scaled_window_reference(p, r, block, window) for p, r in zip(panels, roots, strict=True))
    a, b, share = (
        np.asarray(cv2.resize(p, size, interpolation=cv2.INTER_AREA), np.float32)
        for p in (a, b, inside.astype(np.float32))
    )
    inside = (share >= min(KEPT, float(share.max()))).astype(np.uint8) if share.any() else share.astype(np.uint8)
    if not inside.any():
        return Told(a, b, inside, 0.0, 0.0, 0.0)
    reach = max(1, round(2 * scale))
    around = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    whole, outline = silhouette_reference(inside)
    strengths = [_gradient_reference(p) for p in (a, b)]
    parts = [_balance(*(cv2.mean(cv2.dilate(s, around), outline)[0] for s in strengths), how.noise)]
    parts.append(_balance(*(cv2.mean(s, whole)[0] for s in strengths), how.noise))
    wider = 2 * (reach + BESIDE) + 1
    beside = cv2.dilate(whole, np.ones((wider, wider), np.uint8)) - cv2.dilate(whole, around)
    if beside.any():
        parts.append(_balance(*strangeness_reference(a, b, inside, beside.astype(np.uint8), how.few), how.noise))
    near = np.asarray(cv2.dilate(inside, np.ones((2 * reach + 3, 2 * reach + 3), np.uint8)), np.uint8)
    greys = [p.mean(axis=2) for p in (a, b)]
    pattern = correlation_reference(greys[0], greys[1], inside, how.uncorrelated * float(inside.sum()))
    alike = correlation_reference(strengths[0], strengths[1], near, how.noise * float(near.sum()))
    return Told(a, b, inside, pattern, sum(parts) / len(parts), alike)


def _gradient_reference(part: Map) -> Map:
    """(h, w) float32 grey levels a px, over the three channels."""
    smooth = cv2.GaussianBlur(part, (0, 0), BLUR)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=0.125)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=0.125)
    return np.asarray(np.sqrt((across * across + down * down).sum(axis=2)), np.float32)


@kernel
def _balance(one: Any, two: Any, noise: Any) -> Any:
    """Which of two strengths is larger: 1 only the first, -1 only the second."""
    return (one - two) / (one + two + noise)


# --- made smaller ---


@kernel
def _smaller_mask(inside: Any, o: Any) -> Any:
    """A mask made smaller, so that a thin region does not vanish; how many pixels it has then."""
    h, w = inside.shape
    height, width = o.shape
    wide, share = np.empty((h, w), np.float32), np.empty((height, width), np.float32)
    for y in range(h):
        for x in range(w):
            wide[y, x] = f32(1) if inside[y, x] != 0 else f32(0)
    smaller(wide, 1, share)
    most = f32(0)
    for y in range(height):
        for x in range(width):
            most = max(most, share[y, x])
    count = 0
    for y in range(height):
        for x in range(width):
            kept = most > 0 and share[y, x] >= min(f32(KEPT), most)
            o[y, x] = 1 if kept else 0
            count += 1 if kept else 0
    return count


# --- gradients ---


@kernel
def _blur_down(p: Any, y: Any, taps: Any, o: Any) -> None:
    """Row y of p blurred from above and below; into o from its fourth pixel on."""
    h = p.shape[0]
    o[:] = 0
    inner = o[3 * TAPS : 3 * TAPS + p.shape[1]]
    for k in range(-TAPS, TAPS + 1):
        add_times(p[mirrored(y + k, h)], taps[abs(k)], inner)


@kernel
def _mirrored_ends(o: Any, n: Any, reach: Any) -> None:
    """A row of n colours, `reach` of them before it and after it, which are those inside as in a mirror."""
    for i in range(1, reach + 1):
        for k in range(3):
            o[3 * (reach - i) + k] = o[3 * (reach + mirrored(-i, n)) + k]
            o[3 * (reach + n - 1 + i) + k] = o[3 * (reach + mirrored(n - 1 + i, n)) + k]


@kernel
def _blur_along(line: Any, taps: Any, o: Any) -> None:
    w0, w1, w2, w3 = taps[0], taps[1], taps[2], taps[3]
    for x in range(o.shape[0]):
        total = w0 * line[x + 9] + w1 * (line[x + 6] + line[x + 12])
        o[x] = total + w2 * (line[x + 3] + line[x + 15]) + w3 * (line[x] + line[x + 18])


@kernel
def _sums_down(up: Any, own: Any, down: Any, across: Any, along: Any) -> None:
    for x in range(own.shape[0]):
        across[x] = up[x] + f32(2) * own[x] + down[x]
        along[x] = down[x] - up[x]


@kernel
def _squares(across: Any, along: Any, o: Any) -> None:
    for x in range(o.shape[0]):
        p = across[x + 6] - across[x]
        q = along[x] + f32(2) * along[x + 3] + along[x + 6]
        o[x] = (p * p + q * q) * f32(1 / 64)


@kernel
def _gradient(p: Any, taps: Any, o: Any) -> None:
    """(h, w) float32 grey levels a px of a crop (h, 3 w), over the three channels; borders mirrored."""
    h, w = o.shape
    smooth, line = np.empty((h, 3 * w), np.float32), np.empty(3 * (w + 2 * TAPS), np.float32)
    for y in range(h):
        _blur_down(p, y, taps, line)
        _mirrored_ends(line, w, TAPS)
        _blur_along(line, taps, smooth[y])
    across, along = np.empty(3 * w + 6, np.float32), np.empty(3 * w + 6, np.float32)
    squares = np.empty(3 * w, np.float32)
    for y in range(h):
        up, down = smooth[mirrored(y - 1, h)], smooth[mirrored(y + 1, h)]
        _sums_down(up, smooth[y], down, across[3 : 3 + 3 * w], along[3 : 3 + 3 * w])
        _mirrored_ends(across, w, 1)
        _mirrored_ends(along, w, 1)
        _squares(across, along, squares)
        for x in range(w):
            o[y, x] = np.sqrt(squares[3 * x] + squares[3 * x + 1] + squares[3 * x + 2])


# --- told ---


@kernel
def _mean_where(values: Any, where: Any) -> Any:
    total, count = 0.0, 0
    for y in range(where.shape[0]):
        for x in range(where.shape[1]):
            if where[y, x] != 0:
                total += values[y, x]
                count += 1
    return total / max(count, 1)


@kernel
def _mean_of_most(values: Any, where: Any, reach: Any) -> Any:
    """The mean over a mask of the largest value within `reach` px."""
    h, w = where.shape
    total, count = 0.0, 0
    for y in range(h):
        for x in range(w):
            if where[y, x] == 0:
                continue
            most = values[y, x]
            for v in range(max(0, y - reach), min(h, y + reach + 1)):
                for u in range(max(0, x - reach), min(w, x + reach + 1)):
                    most = max(most, values[v, u])
            total += most
            count += 1
    return total / max(count, 1)


@kernel
def _mean_grey(picture: Any, o: Any) -> None:
    for i in range(o.shape[0]):
        o[i] = (picture[3 * i] + picture[3 * i + 1] + picture[3 * i + 2]) * f32(1 / 3)


@kernel
def _taps(o: Any) -> None:
    total = f32(0)
    for i in range(TAPS + 1):
        o[i] = np.exp(-0.5 * (i / BLUR) ** 2)
        total += o[i] if i == 0 else f32(2) * o[i]
    for i in range(TAPS + 1):
        o[i] /= total


@kernel
def _count(mask: Any) -> Any:
    count = 0
    for y in range(mask.shape[0]):
        for x in range(mask.shape[1]):
            count += mask[y, x]
    return count


@kernel
def _told(
    a: Any, b: Any, root_a: Any, root_b: Any, block: Any, x0: Any, y0: Any, inside: Any,
    reach: Any, few: Any, noise: Any, uncorrelated: Any, small: Any, mask: Any, out: Any,
) -> None:  # fmt: skip
    rows, columns = inside.shape
    h, w = mask.shape
    lit = np.empty((rows, columns, 3), np.float32)
    flat = lit.reshape(rows, -1)
    _scaled_window(a, root_a, block, x0, y0, lit)
    smaller(flat, 3, small[0].reshape(h, -1))
    _scaled_window(b, root_b, block, x0, y0, lit)
    smaller(flat, 3, small[1].reshape(h, -1))
    count = _smaller_mask(inside, mask)
    if count == 0:
        return
    whole, outline = np.empty((h, w), np.uint8), np.empty((h, w), np.uint8)
    silhouette(mask, whole, outline)
    taps, strength = np.empty(TAPS + 1, np.float32), np.empty((2, h, w), np.float32)
    _taps(taps)
    grey = np.empty((2, h, w), np.float32)
    for i in range(2):
        _gradient(small[i].reshape(h, -1), taps, strength[i])
        _mean_grey(small[i].reshape(-1), grey[i].reshape(-1))
    one, two = strength[0], strength[1]
    edge = _balance(_mean_of_most(one, outline, reach), _mean_of_most(two, outline, reach), noise)
    texture = _balance(_mean_where(one, whole), _mean_where(two, whole), noise)
    near, beside = np.empty((h, w), np.uint8), np.empty((h, w), np.uint8)
    widened(whole, reach + BESIDE, beside)
    widened(whole, reach, near)
    for y in range(h):
        for x in range(w):
            beside[y, x] ^= near[y, x]
    side = 0.5 * (edge + texture)
    if _count(beside) > 0:
        strange_a, strange_b = strangeness(small[0], small[1], mask, beside, few)
        side = (edge + texture + _balance(strange_a, strange_b, noise)) / 3.0
    widened(mask, reach + 1, near)
    out[0] = correlation(grey[0], grey[1], mask, np.uint8(255), uncorrelated * count)
    out[1] = side
    out[2] = correlation(one, two, near, np.uint8(255), noise * _count(near))
