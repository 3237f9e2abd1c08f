"""What a search saw on its way, for whoever asks to look (`--explain`); nothing depends on it.

In: handed to search_page, search_pair, spot_page or spot_pair, which fill in what they come to know. Out: the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from livespot.spotting.findings import Inspection, Spotting
from livespot.spotting.matching import Matches
from livespot.spotting.pairing import Pairing
from livespot.spotting.panels import Extent
from livespot.spotting.registration import Registration


@dataclass(eq=False)
class Trail:
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
    result: Inspection | Spotting | None = None
