"""Fit the thresholds that tell what happened to a difference: added or removed, changed, recoloured, moved.

In: nothing but a seed: the project's own puzzles, drawn, printed and filmed by the simulated webcam, know the kind of
every difference. Out: the thresholds of spotting.classify.kind that tell most regions right, as JSON with their
provenance: a coordinate search over the values to be tried. Puzzles, not regions, are held out in the cross-validation.
"""

from __future__ import annotations

import argparse
import datetime
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from livespot import fitted_files
from livespot.bench import pages
from livespot.bench.filmed import true_on
from livespot.demo import opening, page
from livespot.errors import LivespotError, UsageError
from livespot.spotting.classify import kind
from livespot.spotting.classify.judge import FittedJudge
from livespot.spotting.classify.kind import ONE_SIDED, TOLD, Thresholds, measure, measured
from livespot.spotting.results import Kind
from livespot.training import filming
from livespot.training.rule_fitting import FOLDS, folds

FRAMES = 7  # of a filmed clip
LOOKED_AT = (0, 5)  # which frames are kept, from the one in which the page was found
SHOWN = 0.5  # confidence: what is less likely is not shown, whatever it is
ROUNDS = 4
TRIED = {  # values of the thresholds, by their names in livespot.spotting.classify.kind
    "pattern": (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8),
    "one_sided": (0.1, 0.15, 0.2, 0.25, 0.3, 0.35),
    "outline": (0.8, 0.85, 0.9, 0.95),
    "move": (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6),
    "resizing": (0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.5),
}

Tried = Mapping[str, Sequence[float]]
Values = dict[str, float]


@dataclass(frozen=True, eq=False)
class Labelled:
    """measured: of each region, as classify.kind.measure does. told: what each is, of TOLD. group: their puzzle."""

    measured: tuple[tuple[float, ...], ...]
    told: tuple[str, ...]
    group: str


@dataclass(frozen=True, eq=False)
class Fit:
    """thresholds: ready for json.dump, with provenance. held_out: what was told of each region by thresholds that had
    not seen its puzzle.
    """

    thresholds: dict[str, Any]
    held_out: list[str]


def run(args: argparse.Namespace, clips: int, tell: Callable[[str], None]) -> int:
    """Measure, fit, print the figures, write. clips: filmed ones, minutes of work."""
    views = list(tqdm(collect(clips, args.seed), desc="measuring", unit=" views"))
    if not views:
        raise UsageError("there is nothing to measure: give more --clips than 0")
    made = {
        "data": f"the project's own puzzles, {clips} clips of the simulated webcam (seed {args.seed})",
        "made_by": "livespot calibrate kinds",
        "date": datetime.date.today().isoformat(),
    }
    try:
        fitted = fit(views, made)
    except ValueError as error:
        raise LivespotError(str(error)) from None
    tell(json.dumps(fitted.thresholds, indent=2))
    width = max(len(name) for name in TOLD)
    tell(f"{'truly':{width}}  told {'  '.join(TOLD)}")
    truly = [told for view in views for told in view.told]
    for true in TOLD:
        counts = dict.fromkeys(TOLD, 0)
        for told, said in zip(truly, fitted.held_out, strict=True):
            counts[said] += told == true
        tell(f"{true:{width}}       {'  '.join(f'{n:{len(name)}}' for name, n in counts.items())}")
    if args.write:
        fitted_files.replace(file := kept(), json.dumps(fitted.thresholds, indent=2) + "\n")
        tell(f"written to {file.name}")
    return 0


def kept() -> Path:
    """Where the thresholds in use are kept, or the user's own will be."""
    return fitted_files.place(Path(kind.__file__).with_name(kind.FILE))


def collect(clips: int, seed: int) -> Iterator[Labelled]:
    """The regions of so many filmed pages, twice each: as first seen, and half a second later."""
    rng = np.random.default_rng([seed, 7])
    judge, names = FittedJudge(), list(opening.demo_names())
    for number in range(clips):
        drawn = opening.page_picture(
            names[number % len(names)], seed=int(rng.integers(1000, 1 << 30)), layout=str(rng.choice(page.LAYOUTS)),
            differences=int(rng.integers(5, 11)),
        )  # fmt: skip
        camera = filming.camera_of(pages.pressed(drawn, rng), pages.scenario_of(rng), int(rng.integers(1 << 30)))
        for found, scene, candidates in filming.proposed(camera, FRAMES, LOOKED_AT):
            shown = judge.confidence(judge.measure(scene, candidates), 1.0) >= SHOWN
            visible = [d for d in camera.truth(found.key.index).differences if not d.hidden]
            known = []
            for candidate, likely in zip(candidates, shown, strict=True):
                true = true_on(found.registration.box_on_a(candidate.box), visible) if likely else None
                values = None if true is None else measure(scene.lit, candidate.box, candidate.mask)
                if true is not None and values is not None:
                    known.append((values, ONE_SIDED if true.kind in (Kind.ADDED, Kind.REMOVED) else str(true.kind)))
            yield Labelled(
                tuple(values for values, _ in known), tuple(told for _, told in known), f"{drawn.name}:{number}"
            )


def fit(views: Sequence[Labelled], provenance: dict[str, Any], tried: Tried = TRIED) -> Fit:
    """Fit and cross-validate. Raises ValueError when one of the kinds is missing."""
    right = _Right(views)
    missing = [name for name in TOLD if name not in right.kinds]
    if missing:
        raise ValueError(f"no region is {' or '.join(missing)}: give more data")
    groups = np.array([view.group for view in views for _ in view.told])
    fold = folds(groups)
    held_out = right.kinds.copy()
    for k in range(FOLDS):
        learn = fold != k
        if learn.any() and not learn.all():
            held_out[~learn] = right.told(_best(tried, right, learn))[~learn]
    figures = {
        "regions": len(groups),
        "puzzles": len(set(groups.tolist())),
        "held_out_right": round(float(np.mean(held_out == right.kinds)), 4),
    }
    chosen = _best(tried, right, np.ones(len(fold), np.bool_))
    return Fit({"provenance": provenance | figures, "thresholds": chosen}, [str(one) for one in held_out])


class _Right:
    """What thresholds make of all regions, each set of them once. kinds: what they truly are, (N,) object."""

    def __init__(self, views: Sequence[Labelled]) -> None:
        self._measured = [measured(values) for view in views for values in view.measured]
        self.kinds = np.array([told for view in views for told in view.told], dtype=object)
        self._told: dict[tuple[float, ...], NDArray[np.object_]] = {}

    def told(self, values: Values) -> NDArray[np.object_]:
        key = tuple(values.values())
        if key not in self._told:
            thresholds = Thresholds(**values)
            self._told[key] = np.array([str(thresholds.tell(region)) for region in self._measured], dtype=object)
        return self._told[key]

    def share(self, values: Values, of: NDArray[np.bool_]) -> float:
        return float(np.mean((self.told(values) == self.kinds)[of]))


def _best(tried: Tried, right: _Right, learn: NDArray[np.bool_]) -> Values:
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
