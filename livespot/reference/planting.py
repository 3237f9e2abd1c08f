"""Plants known differences in anybody's photograph: things in it are removed, added, recoloured, moved, resized.

In: a picture, how many, a seed. Out: a demo Puzzle, its boxes measured on the finished panels.
"""

from collections import Counter
from dataclasses import replace

import numpy as np

from livespot.demo.puzzle import Puzzle
from livespot.errors import LivespotError
from livespot.frame import Image
from livespot.reference.changing import Edit, edits_of
from livespot.reference.healing import Mask
from livespot.reference.things import things

SEEN_FROM_A = {"added": "removed", "removed": "added"}  # what is added to A is in A and not in B
# Places to try for each thing, things, Lab units between a thing and its surroundings in its weakest eighth of the way
# round, and px of the picture in which things are looked for: more is tried when that gave too few differences.
_EFFORTS = ((6, 60, 3.0, 420), (18, 200, 1.5, 640))


def plant(name: str, picture: Image, *, differences: int, seed: int) -> Puzzle:
    """Two panels of `picture`, (h, w, 3) uint8 BGR, with that many differences, from subtle to plain.

    Fewer are planted when the picture has not enough in it. Raises LivespotError when it has nothing.
    """
    rng = np.random.default_rng([seed, 5077])
    if differences <= 0:
        return Puzzle(name, "", picture.copy(), picture.copy(), ())
    edits: list[Edit] = []
    taken = np.zeros(picture.shape[:2], bool)
    for effort in _EFFORTS:
        _plant_more(edits, taken, picture, differences, effort, rng)
        if len(edits) >= differences:
            break
    if not edits:
        raise LivespotError(
            f"{name}: nothing in this picture can be changed without a trace: choose one with more in it"
        )
    chosen = _spread(edits, differences)
    panels = {"a": picture.copy(), "b": picture.copy()}
    planted = []
    for panel, edit in zip(_panels(chosen, rng), chosen, strict=True):
        h, w = edit.patch.shape[:2]
        panels[panel][edit.y : edit.y + h, edit.x : edit.x + w] = edit.patch
        kind = edit.planted.kind
        planted.append(replace(edit.planted, kind=SEEN_FROM_A.get(kind, kind) if panel == "a" else kind))
    planted.sort(key=lambda d: (d.box[1], d.box[0]))
    return Puzzle(name, "", panels["a"], panels["b"], tuple(planted))


def _plant_more(
    edits: list[Edit],
    taken: Mask,
    picture: Image,
    wanted: int,
    effort: tuple[int, int, float, int],
    rng: np.random.Generator,
) -> None:
    """Add edits that keep clear of those there are, until there are enough to choose `wanted` from. taken: (h, w),
    where they are."""
    places, most, closed, side = effort
    margin = round(0.012 * max(picture.shape))
    for edit in edits_of(picture, things(picture, most, closed, side), rng, places):
        h, w = edit.patch.shape[:2]
        near = np.s_[max(0, edit.y - margin) : edit.y + h + margin, max(0, edit.x - margin) : edit.x + w + margin]
        if taken[near].any():
            continue
        taken[edit.y : edit.y + h, edit.x : edit.x + w] = True
        edits.append(edit)
        colours = sum(e.planted.kind == "recoloured" for e in edits)
        if len(edits) >= 2 * wanted + 4 or (len(edits) >= wanted and colours >= max(1, wanted // 3)):
            return


def _spread(edits: list[Edit], wanted: int) -> list[Edit]:
    """`wanted` of the edits, kinds as even as they can be, and within that from the subtlest to the plainest."""
    order = sorted(edits, key=lambda e: e.plainness)
    left = Counter(e.planted.kind for e in order)
    shares: Counter[str] = Counter()
    for _ in range(min(wanted, len(order))):
        kind = min((k for k in left if left[k] > shares[k]), key=lambda k: (shares[k], -left[k]))
        shares[kind] += 1
    chosen: list[int] = []
    for place in np.linspace(0, len(order) - 1, sum(shares.values())):
        free = [i for i, e in enumerate(order) if i not in chosen and shares[e.planted.kind] > 0]
        chosen.append(min(free, key=lambda i: abs(i - place)))
        shares[order[chosen[-1]].planted.kind] -= 1
    return [order[i] for i in sorted(chosen)]


def _panels(chosen: list[Edit], rng: np.random.Generator) -> list[str]:
    """The panel, "a" or "b", that each edit is made in: as many in the one as in the other, and as many things missing
    in the one as in the other."""
    panels = [""] * len(chosen)
    sides = {"a": 0, "b": 0}
    kinds: Counter[str] = Counter()
    for index in sorted(rng.permutation(len(chosen)), key=lambda i: chosen[int(i)].planted.kind not in SEEN_FROM_A):
        kind = chosen[int(index)].planted.kind
        seen = {"a": SEEN_FROM_A.get(kind, kind), "b": kind}
        panel = min("ab", key=lambda one: (kinds[seen[one]], sides[one]))
        panels[int(index)] = panel
        sides[panel] += 1
        kinds[seen[panel]] += 1
    return panels
