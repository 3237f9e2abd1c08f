"""What a search saw on its way, for whoever asks to look (`--explain`); nothing depends on it.

In: handed to Search, spot_page or spot_pair, which fill in what they come to know. Out: the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from livespot.spotting.panels.extent import Extent
from livespot.spotting.registration.features import Matches
from livespot.spotting.registration.homography import Pairing
from livespot.spotting.registration.residual_warp import Registration
from livespot.spotting.results import FrameResult, Inspection


@dataclass(eq=False)
class DetectionTrace:
    """Filled in step by step; what stays None was not come to. Points are px of the picture(s) searched.

    matches: every pair of points that look alike. pairing: the map that explains most of them. extent: how far it
    holds. unscale: what px of B are multiplied by to be px of the picture handed in. turned: of two pictures B was
    taken first: matches and pairing have it as their A. result: what came out.
    """

    matches: Matches | None = None
    pairing: Pairing | None = None
    extent: Extent | None = None
    registration: Registration | None = None
    unscale: float = 1.0
    turned: bool = False
    result: Inspection | FrameResult | None = None

    def become(self, other: DetectionTrace) -> None:
        """Hold what another one holds: of several searches its result was chosen."""
        vars(self).update(vars(other))
