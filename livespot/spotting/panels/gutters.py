"""Bare paper inside what was found to be a panel: a sheet's margin around its picture, and gutters between pictures.

In: both panels on the canonical grid. Out: boxes on that grid. A neighbour that is the same beside both panels, or a
sheet photographed as a whole, agrees as well as the pictures do: only the bare paper between says where one ends.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.geometry import Box
from livespot.spotting.kernels.channels import highest_channel
from livespot.spotting.panels.paper_colour import logarithm
from livespot.spotting.registration.residual_warp import Registration, sample

LONG_SIDE = 550  # px of the panel that is looked at
RING = 0.015  # of its size: in the middle of so wide a ring at the rim the sheet's colour is taken
SHADE, TINT = 0.2, 0.04  # of the logarithm of brightness, and of a channel against the others: one paper
BARE, PRINTED = 0.65, 0.45  # share of a line that is paper: from here on bare, up to here printed
SHARP = 0.02  # of the size: a picture begins within so much
GUTTER = 0.015  # of the size: what is narrower is a pale line of the picture
LEAST = 0.25  # of the sheet, at least, is the picture
STRANGE, DIFFERS = 0.3, 0.4  # of the logarithm of a colour: another thing; of a side's rim: what is behind the picture
AROUND = 0.03  # of a panel's size: as far from it the paper of its page is looked at
LEAST_OF_SEVERAL = 0.12  # of what was found, each of several pictures in it
OF_ONE_SIZE = 0.75  # how much smaller the smallest of several may be: else a pale line of the picture parts it
BEHIND = 0.12  # of the size: as far as that may be taken for a part of it
STEEPEST = 0.2  # of the logarithm of brightness, a px: more of an edge does not count

Bools = NDArray[np.bool_]


def picture_within(registration: Registration, image_a: Image, image_b: Image) -> Box | None:
    """The box of the picture in a panel found in two photographs, without the sheet's margin, a neighbour, or what lies
    behind a side; None for all of it."""
    panels = registration.sample_a(image_a), registration.sample_b(image_b)
    scale = min(1.0, LONG_SIDE / max(registration.size))
    small = [
        np.asarray(cv2.resize(p, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8) for p in panels
    ]
    paper = bare(small, np.median(np.concatenate([_ring(p) for p in small]), axis=0))
    x, y, w, h = max(parted(paper), key=lambda box: box[2] * box[3], default=(0, 0, 0, 0))
    if w * h < LEAST * paper.size:
        x, y, w, h = 0, 0, paper.shape[1], paper.shape[0]
    if w * h == paper.size:
        (y, down), (x, across) = (_rims(*(p.transpose(turned) for p in small)) for turned in ((0, 1, 2), (1, 0, 2)))
        w, h = across - x, down - y
    if w * h == paper.size or min(w, h) < 16:
        return None
    left, top, right, bottom = (round(v / scale) for v in (x, y, x + w, y + h))
    return left, top, right - left, bottom - top


def pictures_of(registration: Registration, image: Image) -> list[Box]:
    """The boxes of the pictures that gutters part in what was found to be one panel of a page: two puzzles of one size
    beside each other are found as one. One box, all of it, for most.
    """
    size = np.array(registration.size)
    margin = round(float(AROUND * np.sqrt(size.prod())))
    wide = tuple(int(v) for v in size + 2 * margin)
    shift = np.array([[1, 0, -margin], [0, 1, -margin], [0, 0, 1]], np.float64)
    scale = min(1.0, LONG_SIDE / max(registration.size))
    around, *panels = (
        np.asarray(cv2.resize(p, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
        for p in (
            sample(image, registration.to_a @ shift, (wide[0], wide[1])),
            registration.sample_a(image),
            registration.sample_b(image),
        )
    )
    least = LEAST_OF_SEVERAL * panels[0].shape[0] * panels[0].shape[1]
    boxes = [
        box
        for box in parted(bare(panels, np.median(_ring(around, scale * margin / 2.0), axis=0)))
        if box[2] * box[3] > least
    ]
    sides = np.array(boxes).reshape(-1, 4)[:, 2:]
    if len(boxes) < 2 or (sides.min(axis=0) < OF_ONE_SIZE * sides.max(axis=0)).any():
        return [(0, 0, *registration.size)]
    return [(round(x / scale), round(y / scale), round(w / scale), round(h / scale)) for x, y, w, h in boxes]


def _rims(a: Image, b: Image) -> tuple[int, int]:
    """The first and the end of the rows that belong to the picture: where the outermost ones differ, up to the rim that
    both panels have close by."""
    logs = [logarithm(cv2.GaussianBlur(p, (0, 0), 1.0).astype(np.float32)) for p in (a, b)]
    off = logs[0] - logs[1]
    strange = (highest_channel(np.abs(off - np.median(off, axis=(0, 1)))) > STRANGE).mean(axis=1)
    step = [np.diff(log.mean(axis=2), axis=0) for log in logs]
    edge = np.where(step[0] * step[1] > 0, np.minimum(np.abs(step[0]), np.abs(step[1])), 0.0)
    common = np.minimum(edge, STEEPEST).mean(axis=1)
    reach, first = round(BEHIND * len(strange)), max(2, round(SHARP / 2 * len(strange)))
    low = int(np.argmax(common[:reach])) + 1 if strange[:first].mean() > DIFFERS else 0
    high = int(np.argmax(common[-reach:])) + 1 - reach if strange[-first:].mean() > DIFFERS else 0
    return low, len(strange) + high


def bare(panels: list[Image], colour: NDArray[np.float64]) -> Bools:
    """(h, w) bool: where all panels (h, w, 3) have this BGR colour, under any light."""
    result = np.ones(panels[0].shape[:2], np.bool_)
    for panel in panels:
        off = logarithm(panel.astype(np.float32)) - logarithm(colour.astype(np.float32))
        light = off.mean(axis=2)
        result &= (np.abs(light) < SHADE) & (highest_channel(np.abs(off - light[..., None])) < TINT)
    return result


def parted(paper: Bools) -> list[Box]:
    """The boxes that straight bands of bare paper part, and trim, rows first: one, the whole, where there are none."""
    boxes: list[Box] = []
    for y0, y1 in _stretches(paper):
        boxes += [(x0, y0, x1 - x0, y1 - y0) for x0, x1 in _stretches(paper[y0:y1].T)]
    return boxes


def _stretches(paper: Bools) -> list[tuple[int, int]]:
    """The stretches of rows between bands that are bare all across, where these end sharply on both sides."""
    share = paper.mean(axis=1)
    reach = max(3, round(SHARP * len(share)))
    # a band's end: bare up to it, printed soon after it
    is_bare = share > BARE
    edges = np.flatnonzero(np.diff(np.r_[False, is_bare, False].astype(np.int8)))
    stretches, start = [], 0
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        before, after = share[max(0, first - reach) : first], share[end : end + reach]
        sharp_before = first <= reach or (len(before) > 0 and np.median(before) < PRINTED)
        sharp_after = end >= len(share) - reach or (len(after) > 0 and np.median(after) < PRINTED)
        if end - first < max(2.0, GUTTER * len(share)) or not (sharp_before and sharp_after):
            continue
        if first - start > reach:
            stretches.append((start, int(first)))
        start = int(end)
    if len(share) - start > reach:
        stretches.append((start, len(share)))
    return stretches


def _ring(panel: Image, depth: float | None = None) -> NDArray[np.uint8]:
    """(N, 3): the pixels of a narrow ring just inside the rim, `depth` px or RING inside."""
    at = max(2, round(RING * max(panel.shape[:2]) if depth is None else depth))
    inner = panel[at:-at, at:-at]
    return np.concatenate([inner[0], inner[-1], inner[:, 0], inner[:, -1]])
