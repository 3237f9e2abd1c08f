"""The pool of drawn samples on disk: processes draw into it, the trainer cuts crops out of it.

A pool is a folder of (h, w, 13) uint8 .npy files (see samples). When it is full the oldest are replaced.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from multiprocessing.process import BaseProcess
from pathlib import Path

import cv2
import numpy as np

from livespot.training.drawn import assets
from livespot.training.drawn.dice import Dice
from livespot.training.drawn.samples import sample

FULL = 14_000  # files, about 12 GB


def fill(work: Path, split: str, seed: int, count: int, parent: int = 0, first: int = 0, step: int = 1) -> None:
    """Draw the samples `first`, `first` + `step`, ... below `count` into work/split.

    count: 0 is without end, as long as the parent process lives, from where the pool ends.
    """
    cv2.setNumThreads(1)
    if parent and sys.platform != "win32":
        os.nice(5)
    folder = work / split
    folder.mkdir(parents=True, exist_ok=True)
    art = assets.load(work)[split]
    number = first if count else int(max(folder.glob("*.npy"), default=Path("-1")).stem) + 1 + first
    while number < (count or number + 1) and (not parent or os.getppid() == parent):
        planes = sample(Dice([seed, number]), art)
        part = folder / f".part{os.getpid()}"
        with open(part, "wb") as file:
            np.save(file, planes)
        os.replace(part, folder / f"{number % FULL:06d}.npy")
        number += step


def drawing(work: Path, seed: int) -> list[BaseProcess]:
    """Start the processes that draw training samples, until this one ends or they are terminated.

    One, as a rule, for the processor that does not train.
    """
    context = multiprocessing.get_context("spawn")
    step = max(1, (os.cpu_count() or 1) - 1)
    processes: list[BaseProcess] = []
    for first in range(step):
        words = (work, "train", seed, 0, os.getpid(), first, step)
        processes.append(context.Process(target=fill, args=words, daemon=True))
        processes[-1].start()
    return processes
