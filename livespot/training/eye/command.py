"""`livespot calibrate eye`: draw puzzles, train the network on them, score it, and put it to use.

In: a work folder, which may be days old: what is in it is continued. Out: eye.onnx and eye.json there; with `write`
they replace those in use.
"""

from __future__ import annotations

import functools
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

import numpy as np

from livespot import fitted_files
from livespot.errors import LivespotError
from livespot.settings import Settings
from livespot.spotting.classify.eye import WEIGHTS, Eye

P = ParamSpec("P")
T = TypeVar("T")

SEED, HELD_SEED, HELD = 11, 7, 80
ENOUGH = 60  # samples of each process to begin with, while more are drawn


@dataclass(frozen=True)
class Plan:
    """work: where all is kept (some 15 GB in the end). hours: of training in all.

    data: one's own labelled puzzles or None. sides: px of a crop. held: samples that are scored.
    """

    work: Path
    hours: float = 3.0
    data: Path | None = None
    write: bool = False
    sides: tuple[int, ...] = ()
    held: int = HELD


def with_pytorch(work: Callable[P, T]) -> Callable[P, T]:
    """The same work, which says in one line that PyTorch is missing."""

    @functools.wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return work(*args, **kwargs)
        except ImportError as error:
            raise LivespotError(
                f"training needs {error.name}, which is not here: run scripts/train, which gets it"
            ) from None

    return run


@with_pytorch
def train(plan: Plan, settings: Settings, tell: Callable[[str], None]) -> dict[str, float]:
    """Do it. Returns the scores on held-out puzzles. Raises LivespotError when PyTorch or the art is missing."""
    import torch

    from livespot.training.drawn import assets
    from livespot.training.drawn.pool import drawing, fill
    from livespot.training.eye import own
    from livespot.training.eye.crops import Crops, ahead
    from livespot.training.eye.export import export, provenance
    from livespot.training.eye.fitting import BATCH, CARD_BATCH, SIDES, Fitting
    from livespot.training.eye.scoring import score

    torch.set_num_threads(1)
    plan.work.mkdir(parents=True, exist_ok=True)
    tell("reading the art that puzzles are drawn from")
    assets.load(plan.work)
    held = sorted((plan.work / "held").glob("*.npy"))
    if len(held) < plan.held:
        fill(plan.work, "held", HELD_SEED, plan.held)
    mine = own.planes_of(plan.data, settings) if plan.data else []
    if plan.data:
        tell(f"{len(mine)} of your own puzzles are among what is learned from")
    draws = drawing(plan.work, SEED)
    try:
        while len(list((plan.work / "train").glob("*.npy"))) < ENOUGH * len(draws):
            if not all(one.is_alive() for one in draws):
                raise LivespotError("the process that draws puzzles has ended: see its message above")
            time.sleep(0.5)
        fitting = Fitting(plan.work)
        crops = Crops(plan.work / "train", fitting.steps, fitting.device, mine)
        batch = CARD_BATCH if fitting.device.type == "cuda" else BATCH
        fitting.run(ahead(crops.batches(batch, plan.sides or SIDES)), plan.hours, tell)
    finally:
        for one in draws:
            one.terminate()
        for one in draws:
            one.join()
    weights = plan.work / WEIGHTS.name
    export(fitting.kept.to("cpu"), weights)
    scores = score(Eye(weights), (np.load(f) for f in sorted((plan.work / "held").glob("*.npy")))).told()
    provenance(
        weights, seeds={"drawn": SEED, "held": HELD_SEED, "network": 0}, crops=fitting.crops, steps=fitting.steps,
        minutes=round(fitting.seconds / 60, 1), own_puzzles=len(mine), held_out=scores,
    )  # fmt: skip
    tell(f"{fitting.crops} crops; on {plan.held} held-out puzzles: " + " ".join(f"{k} {v}" for k, v in scores.items()))
    if plan.write:
        tell(f"wrote {put_to_use(weights, WEIGHTS)} and its origin beside it")
    return scores


def put_to_use(weights: Path, brought: Path) -> Path:
    """Replace weights that the package brings, and their origin, by these; where they are now."""
    for one in (brought.with_suffix(".json"), brought):
        shutil.copyfile(weights.with_suffix(one.suffix), kept := fitted_files.place(one))
    return kept
