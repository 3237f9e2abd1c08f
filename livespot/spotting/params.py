"""The constants of the vision that were fitted on labelled data: kept in `fitted.json`, fitted again by one command.

In: a constant's name, "stage.constant", as "regions.high_floor" for HIGH_FLOOR of regions.py, which says what it is.
Out: its value. Beside the value the file has unit, meaning, range, what is tried around it, and provenance: written by
`livespot calibrate constants` (training/constants.py). Constants of geometry, numerics or taste stay where they are.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import json
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

from livespot import fitted_files

NAME = "fitted.json"
PLACES = {  # the file of each stage
    "panels": "panels.extent",
    "search": "panels.detect",
    "difference": "difference.tolerance",
    "photometry": "photometry.gain",
    "robust": "methods.robust",
    "regions": "difference.regions",
    "stills": "still",
    "identity": "temporal.tracks",
}


def fitted(name: str) -> float:
    """The value in use. Raises ValueError for a name the file has not."""
    try:
        return float(_kept()[name]["value"])
    except KeyError:
        raise ValueError(f"{NAME} has no constant {name}: there are {', '.join(_kept())}") from None


@contextlib.contextmanager
def tried(values: Mapping[str, float]) -> Iterator[None]:
    """While it lasts, the modules have these values instead, by name; then they have what they had, whatever happened.

    For measuring only, one at a time: every thread sees them. Raises ValueError for a name the file has not.
    """
    for name in values:
        fitted(name)
    before = {name: getattr(*place_of(name)) for name in values}
    try:
        for name, value in values.items():
            setattr(*place_of(name), value)
        yield
    finally:
        for name, value in before.items():
            setattr(*place_of(name), value)


def place_of(name: str) -> tuple[ModuleType, str]:
    """The module that has a constant, and what it is called there."""
    stage, _, constant = name.partition(".")
    return importlib.import_module(f"{__package__}.{PLACES[stage]}"), constant.upper()


@functools.cache
def _kept() -> dict[str, dict[str, Any]]:
    text = fitted_files.read(__package__, NAME)
    return dict(json.loads(text))
