"""Training a network: the eye's loss; loop, checkpoints. It can be ended at any time and continued from there.

A graphics card is used where PyTorch sees one: larger batches, half the precision where that is enough.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from livespot.training.eye.network import Eye

BATCH = 16  # crops; with fewer PyTorch on one thread takes a slow way through most layers
CARD_BATCH = 64  # the same on a graphics card
SIDES = 160, 192, 256  # px of a crop, one for a batch
RATE, LAST_RATE = 2e-3, 1e-5
SAVE_EVERY = 180.0  # seconds
SHARE = {"difference": 1.0, "overlap": 0.3, "core": 0.35, "belongs": 0.5, "kind": 0.1}  # of each part in the loss


def loss_of(fine: Tensor, coarse: Tensor, truth: Tensor) -> list[Tensor]:
    """The parts of the loss, see SHARE. truth: (n, 7, h, w) float32, the truth planes of samples."""
    on = F.max_pool2d((truth[:, 0:1] > 0).float(), 2)
    weight = truth[:, 2:3]
    # of four pixels: a difference counts if one shows it; what is doubtful in one of them is not asked
    weight = torch.where(on > 0, F.max_pool2d(weight, 2), -F.max_pool2d(-weight, 2)) / 64
    core = F.max_pool2d(truth[:, 3:4], 2)
    two = F.binary_cross_entropy_with_logits(fine[:, :1], on, reduction="none", pos_weight=fine.new_tensor(2.0))
    p = torch.sigmoid(fine[:, :1])
    axes = (1, 2, 3)
    overlap = (2 * (p * on * weight).sum(axes) + 8) / ((p * weight).sum(axes) + (on * weight).sum(axes) + 8)
    inner = F.binary_cross_entropy_with_logits(fine[:, 1:], core, reduction="none") * (1 + core)
    seen = F.avg_pool2d(truth[:, 6:7], 4)
    belongs = F.avg_pool2d(truth[:, 4:6], 4) / 255
    belong = F.binary_cross_entropy_with_logits(coarse[:, :2], belongs, reduction="none") * (0.1 + 0.9 * seen)
    kind = F.max_pool2d(truth[:, 1:2], 4)[:, 0].long()
    voice = F.max_pool2d(truth[:, 2], 4) * (kind > 0)
    named = F.cross_entropy(coarse[:, 2:], (kind - 1).clamp(min=0), reduction="none")
    kinds = (named * voice).sum() / (voice.sum() + 64)
    return [(two * weight).mean(), 1 - overlap.mean(), inner.mean(), belong.mean(), kinds]


def losses(net: nn.Module, sees: Tensor, truth: Tensor) -> list[Tensor]:
    """The same of a batch as of Crops."""
    fine, coarse = net(sees[:, :3], sees[:, 3:6], sees[:, 6:])
    return loss_of(fine.float(), coarse.float(), truth.float())


class Fitting:
    """A network in training: its averaged twin (what is kept), its optimiser, how many crops it has seen.

    losses: the parts of the loss of net, what it sees, the truth. share: of each part in it, by its name.
    """

    def __init__(
        self,
        work: Path,
        make: Callable[[], nn.Module] = Eye,
        losses: Callable[[nn.Module, Tensor, Tensor], list[Tensor]] = losses,
        share: Mapping[str, float] = MappingProxyType(SHARE),
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
