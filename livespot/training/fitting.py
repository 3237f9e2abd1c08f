"""Training a network: loop, checkpoints. It can be ended at any time and continued from its last checkpoint.

A graphics card is used where PyTorch sees one: larger batches, half the precision where that is enough.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

BATCH = 16  # crops; with fewer PyTorch on one thread takes a slow way through most layers
CARD_BATCH = 64  # the same on a graphics card
RATE, LAST_RATE = 2e-3, 1e-5
SAVE_EVERY = 180.0  # seconds


class Fitting:
    """A network in training: its averaged twin (what is kept), its optimiser, how many crops it has seen.

    work: where the checkpoint is kept. losses: the parts of the loss of net, what it sees, the truth. share: of each
    part in it, by its name.
    """

    def __init__(
        self,
        work: Path,
        make: Callable[[], nn.Module],
        losses: Callable[[nn.Module, Tensor, Tensor], list[Tensor]],
        share: Mapping[str, float],
    ) -> None:
        torch.manual_seed(0)
        self._losses, self._share = losses, share
        self.file = work / "checkpoint.pt"
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.net = make().to(self.device, memory_format=torch.channels_last)
        self.kept = copy.deepcopy(self.net).eval()
        self.optimiser = torch.optim.AdamW(self.net.parameters(), RATE, weight_decay=1e-3)
        self.steps, self.crops, self.seconds = 0, 0, 0.0
        if self.file.exists():
            saved: dict[str, Any] = torch.load(self.file, map_location=self.device, weights_only=True)
            self.kept.load_state_dict(saved["kept"])
            self.net.load_state_dict(saved.get("net", saved["kept"]))
            if "optimiser" in saved:  # not in eye.pt beside this file: what was reached, to go on from; copy it there
                self.optimiser.load_state_dict(saved["optimiser"])
            self.steps, self.crops, self.seconds = saved["steps"], saved["crops"], saved["seconds"]

    def save(self) -> None:
        state = {
            "net": self.net.state_dict(), "kept": self.kept.state_dict(), "optimiser": self.optimiser.state_dict(),
            "steps": self.steps, "crops": self.crops, "seconds": self.seconds,
        }  # fmt: skip
        part = self.file.with_suffix(".part")
        torch.save(state, part)
        part.replace(self.file)

    def step(self, sees: Tensor, truth: Tensor, rate: float) -> Tensor:
        """sees, truth: a batch. The parts of its loss."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        sees = sees.contiguous(memory_format=torch.channels_last)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            parts = torch.stack(self._losses(self.net, sees, truth))
        self.optimiser.zero_grad(set_to_none=True)
        (parts * parts.new_tensor(list(self._share.values()))).sum().backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        self.optimiser.step()
        keep = min(0.998, (self.steps + 1) / (self.steps + 20))
        with torch.no_grad():
            pairs = zip(self.kept.state_dict().values(), self.net.state_dict().values(), strict=True)
            real = [(old, new) for old, new in pairs if old.dtype.is_floating_point]
            old, new = ([pair[k] for pair in real] for k in (0, 1))
            torch._foreach_lerp_(old, new, 1 - keep)
        self.steps, self.crops = self.steps + 1, self.crops + len(sees)
        return parts.detach()

    def run(
        self, batches: Iterator[tuple[Tensor, Tensor]], hours: float, tell: Callable[[str], None], rate: float = RATE
    ) -> None:
        """Train until `hours` of training are reached, those before this run included; the rate falls to their end."""
        self.net.train()
        before, start, saved = self.seconds, time.monotonic(), time.monotonic()
        told: list[Tensor] = []
        for sees, truth in batches:
            part = self.seconds / (hours * 3600)
            if part >= 1:
                break
            warm = min(1.0, (self.steps + 1) / 100)
            now_rate = rate * warm * (0.5 + 0.5 * math.cos(math.pi * part)) + LAST_RATE
            told.append(self.step(sees.to(self.device), truth.to(self.device), now_rate))
            now = time.monotonic()
            self.seconds = before + now - start
            if now - saved > SAVE_EVERY or len(told) == 200:
                self.save()
                means = torch.stack(told).mean(0).tolist()
                parts = " ".join(f"{n} {v:.4f}" for n, v in zip(self._share, means, strict=True))
                tell(f"{self.seconds / 60:.1f} min, {self.crops} crops: {parts}")
                saved, told = now, []
        self.save()
