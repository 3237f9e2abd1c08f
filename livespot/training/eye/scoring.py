"""How well the eye sees puzzles that were drawn from art held out of the training: by instances, not by pixels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from livespot.spotting.classify.eye import Eye
from livespot.training.drawn.samples import BELONGS_A, BELONGS_B, INSTANCE, KIND, SEEN, WEIGHT, Planes

SURE = 0.5
TINY, LARGE = 40, 1500  # px of an instance
FAINT = 25.0  # grey levels, the median change of an instance


@dataclass
class Tally:
    """Counts over samples: instances found, missed and false blobs; found and all of the tiny, large, faint; kinds."""

    found: int = 0
    missed: int = 0
    false: int = 0
    kinds: int = 0
    overlap: float = 0.0
    samples: int = 0

    def __post_init__(self) -> None:
        self.groups = {name: [0, 0] for name in ("tiny", "large", "faint")}

    def told(self) -> dict[str, float]:
        """F1, precision, recall, the recall of each group, the share of right kinds, the mean IoU of what belongs."""
        out = {
            "f1": 2 * self.found / max(1, 2 * self.found + self.missed + self.false),
            "precision": self.found / max(1, self.found + self.false),
            "recall": self.found / max(1, self.found + self.missed),
            "kinds": self.kinds / max(1, self.found),
            "belongs_iou": self.overlap / max(1, self.samples),
        }
        out |= {f"recall_{name}": hit / max(1, count) for name, (hit, count) in self.groups.items()}
        return {name: round(float(value), 3) for name, value in out.items()}


def score(eye: Eye, samples: Iterable[Planes]) -> Tally:
    """Look at every sample. An instance is found when a third of it is above SURE; a blob off every one is false."""
    tally = Tally()
    for planes in samples:
        h, w = planes.shape[:2]
        a, b = np.ascontiguousarray(planes[..., :3]), np.ascontiguousarray(planes[..., 3:6])
        seen = eye.look(a, b, planes[..., SEEN] > 0, root=10_000.0)
        both = np.minimum(seen.belongs_a, seen.belongs_b)
        size = (w, h)
        sure = cv2.resize(seen.difference * (both > 0.4), size, interpolation=cv2.INTER_LINEAR) > SURE
        kind = cv2.resize(seen.kinds.argmax(0).astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
        instances = planes[..., INSTANCE]
        change = np.abs(a.astype(np.int16) - b).max(axis=2)
        for number in np.unique(instances)[1:]:
            on = instances == number
            pixels = int(on.sum())
            hit = bool(float(sure[on].mean()) > 1 / 3)
            tally.found, tally.missed = tally.found + hit, tally.missed + (not hit)
            tally.kinds += hit and int(np.bincount(kind[on]).argmax()) + 1 == int(planes[..., KIND][on][0])
            for name, is_one in (
                ("tiny", pixels < TINY),
                ("large", pixels > LARGE),
                ("faint", np.median(change[on]) < FAINT),
            ):
                tally.groups[name][0] += hit and is_one
                tally.groups[name][1] += is_one
        near = cv2.dilate((planes[..., WEIGHT] != 64).astype(np.uint8) | (instances > 0), np.ones((7, 7), np.uint8))
        count, labels = cv2.connectedComponents(sure.astype(np.uint8))
        tally.false += count - 1 - (len(np.unique(labels[(near > 0) & sure])) if sure.any() else 0)
        truth = np.minimum(planes[..., BELONGS_A], planes[..., BELONGS_B]) > 127
        said = cv2.resize(both, size, interpolation=cv2.INTER_LINEAR) > 0.5
        tally.overlap += float((truth & said).sum() / max(1, (truth | said).sum()))
        tally.samples += 1
    return tally
