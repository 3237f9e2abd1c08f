"""Changes one thing in a picture: it is removed, added elsewhere, moved, resized or recoloured.

In: a picture and the things in it. Out: Edits, each measured on the finished pixels; what would show a seam, or what
nobody would see, is no Edit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from livespot.demo.puzzle import KINDS, VISIBLE, Planted, change_map, measured
from livespot.frame import Image
from livespot.reference.healing import Mask, Shift, bent, best_shifts, cut, cut_in, healed, lay_in, lit, meets
from livespot.reference.things import LARGEST, SMALLEST, Thing, solidity

WAYS = ("recoloured", "removed", "added", "moved", "resized")
FAINTEST = 20.0  # grey levels, median over the difference: fainter ones nobody sees on paper
_FAINT = 0.75  # share of FAINTEST and GIST that is enough in a dark place
GIST = 16.0  # grey levels that a difference must keep when it is blurred, as seen from afar
_BOXED = 0.8  # share of the changed pixels that the box must hold: else the change is too spread out to point at
_PLAIN = 11.0  # Lab units by which a thing must stand out to be recoloured: its edge will show, so it must be true
_CUT = 20.0  # Lab units by which a thing must stand out to be cut out along its outline
_SOLID = 0.88  # share of its convex hull that such a thing fills: less is a chip of something
_MARGIN = 6  # px that stay as they are around what is changed

Emptied = dict[Thing, "Image | None"]  # what is there without the thing, where that was asked already


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


def edits_of(picture: Image, found: list[Thing], rng: np.random.Generator, most: int) -> Iterator[Edit]:
    """Edits worth planting: every thing once in each way, ways in turn; another colour is the last resort.

    most: places to try for what is laid elsewhere.
    """
    queue = {way: [int(i) for i in rng.permutation(len(found))] for way in WAYS}
    emptied: Emptied = {}
    queue["recoloured"] = [i for i in queue["recoloured"] if found[i].plain >= _PLAIN]
    for ways in (WAYS[1:], WAYS[:1]):
        while any(queue[way] for way in ways):
            for way in ways:
                while queue[way]:
                    edit = _edit(picture, found[queue[way].pop(0)], way, rng, most, emptied)
                    if edit is not None:
                        yield edit
                        break


def _edit(picture: Image, thing: Thing, way: str, rng: np.random.Generator, most: int, emptied: Emptied) -> Edit | None:
    changed = _changed(picture, thing, way, rng, most, emptied)
    if changed is None:
        return None
    (left, top), new = changed
    old = cut(picture, (left, top), new.shape)
    change = change_map(old, new)
    kind = "changed" if way == "resized" else way
    found = measured(change, kind, "" if way in KINDS else way, (0, 0, change.shape[1], change.shape[0]))
    if found is None:
        return None
    whole = picture.shape[0] * picture.shape[1]
    area = found.area * change.size / whole
    # Many faint pixels of a light that was bent are no difference: the box is that of what can be seen.
    clear = cv2.morphologyEx((change >= 1.3 * VISIBLE).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    x, y, w, h = cv2.boundingRect(np.asarray(clear, np.uint8))
    seen = lit(old[change >= VISIBLE])  # where there is little light, a smaller step shows
    if w == 0 or not SMALLEST <= area <= LARGEST or found.contrast < FAINTEST * max(_FAINT, seen):
        return None
    dim = cv2.morphologyEx((change >= VISIBLE).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    if int(dim[y : y + h, x : x + w].sum()) < _BOXED * int(dim.sum()):
        return None
    # Fur exchanged for other fur differs in every hair, and nobody sees it.
    signed = new[y : y + h, x : x + w].astype(np.float32) - old[y : y + h, x : x + w]
    gist = np.abs(cv2.GaussianBlur(signed, (0, 0), max(1.5, 0.12 * min(w, h)))).max(axis=2)
    if float(np.percentile(gist, 75)) < GIST * max(_FAINT, seen):
        return None
    if w * h > 3 * LARGEST * whole or min(w, h) < 5:
        return None
    ys, xs = np.nonzero(change)
    y0, y1, x0, x1 = int(ys.min()), int(ys.max()) + 1, int(xs.min()), int(xs.max()) + 1
    patch = np.ascontiguousarray(new[y0:y1, x0:x1])
    return Edit(left + x0, top + y0, patch, replace(found, box=(left + x, top + y, w, h), area=area))


def _changed(
    picture: Image, thing: Thing, way: str, rng: np.random.Generator, most: int, emptied: Emptied
) -> tuple[Shift, Image] | None:
    """A part of the picture with one thing changed in one way, and its upper left corner (x, y), px; None when it
    cannot be done without a trace."""
    ys, xs = np.nonzero(thing.mask)
    size = max(int(np.ptp(xs)), int(np.ptp(ys))) + 1
    around = round(1.1 * size) + 8  # as far as a thing is moved, and as far as what is bent reaches
    corner, mask = _within(picture, thing, around)
    here = cut(picture, corner, mask.shape)
    own = mask if thing.plain >= _CUT and solidity(mask) >= _SOLID else None  # it can be cut along its outline
    room = _grown(mask, 2 + round(0.04 * size) + max(picture.shape) // 700)
    if _at_edge(room):
        return None
    soft = max(0.7, max(picture.shape) / 1400)
    if way in ("removed", "moved") and thing not in emptied:
        emptied[thing] = healed(picture, room, corner, 0.5 * most * size, rng, most)
    if way in ("removed", "recoloured"):
        part = emptied[thing] if way == "removed" else recoloured(here, mask, soft, rng)
        return None if part is None else (corner, part)
    if way == "added":
        for dx, dy in best_shifts(picture, room, corner, 8.0 * size, rng, tries=80 * most // 3, most=most):
            x, y, w, h = (int(v) for v in cv2.boundingRect(room.astype(np.uint8)))
            near = np.s_[y - _MARGIN : y + h + _MARGIN, x - _MARGIN : x + w + _MARGIN]
            place = (corner[0] + x - _MARGIN + dx, corner[1] + y - _MARGIN + dy)
            hole = room[near]
            if min(place) < 0 or place[0] + hole.shape[1] > picture.shape[1] or place[1] + hole.shape[0] > len(picture):
                continue
            placed = _laid(cut(picture, place, hole.shape), here[near], hole, None if own is None else own[near], soft)
            if placed is not None:
                return place, placed
        return None
    ys, xs = np.nonzero(mask)
    middle, reach = (float(xs.mean()), float(ys.mean())), 1.1 * size
    if way == "resized":
        larger = _larger(here, own, float(rng.uniform(1.25, 1.4)), soft) if own is not None else None
        other = bent(here, middle, reach, float(rng.choice([0.75, 1.4])), (0, 0))
        return corner, other if larger is None else larger
    empty = emptied[thing]
    for _ in range(2 * most):
        if empty is None:
            break
        angle, far = rng.uniform(0, 2 * np.pi), rng.uniform(0.3, 0.9) * size
        shift = (round(far * float(np.cos(angle))), round(far * float(np.sin(angle))))
        moved = [None if one is None else _shifted(one, shift) for one in (room, own)]
        if moved[0] is None or _at_edge(moved[0]):
            continue
        # what comes in at its edges comes in from the opposite ones
        content = np.asarray(np.roll(here, (shift[1], shift[0]), axis=(0, 1)), np.uint8)
        placed = _laid(empty, content, moved[0], moved[1], soft)
        if placed is not None:
            return corner, placed
    angle = rng.uniform(0, 2 * np.pi)
    aside = (0.25 * reach * float(np.cos(angle)), 0.25 * reach * float(np.sin(angle)))
    return corner, bent(here, middle, reach, 1.0, aside)


def _within(picture: Image, thing: Thing, around: int) -> tuple[Shift, Mask]:
    """The thing's mask with that much of the picture around it, px, and the upper left corner of that (x, y)."""
    x, y, w, h = (int(v) for v in cv2.boundingRect(thing.mask.astype(np.uint8)))
    left, top = max(0, thing.x + x - around), max(0, thing.y + y - around)
    right, bottom = (min(picture.shape[1], thing.x + x + w + around), min(picture.shape[0], thing.y + y + h + around))
    mask = np.zeros((bottom - top, right - left), bool)
    mask[thing.y + y - top :, thing.x + x - left :][:h, :w] = thing.mask[y : y + h, x : x + w]
    return (left, top), mask


def _at_edge(mask: Mask) -> bool:
    """Whether it comes within _MARGIN px of the edge of its array."""
    return int(mask.sum()) != int(mask[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN].sum())


def recoloured(picture: Image, mask: Mask, soft: float, rng: np.random.Generator) -> Image | None:
    """The thing in another colour, its light and shade kept; None when it is too dark or too bright to show one.

    soft: sigma of its edge, px.
    """
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    inside = lab[mask]
    if not 14 < float(np.median(inside[:, 0])) < 92:
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
    share = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), soft)[..., None]
    share[share < 0.02] = 0
    return np.clip(picture + (colour - picture) * share + 0.5, 0, 255).astype(np.uint8)


def _larger(picture: Image, own: Mask, factor: float, soft: float) -> Image | None:
    """The thing enlarged about its middle: it covers where it was."""
    ys, xs = np.nonzero(own)
    matrix = cv2.getRotationMatrix2D((float(xs.mean()), float(ys.mean())), 0.0, factor)
    shape = picture.shape[1::-1]
    where = np.asarray(cv2.warpAffine(own.astype(np.float32), matrix, shape) > 0.5)
    if (own & ~where).any() or _at_edge(where):
        return None
    content = cv2.warpAffine(picture, matrix, shape, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    return cut_in(picture, np.asarray(content, np.uint8), where, soft)


def _laid(onto: Image, content: Image, room: Mask, own: Mask | None, soft: float) -> Image | None:
    """What the room covers in `content`, laid onto a picture of the same shape; None where it would not fit.

    own: the thing's own outline inside the room, to be cut along where its surroundings do not fit.
    """
    if meets(onto, content, room):
        return lay_in(onto, content, room)
    return None if own is None else cut_in(onto, content, own, soft)


def _shifted(mask: Mask, shift: Shift) -> Mask | None:
    """The mask moved by `shift` (x, y) px; None when some of it would leave the array."""
    ys, xs = np.nonzero(mask)
    ys, xs = ys + shift[1], xs + shift[0]
    if ys.min() < 0 or xs.min() < 0 or ys.max() >= mask.shape[0] or xs.max() >= mask.shape[1]:
        return None
    out = np.zeros_like(mask)
    out[ys, xs] = True
    return out


def _grown(mask: Mask, by: int) -> Mask:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * by + 1, 2 * by + 1))
    return np.asarray(cv2.dilate(mask.astype(np.uint8), kernel).astype(bool))
