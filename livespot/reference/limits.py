"""From where on the self-check gives advice: limits measured on the simulated webcam, with their provenance.

Out: Limits, read from `limits.json` beside this file, or the user's own. `python -m livespot.reference.limiting
--write` measures them again; nothing of it is set by hand.
"""

import json
from dataclasses import dataclass
from functools import lru_cache

from livespot import fitted_files

FILE = "limits.json"


@dataclass(frozen=True)
class Limits:
    """The measures of a Quality and of a Report from which on something is to be improved, in their units.

    desk_noise: of a steady webcam over a flat page in good light, grey levels. dim: light of blank paper below which
    noise is put down to the dark. light, panel_px, locked: less is worse; the others: more is worse.
    """

    desk_noise: float
    dim: float
    noise: float
    light: float
    blur: float
    panel_px: float
    glare: float
    residual_px: float
    locked: float


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The limits in use."""
    data = json.loads(fitted_files.read(__package__, FILE))
    return Limits(**{name: float(value) for name, value in data["limits"].items()})
