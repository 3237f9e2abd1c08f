"""What both halves of the accuracy benchmark share: its options, and a check of the confidences."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from livespot.bench import report

FIRST_SEED = 5001
NAN = float("nan")


@dataclass(frozen=True)
class Options:
    """parts: stills, thin, live, count, unchanged, classic. data: labelled pictures. part: of that data.

    seeds: clips a scenario.
    """

    parts: tuple[str, ...]
    quick: bool = False
    data: Path | None = None
    part: str = ""
    scenarios: tuple[str, ...] = ()
    seeds: int = 0
    first_seed: int = 0

    @property
    def seed(self) -> int:
        return self.first_seed or FIRST_SEED

    @property
    def seconds(self) -> float:
        """Length of a clip: even a quick one shows the page coming back after 4.5 s, and what is made of it."""
        return 6.0 if self.quick else 10.0


def calibration(confidences: Sequence[tuple[float, bool]], where: str) -> dict[str, float]:
    """How often boxes of a given confidence are true."""
    if not confidences:
        return {}
    numbers: dict[str, float] = {}
    rows = []
    for low, high in ((0.5, 0.7), (0.7, 0.85), (0.85, 0.95), (0.95, 1.01)):
        inside = [(c, true) for c, true in confidences if low <= c < high]
        if inside:
            said, was = float(np.mean([c for c, _ in inside])), float(np.mean([true for _, true in inside]))
            numbers[f"{where}_true_at_{low:g}"] = was
            rows.append([f"{low:g} to {min(high, 1):g}", len(inside), said, was])
    report.heading(f"Confidence, {where}: of boxes given this much, so many are true")
    report.show(["confidence", "boxes", "said", "true"], rows)
    return numbers


def mean(values: Iterable[float]) -> float:
    known = [v for v in values if not math.isnan(v)]
    return float(np.mean(known)) if known else NAN
