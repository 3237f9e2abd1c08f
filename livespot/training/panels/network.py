"""The networks of the panel map: both panels with their surroundings in; out, what belongs to their picture, and where
two prints of one picture are seen at all.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from livespot.spotting.panels.panel_map import PLANES
from livespot.training.eye.network import layer, twice
from livespot.training.panels.views import MASK

WIDTHS = 12, 24, 32, 48, 64  # channels at 1/2, 1/4, ... 1/32 of the size
SHARE = {"pixels": 1.0, "overlap": 0.5, "puzzle": 1.0}  # of each part in the loss


class PanelNet(nn.Module):
    """(N, PLANES, H, W), multiples of 32 -> (N, 2, H/2, W/2), logits: see panel_map.

    A network for each map: one that learns from what is no puzzle, too, places the rim of a picture worse.
    """

    def __init__(self) -> None:
        super().__init__()
        self.belongs, self.puzzle = MapNet(), MapNet()

    def forward(self, planes: Tensor) -> Tensor:
        return torch.cat([self.belongs(planes), self.puzzle(planes)], 1)


class MapNet(nn.Module):
    """(N, PLANES, H, W) -> (N, 1, H/2, W/2), logits."""

    def __init__(self) -> None:
        super().__init__()
        c2, c4, c8, c16, c32 = WIDTHS
        self.down2 = layer(PLANES + 3, c2, 4, 2)
        self.down4 = nn.Sequential(layer(c2, c4, 3, 2), layer(c4, c4))
        self.down8 = nn.Sequential(layer(c4, c8, 3, 2), layer(c8, c8))
        self.down16 = nn.Sequential(layer(c8, c16, 3, 2), layer(c16, c16))
        self.down32 = nn.Sequential(layer(c16, c32, 3, 2), layer(c32, c32), layer(c32, c32))
        self.up16 = nn.Sequential(layer(c32 + c16, c16, 1), layer(c16, c16))
        self.up8 = nn.Sequential(layer(c16 + c8, c8, 1), layer(c8, c8))
        self.up4 = nn.Sequential(layer(c8 + c4, c4, 1), layer(c4, c4))
        self.up2 = nn.Sequential(layer(c4 + c2, c2, 1), layer(c2, c2))
        self.out = nn.Conv2d(c2, 1, 1)

    def forward(self, planes: Tensor) -> Tensor:
        a, b, seen = planes[:, :3], planes[:, 3:6], planes[:, 6:]
        at2 = self.down2(torch.cat([a, b, torch.abs(a - b), seen], 1))
        at4 = self.down4(at2)
        at8 = self.down8(at4)
        at16 = self.down16(at8)
        x = self.up16(torch.cat([twice(self.down32(at16)), at16], 1))
        x = self.up8(torch.cat([twice(x), at8], 1))
        x = self.up4(torch.cat([twice(x), at4], 1))
        x = self.up2(torch.cat([twice(x), at2], 1))
        return torch.as_tensor(self.out(x))


def tensors(views: NDArray[np.uint8]) -> tuple[Tensor, Tensor]:
    """What the network sees of (N, SIDE, SIDE, 8) views, and the truth (N, 1, SIDE, SIDE), 0 to 1."""
    planes = torch.from_numpy(np.ascontiguousarray(views.transpose(0, 3, 1, 2))).float()
    return torch.cat([planes[:, :6] / 127.5 - 1, planes[:, 6:MASK]], 1), planes[:, MASK:] / 255


def losses(net: nn.Module, sees: Tensor, truth: Tensor) -> list[Tensor]:
    """The parts of the loss, see SHARE. How far a picture reaches is asked of puzzles only."""
    logits = net(sees).float()
    inside, seen = F.avg_pool2d(truth, 2), F.avg_pool2d(sees[:, 6:], 2)
    weight = 0.1 + 0.9 * seen
    pixels, puzzle = (
        F.binary_cross_entropy_with_logits(logits[:, k : k + 1], inside, reduction="none") * weight for k in (0, 1)
    )
    p, axes = torch.sigmoid(logits[:, :1]) * seen, (1, 2, 3)
    overlap = (2 * (p * inside).sum(axes) + 20) / (p.sum(axes) + inside.sum(axes) + 20)
    shown = (inside.amax(axes) > 0.5).float()
    puzzles = shown.sum() + 1e-6
    return [(pixels.mean(axes) * shown).sum() / puzzles, ((1 - overlap) * shown).sum() / puzzles, puzzle.mean()]


def overlaps(net: nn.Module, views: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Intersection over union with the truth, (N,), of the map cut at one half."""
    found = []
    with torch.no_grad():
        for k in range(0, len(views), 32):
            sees, truth = tensors(views[k : k + 32])
            p, inside = net(sees)[:, :1] > 0, F.avg_pool2d(truth, 2) > 0.5
            both, either = ((p & inside).sum((1, 2, 3)), (p | inside).sum((1, 2, 3)))
            found.append(((both + 1e-6) / (either + 1e-6)).numpy())
    return np.concatenate(found)


def verdicts(net: nn.Module, views: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How surely two prints of one picture are seen, (N,): in the middle over what the map holds for a picture."""
    found = []
    with torch.no_grad():
        for k in range(0, len(views), 32):
            belongs, puzzle = torch.sigmoid(net(tensors(views[k : k + 32])[0])).unbind(1)
            found += [
                float(q[p > 0.5].median()) if (p > 0.5).any() else 0.0 for p, q in zip(belongs, puzzle, strict=True)
            ]
    return np.array(found, np.float32)
