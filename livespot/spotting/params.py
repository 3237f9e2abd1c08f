"""The parameters of the vision that were fitted on labelled data: one frozen dataclass for each stage that has some.

In: `fitted.json`, which has each by its name, "stage.parameter", with unit, meaning, range, what is tried around it,
and provenance: written by `livespot calibrate constants` (training/constants.py). Out: Params, which is handed to the
stages. Constants of geometry, numerics or taste stay where they are.
"""

from __future__ import annotations

import functools
import json
import typing
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from livespot import fitted_files

NAME = "fitted.json"


@dataclass(frozen=True)
class ToleranceParams:
    """How far the difference map looks around a pixel."""

    least_radius: float  # px, where the registration is exact
    most_radius: float  # px, where it is poor; the kernels reach no further than 2


@dataclass(frozen=True)
class GainParams:
    """The light between the panels."""

    sigma: float  # of the panel's longer side: how fast it may change


@dataclass(frozen=True)
class RobustParams:
    """The order of livespot's own comparison."""

    wide_gain_sigma: float  # of the panel's longer side: a gain so smooth that no object hides in it


@dataclass(frozen=True)
class RegionParams:
    """From the difference map to candidates. The panel's size is the root of its area."""

    high_floor: float  # grey levels at sensitivity 1: where a difference begins, at least
    low_floor: float  # grey levels at sensitivity 1: as far as it goes on, at least
    high_times: float  # of the local root mean square, above the map's local mean: where a difference begins
    low_times: float  # the same: as far as it goes on
    noise_sigma: float  # of the panel's size: the window in which the map's noise is measured
    join: float  # of the panel's size: fragments this near are one difference
    closing: float  # joining dilation, of `join`: so far each of two fragments is grown to see whether they meet
    merge: float  # of the smaller one's longer side: gap within one thing
    merge_most: float  # of the panel's size: gap within one thing, at most
    trim: float  # of the peak: what is weaker is the halo of a region


@dataclass(frozen=True)
class StillParams:
    """What is drawn of a still."""

    shown: float  # confidence from which a region is drawn
    speck_shown: float  # the same for a speck, which must be surer, as one view is all there is


@dataclass(frozen=True)
class IdentityParams:
    """What is shown of a filmed page."""

    appear: float  # smoothed confidence from which a difference is shown
    small_appear: float  # the same for a box so small that it may be a pattern that the sensor makes of print
    sure: float  # confidence at which the first analysis of a page is enough


@dataclass(frozen=True)
class Params:
    """All of them. A stage is handed its own."""

    difference: ToleranceParams
    photometry: GainParams
    robust: RobustParams
    regions: RegionParams
    stills: StillParams
    identity: IdentityParams

    def changed(self, values: Mapping[str, float]) -> Params:
        """The same with some values changed, by name, as "regions.trim". Raises ValueError for an unknown name."""
        known = self.named()
        for name in values:
            if name not in known:
                raise ValueError(f"no fitted constant {name}: there are {', '.join(known)}")
        return _from({**known, **values})

    def named(self) -> dict[str, float]:
        """Every value by its name."""
        return {f"{stage}.{name}": value for stage, own in asdict(self).items() for name, value in own.items()}


@functools.cache
def fitted_params() -> Params:
    """The parameters in use: the user's own, else those that ship with livespot. Raises as `read` does."""
    return read(fitted_files.read(__package__, NAME))


def read(text: str) -> Params:
    """The parameters of a file of this text. Raises ValueError where one is missing."""
    return _from({name: float(entry["value"]) for name, entry in json.loads(text).items()})


def _from(values: Mapping[str, float]) -> Params:
    try:
        stages = {
            stage: kind(**{name: values[f"{stage}.{name}"] for name in kind.__dataclass_fields__})
            for stage, kind in typing.get_type_hints(Params).items()
        }
    except KeyError as missing:
        raise ValueError(f"{NAME} has no constant {missing.args[0]}") from None
    return Params(**stages)
