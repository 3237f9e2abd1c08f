"""The room's front door: puts tracking and analysis in order.

Two threads may use one Spotter: the display's thread calls `track` for every frame, an analyser thread calls `analyse`
for the newest one. Nothing else is shared.
"""

from __future__ import annotations

from livespot.frame import Frame
from livespot.settings import Settings
from livespot.spotting.findings import Inspection, Spotting
from livespot.spotting.stills import spot_page as spot_page
from livespot.spotting.stills import spot_pair as spot_pair


class Spotter:
    """Spots the differences on one page, frame after frame."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def track(self, frame: Frame) -> Spotting:
        """Carry what is known onto this frame: a few ms. Display thread only."""
        raise NotImplementedError

    def analyse(self, frame: Frame) -> None:
        """Look at this frame in full; the next `track` carries the findings. Any one thread."""
        raise NotImplementedError

    def inspect(self) -> Inspection | None:
        """The sharpest recent view with the full evidence, analysed at the best quality; None before the first lock."""
        raise NotImplementedError

    def search_again(self) -> None:
        """Forget the page."""
        raise NotImplementedError

    def set_sensitivity(self, sensitivity: float) -> None:
        """Change the sensitivity (see settings) without losing the evidence."""
        raise NotImplementedError

    def set_panels(self, a: object, b: object) -> None:
        """Use these panel quads (frame px of the last inspection) instead of the ones found."""
        raise NotImplementedError
