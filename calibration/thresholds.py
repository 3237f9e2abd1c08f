"""Fit the thresholds of the vision again from labelled candidates, and write them with their provenance.

In: candidates (what the detector proposes, and whether it was right), measured by the program around on `--data DIR` or
kept from before (`--measured`). Out: the acceptance rule as JSON with data, date, score; without `--write` only its
cross-validated figures.
"""

from __future__ import annotations

import argparse
import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibration import acceptance
from calibration.errors import CalibrationError, WrongUse
from calibration.files import replace_text

STILLS = 2.0  # how much a still counts: clips give many views of a puzzle, a still gives one
_KEYS = ("features", "labels", "groups", "stills", "views", "names", "origin")


@dataclass(frozen=True, eq=False)
class Candidates:
    """features: (N, F). labels: (N,) 1 true, 0 false. groups: (N,) the puzzle of each. stills: (N,) not filmed.
    views: (N,) the comparison each was proposed in.

    names: of the F measures. origin: what they were measured on, in words.
    """

    features: NDArray[np.float64]
    labels: NDArray[np.int64]
    groups: NDArray[np.str_]
    stills: NDArray[np.bool_]
    views: NDArray[np.int64]
    names: tuple[str, ...]
    origin: str


def run(
    args: argparse.Namespace, measure: Callable[[], Candidates], rule: Path | None, tell: Callable[[str], None]
) -> int:
    """Fit, print the figures, write. measure: the candidates of `args.data`. rule: where the rule in use is kept."""
    if args.write and rule is None:
        raise WrongUse("there is no rule here to replace: `livespot calibrate thresholds` knows where it is")
    found = kept(args.measured) if args.measured else measure()
    if args.keep is not None:
        keep(found, args.keep)
    provenance = {
        "data": found.origin,
        "made_by": "livespot calibrate thresholds",
        "date": datetime.date.today().isoformat(),
    }
    emphasis = np.where(found.stills, STILLS, 1.0)
    try:
        fit = acceptance.fit(
            found.features, found.labels, found.groups, found.views, found.names, provenance, emphasis
        )  # fmt: skip
    except ValueError as error:
        raise CalibrationError(str(error)) from None
    tell(json.dumps(fit.rule["provenance"], indent=2))
    tell("given  true  candidates")
    for given, true, count in acceptance.reliability(fit.held_out, found.labels):
        tell(f"{given:5.2f}  {true:4.2f}  {count}")
    if args.write and rule is not None:
        replace_text(rule, json.dumps(fit.rule) + "\n")
        tell(f"written to {rule.name}")
    return 0


def keep(found: Candidates, path: Path) -> None:
    """Write candidates as .npz."""
    try:
        np.savez(
            path, features=found.features, labels=found.labels, groups=found.groups, stills=found.stills,
            views=found.views, names=np.array(found.names), origin=np.array(found.origin),
        )  # fmt: skip
    except OSError as error:
        raise CalibrationError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from None


def kept(paths: list[Path]) -> Candidates:
    """Candidates written before, of several files. Raises WrongUse for what are none, or not of the same measures."""
    parts = []
    for path in paths:
        try:
            with np.load(path) as file:
                parts.append({key: file[key] for key in _KEYS})
        except (OSError, ValueError, KeyError) as error:
            raise WrongUse(f"{path} holds no measured candidates ({' '.join(str(error).split())[:80]})") from None
    names = {tuple(str(name) for name in part["names"]) for part in parts}
    if len(names) != 1:
        raise WrongUse("the files of --measured hold different measures: measure them again")
    features, labels, groups, stills = (np.concatenate([part[key] for part in parts]) for key in _KEYS[:4])
    first = np.cumsum([0, *(part["views"].max(initial=-1) + 1 for part in parts)])
    views = np.concatenate([part["views"] + start for part, start in zip(parts, first, strict=False)])
    origin = "; ".join(dict.fromkeys(str(part["origin"]) for part in parts))
    return Candidates(features, labels, groups, stills, views, names.pop(), origin)
