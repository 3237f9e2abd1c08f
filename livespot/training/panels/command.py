"""`livespot calibrate panels`: draw pages, train the network of the panel map on them, score it, put it to use.

In: a work folder, which may be days old: what is in it is continued. Out: panel_map.onnx and panel_map.json there; with
`write` they replace those in use.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from livespot.errors import LivespotError
from livespot.spotting.panels.panel_map import PLANES, SIDE, WEIGHTS
from livespot.training.eye.command import put_to_use, with_pytorch

SEED, HELD_SEED, HELD = 21, 8, 300
BATCH = 16
RATE = 2e-3


@with_pytorch
def train(work: Path, hours: float, write: bool, tell: Callable[[str], None], held: int = HELD) -> dict[str, float]:
    """Do it. Returns the scores on held-out pages. Raises LivespotError when PyTorch or the art is missing."""
    import torch

    from livespot.training.drawn import assets
    from livespot.training.eye.export import provenance, write_onnx
    from livespot.training.eye.fitting import Fitting
    from livespot.training.panels import network, views

    torch.set_num_threads(1)
    work.mkdir(parents=True, exist_ok=True)
    tell("reading the art that pages are drawn from")
    assets.load(work)
    if not list((work / "held").glob("*.npy")):
        views.fill(work, "held", HELD_SEED, held)
    context = multiprocessing.get_context("spawn")
    draws = context.Process(target=views.fill, args=(work, "train", SEED, 0, os.getpid()), daemon=True)
    draws.start()
    try:
        while not list((work / "train").glob("*.npy")):
            if not draws.is_alive():
                raise LivespotError("the process that draws pages has ended: see its message above")
            time.sleep(0.5)
        fitting = Fitting(work, network.PanelNet, network.losses, dict(zip(network.PARTS, network.SHARE, strict=True)))
        drawn = views.batches(work / "train", BATCH, fitting.steps)
        fitting.run((network.tensors(planes) for planes in drawn), hours, tell, RATE)
    finally:
        draws.terminate()
        draws.join()
    net = fitting.kept.to("cpu").eval()
    weights = work / WEIGHTS.name
    write_onnx(net, (torch.zeros(1, PLANES, SIDE, SIDE),), weights, ["planes"], ["belongs"])
    found = network.overlaps(net, np.concatenate([np.load(file) for file in sorted((work / "held").glob("*.npy"))]))
    scores = {
        "iou_mean": round(float(found.mean()), 3),
        "iou_median": round(float(np.median(found)), 3),
        "below_0.9": round(float((found < 0.9).mean()), 3),
    }
    provenance(
        weights, seeds={"drawn": SEED, "held": HELD_SEED, "network": 0}, views=fitting.crops, steps=fitting.steps,
        minutes=round(fitting.seconds / 60, 1), held_out=scores,
    )  # fmt: skip
    tell(f"{fitting.crops} views; on {len(found)} held-out ones: " + " ".join(f"{k} {v}" for k, v in scores.items()))
    if write:
        tell(f"wrote {put_to_use(weights, WEIGHTS)} and its origin beside it")
    return scores
