"""Fit the thresholds that tell what happened to a difference: added or removed, changed, recoloured, moved.

In: measured regions, what each truly is, the puzzle each comes from, and how thresholds tell. Out: the thresholds that
tell most regions right, as JSON with their provenance: a coordinate search over the values to be tried. Puzzles, not
regions, are held out in the cross-validation.
"""

from __future__ import annotations

import argparse
import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from calibration.acceptance import FOLDS, folds
from calibration.errors import CalibrationError, WrongUse
from calibration.files import replace_text

ROUNDS = 4

Values = dict[str, float]
Region = TypeVar("Region")


@dataclass(frozen=True, eq=False)
class Regions(Generic[Region]):
    """measured: of each region. kinds: what it is. groups: the puzzle it comes from; all of one length.

    tell: what thresholds, by name, make of a measured region. tried: the values of each to be tried. told: the kinds
    there are. origin: what was measured, in words.
    """

    measured: Sequence[Region]
    kinds: Sequence[str]
    groups: Sequence[str]
    tell: Callable[[Values, Region], str]
    tried: Mapping[str, Sequence[float]]
    told: Sequence[str]
    origin: str


@dataclass(frozen=True, eq=False)
class Fit:
    """thresholds: ready for json.dump, with provenance. held_out: what was told of each by thresholds that had not seen
    its puzzle.
    """

    thresholds: dict[str, Any]
    held_out: list[str]


def run(
    args: argparse.Namespace, measure: Callable[[], Regions[Any]], kept: Path | None, tell: Callable[[str], None]
) -> int:
    """Fit, print the figures, write. measure: the regions to learn from. kept: where the thresholds in use are."""
    if args.write and kept is None:
        raise WrongUse("there are no thresholds here to replace: `livespot calibrate kinds` knows where they are")
    found = measure()
    made = {"data": found.origin, "made_by": "livespot calibrate kinds", "date": datetime.date.today().isoformat()}
    try:
        fitted = fit(found, made)
    except ValueError as error:
        raise CalibrationError(str(error)) from None
    tell(json.dumps(fitted.thresholds, indent=2))
    width = max(len(name) for name in found.told)
    tell(f"{'truly':{width}}  told {'  '.join(found.told)}")
    for true in found.told:
        counts = dict.fromkeys(found.told, 0)
        for kind, said in zip(found.kinds, fitted.held_out, strict=True):
            counts[said] += kind == true
        tell(f"{true:{width}}       {'  '.join(f'{n:{len(name)}}' for name, n in counts.items())}")
    if args.write and kept is not None:
        replace_text(kept, json.dumps(fitted.thresholds, indent=2) + "\n")
        tell(f"written to {kept.name}")
    return 0


def fit(found: Regions[Any], provenance: dict[str, Any]) -> Fit:
    """Fit and cross-validate. Raises ValueError when one of the kinds is missing."""
    missing = [name for name in found.told if name not in found.kinds]
    if missing:
        raise ValueError(f"no region is {' or '.join(missing)}: give more data")
    right = _Right(found)
    fold = folds(np.array(found.groups))
    held_out = np.array(found.kinds, dtype=object)
    for k in range(FOLDS):
        learn = fold != k
        if learn.any() and not learn.all():
            held_out[~learn] = right.told(_best(found.tried, right, learn))[~learn]
    chosen = _best(found.tried, right, np.ones(len(fold), np.bool_))
    return Fit(
        {
            "provenance": {
                **provenance,
                "regions": len(found.kinds),
                "puzzles": len(set(found.groups)),
                "held_out_right": round(float(np.mean(held_out == np.array(found.kinds, dtype=object))), 4),
            },
            "thresholds": chosen,
        },
        [str(kind) for kind in held_out],
    )


class _Right:
    """What thresholds make of all regions, each set of them once."""

    def __init__(self, found: Regions[Any]) -> None:
        self._found = found
        self._kinds = np.array(found.kinds, dtype=object)
        self._told: dict[tuple[float, ...], NDArray[np.object_]] = {}

    def told(self, values: Values) -> NDArray[np.object_]:
        key = tuple(values.values())
        if key not in self._told:
            told = [str(self._found.tell(values, region)) for region in self._found.measured]
            self._told[key] = np.array(told, dtype=object)
        return self._told[key]

    def share(self, values: Values, of: NDArray[np.bool_]) -> float:
        return float(np.mean((self.told(values) == self._kinds)[of]))


def _best(tried: Mapping[str, Sequence[float]], right: _Right, learn: NDArray[np.bool_]) -> Values:
    """The values that tell most regions right, one threshold at a time from the middle ones on."""
    values = {name: options[len(options) // 2] for name, options in tried.items()}
    for _ in range(ROUNDS):
        before = dict(values)
        for name, options in tried.items():
            # of equals the one in the middle: it is furthest from where it would get worse
            shares = np.array([right.share({**values, name: option}, learn) for option in options])
            best = np.flatnonzero(shares == shares.max())
            values[name] = options[int(best[len(best) // 2])]
        if values == before:
            break
    return values
