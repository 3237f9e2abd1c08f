"""`livespot calibrate panels`: draw pages, train the network of the panel map on them, score it, put it to use.

In: a work folder, which may be days old: what is in it is continued. Out: panel_map.onnx and panel_map.json there; with
`write` they replace those in use.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from livespot.errors import LivespotError
from livespot.spotting.panels.extent import ONE_PICTURE
from livespot.spotting.panels.panel_map import PLANES, SIDE, WEIGHTS
from livespot.training.networks import put_to_use, with_pytorch

SEED, HELD_SEED, HELD = 21, 8, 300
FULL = 40_000  # views, 12 GB
ENOUGH = 60  # to begin with, while more are drawn


@with_pytorch
def train(work: Path, hours: float, write: bool, tell: Callable[[str], None], held: int = HELD) -> dict[str, float]:
    """Do it. Returns the scores on held-out pages. Raises LivespotError when PyTorch or the art is missing."""
    import torch

    from livespot.training.drawn import assets
    from livespot.training.drawn.pool import drawing, fill
    from livespot.training.export import provenance, write_onnx
    from livespot.training.fitting import BATCH, Fitting
    from livespot.training.panels import network
    from livespot.training.panels.views import MASK, batches, view

    torch.set_num_threads(1)
    work.mkdir(parents=True, exist_ok=True)
    tell("reading the art that pages are drawn from")
    assets.load(work)
    if len(list((work / "held").glob("*.npy"))) < held:
        fill(work, "held", HELD_SEED, view, held)
    draws = drawing(work, SEED, view, FULL)
    try:
        while len(list((work / "train").glob("*.npy"))) < ENOUGH:
            if not all(one.is_alive() for one in draws):
                raise LivespotError("the process that draws pages has ended: see its message above")
            time.sleep(0.5)
        fitting = Fitting(work, network.PanelNet, network.losses, network.SHARE)
        drawn = batches(work / "train", BATCH, fitting.steps)
        fitting.run((network.tensors(planes) for planes in drawn), hours, tell)
    finally:
        for one in draws:
            one.terminate()
        for one in draws:
            one.join()
    net = fitting.kept.to("cpu").eval()
    weights = work / WEIGHTS.name
    write_onnx(net, (torch.zeros(1, PLANES, SIDE, SIDE),), weights, ["planes"], ["maps"])
    views = np.stack([np.load(file) for file in sorted((work / "held").glob("*.npy"))])
    puzzles = views[..., MASK].any(axis=(1, 2))
    found, taken = network.overlaps(net, views[puzzles]), network.verdicts(net, views) >= ONE_PICTURE
    scores = {
        "iou_mean": round(float(found.mean()), 3),
        "iou_median": round(float(np.median(found)), 3),
        "below_0.9": round(float((found < 0.9).mean()), 3),
        "puzzles_taken": round(float(taken[puzzles].sum() / max(1, puzzles.sum())), 3),
        "others_taken": round(float(taken[~puzzles].sum() / max(1, (~puzzles).sum())), 3),
    }
    provenance(
        weights, seeds={"drawn": SEED, "held": HELD_SEED, "network": 0}, views=fitting.crops, steps=fitting.steps,
        minutes=round(fitting.seconds / 60, 1), held_out=scores,
    )  # fmt: skip
    tell(f"{fitting.crops} views; on {len(views)} held-out ones: " + " ".join(f"{k} {v}" for k, v in scores.items()))
    if write:
        tell(f"wrote {put_to_use(weights, WEIGHTS)} and its origin beside it")
    return scores
