"""Fit the constants of the vision again on labelled data, and write them with their provenance.

In: the constants in use (a JSON file: name -> value, unit, meaning, range, factors to try, provenance) and a Scorer,
which says how well the vision does with some of them changed. Out: a table of what was
tried; with `--write` the same file with what was chosen. One round of a coordinate search (one constant after the
other, the better value kept for the next), which moves a constant only for a gain that is not noise: MARGIN.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from livespot import fitted_files
from livespot.errors import LivespotError, UsageError
from livespot.spotting import params

PRICE = 0.25  # of F1: what one false box on every unchanged picture costs
# By more than this another value must be better. How much better it is varies with the seed (wear, clips) by 0.010 rms
# on the 11 puzzles livespot was fitted on, and of some 80 values tried one or two are far off by chance.
MARGIN = 0.02
DIGITS = 4  # significant ones of a tried value

Values = Mapping[str, float]


@dataclass(frozen=True)
class Constant:
    """One fitted constant. low, high: its range. factors: what the value in use is multiplied by to be tried."""

    name: str
    value: float
    unit: str
    meaning: str
    low: float
    high: float
    factors: tuple[float, ...]

    def neighbours(self) -> list[float]:
        """The values to try beside the one in use, within the range, each once."""
        near = [float(f"{self.value * factor:.{DIGITS}g}") for factor in self.factors]
        kept = dict.fromkeys(min(max(value, self.low), self.high) for value in near)
        return [value for value in kept if value != self.value]


@dataclass(frozen=True)
class Outcome:
    """What came of one constant. score: of the value in use. tried: (value, score) of the others."""

    constant: Constant
    score: float
    tried: tuple[tuple[float, float], ...]
    chosen: float

    @property
    def moved(self) -> bool:
        return self.chosen != self.constant.value


class Scorer(Protocol):
    """How well the vision does. origin: on which data, in words. seed: of what is drawn by chance."""

    origin: str
    seed: int

    def score(self, name: str, values: Values) -> float:
        """The score, see `score`, on what constant `name` acts on, with these values instead of those in use."""
        ...


def score(f1: Sequence[float], false: Sequence[float]) -> float:
    """The one number that is made as large as can be: mean F1 less PRICE for each false box on an unchanged picture.

    f1: of every picture with differences, 0 to 1. false: boxes on every picture with nothing to find.
    """
    return float(np.mean(f1) if len(f1) else 0.0) - PRICE * float(np.mean(false) if len(false) else 0.0)


def search(
    constants: Sequence[Constant],
    measure: Callable[[str, Values], float],
    margin: float = MARGIN,
    tick: Callable[[str], None] = lambda name: None,
) -> list[Outcome]:
    """One round: each constant with the better values of those before it. measure: see Scorer.score.

    A value is taken when it is the best (of equals the nearest) and better than the one in use by more than `margin`.
    `tick(name)`: one more value of a constant is measured.
    """
    moved: dict[str, float] = {}
    outcomes = []
    for constant in constants:
        name = constant.name

        def measured(values: Values, name: str = name) -> float:
            result = measure(name, values)
            tick(name)
            return result

        used = measured(dict(moved))
        tried = tuple((value, measured({**moved, name: value})) for value in constant.neighbours())
        better = [(got, -abs(value - constant.value), value) for value, got in tried if got > used + margin]
        chosen = max(better)[2] if better else constant.value
        outcomes.append(Outcome(constant, used, tried, chosen))
        if outcomes[-1].moved:
            moved[name] = chosen
    return outcomes


def run(args: argparse.Namespace, scorer: Callable[[], Scorer], file: Path, tell: Callable[[str], None]) -> int:
    """Search, print the table, write. scorer: on the puzzles of `args.data`. file: where the constants are kept."""
    from tqdm import tqdm

    constants = named(load(file), args.only or ())
    if args.data is None:
        raise UsageError("there is nothing to measure: give --data DIR, a folder with labelled puzzles")
    if args.write and not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)):
        raise LivespotError(f"cannot write {file}: no permission; the constants are kept beside the program")
    lent = scorer()
    count = sum(1 + len(constant.neighbours()) for constant in constants)
    with tqdm(total=count, desc="measuring", unit=" values", dynamic_ncols=True, leave=False, disable=None) as bar:

        def tick(name: str) -> None:
            bar.set_postfix_str(name, refresh=False)
            bar.update()

        outcomes = search(constants, lent.score, tick=tick)
    for line in table(outcomes):
        tell(line)
    moved = [outcome for outcome in outcomes if outcome.moved]
    tell(f"on {lent.origin}; seed {lent.seed}")
    tell(
        f"{len(moved)} of {len(outcomes)} have a neighbour better by more than {MARGIN:g}"
        + ("; fit the rule again, too: `livespot calibrate thresholds`" if moved else "")
    )
    if args.write:
        write(file, outcomes, lent)
        tell(f"written to {file.name}")
    return 0


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Lines: constant, unit, in use (score), tried (score), chosen; the values that are moved to are marked."""
    head = ("constant", "unit", "in use (score)", "tried (score)", "chosen")
    rows = [
        (
            o.constant.name, o.constant.unit, _scored(o.constant.value, o.score),
            "  ".join(_scored(value, got) for value, got in o.tried), f"{o.chosen:g}{' *' if o.moved else ''}",
        )
        for o in outcomes
    ]  # fmt: skip
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    for row in (head, *rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def kept() -> Path:
    """Where the constants in use are kept, or the user's own will be."""
    return fitted_files.place(Path(params.__file__).with_name(params.NAME))


def load(file: Path) -> list[Constant]:
    """The constants in use, in the file's order. Raises LivespotError when the file is not in the form above."""
    try:
        return [
            Constant(
                name, float(entry["value"]), str(entry["unit"]), str(entry["meaning"]), float(entry["low"]),
                float(entry["high"]), tuple(float(factor) for factor in entry["factors"]),
            )
            for name, entry in _entries(file).items()
        ]  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise LivespotError(f"{file} does not hold constants ({error!r}): install livespot again") from None


def named(constants: Sequence[Constant], only: Sequence[str]) -> list[Constant]:
    """Those of these names; "regions" means all of regions, no name all. Raises UsageError for an unknown name."""
    for word in only:
        if not any(_means(word, constant.name) for constant in constants):
            raise UsageError(f"no fitted constant {word}; there are {', '.join(c.name for c in constants)}")
    return [c for c in constants if not only or any(_means(word, c.name) for word in only)]


def write(file: Path, outcomes: Sequence[Outcome], lent: Scorer) -> None:
    """Put what was chosen, with where it is from, into the file; what was not measured stays as it is there."""
    entries = _entries(file)
    for outcome in outcomes:
        scores = dict(((outcome.constant.value, outcome.score), *outcome.tried))
        entries[outcome.constant.name] |= {
            "value": outcome.chosen,
            "provenance": {
                "data": lent.origin,
                "made_by": "livespot calibrate constants",
                "date": datetime.date.today().isoformat(),
                "seed": lent.seed,
                "score": round(scores[outcome.chosen], 4),
                "margin": MARGIN,
                "others": {f"{value:g}": round(got, 4) for value, got in scores.items() if value != outcome.chosen},
            },
        }
    fitted_files.replace(file, json.dumps(entries, indent=2) + "\n")


def _entries(file: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise LivespotError(f"cannot read {file}: {(error.strerror or str(error)).lower()}") from None


def _means(word: str, name: str) -> bool:
    return name == word or name.startswith(f"{word}.")


def _scored(value: float, got: float) -> str:
    return f"{value:g} ({got:.4f})"
