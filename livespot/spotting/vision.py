"""What the vision is made of: its fitted parameters, and three parts of which each can be exchanged for another.

One Vision is handed down from the front doors to the stages. The parts that ship with livespot are photometry/gain.py,
registration/features.py and classify/judge.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting.classify.confidence import CandidateContext
from livespot.spotting.classify.decision import Reason
from livespot.spotting.classify.judge import FittedJudge
from livespot.spotting.difference.comparison import Measured
from livespot.spotting.difference.regions import Candidate
from livespot.spotting.params import Params, fitted_params
from livespot.spotting.photometry.gain import smooth_gain
from livespot.spotting.registration.features import MOST, Features, features


class PhotometricModel(Protocol):
    """How the light differs between two aligned panels."""

    def __call__(self, a: Image, b: Image, seen: NDArray[np.bool_], sigma: float) -> NDArray[np.float32]:
        """(gh, gw, 3) float32 by blocks of kernels.light.BLOCK px: what b must be multiplied by to look like a.

        a, b: (h, w, 3) uint8, at half the panels' size or a quarter. seen: (h, w) bool, what may be trusted. sigma: of
        the longer side, how smooth the gain must be for no difference to even itself out.
        """
        ...


class FeatureDetector(Protocol):
    """What a place of a picture can be known again by."""

    def __call__(self, image: Image, most: int = MOST) -> Features:
        """At most so many features of a picture (H, W[, 3]) uint8, the best first."""
        ...


class CandidateJudge(Protocol):
    """Which candidates are differences. What it measures is its own affair: it is handed back as it was."""

    def measure(
        self, scene: CandidateContext, found: Sequence[Candidate], known: Sequence[Measured | None] = ()
    ) -> NDArray[np.float64]:
        """(N, F) measures of the candidates; known: for each what was measured before, where it is still the same."""
        ...

    def confidence(self, features: NDArray[np.float64], sensitivity: float) -> NDArray[np.float64]:
        """(N,) the chance, 0 to 1, that each measured candidate (N, F) of one comparison is a difference."""
        ...

    def reasons(self, features: NDArray[np.float64]) -> list[tuple[Reason, ...]]:
        """For each measured candidate (N, F) of one comparison what speaks for and against it, strongest first."""
        ...


@dataclass(frozen=True)
class Vision:
    """What the vision is made of; what is not said is as it ships."""

    params: Params = field(default_factory=fitted_params)
    gain: PhotometricModel = smooth_gain
    features: FeatureDetector = features
    judge: CandidateJudge = field(default_factory=FittedJudge)
