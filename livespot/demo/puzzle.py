"""A spot-the-difference puzzle with its truth: two panels, and every pixel that differs accounted for.

In: a drawn scene (a list of objects, from which some are left out, recoloured, moved, exchanged) or a photograph (which
is retouched), and a seed. Out: a Puzzle. The boxes are measured on the finished pictures, not guessed from the edits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from livespot.demo.scenery import Item, Scene, Studio
from livespot.frame import Image
from livespot.geometry import Box

KINDS = ("added", "removed", "changed", "recoloured", "moved")
VISIBLE = 12  # grey levels in the strongest channel: what counts as changed when a box is measured
PLAIN = 25  # grey levels that most of a difference must reach, else the edit is thrown away
SMALLEST, LARGEST = 0.001, 0.03  # of the panel's area


@dataclass(frozen=True)
class Planted:
    """One difference that was put in.

    kind: one of KINDS; "added" is in B and not in A. box: (x, y, width, height), the union of what changed, px of
    panel A. what: the object. area: share of the panel's pixels that changed. contrast: median change there, grey levels.
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

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of panel A, px."""
        return self.a.shape[1], self.a.shape[0]


@dataclass(frozen=True)
class Edit:
    """What happens to item number `index`; None: it is not there."""

    kind: str
    index: int
    a: Item | None
    b: Item | None


def change_map(a: Image, b: Image) -> NDArray[np.uint8]:
    """How much each pixel differs in its strongest channel, (h, w) uint8 grey levels."""
    return np.abs(a.astype(np.int16) - b.astype(np.int16)).max(axis=2).astype(np.uint8)


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
    """Whether a person can see it: large enough, not half the picture, and plain over most of its area."""
    if difference is None or not SMALLEST <= difference.area <= LARGEST:
        return False
    x, y, w, h = difference.box
    if w * h > 2.5 * LARGEST * change.size or min(w, h) < 4:
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
        picture = studio.draw().image
        return Puzzle(scene.name, scene.title, picture, picture.copy(), ())
    chosen: list[Edit] = []
    rejected: set[Edit] = set()
    draft = Studio(scene, max(120, round(height * 0.6)), detail=1)
    pool = list(_possible(scene, kinds, rng))
    for _ in range(6):
        # Try as many separate edits as fit at once on a draft, then keep the ones that can be seen, kinds in turn.
        trial = _separate(draft, chosen, [e for e in pool if e not in rejected and e not in chosen], scene)
        good = {edit for edit, found in zip(trial, _measure(draft, scene, trial)[0], strict=True) if found is not None}
        rejected |= set(trial) - good
        chosen = _in_turn([e for e in trial if e in good], kinds, differences)
        if len(chosen) < differences and len(pool) > len(rejected) + len(chosen):
            continue
        found, panel_a, panel_b = _measure(studio, scene, chosen)
        bad = {edit for edit, one in zip(chosen, found, strict=True) if one is None}
        if not bad:
            break
        rejected |= bad
        chosen = [e for e in chosen if e not in bad]
    found, panel_a, panel_b = _measure(studio, scene, chosen)
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
        if not item.removable:
            return None
        return Edit(kind, index, None, item) if kind == "added" else Edit(kind, index, item, None)
    if kind == "recoloured":
        others = [c for c in item.colours if max(abs(u - v) for u, v in zip(c, item.colour, strict=True)) > 60]
        return Edit(kind, index, item, replace(item, colour=others[int(rng.integers(len(others)))])) if others else None
    if kind == "moved":
        if item.slide == (0.0, 0.0):
            return None
        far = rng.uniform(0.6, 1.0) * sign
        return Edit(kind, index, item, replace(item, x=item.x + item.slide[0] * far, y=item.y + item.slide[1] * far))
    ways = (
        (["style"] if item.styles > 1 else [])
        + (["size"] if item.resizable else [])
        + (["turn"] if item.turnable else [])
    )
    if not ways:
        return None
    way = ways[int(rng.integers(len(ways)))]
    if way == "style":
        other = (item.style + 1 + int(rng.integers(item.styles - 1))) % item.styles
        return Edit(kind, index, item, replace(item, style=other))
    if way == "size":
        return Edit(kind, index, item, replace(item, size=item.size * (1.28 if sign > 0 else 0.74)))
    return Edit(kind, index, item, replace(item, mirror=not item.mirror))


def _sides(scene: Scene, edits: Sequence[Edit]) -> tuple[list[Item | None], list[Item | None]]:
    a: list[Item | None] = list(scene.items)
    b: list[Item | None] = list(scene.items)
    for edit in edits:
        a[edit.index], b[edit.index] = edit.a, edit.b
    return a, b


def _reach(studio: Studio, scene: Scene, edits: Sequence[Edit]) -> list[Box]:
    """How far each edit reaches in the pictures, whatever hides it."""
    full_a = studio.draw([e.a for e in edits]).reach
    full_b = studio.draw([e.b for e in edits]).reach
    width, height = studio.size
    boxes = []
    for one, two in zip(full_a, full_b, strict=True):
        both = [r for r in (one, two) if r is not None]
        x0, y0 = max(0, int(min(r[0] for r in both)) - 2), max(0, int(min(r[1] for r in both)) - 2)
        x1, y1 = min(width, int(max(r[2] for r in both)) + 3), min(height, int(max(r[3] for r in both)) + 3)
        boxes.append((x0, y0, max(0, x1 - x0), max(0, y1 - y0)))
    return boxes


def _separate(studio: Studio, kept: list[Edit], pool: list[Edit], scene: Scene) -> list[Edit]:
    """`kept` and as many of the pool as have clear space between them; no object twice."""
    edits = kept + pool
    boxes = _reach(studio, scene, edits)
    gap = 0.02 * studio.size[0]
    limit = 5 * LARGEST * studio.size[0] * studio.size[1]
    taken: list[tuple[Edit, Box]] = []
    for edit, box in zip(edits, boxes, strict=True):
        if box[2] * box[3] == 0 or box[2] * box[3] > limit or any(edit.index == other.index for other, _ in taken):
            continue
        if all(_clear(box, other, gap) for _, other in taken):
            taken.append((edit, box))
    return [edit for edit, _ in taken]


def _clear(one: Box, two: Box, gap: float) -> bool:
    apart_x = max(one[0], two[0]) - min(one[0] + one[2], two[0] + two[2])
    apart_y = max(one[1], two[1]) - min(one[1] + one[3], two[1] + two[3])
    return max(apart_x, apart_y) >= gap


def _measure(studio: Studio, scene: Scene, edits: Sequence[Edit]) -> tuple[list[Planted | None], Image, Image]:
    """Draw both panels with these edits; each edit's difference, or None where it cannot be seen well."""
    side_a, side_b = _sides(scene, edits)
    a, b = studio.draw(side_a).image, studio.draw(side_b).image
    change = change_map(a, b)
    found: list[Planted | None] = []
    for edit, box in zip(edits, _reach(studio, scene, edits), strict=True):
        one = measured(change, edit.kind, scene.items[edit.index].name, box)
        found.append(one if fit(one, change) else None)
    return found, a, b


def _in_turn(edits: list[Edit], kinds: Sequence[str], wanted: int) -> list[Edit]:
    """`wanted` of the edits, the kinds as even as they can be; their order is kept."""
    by_kind = {kind: [e for e in edits if e.kind == kind] for kind in kinds}
    picked: list[Edit] = []
    while len(picked) < wanted and any(by_kind.values()):
        for kind in kinds:
            if by_kind[kind] and len(picked) < wanted:
                picked.append(by_kind[kind].pop(0))
    return [e for e in edits if e in picked]
