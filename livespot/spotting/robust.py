"""livespot's own comparison: light made equal, tolerant difference, thresholds from the noise, learned acceptance.

In: two aligned panels with the registration's local error. Out: a Comparison.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.geometry import Box
from livespot.spotting import regions
from livespot.spotting.acceptance import Scene, fitted_rule, measure
from livespot.spotting.comparison import Comparison, Region
from livespot.spotting.difference import tolerance_radius
from livespot.spotting.findings import Kind
from livespot.spotting.kernels import tolerant_difference
from livespot.spotting.kernels.alignment import dense
from livespot.spotting.kernels.light import FIXED
from livespot.spotting.kinds import kind_of
from livespot.spotting.moved import join_moves
from livespot.spotting.photometry import SIGMA, balanced

REACHES = (0.15, SIGMA, SIGMA)  # of the longer side: the gain's smoothness, stiff first
THREADS = 2
STIFF_MOST = 1.5  # of the median threshold over the panel
LEAST_CONFIDENCE = 0.1  # below this a candidate is not even remembered
SAME_BOX = 2  # px, each of position and size: the region of the comparison before
SENSITIVITY_LOGIT = 1.0  # log-odds that doubling the sensitivity adds


def candidates_of(
    a: Image,
    b: Image,
    seen: NDArray[np.bool_],
    error: NDArray[np.float32],
    sensitivity: float,
    before: Comparison | None = None,
) -> tuple[Scene, list[regions.Candidate]]:
    """The candidates of two aligned panels and the scene they were found in; arguments as of compare_robust."""
    height, width = seen.shape
    radius = tolerance_radius(dense(error, (width, height)))
    sharp: list[regions.Candidate] = [] if before is None else list(before.lasting)
    found: list[regions.Candidate] = [] if before is None else list(before.standing)
    trusted = regions.without(seen, [*sharp, *found])
    for reach in REACHES if before is None else REACHES[-1:]:
        flat_a, flat_b = balanced(a, b, trusted, reach, THREADS)
        difference = tolerant_difference(flat_a, flat_b, radius, threads=THREADS, unit=FIXED)
        difference = np.asarray(cv2.GaussianBlur(difference, (0, 0), regions.SMOOTH), np.float32)
        # something large and faint would pass for noise where it lies: under the stiff gain noise is the panel's
        most = STIFF_MOST if reach > SIGMA else float("inf")
        thresholds = regions.local_thresholds(difference, trusted, sensitivity, THREADS, most)
        found = regions.candidates(difference, thresholds, seen, THREADS)
        if reach > SIGMA:
            # under a stiff gain a large recoloured object stands out, and so does uneven light; only light fades out
            sharp = [c for c in found if regions.sharp_edged(difference, c)]
            trusted = regions.without(seen, sharp)
        else:
            trusted = regions.without(seen, [*sharp, *found])
    found = [c for c in found if not regions.rim_strip(c, seen.shape)]
    outside = cv2.copyMakeBorder(seen.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    rim = np.asarray(cv2.distanceTransform(outside, cv2.DIST_L2, 3)[1:-1, 1:-1], np.float32)
    grey_a, grey_b = (np.asarray(p * np.float32(1 / FIXED), np.float32) for p in (flat_a, flat_b))
    return Scene(grey_a, grey_b, difference, thresholds, error, rim, tuple(sharp)), found


def confidence_of(features: NDArray[np.float64], sensitivity: float) -> NDArray[np.float64]:
    """(N,) the chance of each measured candidate (N, F) to be a difference, 0 to 1."""
    logit = fitted_rule().logit(features) + SENSITIVITY_LOGIT * np.log2(sensitivity)
    return np.asarray(1.0 / (1.0 + np.exp(-logit)), np.float64)


def compare_robust(
    a: Image,
    b: Image,
    seen: NDArray[np.bool_],
    error: NDArray[np.float32],
    sensitivity: float,
    before: Comparison | None = None,
) -> Comparison:
    """a, b: (h, w, 3) uint8, B registered onto A. seen: (h, w) bool. error: (gh, gw) registration error, px.

    before: a comparison of the same panels; what stood out then is left out of the light at once, which saves rounds.
    """
    scene, found = candidates_of(a, b, seen, error, sensitivity, before)
    confidence = confidence_of(measure(scene, found), sensitivity)
    result = [
        Region(c.box, c.mask, _known(c.box, before) or kind_of(scene.a, scene.b, c.box, c.mask), float(p))
        for c, p in zip(found, confidence, strict=True)
        if p >= LEAST_CONFIDENCE
    ]
    return Comparison(
        tuple(sorted(join_moves(scene.a, scene.b, result), key=lambda r: -r.confidence)),
        np.asarray(scene.difference / scene.thresholds.high, np.float32),
        scene.lasting,
        tuple(found),
    )


def _known(box: Box, before: Comparison | None) -> Kind | None:
    """What kind a region was in the comparison before, when it lay in the same place then."""
    if before is not None:
        for region in before.regions:
            if max(abs(one - two) for one, two in zip(region.box, box, strict=True)) <= SAME_BOX:
                return region.kind
    return None
