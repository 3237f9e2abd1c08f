"""A spot-the-difference puzzle with its truth: two panels, and every pixel that differs accounted for.

In: a drawn scene (a list of objects, from which some are left out, recoloured, moved, exchanged) or a photograph (which
is retouched), and a seed. Out: a Puzzle. The boxes are measured on the finished pictures, not guessed from the edits.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.demo.canvas import Bounds, mix
from livespot.demo.scenery import Item, Scene, Studio, reach
from livespot.frame import Image
from livespot.geometry import Box

KINDS = ("added", "removed", "changed", "recoloured", "moved")
VISIBLE = 12  # grey levels in the strongest channel: what counts as changed when a box is measured
PLAIN = 25  # grey levels that most of a difference must reach, else the edit is thrown away
SMALLEST, LARGEST = 0.001, 0.03  # of the panel's area
SLIVER = 0.04  # of the panel's size: what the rim leaves of a difference must reach further in


@dataclass(frozen=True)
class Planted:
    """One difference that was put in.

    kind: one of KINDS; "added" is in B and not in A. box: (x, y, width, height), the union of what changed, px of
    panel A. what: the object. area: share of the panel's pixels that changed. contrast: median change there, grey
    levels.
    """

    kind: str
    box: Box
    what: str = ""
    area: float = 0.0
    contrast: float = 0.0


@dataclass(frozen=True, eq=False)
class Puzzle:
    """Two panels of one size, (h, w, 3) uint8 BGR, and what differs between them."""

    name: str
    title: str
    a: Image
    b: Image
    differences: tuple[Planted, ...]


@dataclass(frozen=True)
class Edit:
    """What happens to item number `index`; None: it is not there."""

    kind: str
    index: int
    a: Item | None
    b: Item | None


def change_map(a: Image, b: Image) -> NDArray[np.uint8]:
    """How much each pixel differs in its strongest channel, (h, w) uint8 grey levels."""
    return np.asarray(cv2.absdiff(a, b).max(axis=2), np.uint8)


def measured(change: NDArray[np.uint8], kind: str, what: str, window: Box) -> Planted | None:
    """The difference inside `window` of a change map; None when there is nothing to see there."""
    x0, y0, w, h = window
    part = change[y0 : y0 + h, x0 : x0 + w]
    ys, xs = np.nonzero(part >= VISIBLE)
    if len(xs) == 0:
        return None
    box = (int(x0 + xs.min()), int(y0 + ys.min()), int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1)
    return Planted(kind, box, what, len(xs) / change.size, float(np.median(part[ys, xs])))


def fit(difference: Planted | None, change: NDArray[np.uint8]) -> bool:
    """Whether a person can see it: large enough, not half the picture, no sliver at its rim, plain over most of it."""
    if difference is None or not SMALLEST <= difference.area <= LARGEST:
        return False
    x, y, w, h = difference.box
    if w * h > 2.5 * LARGEST * change.size or min(w, h) < 4:
        return False
    height, width = change.shape
    least = SLIVER * change.size**0.5
    if (w < least and (x == 0 or x + w == width)) or (h < least and (y == 0 or y + h == height)):
        return False
    values = change[y : y + h, x : x + w]
    values = values[values >= VISIBLE]
    return float(np.mean(values >= PLAIN)) >= 0.6


def drawn_puzzle(scene: Scene, *, seed: int, differences: int, height: int, kinds: Sequence[str] = KINDS) -> Puzzle:
    """Plant that many differences in a drawn scene. Fewer are planted only when the scene has no room for more."""
    rng = np.random.default_rng([seed, 31])
    if scene.line_art:
        kinds = [kind for kind in kinds if kind != "recoloured"] or ["changed"]
    studio = Studio(scene, height)
    if differences <= 0:
        picture = studio.draw()
        return Puzzle(scene.name, scene.title, picture, picture.copy(), ())
    draft = Studio(scene, max(120, height // 2), detail=1, like=studio)
    pool = _Pool(scene, list(_possible(scene, kinds, rng)))
    good: list[Edit] = []
    found: list[Planted | None] = []
    panel_a = panel_b = np.empty((0, 0, 3), np.uint8)
    for _ in range(12):
        if len(good) < differences:
            # Try more separate edits than needed at once on a draft, and keep the ones that can be seen.
            trial = good + pool.separate_from(good, 3 * differences + 4 - len(good))
            seen = [e for e, one in zip(trial, _measure(draft, pool, trial)[0], strict=True) if one is not None]
            pool.drop(e for e in trial if e not in seen)
            more, good = len(trial) > len(good), _evened(seen) if {"added", "removed"} <= set(kinds) else seen
            if len(good) < differences and more:
                continue
        chosen = _in_turn(good, kinds, differences)
        found, panel_a, panel_b = _measure(studio, pool, chosen)
        bad = [edit for edit, one in zip(chosen, found, strict=True) if one is None]
        if not bad:
            break
        pool.drop(bad)
        good = [e for e in good if e not in bad]
    else:  # the last few cannot be seen well: do without them
        found, panel_a, panel_b = _measure(studio, pool, _in_turn(good, kinds, differences))
    planted = sorted((one for one in found if one is not None), key=lambda d: (d.box[1], d.box[0]))
    return Puzzle(scene.name, scene.title, panel_a, panel_b, tuple(planted))


def _possible(scene: Scene, kinds: Sequence[str], rng: np.random.Generator) -> Iterator[Edit]:
    """Every edit worth trying, in random order, kinds in turn."""
    numbers = [list(rng.permutation(len(scene.items))) for _ in kinds]
    for step in range(len(scene.items)):
        for kind, order in zip(kinds, numbers, strict=True):
            index = int(order[step])
            edit = _edit(scene.items[index], kind, index, rng)
            if edit is not None:
                yield edit


def _edit(item: Item, kind: str, index: int, rng: np.random.Generator) -> Edit | None:
    sign = 1 if rng.uniform() < 0.5 else -1
    if kind in ("added", "removed"):
        if not item.sort.removable:
            return None
        return Edit(kind, index, None, item) if kind == "added" else Edit(kind, index, item, None)
    if kind == "recoloured":
        others = [c for c in item.sort.colours if max(abs(u - v) for u, v in zip(c, item.colour, strict=True)) > 60]
        if not others:
            return None
        other = others[int(rng.integers(len(others)))]
        shade = mix(item.colour, other, rng.uniform(0.5, 1.0))  # some are subtle
        return Edit(kind, index, item, replace(item, colour=shade))
    if kind == "moved":
        if item.sort.slide == (0.0, 0.0):
            return None
        far = rng.uniform(0.6, 1.0) * sign
        x, y = item.x + item.sort.slide[0] * far, item.y + item.sort.slide[1] * far
        return Edit(kind, index, item, replace(item, x=x, y=y))
    open_to = {"style": item.sort.styles > 1, "size": item.sort.resizable, "turn": item.sort.turnable}
    ways = [way for way, possible in open_to.items() if possible]
    if not ways:
        return None
    way = ways[int(rng.integers(len(ways)))]
    if way == "style":
        variant = (item.style + 1 + int(rng.integers(item.sort.styles - 1))) % item.sort.styles
        return Edit(kind, index, item, replace(item, style=variant))
    if way == "size":
        return Edit(kind, index, item, replace(item, size=item.size * (1.28 if sign > 0 else 0.74)))
    return Edit(kind, index, item, replace(item, mirror=not item.mirror))


def with_thin_marks(puzzle: Puzzle, *, seed: int, count: int) -> Puzzle:
    """The puzzle with fine marks put in instead of its own differences: the hardest honest ones.

    Lines 1 to 2 px wide and 15 to 60 px long, and dots of 4 x 4 px, darker or lighter than what is under them by 60 to
    110 grey levels in every channel, in one of the panels.
    """
    rng = np.random.default_rng([seed, 43])
    panels = {"removed": puzzle.a.copy(), "added": puzzle.a.copy()}
    height, width = puzzle.a.shape[:2]
    planted: list[Planted] = []
    taken = np.zeros((height, width), bool)
    for _ in range(200 * max(1, count)):
        if len(planted) >= count:
            break
        kind = "added" if rng.uniform() < 0.5 else "removed"
        mask, what = _mark((width, height), rng)
        ys, xs = np.nonzero(mask)
        x0, y0, w, h = int(xs.min()), int(ys.min()), int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1
        near = np.s_[max(0, y0 - 20) : y0 + h + 20, max(0, x0 - 20) : x0 + w + 20]
        under = puzzle.a[mask > 0].astype(np.int32)
        contrast = int(rng.integers(60, 111))
        sign = -1 if under.min() >= contrast else 1
        if taken[near].any() or (sign > 0 and under.max() > 255 - contrast):
            continue  # too close to another one, or no room for this contrast over a busy place
        panels[kind][mask > 0] = (under + sign * contrast).astype(np.uint8)
        taken[y0 : y0 + h, x0 : x0 + w] = True
        planted.append(Planted(kind, (x0, y0, w, h), what, len(xs) / mask.size, float(contrast)))
    planted.sort(key=lambda d: (d.box[1], d.box[0]))
    return replace(puzzle, a=panels["removed"], b=panels["added"], differences=tuple(planted))


def _mark(size: tuple[int, int], rng: np.random.Generator) -> tuple[Image, str]:
    """A line or a dot somewhere in a picture of that size: (h, w) uint8, 255 where it is."""
    mask = np.zeros((size[1], size[0]), np.uint8)
    edge = 12
    x, y = (int(rng.integers(edge, side - edge - 4)) for side in size)
    if rng.uniform() < 0.5:
        mask[y : y + 4, x : x + 4] = 255
        return mask, "dot"
    angle, half = rng.uniform(0, np.pi), rng.uniform(7.5, 30)
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    away = np.stack(np.meshgrid(np.arange(size[0]) - x, np.arange(size[1]) - y), axis=-1).astype(np.float64)
    mask[(np.abs(away @ across) <= rng.uniform(0.5, 1.0)) & (np.abs(away @ along) <= half)] = 255
    mask[:edge], mask[-edge:], mask[:, :edge], mask[:, -edge:] = 0, 0, 0, 0
    return mask, "line"


class _Pool:
    """The edits still worth trying, and how far each of them reaches."""

    def __init__(self, scene: Scene, edits: list[Edit]) -> None:
        self.scene = scene
        self._edits = edits
        self._reach: dict[Edit, Bounds] = {}
        self._extents: dict[Item, Bounds] = {}

    def drop(self, edits: Iterable[Edit]) -> None:
        gone = set(edits)
        self._edits = [e for e in self._edits if e not in gone]

    def reach(self, edit: Edit) -> Bounds:
        """Scene units; both versions of the object."""
        if edit not in self._reach:
            both = [self._extent(item) for item in (edit.a, edit.b) if item is not None]
            left, top = min(r[0] for r in both), min(r[1] for r in both)
            self._reach[edit] = left, top, max(r[2] for r in both), max(r[3] for r in both)
        return self._reach[edit]

    def _extent(self, item: Item) -> Bounds:
        shape = replace(item, colour=(0, 0, 0))  # a colour does not change how far it reaches
        if shape not in self._extents:
            self._extents[shape] = reach(item)
        return self._extents[shape]

    def window(self, edit: Edit, size: tuple[int, int]) -> Box:
        """Its reach in px of a picture of that size."""
        left, top, right, bottom = (v * size[1] for v in self.reach(edit))
        x0, y0 = max(0, int(left) - 2), max(0, int(top) - 2)
        return x0, y0, max(0, min(size[0], int(right) + 3) - x0), max(0, min(size[1], int(bottom) + 3) - y0)

    def separate_from(self, kept: Sequence[Edit], wanted: int) -> list[Edit]:
        """Up to `wanted` edits with clear space around them; no object twice, and few of one sort."""
        taken = list(kept)
        sorts = [self.scene.items[e.index].sort.name for e in kept]
        kinds = [e.kind for e in kept]
        share = (len(kept) + wanted) // len(KINDS) + 1
        for most in (share, wanted):  # at first no kind more often than its share
            for edit in self._edits:
                if len(taken) - len(kept) >= wanted:
                    break
                left, top, right, bottom = self.reach(edit)
                sort = self.scene.items[edit.index].sort.name
                too_large = (right - left) * (bottom - top) > 6 * LARGEST * self.scene.aspect
                if too_large or sorts.count(sort) >= 5 or kinds.count(edit.kind) >= most:
                    continue
                if any(edit.index == e.index or not self._clear(edit, e) for e in taken):
                    continue
                taken.append(edit)
                sorts.append(sort)
                kinds.append(edit.kind)
        return taken[len(kept) :]

    def _clear(self, one: Edit, two: Edit) -> bool:
        a, b = self.reach(one), self.reach(two)
        return max(a[0] - b[2], b[0] - a[2], a[1] - b[3], b[1] - a[3]) >= 0.02 * self.scene.aspect


def _measure(studio: Studio, pool: _Pool, edits: Sequence[Edit]) -> tuple[list[Planted | None], Image, Image]:
    """Draw both panels with these edits; each edit's difference, or None where it cannot be seen well."""
    side_a: list[Item | None] = list(pool.scene.items)
    side_b: list[Item | None] = list(pool.scene.items)
    for edit in edits:
        side_a[edit.index], side_b[edit.index] = edit.a, edit.b
    a, b = studio.draw(side_a), studio.draw(side_b)
    change = change_map(a, b)
    found: list[Planted | None] = []
    for edit in edits:
        one = measured(change, edit.kind, pool.scene.items[edit.index].sort.name, pool.window(edit, studio.size))
        found.append(one if fit(one, change) else None)
    return found, a, b


def _evened(edits: list[Edit]) -> list[Edit]:
    """As many objects added as removed: which panel lacks an object changes nothing else."""
    out: list[Edit] = []
    last = ""
    for edit in edits:
        if edit.kind in ("added", "removed"):
            if edit.kind == last:
                edit = Edit("removed" if last == "added" else "added", edit.index, edit.b, edit.a)
            last = edit.kind
        out.append(edit)
    return out


def _in_turn(edits: list[Edit], kinds: Sequence[str], wanted: int) -> list[Edit]:
    """`wanted` of the edits, the kinds as even as they can be and the objects varied; their order is kept."""
    seen: dict[str, int] = {}
    rank: dict[Edit, int] = {}
    for edit in edits:  # the first of each sort of object before the second of any
        item = edit.a or edit.b
        assert item is not None
        rank[edit] = seen[item.sort.name] = seen.get(item.sort.name, -1) + 1
    by_kind = {kind: sorted((e for e in edits if e.kind == kind), key=lambda e: rank[e]) for kind in kinds}
    picked: list[Edit] = []
    while len(picked) < wanted and any(by_kind.values()):
        for kind in kinds:
            if by_kind[kind] and len(picked) < wanted:
                picked.append(by_kind[kind].pop(0))
    return [e for e in edits if e in picked]
