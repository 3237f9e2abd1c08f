"""Finds the things in anybody's photograph that can be changed without a trace.

In: a picture. Out: Things, the plainest first. By graph segmentation (Felzenszwalb and Huttenlocher 2004,
doi:10.1023/B:VISI.0000022288.19776.77): compact regions that stand out from their surroundings all the way round, so
that an edit ends where the thing ends.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.reference.healing import Mask

SMALLEST, LARGEST = 0.0005, 0.035  # of the picture's area
_DIMMEST = 0.2  # brightness of a photograph beyond which its contrast is not raised further for that: it is noise
_SCALES = (30, 60, 150, 350)


@dataclass(frozen=True, eq=False)
class Thing:
    """mask: (h, w) bool, of the part of the picture with its upper left pixel at x, y. plain: how far it stands out
    from its surroundings where it does so least, Lab units."""

    x: int
    y: int
    mask: Mask
    plain: float


def things(picture: Image, most: int, closed: float, side: int) -> list[Thing]:
    """The things in a picture, at most that many, the plainest first; they may lie within each other.

    closed: Lab units by which they stand out all the way round. side: px, the longer one, of the picture in which they
    are looked for: the larger, the finer.
    """
    from skimage.segmentation import felzenszwalb

    height, width = picture.shape[:2]
    scale = min(1.0, side / max(height, width))
    small = cv2.resize(picture, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    # A dark photograph has the same things in it: they are looked for at full contrast.
    light = float(np.clip(np.percentile(small.max(axis=2), 99) / 255, _DIMMEST, 1.0))
    small = np.clip(small / light, 0, 255).astype(np.uint8)
    lab = np.asarray(cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_BGR2LAB), np.float32)
    found: list[tuple[float, NDArray[np.uint8]]] = []
    for size in _SCALES:
        labels = felzenszwalb(small[..., ::-1], scale=size, sigma=0.7, min_size=30)
        share = np.bincount(labels.ravel()) / labels.size
        for number in np.flatnonzero((share >= 1.5 * SMALLEST) & (share <= 2 * LARGEST)):
            mask = cv2.morphologyEx((labels == number).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
            plain = _closed(np.asarray(mask, np.uint8), lab)
            if plain >= closed:
                found.append((plain, np.asarray(mask, np.uint8)))
    kept: list[tuple[float, NDArray[np.uint8]]] = []
    sizes: list[int] = []
    for plain, mask in sorted(found, key=lambda pair: -pair[0]):
        x, y, w, h = cv2.boundingRect(mask)
        box, area = np.s_[y : y + h, x : x + w], int(mask.sum())
        before = zip(kept, sizes, strict=True)
        if all(np.count_nonzero(mask[box] & other[box]) < 0.5 * min(area, size) for (_, other), size in before):
            kept.append((plain, mask))
            sizes.append(area)
    return [_enlarged(mask, plain, picture) for plain, mask in kept[:most]]


def _closed(mask: NDArray[np.uint8], lab: NDArray[np.float32]) -> float:
    """How far the thing stands out from its surroundings where it does so least, Lab units; 0 when it is no thing."""
    share = float(mask.mean())
    if not 1.5 * SMALLEST <= share <= LARGEST:
        return 0.0
    x, y, w, h = cv2.boundingRect(mask)
    if x < 3 or y < 3 or x + w > mask.shape[1] - 3 or y + h > mask.shape[0] - 3 or max(w, h) > 4 * min(w, h):
        return 0.0
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if len(contours) != 1:
        return 0.0
    outline = contours[0]
    if cv2.contourArea(outline) < 0.72 * cv2.contourArea(cv2.convexHull(outline)):
        return 0.0
    wide = cv2.dilate(mask, np.ones((7, 7), np.uint8))
    near = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    core = cv2.erode(mask, np.ones((3, 3), np.uint8))
    ys, xs = np.nonzero((wide > 0) & (near == 0))
    cy, cx = np.nonzero(core if core.any() else mask)
    middle = np.array([xs.mean(), ys.mean()])
    around = np.floor((np.arctan2(ys - middle[1], xs - middle[0]) / (2 * np.pi) + 0.5) * 8).astype(int) % 8
    within = np.floor((np.arctan2(cy - middle[1], cx - middle[0]) / (2 * np.pi) + 0.5) * 8).astype(int) % 8
    own = np.median(lab[cy, cx], axis=0)
    weakest = 1e9
    for eighth in range(8):
        ring, part = lab[ys[around == eighth], xs[around == eighth]], lab[cy[within == eighth], cx[within == eighth]]
        if len(ring) == 0:
            continue
        inside = np.median(part, axis=0) if len(part) else own
        weakest = min(weakest, float(np.linalg.norm(np.median(ring, axis=0) - inside)))
    return weakest


def solidity(mask: Mask) -> float:
    """Share of its convex hull that a thing fills."""
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(contours, key=cv2.contourArea)
    return cv2.contourArea(outline) / max(1.0, cv2.contourArea(cv2.convexHull(outline)))


def _enlarged(mask: NDArray[np.uint8], plain: float, picture: Image) -> Thing:
    """A thing found in the small picture, its outline drawn again where the colours change in the large one."""
    scale = picture.shape[1] / mask.shape[1]
    band = max(2, round(2 * scale))
    x, y, w, h = cv2.boundingRect(mask)
    x0, y0 = max(0, int(x * scale) - 2 * band), max(0, int(y * scale) - 2 * band)
    far_x, far_y = int((x + w) * scale) + 2 * band, int((y + h) * scale) + 2 * band
    x1, y1 = min(picture.shape[1], far_x), min(picture.shape[0], far_y)
    matrix = np.array([[1 / scale, 0, (x0 + 0.5) / scale - 0.5], [0, 1 / scale, (y0 + 0.5) / scale - 0.5]])
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    big = cv2.warpAffine(mask.astype(np.float32), matrix, (x1 - x0, y1 - y0), flags=how)
    # The steps of the small picture must not show in the outline.
    inside = cv2.GaussianBlur(big, (0, 0), max(0.5, 0.8 * scale)) > 0.5
    part = np.asarray(cv2.GaussianBlur(picture[y0:y1, x0:x1].astype(np.float32), (0, 0), 1.0), np.float32)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * band + 1, 2 * band + 1))
    sure = np.asarray(cv2.erode(inside.astype(np.uint8), kernel), np.uint8)
    never = np.asarray(1 - cv2.dilate(inside.astype(np.uint8), kernel), np.uint8)
    far = [_nearby(part, where, band) for where in (sure, never)]
    nearer = (np.linalg.norm(part - far[0], axis=2) < np.linalg.norm(part - far[1], axis=2)).astype(np.float32)
    drawn = cv2.GaussianBlur(nearer, (0, 0), 0.5 * scale) > 0.5
    drawn = np.where(sure > 0, True, np.where(never > 0, False, drawn))
    _, labels = cv2.connectedComponents(drawn.astype(np.uint8))
    counts = np.bincount(labels.ravel())
    counts[0] = 0
    drawn = labels == int(counts.argmax())
    same = int((drawn & inside).sum()) > 0.7 * int((drawn | inside).sum())
    return Thing(x0, y0, np.asarray(drawn if same else inside), plain)


def _nearby(part: NDArray[np.float32], where: NDArray[np.uint8], band: int) -> NDArray[np.float32]:
    """The mean colour of what lies near in `where`, for every pixel."""
    weight = cv2.GaussianBlur(where.astype(np.float32), (0, 0), 1.5 * band)[..., None]
    total = cv2.GaussianBlur(part * where[..., None].astype(np.float32), (0, 0), 1.5 * band)
    return np.asarray(total / np.maximum(weight, 1e-4), np.float32)
