"""`livespot calibrate eye`: draw puzzles, train the network on them, score it, and put it to use.

In: a work folder, which may be days old: what is in it is continued. Out: eye.onnx and eye.json there; with `write`
they replace those in use.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from livespot.errors import LivespotError
from livespot.settings import Settings
from livespot.spotting.classify.eye import WEIGHTS, Eye
from livespot.training.networks import put_to_use, with_pytorch

SEED, HELD_SEED, HELD = 11, 7, 80
FULL, FULL_FILMED = 14_000, 2_500  # samples, about 12 and 3 GB
ENOUGH = 60  # samples of each process to begin with, while more are drawn


@dataclass(frozen=True)
class Plan:
    """work: where all is kept (some 17 GB in the end). hours: of training in all.

    data: one's own labelled puzzles or None. sides: px of a crop. held: samples that are scored.
    """

    work: Path
    hours: float = 3.0
    data: Path | None = None
    write: bool = False
    sides: tuple[int, ...] = ()
    held: int = HELD


@with_pytorch
def train(plan: Plan, settings: Settings, tell: Callable[[str], None]) -> dict[str, float]:
    """Do it. Returns the scores on held-out puzzles. Raises LivespotError when PyTorch or the art is missing."""
    import torch

    from livespot.training.drawn import assets
    from livespot.training.drawn.filmed import filmed_sample
    from livespot.training.drawn.pool import drawing, fill
    from livespot.training.drawn.samples import sample
    from livespot.training.export import provenance, write_onnx
    from livespot.training.eye import own
    from livespot.training.eye.crops import SIDES, Crops, ahead
    from livespot.training.eye.losses import SHARE, losses
    from livespot.training.eye.network import MAPS, Probabilities
    from livespot.training.eye.network import Eye as Network
    from livespot.training.eye.scoring import score
    from livespot.training.fitting import BATCH, CARD_BATCH, Fitting

    torch.set_num_threads(1)
    plan.work.mkdir(parents=True, exist_ok=True)
    tell("reading the art that puzzles are drawn from")
    assets.load(plan.work)
    held = sorted((plan.work / "held").glob("*.npy"))
    if len(held) < plan.held:
        fill(plan.work, "held", HELD_SEED, sample, plan.held)
    mine = own.planes_of(plan.data, settings) if plan.data else []
    if plan.data:
        tell(f"{len(mine)} of your own puzzles are among what is learned from")
    draws = drawing(plan.work, SEED, sample, FULL)
    enough = ENOUGH * len(draws)
    draws += drawing(plan.work, SEED, filmed_sample, FULL_FILMED, "filmed")
    try:
        while len(list((plan.work / "train").glob("*.npy"))) < enough:
            if not all(one.is_alive() for one in draws):
                raise LivespotError("the process that draws puzzles has ended: see its message above")
            time.sleep(0.5)
        fitting = Fitting(plan.work, Network, losses, SHARE)
        crops = Crops(plan.work / "train", plan.work / "filmed", mine, fitting.steps, fitting.device)
        batch = CARD_BATCH if fitting.device.type == "cuda" else BATCH
        fitting.run(ahead(crops.batches(batch, plan.sides or SIDES)), plan.hours, tell)
    finally:
        for one in draws:
            one.terminate()
        for one in draws:
            one.join()
    weights = plan.work / WEIGHTS.name
    inputs = tuple(torch.zeros(1, planes, 256, 320) for planes in (3, 3, MAPS))
    net = Probabilities(fitting.kept.to("cpu")).eval()
    write_onnx(net, inputs, weights, ["a", "b", "maps"], ["fine", "coarse"], resizable=True)
    scores = score(Eye(weights), (np.load(f) for f in sorted((plan.work / "held").glob("*.npy")))).told()
    provenance(
        weights, seeds={"drawn": SEED, "held": HELD_SEED, "network": 0}, crops=fitting.crops, steps=fitting.steps,
        minutes=round(fitting.seconds / 60, 1), own_puzzles=len(mine), held_out=scores,
    )  # fmt: skip
    tell(f"{fitting.crops} crops; on {plan.held} held-out puzzles: " + " ".join(f"{k} {v}" for k, v in scores.items()))
    if plan.write:
        tell(f"wrote {put_to_use(weights, WEIGHTS)} and its origin beside it")
    return scores
