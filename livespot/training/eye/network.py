"""The network: two aligned panels and their maps in, where they differ and what belongs to the picture out.

Symmetric by construction: both panels go through the same layers, and only |a - b| and a + b are seen of them
together. Full convolutions stand only at a quarter of the size and below; at half size there is a thin branch that
sees the maps alone, for marks of a few pixels. What the channels mean stands in livespot.spotting.classify.eye_input.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MAPS = 5  # what is seen beside the panels: two tolerant maps, SSIM, the distance to the rim, what is seen


class Widths(NamedTuple):
    """Channels: thin branch at 1/2, a panel's at 1/4, 1/8, 1/16, both panels' together at 1/4 to 1/32, the heads'."""

    thin: int = 8
    panel: tuple[int, int, int] = (16, 24, 32)
    joint: tuple[int, int, int, int] = (24, 32, 64, 96)
    head: int = 16


def layer(inputs: int, outputs: int, size: int = 3, stride: int = 1) -> nn.Sequential:
    """Convolution, batch norm, ReLU; the output is 1/stride as large."""
    pad = (size - stride + 1) // 2 if stride > 1 else size // 2
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, pad, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


def twice(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2.0, mode="nearest")


def both(p: Tensor, q: Tensor) -> Tensor:
    """What is the same when the panels are exchanged."""
    return torch.cat([torch.abs(p - q), p + q], 1)


class Eye(nn.Module):
    """a, b (N, 3, H, W), maps (N, MAPS, H, W), multiples of 32 -> fine (N, 2, H/2, W/2), coarse (N, 7, H/4, W/4).

    Logits. fine: difference, core. coarse: belongs to A, to B; the kinds added, removed, changed, recoloured, moved.
    """

    def __init__(self, widths: Widths = Widths()) -> None:  # noqa: B008 - a NamedTuple of ints
        super().__init__()
        t, (p4, p8, p16), (j4, j8, j16, j32), h = widths.thin, widths.panel, widths.joint, widths.head
        self.panel4 = layer(3, p4, 4, 4)
        self.panel8 = nn.Sequential(layer(p4, p8, 3, 2), layer(p8, p8))
        self.panel16 = nn.Sequential(layer(p8, p16, 3, 2), layer(p16, p16))
        self.thin2 = layer(MAPS, t, 4, 2)
        self.thin4 = layer(t, 2 * t, 3, 2)
        self.joint4 = layer(2 * p4 + 2 * t, j4, 1)
        self.joint8 = layer(j4, j8, 3, 2)
        self.mix8 = nn.Sequential(layer(j8 + 2 * p8, j8, 1), layer(j8, j8))
        self.joint16 = layer(j8, j16, 3, 2)
        self.mix16 = nn.Sequential(layer(j16 + 2 * p16, j16, 1), layer(j16, j16))
        self.joint32 = nn.Sequential(layer(j16, j32, 3, 2), layer(j32, j32))
        self.up16 = nn.Sequential(layer(j32 + j16, j16, 1), layer(j16, j16))
        self.up8 = nn.Sequential(layer(j16 + j8, j8, 1), layer(j8, j8))
        self.up4 = nn.Sequential(layer(j8 + j4, j4, 1), layer(j4, j4))
        self.to2 = layer(j4, t, 1)
        self.up2 = layer(t, t)
        self.fine = nn.Conv2d(t, 2, 1)
        self.own8 = layer(j8 + p8 + p16, h, 1)
        self.own4 = layer(j4 + p4 + h, h, 1)
        self.own = nn.Conv2d(h, 2, 1)  # belongs to this panel's picture; what is here is not there
        self.kind = nn.Conv2d(j4, 3, 1)  # changed, recoloured, moved
        nn.init.constant_(self.fine.bias, -3.0)

    def forward(self, a: Tensor, b: Tensor, maps: Tensor) -> tuple[Tensor, Tensor]:
        a4, b4 = self.panel4(a), self.panel4(b)
        a8, b8 = self.panel8(a4), self.panel8(b4)
        a16, b16 = self.panel16(a8), self.panel16(b8)
        thin = self.thin2(maps)
        q4 = self.joint4(torch.cat([both(a4, b4), self.thin4(thin)], 1))
        q8 = self.mix8(torch.cat([self.joint8(q4), both(a8, b8)], 1))
        q16 = self.mix16(torch.cat([self.joint16(q8), both(a16, b16)], 1))
        v16 = self.up16(torch.cat([twice(self.joint32(q16)), q16], 1))
        v8 = self.up8(torch.cat([twice(v16), q8], 1))
        v4 = self.up4(torch.cat([twice(v8), q4], 1))
        fine = self.fine(self.up2(twice(self.to2(v4)) + thin))
        own_a, own_b = (
            self.own(self.own4(torch.cat([v4, p4, twice(self.own8(torch.cat([v8, p8, twice(p16)], 1)))], 1)))
            for p4, p8, p16 in ((a4, a8, a16), (b4, b8, b16))
        )
        kinds = torch.cat([own_b[:, 1:], own_a[:, 1:], self.kind(v4)], 1)
        return fine, torch.cat([own_a[:, :1], own_b[:, :1], kinds], 1)


class Probabilities(nn.Module):
    """An Eye whose outputs are 0 to 1, the kinds of a pixel in all: what is exported."""

    def __init__(self, eye: Eye) -> None:
        super().__init__()
        self.eye = eye

    def forward(self, a: Tensor, b: Tensor, maps: Tensor) -> tuple[Tensor, Tensor]:
        fine, coarse = self.eye(a, b, maps)
        return torch.sigmoid(fine), torch.cat([torch.sigmoid(coarse[:, :2]), torch.softmax(coarse[:, 2:], 1)], 1)
