"""livespot's own comparison: light made equal, tolerant difference, thresholds from the noise, learned acceptance.

In: two aligned panels with the registration's local error. Out: a Comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.spotting import regions
from livespot.spotting.acceptance import Scene, fitted_rule, measure, still
from livespot.spotting.boxes import same
from livespot.spotting.comparison import Before, Comparison, Measured, Region
from livespot.spotting.difference import tolerance_radius
from livespot.spotting.findings import Kind
from livespot.spotting.fitted import fitted
from livespot.spotting.fragments import join_fragments
from livespot.spotting.kernels.bands import mapped
from livespot.spotting.kernels.light import BLOCK
from livespot.spotting.kernels.lit import lit_difference
from livespot.spotting.kinds import kind_of
from livespot.spotting.moved import join_moves
from livespot.spotting.photometry import Lit, smooth_gain
from livespot.spotting.shrinking import shrunk
from livespot.spotting.strips import rim_strips
from livespot.spotting.text_lines import text_bands

STIFF = fitted("robust.stiff")  # of the longer side: a gain so smooth that no object hides in it
STIFF_MOST = 1.5  # of the median threshold over the panel
COARSE_SMOOTH = 0.7  # px of the half-size panels, sigma of the blur that takes single-pixel noise out of their map
NOISE_STEP = 4  # px of the full panel between the places where a map's noise is measured: nearer ones say the same
LEAST_CONFIDENCE = 0.1  # below this a candidate is not even remembered
SURE = 0.9  # from here on a candidate is measured again at the next full look only
SENSITIVITY_LOGIT = 1.0  # log-odds that doubling the sensitivity adds


def candidates_of(
    a: Image,
    b: Image,
    seen: NDArray[np.bool_],
    error: NDArray[np.float32],
    sensitivity: float,
    before: Before | None = None,
    threads: int = 1,
) -> tuple[Scene, list[regions.Candidate], Before]:
    """The candidates of two aligned panels, the scene they were found in, and what the next comparison may begin with.

    Arguments as of compare_robust. Light is measured on panels of half the size and less; what must be left out of it,
    and of the noise, is found there first.
    """
    height, width = seen.shape
    small_a, small_b = _halved(a), _halved(b)  # OpenCV shares each out among threads of its own
    small_seen = _whole(seen)
    radius = tolerance_radius(error)
    if before is None:
        lasting, standing, beside = _standing_at_half_size(
            small_a, small_b, small_seen, 0.5 * radius, sensitivity, threads
        )
    else:
        lasting, standing, beside = before.lasting, before.standing, before.beside
    if beside.any():
        small_seen = regions.without(small_seen, beside)
        seen = seen & (cv2.resize(small_seen.view(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0)
    trusted = regions.without(small_seen, lasting | standing)
    root = np.sqrt(smooth_gain(small_a, small_b, trusted))
    on_grid = radius[: root.shape[0], : root.shape[1]]
    difference, peaks = lit_difference(a, b, root, on_grid, 2 * BLOCK, regions.SMOOTH, threads=threads)
    thresholds = regions.local_thresholds(difference, trusted[::2, ::2], sensitivity, step=NOISE_STEP)
    found = regions.candidates(difference, peaks, thresholds, seen)
    scene = Scene(Lit(a, b, root, 2 * BLOCK), difference, thresholds, error, seen, peaks)
    return scene, found, Before(lasting, regions.halved_mask(found, (height // 2, width // 2)), beside)


def _halved(picture: Image) -> Image:
    return shrunk(picture, 2)


def _standing_at_half_size(
    a: Image, b: Image, seen: NDArray[np.bool_], radius: NDArray[np.float32], sensitivity: float, threads: int
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]:
    """What the light must not be measured on, as Before has it: first under a stiff gain, then under the usual one."""
    coarse_a, coarse_b = _halved(a), _halved(b)
    coarse_seen = _whole(seen)
    # under a stiff gain a large recoloured object stands out, and so does uneven light; only light fades out
    root = np.sqrt(smooth_gain(coarse_a, coarse_b, coarse_seen, STIFF))
    on_grid = radius[::2, ::2][: root.shape[0], : root.shape[1]]
    difference, peaks = lit_difference(a, b, root, on_grid, 2 * BLOCK, COARSE_SMOOTH, threads=threads)
    # something large and faint would pass for noise where it lies: under the stiff gain noise is the panel's
    thresholds = regions.local_thresholds(difference, coarse_seen, sensitivity, STIFF_MOST, step=NOISE_STEP // 2)
    # what lies beside the panel is neither different nor fit to measure light or noise on
    over = regions.standing_out(difference, peaks, thresholds, seen)[0]
    beside = rim_strips(over) | text_bands(over)
    if beside.any():
        seen = regions.without(seen, beside)
        coarse_seen = _whole(seen)
    found = regions.candidates(difference, peaks, thresholds, seen)
    lasting = regions.mask_of([c for c in found if regions.sharp_edged(difference, c)], seen.shape)
    # under the usual gain what stands out is large and strong: a quarter of the pixels shows it
    trusted = _whole(regions.without(seen, lasting))
    root = np.sqrt(smooth_gain(coarse_a, coarse_b, trusted))
    on_grid = 0.5 * radius[::2, ::2][: root.shape[0], : root.shape[1]]
    difference, peaks = lit_difference(coarse_a, coarse_b, root, on_grid, BLOCK, COARSE_SMOOTH, threads=threads)
    thresholds = regions.local_thresholds(difference, trusted, sensitivity)
    stands, _ = regions.standing_out(difference, peaks, thresholds, coarse_seen)
    standing = np.asarray(cv2.resize(stands, seen.shape[::-1], interpolation=cv2.INTER_NEAREST), np.uint8)
    return lasting, standing, beside


def _whole(seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(h // 2, w // 2) bool: where all four pixels are."""
    height, width = (v // 2 * 2 for v in seen.shape)
    both = seen[0:height:2, :width] & seen[1:height:2, :width]
    # two at a time: a quarter of what a picture's mean takes
    return np.asarray(both.view(np.uint16) == 0x0101, np.bool_)


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
    before: Before | None = None,
    threads: int = 1,
) -> Comparison:
    """a, b: (h, w, 3) uint8, B registered onto A. seen: (h, w) bool. error: (gh, gw) registration error, px.

    before: what a comparison of the same panels left; what stood out then is left out of the light at once, and what
    was a difference for certain and is still the same is not measured again.
    threads: that share the work; the result is the same whatever their number.
    """
    scene, found, next_ = candidates_of(a, b, seen, error, sensitivity, before, threads)
    earlier = () if before is None else before.measured
    sure = [one for one in earlier if one.confidence >= SURE]
    known = [still(c, sure) for c in found]
    features = measure(scene, found, threads, known)
    confidence = confidence_of(features, sensitivity)
    likely = np.flatnonzero(confidence >= LEAST_CONFIDENCE).tolist()
    kinds = mapped(lambda i: _kind(scene, found[i], earlier), likely, threads)
    measured = tuple(
        known[i] or Measured(found[i].box, int(np.count_nonzero(found[i].mask)), features[i], confidence[i], kind)
        for i, kind in zip(likely, kinds, strict=True)
    )
    result = [
        Region(found[i].box, found[i].mask, kind, float(confidence[i])) for i, kind in zip(likely, kinds, strict=True)
    ]
    height, width = seen.shape
    result = sorted(join_fragments(join_moves(scene.lit, result), (width, height)), key=lambda r: -r.confidence)
    return Comparison(
        tuple(result),
        scene.difference,
        scene.thresholds.high,
        scene.thresholds.block,
        replace(next_, measured=measured),
    )


def _kind(scene: Scene, candidate: regions.Candidate, earlier: Sequence[Measured]) -> Kind:
    """A candidate's kind; the one it had in the comparison before, when it lay in the same place then."""
    known = next((one.kind for one in earlier if same(one.box, candidate.box)), None)
    return known or kind_of(scene.lit, candidate.box, candidate.mask)
