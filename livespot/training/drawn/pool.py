"""The pool of drawn samples on disk: processes draw into it, the trainer reads from it.

A pool is a folder of (h, w, planes) uint8 .npy files, one a sample. When it is full the oldest are replaced.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.training.drawn import assets
from livespot.training.drawn.assets import Assets
from livespot.training.drawn.dice import Dice

Draw = Callable[[Dice, Assets], NDArray[np.uint8]]


def fill(
    work: Path, split: str, seed: int, draw: Draw, count: int, full: int = 0, parent: int = 0, first: int = 0,
    step: int = 1,
) -> None:  # fmt: skip
    """Draw the samples `first`, `first` + `step`, ... below `count` into work/split.

    draw: a function of a module, one sample. count: 0 is without end, as long as the parent process lives, from where
    the pool ends. full: files, from which on the oldest are replaced.
    """
    cv2.setNumThreads(1)
    if parent and sys.platform != "win32":
        os.nice(5)
    folder = work / split
    folder.mkdir(parents=True, exist_ok=True)
    art = assets.load(work)["held" if split == "held" else "train"]
    number = first if count else int(max(folder.glob("*.npy"), default=Path("-1")).stem) + 1 + first
    while number < (count or number + 1) and (not parent or os.getppid() == parent):
        planes = draw(Dice([seed, number]), art)
        part = folder / f".part{os.getpid()}"
        with open(part, "wb") as file:
            np.save(file, planes)
        os.replace(part, folder / f"{number % full if full else number:06d}.npy")
        number += step


def drawing(work: Path, seed: int, draw: Draw, full: int, split: str = "train") -> list[BaseProcess]:
    """Start the processes that draw training samples into work/split, until this one ends or they are terminated.

    One, as a rule, for the processor that does not train.
    """
    context = multiprocessing.get_context("spawn")
    step = max(1, (os.cpu_count() or 1) - 1)
    processes: list[BaseProcess] = []
    for first in range(step):
        words = (work, split, seed, draw, 0, full, os.getpid(), first, step)
        processes.append(context.Process(target=fill, args=words, daemon=True))
        processes[-1].start()
    return processes
