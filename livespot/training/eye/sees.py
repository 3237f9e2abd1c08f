"""What the network sees, for many crops at once and where they are trained on: eye_input's maps, in PyTorch.

In: panels under one light as they stand in the samples. Out: what livespot.spotting.classify.eye_input gives of them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from livespot.spotting.classify.eye_input import LEVELS
from livespot.spotting.difference._ssim import BOX_COVARIANCE, C1, C2

SIDE = 7  # px of the window of SSIM


def sees_of(a: Tensor, b: Tensor, seen: Tensor, rim: Tensor) -> Tensor:
    """a, b: (n, 3, h, w) float32, 0 to 255, b as a where nothing is seen. seen: (n, h, w) bool. rim: (n, h, w).

    (n, 11, h, w) float32: a and b as the network takes them, then the maps of eye_input.maps_of.
    """
    differ = torch.stack([*(t / LEVELS for t in tolerant(a, b)), 1 - similarity(a, b)], 1)
    return torch.cat([a / 255 - 0.5, b / 255 - 0.5, differ * seen[:, None], rim[:, None], seen[:, None].float()], 1)


def tolerant(a: Tensor, b: Tensor) -> list[Tensor]:
    """As tolerant_map.tolerant_difference of radius 1 and 2, (n, h, w) each."""
    ranges = [(x, x) for x in (a, b)]
    out = []
    for _ in range(2):
        ranges = [(_around(low, torch.minimum), _around(high, torch.maximum)) for low, high in ranges]
        outside = [torch.maximum(x - high, low - x) for x, (low, high) in zip((a, b), reversed(ranges), strict=True)]
        out.append(torch.relu(torch.maximum(*outside)).amax(1))
    return out


def _around(x: Tensor, join: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """The lowest or highest of the 3 x 3 px around each."""
    return _windows(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, join)


def similarity(a: Tensor, b: Tensor) -> Tensor:
    """The lowest channel's SSIM, as _ssim.ssim_map of box 7 with its formula, (n, h, w)."""
    p, d = (_mirrored(x) for x in (a + b - 255, a - b))
    mean_p, mean_d, square_p, square_d = (_windows(x, SIDE, torch.add) / SIDE**2 for x in (p, d, p * p, d * d))
    of_p, of_d = (BOX_COVARIANCE * (s - m * m).clamp(min=0) for s, m in ((square_p, mean_p), (square_d, mean_d)))
    apart = mean_d * mean_d
    light, varies = ((mean_p + 255) ** 2 + apart) / 2 + C1, (of_p + of_d) / 2 + C2
    return (1 - (apart * varies + of_d * (light - apart)) / (light * varies)).amin(1)


def _windows(x: Tensor, side: int, join: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """Of every side x side px that lie within: joined. PyTorch's own pooling is ten times slower on a processor."""
    for axis in (-1, -2):
        count = x.shape[axis] - side + 1
        x = functools.reduce(join, (x.narrow(axis, k, count) for k in range(side)))
    return x


def _mirrored(x: Tensor) -> Tensor:
    """Three px more at every side: d c b a | a b c d | d c b a."""
    x = torch.cat([x[..., :3].flip(-1), x, x[..., -3:].flip(-1)], -1)
    return torch.cat([x[..., :3, :].flip(-2), x, x[..., -3:, :].flip(-2)], -2)
