"""What the eye is trained for: the parts of its loss, and how much each counts."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SHARE = {"difference": 1.0, "overlap": 0.3, "core": 0.35, "belongs": 0.5, "kind": 0.1}  # of each part in the loss


def _parts(fine: Tensor, coarse: Tensor, truth: Tensor) -> list[Tensor]:
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
    return _parts(fine.float(), coarse.float(), truth.float())
