"""Which method compares the panels: the one place that knows there are two."""

from __future__ import annotations

from livespot.settings import Settings
from livespot.spotting.methods.comparison import AlignedPanels, Comparison
from livespot.spotting.methods.robust import compare_robust


def compare(panels: AlignedPanels, settings: Settings) -> Comparison:
    """Compare two aligned panels by `settings.method`."""
    if settings.method == "classic":
        from livespot.spotting.methods.classic import compare_classic

        return compare_classic(panels, settings)
    return compare_robust(panels, settings)
