"""Which method compares the panels: the one place that knows there are two."""

from livespot.settings import Settings
from livespot.spotting.methods.comparison import AlignedPanels, Comparison
from livespot.spotting.methods.robust import compare_robust
from livespot.spotting.vision import Vision


def compare(panels: AlignedPanels, settings: Settings, vision: Vision | None = None) -> Comparison:
    """Compare two aligned panels by `settings.method`. vision: as it ships when not given."""
    if settings.method == "classic":
        from livespot.spotting.methods.classic import compare_classic

        return compare_classic(panels, settings)
    return compare_robust(panels, settings, vision or Vision())
