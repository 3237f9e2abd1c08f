"""The pool of drawn samples on disk: one process draws into it, the trainer cuts crops out of it.

A pool is a folder of (h, w, 13) uint8 .npy files (see samples). When it is full the oldest are replaced.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.spotting.classify.eye_input import Floats, blob, maps_of, rim_of
from livespot.training.drawn import assets
from livespot.training.drawn.dice import Dice
from livespot.training.drawn.samples import INSTANCE, KIND, SEEN, Planes, sample

T = TypeVar("T")
FULL = 14_000  # files, about 25 GB
EXCHANGED = [3, 4, 5, 0, 1, 2, 6, 7, 8, 9, 11, 10, 12]  # the planes, A for B
MIRRORED = np.array([0, 2, 1, 3, 4, 5] + [0] * 250, np.uint8)  # kinds: added for removed


def fill(work: Path, split: str, seed: int, count: int, full: int = FULL, parent: int = 0) -> None:
    """Draw `count` samples (0: without end, as long as the parent process lives) into work/split."""
    cv2.setNumThreads(1)
    if parent and sys.platform != "win32":
        os.nice(5)
    folder = work / split
    folder.mkdir(parents=True, exist_ok=True)
    art = assets.load(work)[split]
    number = int(max(folder.glob("*.npy"), default=Path("-1")).stem) + 1 if not count else 0
    while number < (count or number + 1) and (not parent or os.getppid() == parent):
        planes = sample(Dice([seed, number]), art)
        part = folder / f".part{os.getpid()}"
        with open(part, "wb") as file:
            np.save(file, planes)
        os.replace(part, folder / f"{number % full:06d}.npy")
        number += 1


def drawing(work: Path, seed: int) -> BaseProcess:
    """Start the process that draws training samples, until this one ends or it is terminated."""
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=fill, args=(work, "train", seed, 0, FULL, os.getpid()), daemon=True)
    process.start()
    return process


def ahead(things: Iterator[T], count: int = 3) -> Iterator[T]:
    """The same things, the next few made in a thread while one is used. It ends with the process."""
    queue: Queue[T] = Queue(count)

    def make() -> None:
        for thing in things:
            queue.put(thing)

    Thread(target=make, daemon=True).start()
    while True:
        yield queue.get()


class Crops:
    """Random crops of a pool, with everything a print and a camera could do as well: colours, tones, mirrors, turns."""

    def __init__(self, folder: Path, seed: int, more: list[Planes] | None = None) -> None:
        self.folder, self.dice, self.more = folder, Dice([seed, 5]), more or []
        self.refresh()

    def refresh(self) -> None:
        """Look again for what has been drawn."""
        self.files = sorted(self.folder.glob("*.npy"))

    def batches(self, count: int, sides: tuple[int, ...]) -> Iterator[tuple[NDArray[np.float32], Planes]]:
        """Without end: (count, 11, s, s) float32, what the network sees; (count, s, s, 7) uint8, the truth."""
        while True:
            side = int(self.dice.pick(sides))
            x, truth = np.empty((count, 11, side, side), np.float32), np.empty((count, side, side, 7), np.uint8)
            for k in range(count):
                x[k, :3], x[k, 3:6], x[k, 6:], truth[k] = self.crop(side)
            yield x, truth

    def crop(self, side: int) -> tuple[Floats, Floats, Floats, Planes]:
        """Panel A, panel B, their maps, the truth, of one crop."""
        dice = self.dice
        mine = self.more and dice.chance(0.1)
        planes = dice.pick(self.more) if mine else np.load(dice.pick(self.files), mmap_mode="r")
        h, w = planes.shape[:2]
        y, x = self._place(planes, side)
        part = np.array(planes[y : y + side, x : x + side])
        rim = rim_of(h, w)[y : y + side, x : x + side]
        below, right = side - part.shape[0], side - part.shape[1]
        if below or right:
            part = np.pad(part, ((0, below), (0, right), (0, 0)), mode="edge")
            rim = np.pad(rim, ((0, below), (0, right)), mode="edge")
            part[side - below :, :, 6:], part[:, side - right :, 6:] = 0, 0
        if dice.chance(0.5):
            part, rim = part[:, ::-1], rim[:, ::-1]
        if dice.chance(0.5):
            part, rim = part[::-1], rim[::-1]
        if dice.chance(0.5):
            part, rim = part.transpose(1, 0, 2), rim.T
        if dice.chance(0.5):
            part = part[..., EXCHANGED]
            part[..., KIND] = MIRRORED[part[..., KIND]]
        panels = self._toned(np.ascontiguousarray(part[..., :6]))
        a, b = np.ascontiguousarray(panels[..., :3]), np.ascontiguousarray(panels[..., 3:])
        seen = part[..., SEEN] > 0
        if not seen.all():
            b[~seen] = a[~seen]
        return blob(a), blob(b), maps_of(a, b, seen, np.ascontiguousarray(rim)), part[..., 6:]

    def _place(self, planes: Planes, side: int) -> tuple[int, int]:
        """Where a crop begins, y and x: anywhere, near a difference, or in a corner, where frames and letters are."""
        dice, room = self.dice, [max(0, n - side) for n in planes.shape[:2]]
        way, at = dice.rng.random(), [dice.whole(0, most) for most in room]
        if way > 0.8:
            at = [dice.pick([0, most]) for most in room]
        elif way < 0.55:
            ys, xs = np.nonzero(planes[::4, ::4, INSTANCE])
            if len(ys):
                k = dice.whole(0, len(ys) - 1)
                at = [
                    min(max(4 * int(n) - dice.whole(8, side - 8), 0), m)
                    for n, m in zip((ys[k], xs[k]), room, strict=True)
                ]
        return at[0] // 4 * 4, at[1] // 4 * 4

    def _toned(self, panels: Planes) -> Planes:
        dice, levels = self.dice, np.arange(256.0)
        if dice.chance(0.3):
            order = dice.rng.permutation(3)
            panels = np.ascontiguousarray(panels[..., [*order, *(order + 3)]])
        if dice.chance(0.3):
            levels = 255 * (levels / 255) ** dice.real(0.7, 1.4)
        if dice.chance(0.04):
            levels = 255 - levels
        if dice.chance(0.2):
            levels = levels * dice.real(0.5, 1.1)
        return np.asarray(cv2.LUT(panels, np.clip(levels, 0, 255).astype(np.uint8)), np.uint8)
