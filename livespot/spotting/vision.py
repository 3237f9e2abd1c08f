"""What the vision is made of: its fitted parameters. One is handed down from the front doors."""

from __future__ import annotations

from dataclasses import dataclass, field

from livespot.spotting.params import Params, fitted_params


@dataclass(frozen=True)
class Vision:
    """What the vision is made of; as it ships when nothing is said."""

    params: Params = field(default_factory=fitted_params)
