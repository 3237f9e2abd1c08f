"""livespot's own comparison: light made equal, tolerant difference, thresholds from the noise, learned acceptance.

In: two aligned panels with the registration's local error. Out: a Comparison.
"""

import functools
import threading
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot.frame import Image
from livespot.settings import Settings
from livespot.spotting.classify.alike import join_alike
from livespot.spotting.classify.confidence import CandidateContext, find_unchanged
from livespot.spotting.classify.decision import Decision
from livespot.spotting.classify.eye import ROOT, Eye
from livespot.spotting.classify.joined import join_near
from livespot.spotting.classify.kind import kind_of
from livespot.spotting.classify.moved import join_moves
from livespot.spotting.difference import regions
from livespot.spotting.difference._fused import lit_difference
from livespot.spotting.difference.boxes import boxes_nearly_equal
from livespot.spotting.difference.comparison import Measured, Region
from livespot.spotting.difference.instances import blobs, instances
from livespot.spotting.difference.tolerance import tolerance_radius
from livespot.spotting.kernels.downscale import downscale
from livespot.spotting.kernels.light import BLOCK
from livespot.spotting.methods.comparison import AlignedPanels, Comparison, ComparisonCache, Eyed
from livespot.spotting.photometry.gain import GainCorrectedPair
from livespot.spotting.results import Kind
from livespot.spotting.vision import Vision

STIFF_MOST = 1.5  # of the median threshold over the panel
COARSE_SMOOTH = 0.7  # px of the half-size panels, sigma of the blur that takes single-pixel noise out of their map
NOISE_STEP = 4  # px of the full panel between the places where a map's noise is measured: nearer ones say the same
LEAST_CONFIDENCE = 0.1  # below this a candidate is not even remembered
SURE = 0.9  # that a candidate is a difference, or that it is none: it is measured again at the next full look only
GLANCE = 8  # px of the panel in a block of what is compared to see whether the eye must look again
LOST = 0.5  # of the eye's word that a place is of both pictures: below it what looks like glare or a hand is one
PLAIN = 0.8  # of the same, the mean over what seems covered: above it nothing lies there
STILL = 5.0  # grey levels by which the mean of a block may change until then


def candidates_of(
    panels: AlignedPanels, settings: Settings, vision: Vision
) -> tuple[CandidateContext, list[regions.Candidate], ComparisonCache]:
    """The candidates of two aligned panels, the scene they were found in, and what the next comparison may begin with.

    Light is measured on panels of half the size and less; what must be left out of it, and of the noise, is found there
    first.
    """
    a, b, seen, error, before = panels.a, panels.b, panels.seen, panels.error, panels.before
    sensitivity, threads, params = settings.sensitivity, settings.threads, vision.params
    height, width = seen.shape
    small_a, small_b = _halved(a), _halved(b)  # OpenCV shares each out among threads of its own
    small_seen = _whole(seen)
    radius = tolerance_radius(error, params.difference)
    if before is None or before.lasting is None or before.standing is None:
        lasting, standing = _standing_at_half_size(small_a, small_b, small_seen, 0.5 * radius, settings, vision)
    else:
        lasting, standing = before.lasting, before.standing
    trusted = regions.without(small_seen, lasting | standing)
    root = np.sqrt(vision.gain(small_a, small_b, trusted, params.photometry.sigma))
    on_grid = radius[: root.shape[0], : root.shape[1]]
    difference, peaks = lit_difference(a, b, root, on_grid, 2 * BLOCK, regions.SMOOTH, threads=threads)
    thresholds = regions.local_thresholds(difference, trusted[::2, ::2], sensitivity, params.regions, step=NOISE_STEP)
    known = panels.known if before is None else (*panels.known, before.eyed)
    eyed = looked_at(a, b, seen, threads, known, panels.root)
    label, count = blobs(eyed.seen.difference, eyed.seen.core)
    label = np.where(seen, cv2.resize(label, (width, height), interpolation=cv2.INTER_NEAREST), 0)
    found = regions.candidates(difference, peaks, thresholds, seen, params.regions)
    found = instances(found, label, count, difference, thresholds)
    scene = CandidateContext(
        GainCorrectedPair(a, b, root, 2 * BLOCK), difference, thresholds, error, seen, peaks, eyed.seen
    )
    standing = regions.halved_mask(found, (height // 2, width // 2))
    return scene, found, ComparisonCache(lasting, standing, eyed)


_EYES = threading.local()  # one for each thread, read once


def looked_at(
    a: Image, b: Image, seen: NDArray[np.bool_], threads: int, known: Sequence[Eyed] = (), root: float = ROOT
) -> Eyed:
    """What the learned eye sees of two aligned panels; of what it saw before, that of which no block has changed."""
    height, width = seen.shape
    size = (max(1, width // GLANCE), max(1, height // GLANCE))
    panels = [np.asarray(cv2.resize(p, size, interpolation=cv2.INTER_AREA), np.uint8) for p in (a, b)]
    for one in known:
        if all(cv2.norm(p, q, cv2.NORM_INF) <= STILL for p, q in zip(panels, one.panels, strict=True)):
            return one
    if not hasattr(_EYES, "eye"):
        _EYES.eye = Eye()
    eye: Eye = _EYES.eye
    return Eyed(eye.look(a, b, seen, root=root, threads=threads), (panels[0], panels[1]))


def _of_both(eyed: Eyed, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """(h, w) float32, 0 to 1: how surely a place is of both pictures, at the panels' shape."""
    both = np.minimum(eyed.seen.belongs_a, eyed.seen.belongs_b)
    return np.asarray(cv2.resize(both, shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def lost_to_the_eye(eyed: Eyed, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """(h, w) bool, the panels' shape: where the learned eye says that one of them cannot be seen."""
    return np.asarray(_of_both(eyed, shape) < LOST, np.bool_)


def covered_by(covered: NDArray[np.bool_] | None, eyed: Eyed) -> NDArray[np.bool_] | None:
    """(h, w) bool: the parts of `covered` in which the learned eye does not plainly see both pictures; None: none.

    Of a part that runs along the rim, what reaches into the picture is judged by itself: at the rim the eye is unsure.
    """
    if covered is None:
        return None
    both = _of_both(eyed, covered.shape)
    height, width = covered.shape
    inner = _plain_parts(covered & regions.away_from_rim((0, 0, width, height), covered.shape), both)
    wide = 2 * round(regions.RIM * float(np.sqrt(covered.size))) + 1
    reaching = cv2.dilate(inner.view(np.uint8), np.ones((wide, wide), np.uint8)) > 0
    return np.asarray(covered & ~(_plain_parts(covered, both) | reaching), np.bool_)


def _plain_parts(covered: NDArray[np.bool_], both: NDArray[np.float32]) -> NDArray[np.bool_]:
    """(h, w) bool: the parts of `covered` that are plainly of both pictures."""
    _, label = cv2.connectedComponents(covered.view(np.uint8))
    parts = label.ravel()
    plain = np.bincount(parts, both.ravel()) > PLAIN * np.bincount(parts)
    plain[0] = False
    return np.asarray(plain[label], np.bool_)


def _halved(picture: Image) -> Image:
    return downscale(picture, 2)


def _standing_at_half_size(
    a: Image,
    b: Image,
    seen: NDArray[np.bool_],
    radius: NDArray[np.float32],
    settings: Settings,
    vision: Vision,
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """What the light must not be measured on (see ComparisonCache): under a stiff gain, then under the usual one."""
    sensitivity, threads, params = settings.sensitivity, settings.threads, vision.params
    coarse_a, coarse_b = _halved(a), _halved(b)
    coarse_seen = _whole(seen)
    # under a stiff gain a large recoloured object stands out, and so does uneven light; only light fades out
    root = np.sqrt(vision.gain(coarse_a, coarse_b, coarse_seen, params.robust.wide_gain_sigma))
    on_grid = radius[::2, ::2][: root.shape[0], : root.shape[1]]
    difference, peaks = lit_difference(a, b, root, on_grid, 2 * BLOCK, COARSE_SMOOTH, threads=threads)
    # something large and faint would pass for noise where it lies: under the stiff gain noise is the panel's
    step = NOISE_STEP // 2
    thresholds = regions.local_thresholds(difference, coarse_seen, sensitivity, params.regions, STIFF_MOST, step)
    found = regions.candidates(difference, peaks, thresholds, seen, params.regions)
    lasting = regions.mask_of([c for c in found if regions.sharp_edged(difference, c)], seen.shape)
    # under the usual gain what stands out is large and strong: a quarter of the pixels shows it
    trusted = _whole(regions.without(seen, lasting))
    root = np.sqrt(vision.gain(coarse_a, coarse_b, trusted, params.photometry.sigma))
    on_grid = 0.5 * radius[::2, ::2][: root.shape[0], : root.shape[1]]
    difference, peaks = lit_difference(coarse_a, coarse_b, root, on_grid, BLOCK, COARSE_SMOOTH, threads=threads)
    thresholds = regions.local_thresholds(difference, trusted, sensitivity, params.regions)
    stands = regions.standing_out(difference, peaks, thresholds, coarse_seen, params.regions)
    standing = np.asarray(cv2.resize(stands, seen.shape[::-1], interpolation=cv2.INTER_NEAREST), np.uint8)
    return lasting, standing


def _whole(seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(h // 2, w // 2) bool: where all four pixels are."""
    height, width = (v // 2 * 2 for v in seen.shape)
    both = seen[0:height:2, :width] & seen[1:height:2, :width]
    # two at a time: a quarter of what a picture's mean takes
    return np.asarray(both.view(np.uint16) == 0x0101, np.bool_)


def compare_robust(panels: AlignedPanels, settings: Settings, vision: Vision) -> Comparison:
    """Compare two aligned panels; the result is the same whatever the number of threads."""
    scene, found, next_ = candidates_of(panels, settings, vision)
    earlier = () if panels.before is None else panels.before.measured
    sure = [one for one in earlier if not 1.0 - SURE < one.confidence < SURE]
    unchanged = [find_unchanged(c, sure) for c in found]
    features = vision.judge.measure(scene, found, unchanged)
    confidence = vision.judge.confidence(features, settings.sensitivity)
    decisions = [
        Decision(c.box, c.mask, confidence=float(sure), asked=LEAST_CONFIDENCE, features=measured)
        for c, sure, measured in zip(found, confidence, features, strict=True)
    ]
    likely = np.flatnonzero(confidence >= LEAST_CONFIDENCE).tolist()
    kinds = {i: _kind(scene, found[i], earlier) for i in likely}
    measured = tuple(
        unchanged[i] or Measured(c.box, int(np.count_nonzero(c.mask)), features[i], confidence[i], kinds.get(i))
        for i, c in enumerate(found)
    )
    result = [Region(found[i].box, found[i].mask, kind, float(confidence[i]), (i,)) for i, kind in kinds.items()]
    result = join_alike(panels.a, panels.b, join_moves(scene.lit, result))
    result = join_near(result, float(np.sqrt(panels.seen.size)), functools.partial(kind_of, scene.lit))
    result = sorted(result, key=lambda r: -r.confidence)
    return Comparison(
        tuple(result),
        scene.difference,
        scene.thresholds.high,
        scene.thresholds.block,
        scene.thresholds.low,
        tuple(decisions),
        lambda: _viewable(scene.lit),
        replace(next_, measured=measured),
        vision.judge,
    )


def _viewable(lit: GainCorrectedPair) -> tuple[Image, Image]:
    """Both panels as they were compared, for people to look at."""
    a, b = (np.asarray(cv2.convertScaleAbs(p), np.uint8) for p in lit.whole())
    return a, b


def _kind(scene: CandidateContext, candidate: regions.Candidate, earlier: Sequence[Measured]) -> Kind:
    """A candidate's kind; the one it had in the comparison before, when it lay in the same place then."""
    known = next((one.kind for one in earlier if boxes_nearly_equal(one.box, candidate.box)), None)
    return known or kind_of(scene.lit, candidate.box, candidate.mask)
