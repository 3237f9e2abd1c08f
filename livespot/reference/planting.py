"""Plants known differences in anybody's photograph: things in it are removed, added, recoloured, moved, resized.

In: a picture, how many, a seed. Out: a demo Puzzle, its boxes measured on the finished panels. Things are found by
graph segmentation (Felzenszwalb and Huttenlocher 2004, doi:10.1023/B:VISI.0000022288.19776.77): compact regions that
stand out from their surroundings all the way round, so that an edit ends where the thing ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.demo.puzzle import KINDS, VISIBLE, Planted, Puzzle, change_map, measured
from livespot.errors import LivespotError
from livespot.frame import Image
from livespot.reference.healing import Mask, bent, best_shifts, cut_in, healed, lay_in, meets, shifted

WAYS = ("recoloured", "removed", "added", "moved", "resized")
SEEN_FROM_A = {"added": "removed", "removed": "added"}  # what is added to A is in A and not in B
SMALLEST, LARGEST = 0.0005, 0.035  # of the panel's area
FAINTEST = 20.0  # grey levels, median over the difference: fainter ones nobody sees on paper
MOST_THINGS = 60
GIST = 16.0  # grey levels that are left of it when it is looked at from afar
_SEGMENTED = 420  # px, the longer side for segmentation: things, not texture
_SCALES = (30, 60, 150, 350)
_CLOSED = 3.0  # Lab units between a thing and its surroundings, in its weakest eighth of the way round
_PLAIN = 11.0  # the same for another colour: it shows where the thing ends, and that must be where it really ends
_CUT = 20.0  # the same for a thing that is cut out along its outline and laid where nothing else would meet it
_SOLID = 0.88  # of the convex hull: a thing that is cut out along its outline; less is a chip of something


@dataclass(frozen=True, eq=False)
class Edit:
    """One change. patch: its new pixels, at rows from y, columns from x. planted: what it is when made in panel B."""

    x: int
    y: int
    patch: Image
    planted: Planted

    @property
    def plainness(self) -> float:
        """How easily it is seen: contrast times the side of its area."""
        return float(self.planted.contrast * self.planted.area**0.5)


def plant(name: str, picture: Image, *, differences: int, seed: int) -> Puzzle:
    """Two panels of `picture`, (h, w, 3) uint8 BGR, with that many differences, from subtle to plain.

    Fewer are planted when the picture has not enough in it. Raises LivespotError when it has nothing.
    """
    rng = np.random.default_rng([seed, 5077])
    if differences <= 0:
        return Puzzle(name, "", picture.copy(), picture.copy(), ())
    edits: list[Edit] = []
    taken = np.zeros(picture.shape[:2], bool)
    for edit in _edits(picture, rng):
        h, w = edit.patch.shape[:2]
        margin = round(0.012 * max(picture.shape))
        near = np.s_[max(0, edit.y - margin) : edit.y + h + margin, max(0, edit.x - margin) : edit.x + w + margin]
        if taken[near].any():
            continue
        taken[edit.y : edit.y + h, edit.x : edit.x + w] = True
        edits.append(edit)
        colours = sum(e.planted.kind == "recoloured" for e in edits)
        if len(edits) >= 2 * differences + 4 or (len(edits) >= differences and colours >= max(1, differences // 3)):
            break
    if not edits:
        raise LivespotError(f"{name}: nothing in this picture can be changed without a trace: choose a busier one")
    chosen = _spread(edits, differences)
    panels = {"a": picture.copy(), "b": picture.copy()}
    order = rng.permutation(len(chosen))
    planted = []
    for turn, edit in zip(order, chosen, strict=True):
        panel = "ab"[int(turn) % 2]
        h, w = edit.patch.shape[:2]
        panels[panel][edit.y : edit.y + h, edit.x : edit.x + w] = edit.patch
        kind = edit.planted.kind
        planted.append(replace(edit.planted, kind=SEEN_FROM_A.get(kind, kind) if panel == "a" else kind))
    planted.sort(key=lambda d: (d.box[1], d.box[0]))
    return Puzzle(name, "", panels["a"], panels["b"], tuple(planted))


def things(picture: Image) -> list[tuple[Mask, float]]:
    """The things in a picture, the plainest first; they may lie within each other.

    Each is a mask, (h, w) bool, and how far it stands out from its surroundings where it does so least, Lab units.
    """
    from skimage.segmentation import felzenszwalb

    height, width = picture.shape[:2]
    scale = min(1.0, _SEGMENTED / max(height, width))
    small = cv2.resize(picture, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    found: list[tuple[float, NDArray[np.uint8]]] = []
    for size in _SCALES:
        labels = felzenszwalb(small[..., ::-1], scale=size, sigma=0.7, min_size=30)
        for number in range(1 + int(labels.max())):
            mask = cv2.morphologyEx((labels == number).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
            plain = _closed(np.asarray(mask, np.uint8), np.asarray(lab, np.float32))
            if plain > 0:
                found.append((plain, np.asarray(mask, np.uint8)))
    kept: list[tuple[float, NDArray[np.uint8]]] = []
    for plain, mask in sorted(found, key=lambda pair: -pair[0]):
        area = int(mask.sum())
        if all(int((mask & other).sum()) < 0.5 * min(area, int(other.sum())) for _, other in kept):
            kept.append((plain, mask))
    return [(_enlarged(mask, (width, height)), plain) for plain, mask in kept[:MOST_THINGS]]


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
    return weakest if weakest >= _CLOSED else 0.0


def _solidity(mask: Mask) -> float:
    """Share of its convex hull that a thing fills."""
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(contours, key=cv2.contourArea)
    return cv2.contourArea(outline) / max(1.0, cv2.contourArea(cv2.convexHull(outline)))


def _enlarged(mask: NDArray[np.uint8], size: tuple[int, int]) -> Mask:
    big = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    sigma = 0.8 * size[0] / mask.shape[1]  # the steps of the small picture must not show in the outline
    return np.asarray(cv2.GaussianBlur(big, (0, 0), max(0.5, sigma)) > 0.5)


def _edits(picture: Image, rng: np.random.Generator) -> Iterator[Edit]:
    """Edits worth planting: every thing once in each way, ways in turn; another colour is the last resort."""
    masks = things(picture)
    queue = {way: [int(i) for i in rng.permutation(len(masks))] for way in WAYS}
    queue["recoloured"] = [i for i in queue["recoloured"] if masks[i][1] >= _PLAIN]
    for ways in (WAYS[1:], WAYS[:1]):
        while any(queue[way] for way in ways):
            for way in ways:
                while queue[way]:
                    edit = _edit(picture, *masks[queue[way].pop(0)], way, rng)
                    if edit is not None:
                        yield edit
                        break


def _edit(picture: Image, mask: Mask, plain: float, way: str, rng: np.random.Generator) -> Edit | None:
    changed = _changed(picture, mask, plain, way, rng)
    if changed is None:
        return None
    change = change_map(picture, changed)
    kind = "changed" if way == "resized" else way
    found = measured(change, kind, "" if way in KINDS else way, (0, 0, change.shape[1], change.shape[0]))
    if found is None:
        return None
    # Many faint pixels of a light that was bent are no difference: the box is that of what can be seen.
    clear = cv2.morphologyEx((change >= 1.3 * VISIBLE).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    x, y, w, h = cv2.boundingRect(np.asarray(clear, np.uint8))
    if w == 0 or not SMALLEST <= found.area <= LARGEST or found.contrast < FAINTEST:
        return None
    # Fur exchanged for other fur differs in every hair, and nobody sees it.
    signed = changed[y : y + h, x : x + w].astype(np.float32) - picture[y : y + h, x : x + w]
    gist = np.abs(cv2.GaussianBlur(signed, (0, 0), max(1.5, 0.12 * min(w, h)))).max(axis=2)
    if float(np.percentile(gist, 75)) < GIST:
        return None
    if w * h > 3 * LARGEST * change.size or min(w, h) < 5:
        return None
    ys, xs = np.nonzero(change)
    y0, y1, x0, x1 = int(ys.min()), int(ys.max()) + 1, int(xs.min()), int(xs.max()) + 1
    patch = np.ascontiguousarray(changed[y0:y1, x0:x1])
    return Edit(x0, y0, patch, replace(found, box=(x, y, w, h)))


def _changed(picture: Image, mask: Mask, plain: float, way: str, rng: np.random.Generator) -> Image | None:
    """The picture with one thing changed in one way; None when it cannot be done without a trace."""
    own = mask if plain >= _CUT and _solidity(mask) >= _SOLID else None  # it has an outline along which it can be cut
    ys, xs = np.nonzero(mask)
    size = max(int(np.ptp(xs)), int(np.ptp(ys))) + 1
    room = _grown(mask, 2 + round(0.04 * size) + max(picture.shape) // 700)
    if room[0].any() or room[-1].any() or room[:, 0].any() or room[:, -1].any():
        return None
    if way == "recoloured":
        return recoloured(picture, mask, rng)
    if way == "removed":
        return healed(picture, room, 3.0 * size, rng)
    if way == "added":
        places = (_placed(picture, picture, room, s, own) for s in best_shifts(picture, room, 8.0 * size, rng))
        return next((placed for placed in places if placed is not None), None)
    middle, reach = (float(xs.mean()), float(ys.mean())), 1.1 * size
    if way == "resized":
        larger = _larger(picture, own, float(rng.uniform(1.25, 1.4))) if own is not None else None
        return bent(picture, middle, reach, float(rng.choice([0.75, 1.4])), (0, 0)) if larger is None else larger
    empty = healed(picture, room, 3.0 * size, rng)
    for _ in range(12):
        if empty is None:
            break
        angle, far = rng.uniform(0, 2 * np.pi), rng.uniform(0.3, 0.9) * size
        shift = (round(far * float(np.cos(angle))), round(far * float(np.sin(angle))))
        placed = _placed(empty, picture, room, shift, own)
        if placed is not None:
            return placed
    angle = rng.uniform(0, 2 * np.pi)
    return bent(picture, middle, reach, 1.0, (0.25 * reach * float(np.cos(angle)), 0.25 * reach * float(np.sin(angle))))


def recoloured(picture: Image, mask: Mask, rng: np.random.Generator) -> Image | None:
    """The thing in another colour, its light and shade kept; None when it is too dark or too bright to show one."""
    x, y, w, h = cv2.boundingRect(mask.astype(np.uint8))
    rim = 8 + max(picture.shape) // 200
    area = np.s_[max(0, y - rim) : y + h + rim, max(0, x - rim) : x + w + rim]
    part, where = picture[area], mask[area]
    lab = cv2.cvtColor(part.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    inside = lab[where]
    if not 18 < float(np.median(inside[:, 0])) < 92:
        return None
    mean = inside[:, 1:].mean(axis=0)
    chroma = float(np.linalg.norm(mean))
    angle = rng.choice([-1, 1]) * rng.uniform(0.9, 1.9) if chroma > 10 else rng.uniform(0, 2 * np.pi)
    start = float(np.arctan2(mean[1], mean[0]))
    strength = float(np.clip(chroma, 18, 48)) * rng.uniform(0.8, 1.1)
    wanted = strength * np.array([np.cos(start + angle), np.sin(start + angle)], np.float32)
    new = lab.copy()
    new[..., 1:] = lab[..., 1:] - mean.astype(np.float32) + wanted
    colour = np.clip(cv2.cvtColor(new, cv2.COLOR_LAB2BGR) * 255, 0, 255)
    soft = cv2.GaussianBlur(where.astype(np.float32), (0, 0), max(0.8, max(picture.shape) / 1000))[..., None]
    soft[soft < 0.02] = 0
    out = picture.copy()
    out[area] = np.clip(part + (colour - part) * soft + 0.5, 0, 255).astype(np.uint8)
    return out


def _larger(picture: Image, own: Mask, factor: float) -> Image | None:
    """The thing enlarged about its middle: it covers where it was."""
    ys, xs = np.nonzero(own)
    matrix = cv2.getRotationMatrix2D((float(xs.mean()), float(ys.mean())), 0.0, factor)
    shape = picture.shape[1::-1]
    where = cv2.warpAffine(own.astype(np.uint8), matrix, shape, flags=cv2.INTER_NEAREST).astype(bool)
    if (own & ~where).any() or where[0].any() or where[-1].any() or where[:, 0].any() or where[:, -1].any():
        return None
    content = cv2.warpAffine(picture, matrix, shape, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    return cut_in(picture, np.asarray(content, np.uint8), where)


def _placed(onto: Image, source: Image, mask: Mask, shift: tuple[int, int], own: Mask | None = None) -> Image | None:
    """What the mask covers in `source`, laid onto a picture `shift` (x, y) px further; None where it would not fit.

    own: the thing's own outline inside the mask, to be cut along where its surroundings do not fit.
    """
    moved = shifted(mask.astype(np.uint8), (-shift[0], -shift[1])).astype(bool)
    if moved.sum() != mask.sum() or moved[0].any() or moved[-1].any() or moved[:, 0].any() or moved[:, -1].any():
        return None
    content = shifted(source, (-shift[0], -shift[1]))
    if meets(onto, content, moved):
        return lay_in(onto, content, moved)
    if own is None:
        return None
    return cut_in(onto, content, shifted(own.astype(np.uint8), (-shift[0], -shift[1])).astype(bool))


def _grown(mask: Mask, by: int) -> Mask:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * by + 1, 2 * by + 1))
    return np.asarray(cv2.dilate(mask.astype(np.uint8), kernel).astype(bool))


def _spread(edits: list[Edit], wanted: int) -> list[Edit]:
    """`wanted` of the edits, from the subtlest to the plainest, kinds as even as they can be."""
    order = sorted(edits, key=lambda e: e.plainness)
    if len(order) <= wanted:
        return order
    chosen: list[Edit] = []
    for group in np.array_split(np.arange(len(order)), wanted):
        kinds = [e.planted.kind for e in chosen]
        chosen.append(min((order[int(i)] for i in group), key=lambda e: kinds.count(e.planted.kind)))
    return chosen
