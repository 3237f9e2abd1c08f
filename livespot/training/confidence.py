"""Fit the thresholds of the vision again from labelled candidates, and write them with their provenance.

In: candidates (what the detector proposes, and whether it was right), measured on `--data DIR` and on filmed pages
(candidates.py), or kept from before (`--measured`). Out: the acceptance rule as JSON with data, date, score; without
`--write` only its cross-validated figures. With `--last` only what the eye and the company add is fitted, over the
layers in use.
"""

from __future__ import annotations

import argparse
import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from livespot import fitted_files
from livespot.errors import LivespotError, UsageError
from livespot.spotting import classify
from livespot.spotting.classify.confidence import EYED, FEATURES, FILE, WITH_EYE, rule_from, with_eye
from livespot.training import candidates, rule_fitting

STILLS = 2.0  # how much a still counts: clips give many views of a puzzle, a still gives one


@dataclass(frozen=True, eq=False)
class Candidates:
    """features: (N, F). labels: (N,) 1 true, 0 false. groups: (N,) the puzzle of each. stills: (N,) not filmed.
    views: (N,) the comparison each was proposed in.

    names: of the F measures. eyed: those of them that the learned eye says. origin: what they were measured on, in
    words.
    """

    features: NDArray[np.float64]
    labels: NDArray[np.int64]
    groups: NDArray[np.str_]
    stills: NDArray[np.bool_]
    views: NDArray[np.int64]
    names: tuple[str, ...]
    origin: str
    eyed: tuple[str, ...] = ()


def run(args: argparse.Namespace, clips: int, tell: Callable[[str], None]) -> int:
    """Fit, print the figures, write. clips: how many are filmed when nothing was measured before."""
    found, rule = kept(args.measured) if args.measured else measured(args, clips), rule_file()
    if args.keep is not None:
        keep(found, args.keep)
    provenance = {
        "data": found.origin,
        "made_by": "livespot calibrate thresholds",
        "date": datetime.date.today().isoformat(),
    }
    emphasis = np.where(found.stills, STILLS, 1.0)
    truth = rule_fitting.Truth(found.labels, found.groups, found.views, emphasis)
    last = rule_fitting.Last(WITH_EYE, with_eye, found.eyed) if found.eyed else rule_fitting.ALONE
    try:
        if args.last:
            old = json.loads(rule.read_text() if rule.exists() else fitted_files.read(classify.__package__, FILE))
            own = rule_from(old).measured(found.features)
            provenance["made_by"] += " --last"
            fit = rule_fitting.fit_last(old, own, found.features, truth, last, provenance)
        else:
            fit = rule_fitting.fit(found.features, truth, found.names, provenance, last)
    except ValueError as error:
        raise LivespotError(str(error)) from None
    tell(json.dumps(fit.rule["provenance"], indent=2))
    tell("given  true  candidates")
    for given, true, count in rule_fitting.reliability(fit.held_out, found.labels):
        tell(f"{given:5.2f}  {true:4.2f}  {count}")
    if args.write:
        fitted_files.replace(rule, json.dumps(fit.rule) + "\n")
        tell(f"written to {rule.name}")
    return 0


def rule_file() -> Path:
    """Where the rule in use is kept, or the user's own will be."""
    return fitted_files.place(Path(classify.__file__).with_name(FILE))


def measured(args: argparse.Namespace, clips: int) -> Candidates:
    """What the detector proposes on labelled puzzles, and whether it is right: minutes of work."""
    found = list(tqdm(candidates.collect(args.data, clips, args.seed, args.work), desc="measuring", unit=" views"))
    if not found:
        raise UsageError("there is nothing to measure: give --data DIR, or more --clips than 0")
    drawn = f"{clips} clips of the simulated webcam (seed {args.seed}), drawn puzzles"
    if args.work is not None:
        drawn += f" and {len(candidates.held(args.work))} samples of the eye's, held out by source"
    sizes = [len(f.labels) for f in found]
    return Candidates(
        np.vstack([f.features for f in found]),
        np.concatenate([f.labels for f in found]),
        np.repeat([f.group for f in found], sizes),
        np.repeat([f.still for f in found], sizes),
        np.repeat(np.arange(len(found)), sizes),
        FEATURES + EYED,
        drawn if args.data is None else f"labelled puzzles (part tune of {args.data.resolve().name}) and {drawn}",
        EYED,
    )


def keep(found: Candidates, path: Path) -> None:
    """Write candidates as .npz."""
    try:
        np.savez(path, **vars(found))
    except OSError as error:
        raise LivespotError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from None


def kept(paths: list[Path]) -> Candidates:
    """Candidates written before, of several files. Raises UsageError for what are none, or not of the same measures."""
    parts = []
    for path in paths:
        try:
            with np.load(path) as file:
                parts.append({field.name: file[field.name] for field in fields(Candidates)})
        except (OSError, ValueError, KeyError) as error:
            raise UsageError(f"{path} holds no measured candidates ({' '.join(str(error).split())[:80]})") from None
    names = {tuple(str(name) for name in part["names"]) for part in parts}
    if len(names) != 1:
        raise UsageError("the files of --measured hold different measures: measure them again")
    arrays = ("features", "labels", "groups", "stills")
    features, labels, groups, stills = (np.concatenate([part[key] for part in parts]) for key in arrays)
    first = np.cumsum([0, *(part["views"].max(initial=-1) + 1 for part in parts)])
    views = np.concatenate([part["views"] + start for part, start in zip(parts, first, strict=False)])
    origin = "; ".join(dict.fromkeys(str(part["origin"]) for part in parts))
    eyed = tuple(str(name) for name in parts[0]["eyed"])
    return Candidates(features, labels, groups, stills, views, names.pop(), origin, eyed)
