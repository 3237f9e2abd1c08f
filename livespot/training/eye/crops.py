"""Random crops of the drawn samples, on the device that trains: a whole batch is cut by one look-up.

In: a pool (livespot.training.drawn.pool) that may still grow. Out: batches of what the network sees, and the truth.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from livespot.spotting.classify.eye_input import RIM
from livespot.training.drawn.dice import Dice
from livespot.training.drawn.samples import INSTANCE, KIND, SEEN, Planes
from livespot.training.eye.sees import sees_of

T = TypeVar("T")
SIDES = 160, 192, 256  # px of a crop, one for a batch
PLANES = 13
EXCHANGED = np.array([3, 4, 5, 0, 1, 2, 6, 7, 8, 9, 11, 10, 12])  # the planes, A for B
MIRRORED = torch.tensor([0, 2, 1, 3, 4, 5], dtype=torch.uint8)  # kinds: added for removed
ROOM = 3e9  # bytes of samples that are kept in the memory of a computer; more are exchanged for new ones
CARD = 0.6  # of a graphics card's memory, the same
LOOK = 2.0  # seconds between two looks for new samples
FILMED, MINE = 0.4, 0.1  # of what is looked at, as far as there are any: filmed samples, one's own
SPOTS = 30  # places a sample where something differs, to choose from; as many shared out to its differences


@dataclass(frozen=True, eq=False)
class Place:
    """A sample in the memory of pixels: its first row there, its height and width, px; where something differs in it,
    (y, x), px.
    """

    start: int
    height: int
    width: int
    spots: list[tuple[int, int]]


class Crops:
    """Crops of samples, with everything a print and a camera could do as well: colours, tones, mirrors, turns.

    drawn, filmed: folders of them, which may still grow. mine: one's own. Of the two last a share each is looked at.
    """

    def __init__(self, drawn: Path, filmed: Path, mine: list[Planes], seed: int, device: torch.device) -> None:
        room = torch.cuda.get_device_properties(device).total_memory * CARD if device.type == "cuda" else ROOM
        self.dice, self.device = Dice([seed, 5]), device
        self.pixels = torch.empty((int(room) // PLANES, PLANES), dtype=torch.uint8, device=device)
        self.mine: list[Place] = []
        self.drawn: list[Place] = []
        self.filmed: list[Place] = []
        self._folders = (drawn, self.drawn), (filmed, self.filmed)
        self._next = self._ring = 0  # where the next sample goes; from where on they are exchanged, all but one's own
        self._looked = -math.inf
        self._taken: dict[Path, int] = {}  # when what was taken of a file had been written
        for planes in mine:
            self._keep(planes, self.mine)
        self._ring = self._next
        self.refresh()

    def _keep(self, planes: Planes, among: list[Place]) -> None:
        """Copy a sample into the memory of pixels; those that lie there are forgotten."""
        h, w = planes.shape[:2]
        start = self._next if self._next + h * w <= len(self.pixels) else self._ring
        end = start + h * w
        for _, places in self._folders:
            places[:] = [p for p in places if p.start >= end or p.start + p.height * p.width <= start]
        self.pixels[start:end] = torch.from_numpy(planes.reshape(-1, PLANES)).to(self.device)
        among.append(Place(start, h, w, self._spots(planes[..., INSTANCE])))
        self._next = end

    def _spots(self, instances: NDArray[np.uint8]) -> list[tuple[int, int]]:
        """Pixels where something differs, half of them by chance, half shared out evenly: a mark has few."""
        numbers = np.unique(instances[instances > 0])
        out: list[tuple[int, int]] = []
        for on, count in [(instances > 0, SPOTS), *((instances == n, SPOTS // len(numbers)) for n in numbers)]:
            where = np.argwhere(on)
            out += [(int(y), int(x)) for y, x in self.dice.rng.permutation(where)[:count]]
        return out

    def refresh(self) -> None:
        """Look again for what has been drawn."""
        if time.monotonic() - self._looked < LOOK:
            return
        self._looked = time.monotonic()
        for folder, places in self._folders:
            for file in sorted(folder.glob("*.npy")):
                made = file.stat().st_mtime_ns
                if self._taken.get(file) != made:
                    self._taken[file] = made
                    self._keep(np.load(file), places)

    def batches(self, count: int, sides: tuple[int, ...]) -> Iterator[tuple[Tensor, Tensor]]:
        """Without end: (count, 11, s, s) float32, what the network sees; (count, 7, s, s) uint8, the truth."""
        while True:
            self.refresh()
            yield self._cut([self._pick() for _ in range(count)], int(self.dice.pick(sides)))

    def _pick(self) -> Place:
        way = self.dice.rng.random()
        places = self.filmed if way < FILMED else self.mine if way < FILMED + MINE else self.drawn
        return self.dice.pick(places or self.drawn)

    def _cut(self, places: list[Place], side: int) -> tuple[Tensor, Tensor]:
        dice, count = self.dice, len(places)
        corners = np.array([self._corner(p, side) for p in places])
        y, x = self._rows(corners[:, 0], side), self._rows(corners[:, 1], side)
        turned = self._each(dice.rng.random(count) < 0.5)
        rows = torch.where(turned, y[:, None, :], y[:, :, None])
        columns = torch.where(turned, x[:, :, None], x[:, None, :])
        start, h, w = (
            self._each(np.array(v)) for v in zip(*((p.start, p.height, p.width) for p in places), strict=True)
        )
        inside = (rows < h) & (columns < w)
        rows, columns = torch.minimum(rows, h - 1), torch.minimum(columns, w - 1)
        part = self.pixels[start + rows * w + columns]
        part[..., 6:] *= inside[..., None]
        exchanged = dice.rng.random(count) < 0.5
        part = self._ordered(part, exchanged)
        kinds = part[..., KIND].long()
        part[..., KIND] = torch.where(self._each(exchanged), MIRRORED.to(self.device)[kinds], part[..., KIND])
        levels = torch.from_numpy(np.array([self._levels() for _ in places])).to(self.device)
        panels = torch.gather(levels, 1, part[..., :6].reshape(count, -1).long()).view(count, side, side, 6)
        panels = panels.permute(0, 3, 1, 2).float()
        seen = part[..., SEEN] > 0
        a, b = panels[:, :3], torch.where(seen[:, None], panels[:, 3:], panels[:, :3])
        near = torch.minimum(torch.minimum(rows, h - 1 - rows), torch.minimum(columns, w - 1 - columns))
        rim = (near / (RIM * torch.sqrt((h * w).float()))).clamp(0, 1) - 0.5
        return sees_of(a, b, seen, rim), part[..., 6:].permute(0, 3, 1, 2)

    def _each(self, values: NDArray[np.generic]) -> Tensor:
        """One value a crop, (n, 1, 1)."""
        return torch.from_numpy(values).to(self.device)[:, None, None]

    def _rows(self, first: NDArray[np.intp], side: int) -> Tensor:
        """(n, side) from `first` on, of every second crop backwards."""
        along = np.arange(side)[None]
        along = np.where(self.dice.rng.random((len(first), 1)) < 0.5, side - 1 - along, along)
        return torch.from_numpy(first[:, None] + along).to(self.device)

    def _ordered(self, part: Tensor, exchanged: NDArray[np.bool_]) -> Tensor:
        """The planes in another order: A for B, and now and then blue for red."""
        order = np.where(exchanged[:, None], EXCHANGED, np.arange(PLANES))
        for row in order:
            if self.dice.chance(0.3):
                colours = self.dice.rng.permutation(3)
                row[:6] = row[[*colours, *(colours + 3)]]
        index = torch.from_numpy(order).to(self.device)[:, None, None]
        return torch.gather(part, 3, index.expand(part.shape))

    def _corner(self, place: Place, side: int) -> tuple[int, int]:
        """Where a crop begins, y and x: anywhere, near a difference, or in a corner, where frames and letters are."""
        dice, room = self.dice, [max(0, n - side) for n in (place.height, place.width)]
        way, at = dice.rng.random(), [dice.whole(0, most) for most in room]
        if way > 0.8:
            at = [dice.pick([0, most]) for most in room]
        elif way < 0.55 and place.spots:
            spot = dice.pick(place.spots)
            at = [min(max(n - dice.whole(8, side - 8), 0), most) for n, most in zip(spot, room, strict=True)]
        return at[0] // 4 * 4, at[1] // 4 * 4

    def _levels(self) -> NDArray[np.uint8]:
        """(256,) what becomes of each grey level."""
        dice, levels = self.dice, np.arange(256.0)
        if dice.chance(0.3):
            levels = 255 * (levels / 255) ** dice.real(0.7, 1.4)
        if dice.chance(0.04):
            levels = 255 - levels
        if dice.chance(0.2):
            levels = levels * dice.real(0.5, 1.1)
        return np.clip(levels, 0, 255).astype(np.uint8)


def ahead(things: Iterator[T]) -> Iterator[T]:
    """The same endless things, the next one made in a thread while one is used. The process ends when that is done."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, things)
        while True:
            thing, coming = coming.result(), pool.submit(next, things)
            yield thing
