"""One's own labelled puzzles as training samples: livespot lays them, the labels' boxes say what differs."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from livespot import geometry
from livespot.bench import data
from livespot.settings import Settings
from livespot.spotting.classify.eye_input import evened
from livespot.spotting.difference.tolerant_map import tolerant_difference
from livespot.spotting.registration.residual_warp import Registration
from livespot.spotting.still import lay_page, lay_pair
from livespot.training.drawn.samples import BELONGS_A, BELONGS_B, CORE, INSTANCE, KIND, SEEN, WEIGHT, Planes, cores

CHANGED = 12.0  # grey levels outside the other panel's neighbourhood: inside a box this pixel is the difference
ROOT = 400.0


def planes_of(folder: Path, settings: Settings) -> list[Planes]:
    """The puzzles of a folder with a manifest.json (see livespot.bench.data), part tune, as far as livespot lays them.

    What else changes inside a box is not asked, as a box says little of it; kinds are not labelled.
    """
    out = []
    for puzzle in data.load(folder, "tune"):
        pictures = puzzle.pictures()
        laid = lay_pair(*pictures, settings) if len(pictures) == 2 else lay_page(pictures[0], settings)
        found = laid.found
        if not isinstance(found, Registration):
            continue
        a, b = found.sample_a(laid.a), found.sample_b(laid.b)
        seen = found.inside(laid.a.shape, laid.b.shape)
        scale = min(1.0, ROOT / np.sqrt(a.shape[0] * a.shape[1]))
        to_panel = np.diag([scale, scale, 1.0]) @ np.linalg.inv(found.to_b if laid.swapped else found.to_a)
        size = round(a.shape[1] * scale), round(a.shape[0] * scale)
        a, b = (np.asarray(cv2.resize(p, size, interpolation=cv2.INTER_AREA), np.uint8) for p in (a, b))
        planes = np.zeros((*a.shape[:2], 13), np.uint8)
        planes[..., SEEN] = cv2.resize(seen.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
        a, b = evened(a, b, planes[..., SEEN] > 0)
        planes[..., :3], planes[..., 3:6] = a, b
        changed = tolerant_difference(a, b, 1.0) > CHANGED
        planes[..., WEIGHT], planes[..., BELONGS_A], planes[..., BELONGS_B] = 64, 255, 255
        unscale = 1 / laid.unscale if laid.swapped else 1.0
        for number, quad in enumerate((*puzzle.labels.differences, *puzzle.labels.ignored), start=1):
            box = np.zeros(a.shape[:2], np.uint8)
            cv2.fillPoly(box, [geometry.apply(to_panel, quad * unscale).round().astype(np.int32)], 1)
            on = (box > 0) & changed & (number <= len(puzzle.labels.differences))
            planes[..., WEIGHT][box > 0] = 0
            planes[..., WEIGHT][on], planes[..., INSTANCE][on] = 90, number
        planes[..., CORE], planes[..., KIND] = cores(planes[..., INSTANCE]), 0
        out.append(planes)
    return out
