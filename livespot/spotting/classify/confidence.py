"""Is a candidate a difference, or what is left of misregistration, light, blur and the rim? A learned score.

In: candidates with the panels they come from. Out: a confidence from 0 to 1 for each. Each candidate is measured by a
few numbers that mean the same at any size and contrast, and then looked at beside the others of the same comparison;
the rule over both is fitted on labelled candidates by `livespot calibrate thresholds` (training/confidence.py), and
kept with its provenance in `confidence.json` beside this file.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import fitted_files
from livespot.geometry import Box
from livespot.spotting.classify.context import NAMES, context
from livespot.spotting.classify.fine_print import CELL as FINE_CELL
from livespot.spotting.classify.fine_print import fine_sums
from livespot.spotting.classify.measures import Panels, Reach, measures_of
from livespot.spotting.difference.boxes import boxes_nearly_equal
from livespot.spotting.difference.comparison import Measured
from livespot.spotting.difference.regions import Candidate, Thresholds, mask_of
from livespot.spotting.difference.seen import Seen
from livespot.spotting.kernels.light import enlarged
from livespot.spotting.photometry.gain import GainCorrectedPair
from livespot.spotting.registration.warping import STEP

FILE = "confidence.json"
FEATURES = (
    "peak",  # log of the peak over the threshold
    "mean",  # log of the mean inside over the threshold
    "ring",  # log of the mean of the ring around it over the mean inside
    "area",  # log of its pixels, in parts per 10000 of the panel
    "pixels",  # log of its pixels
    "one_sided",  # gradients in one panel only: 0 to 1
    "shift",  # best agreement within +-3 px over agreement unshifted: small when only misregistered
    "fill",  # its pixels over its box
    "elongation",  # log of the longer over the shorter side
    "depth",  # how far it reaches in from the rim, of 3 % of L, at most 1
    "clear",  # how far it stays clear of the rim, of 1 % of L, at most 1
    "error",  # local registration error, px
    "noise",  # log of the local threshold over 14 grey levels
    "coherence",  # the signed difference's mean over its mean size: 1 when all of it is brighter or darker
    "correlation",  # of both panels in and around it
    "thickness",  # log of its largest inscribed circle's radius, px
    "crowd",  # log of the number of candidates a panel
    "texture",  # log of the weaker panel's gradient inside, grey levels a px
    "gradients",  # log of the mean difference over the stronger panel's gradient: what a shift leaves is in proportion
    "wide",  # log of the peak of the map smoothed three times as widely, over the threshold
    "edge",  # the map's median just outside over its median inside: light fades out, print ends
    "bright",  # share of it that is nearly white in one panel
    "chroma",  # of the mean signed difference, the share that is colour
    "close",  # correlation of both panels in it alone
    "standing",  # log of its peak over what every tenth place around it reaches
    "fine",  # how far the finest print around it is the same in both panels: 1 when it is
)
EYED = (
    "eye",  # log-odds of the learned eye's mean over it
    "eye_peak",  # log-odds of what a twentieth of it exceeds there
    "belongs",  # log-odds of the eye's mean over it that both pictures have it
)


@dataclass(frozen=True, eq=False)
class CandidateContext:
    """What candidates are measured on: both panels under one light, the map (h, w) and its levels."""

    lit: GainCorrectedPair
    difference: NDArray[np.float32]
    thresholds: Thresholds
    error: NDArray[np.float32]  # (gh, gw)
    seen: NDArray[np.bool_]  # (h, w), what is on both panels
    peaks: NDArray[np.float32]  # of the map, by cells of CELL px
    eyed: Seen  # what the learned eye saw

    def eyed_in(self, c: Candidate) -> list[float]:
        """What the learned eye says of a candidate, log-odds: eye, eye_peak, belongs."""
        x, y, w, h = c.box
        differs, belongs = (part[y : y + h, x : x + w][c.mask] for part in self._maps)
        return [_log_odds(float(v)) for v in (differs.mean(), np.quantile(differs, 0.95), belongs.mean())]

    @functools.cached_property
    def _maps(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        size = (self.seen.shape[1], self.seen.shape[0])
        belongs = np.minimum(self.eyed.belongs_a, self.eyed.belongs_b)
        one, two = (cv2.resize(m, size, interpolation=cv2.INTER_LINEAR) for m in (self.eyed.difference, belongs))
        return np.asarray(one, np.float32), np.asarray(two, np.float32)


def measure(
    scene: CandidateContext, found: Sequence[Candidate], known: Sequence[Measured | None] = ()
) -> NDArray[np.float64]:
    """(N, len(FEATURES) + len(EYED)) float64; known: of each that need not be measured again, what was (`still`)."""
    if not found:
        return np.zeros((0, len(FEATURES) + len(EYED)))
    known = known or [None] * len(found)
    new = iter(_measured(scene, found, [c for c, one in zip(found, known, strict=True) if one is None]))
    result = np.array([next(new) if one is None else one.features for one in known], np.float64)
    result[:, FEATURES.index("crowd")] = log(len(found))
    return result


def find_unchanged(candidate: Candidate, known: Sequence[Measured]) -> Measured | None:
    """The one of these that a candidate still is, by its box and the number of its pixels."""
    pixels = np.count_nonzero(candidate.mask)
    for one in known:
        if boxes_nearly_equal(candidate.box, one.box) and abs(pixels - one.pixels) <= STILL * one.pixels:
            return one
    return None


def _measured(
    scene: CandidateContext, found: Sequence[Candidate], wanted: Sequence[Candidate]
) -> Sequence[list[float]]:
    """The features of those that are wanted, among all that were found."""
    if not wanted:
        return []
    height, width = scene.difference.shape
    length = float(np.sqrt(height * width))
    claimed, seen = mask_of(found, scene.seen.shape), scene.seen.view(np.uint8)
    cells = np.zeros((height // FINE_CELL, width // FINE_CELL), np.uint8)
    for c in wanted:
        cells[_cells_around(c.box, FINE_AROUND * length, cells.shape)] = 1
    free = (scene.seen & ~claimed.view(np.bool_)).view(np.uint8)
    fine = fine_sums(scene.lit.a, scene.lit.b, free, cells)
    level = enlarged(scene.thresholds.high, scene.thresholds.block, (0, 0, width, height))
    panels = Panels(scene.lit, scene.difference, level, claimed, seen, scene.peaks, fine)
    return [_of(scene, panels, c, length, len(found)) for c in wanted]


STILL = 0.1  # of its pixels: a candidate that has not changed by more is the one it was
MARGIN = 0.012  # of the panel's size: so much around a candidate is looked at
MOST_SHIFT = 3  # px
LEAST_PEAK = (
    0.02  # of the threshold: what the learned eye alone sees may be the same in both panels to the last grey level
)
FINE_AROUND = 0.04  # of the panel's size, beyond a candidate's box
FINE_NOISE = 4.0  # squared grey levels of the finest print that are there in any case
NEARLY_WHITE = 232.0  # grey levels, of the darkest channel
SPARSE = 0.2  # of its box: a candidate that fills no more is no one thing, from twice that on it is
# where each measure begins to say so, and where it does: that nothing but an evenly other tone with a sharp edge tells
# a candidate; that it is a thing by itself and reaches into the picture; that it is a large part of the picture
PLAIN = {
    "texture": (1.0, 0.5),
    "coherence": (0.85, 0.9),
    "edge": (0.3, 0.2),
    "fill": (0.5, 0.6),
    "thickness": (2.0, 3.0),
}
WHOLE = {"ring": (-2.7, -3.5), "peak": (0.8, 1.3), "coherence": (0.4, 0.7), "depth": (0.4, 0.5)}
LARGE = {"area": (5.3, 5.8)}
LONG = 3.4  # log of the longer over the shorter side: a strip, and one less is none
DEEP, CLEAR = 0.03, 0.01  # of the panel's size: further from the rim makes no difference


def _of(scene: CandidateContext, panels: Panels, c: Candidate, length: float, count: int) -> list[float]:
    x, y, w, h = c.box
    down, across = _cells_around(c.box, FINE_AROUND * length, panels.fine.shape)
    reach = Reach(max(4, round(MARGIN * length)), DEEP * length, NEARLY_WHITE, MOST_SHIFT)
    n = measures_of(panels, c.box, c.mask, (down, across), reach)
    channel = max(range(3), key=lambda k: n.size[k])
    mean_bias, most_bias = sum(n.bias) / 3.0, max(abs(v) for v in n.bias)
    node = scene.error[
        min(scene.error.shape[0] - 1, (y + h // 2) // STEP), min(scene.error.shape[1] - 1, (x + w // 2) // STEP)
    ]
    return [
        log(max(c.peak, LEAST_PEAK)),
        log(n.inside + 0.05),
        log((n.around + 0.02) / (n.inside + 0.02)),
        log(n.pixels / (length * length) * 1e4),
        log(n.pixels),
        abs(n.energy_a - n.energy_b) / (n.energy_a + n.energy_b + 4.0),
        (n.best + 1.0) / (n.unshifted + 1.0),
        n.pixels / (w * h),
        log(max(w, h) / min(w, h)),
        min(1.0, n.furthest / (DEEP * length)),
        min(1.0, n.nearest / (CLEAR * length)),
        min(3.0, float(node)),
        log(n.level / 14.0),
        abs(n.bias[channel]) / (n.size[channel] + 1.0),
        n.correlation,
        log(n.thickness),
        log(count),
        log(sqrt(min(n.energy_a, n.energy_b)) + 1.0),
        log((n.difference + 1.0) / (sqrt(max(n.energy_a, n.energy_b)) + 1.0)),
        log(n.wide + 0.05),
        min(2.0, n.beside_median / (n.inside_median + 1e-3)) if n.beside_median >= 0.0 else 1.0,
        n.bright,
        max(abs(v - mean_bias) for v in n.bias) / (most_bias + 2.0),
        n.close,
        log((c.peak * n.level + 1.0) / (n.usual + 1.0)),
        _alike(n.fine),
        *scene.eyed_in(c),
    ]


def _cells_around(box: Box, reach: float, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """The cells of the finest print within `reach` px of a box; shape: how many there are, down and across."""
    x, y, w, h = box
    top, bottom = max(0, int((y - reach) / FINE_CELL)), min(shape[0], int((y + h + reach) / FINE_CELL) + 1)
    left, right = max(0, int((x - reach) / FINE_CELL)), min(shape[1], int((x + w + reach) / FINE_CELL) + 1)
    return slice(top, bottom), slice(left, right)


def _alike(fine: tuple[float, float, float, float]) -> float:
    """Correlation of both panels' finest print, from its sums; 1 where there is nothing to look at."""
    a, b, both, count = fine
    if count < FINE_CELL * FINE_CELL:
        return 1.0
    noise = FINE_NOISE * count
    return float(both / sqrt((a + noise) * (b + noise)))


def _log_odds(chance: float) -> float:
    chance = min(max(chance, 1e-3), 1.0 - 1e-3)
    return log(chance / (1.0 - chance))


@dataclass(frozen=True, eq=False)
class Rule:
    """A fitted rule: standardise, layers of weights with tanh between them, then the eye, then the other candidates.

    columns: of the measures, those it looks at. eyed: weights of what `with_eye` gives.
    beside: weights of a candidate's log-odds by then, of each measure of its company, and a bias.
    """

    columns: tuple[int, ...]
    centre: NDArray[np.float64]
    scale: NDArray[np.float64]
    layers: tuple[tuple[NDArray[np.float64], NDArray[np.float64]], ...]
    eyed: NDArray[np.float64]
    beside: NDArray[np.float64]

    def logit(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N,) log-odds that each of the measured candidates (N, F) of one comparison is a difference."""
        own = self.alone(features)
        return np.asarray(np.column_stack([own, context(own), np.ones(len(own))]) @ self.beside, np.float64)

    def alone(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N,) log-odds of each, whatever else there is."""
        return np.asarray(with_eye(self.measured(features), features) @ self.eyed, np.float64)

    def measured(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N,) log-odds of each by its measures, without what the eye sees."""
        value = np.clip((features[:, self.columns] - self.centre) / self.scale, -4.0, 4.0)
        for i, (weights, bias) in enumerate(self.layers):
            value = value @ weights + bias
            if i + 1 < len(self.layers):
                value = np.tanh(value)
        return np.asarray(value[:, 0], np.float64)


WITH_EYE = ("own", *EYED, "rim", "own_at_rim", "whole_at_rim", "bias")


def with_eye(own: NDArray[np.float64], features: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, len(WITH_EYE)): what the layers say, log-odds, beside what the eye says of the candidates (N, F).

    Of a compact thing at the rim the eye is not asked, unless it is a large one: it does not see whether that goes on
    beyond it. Nor of a plain one with a printed edge on plain ground: the eye takes it for light. A strong one at the
    rim, with nothing around it, is a thing that the rim cuts, and no strip of what lies beyond.
    """
    clear, fill, elongation = (features[:, FEATURES.index(name)] for name in ("clear", "fill", "elongation"))
    compact = np.clip((fill - SPARSE) / SPARSE, 0.0, 1.0) * np.clip(LONG - elongation, 0.0, 1.0)
    small = 1.0 - _all_of(features, LARGE)
    rim = np.maximum((1.0 - clear) * compact * small, clear * _all_of(features, PLAIN))
    eye = features[:, len(FEATURES) :] * (1.0 - rim[:, None])
    return np.column_stack([own, eye, rim, rim * own, rim * _all_of(features, WHOLE), np.ones(len(own))])


def _all_of(features: NDArray[np.float64], asked: dict[str, tuple[float, float]]) -> NDArray[np.float64]:
    """(N,) 0 to 1: whether candidates have all that is asked; of each measure where it begins to, and where it does."""
    result = np.ones(len(features))
    for name, (begins, does) in asked.items():
        result *= np.clip((features[:, FEATURES.index(name)] - begins) / (does - begins), 0.0, 1.0)
    return result


@functools.cache
def fitted_rule() -> Rule:
    """The rule that ships with livespot."""
    data = json.loads(fitted_files.read(__package__, FILE))
    return rule_from(data)


def rule_from(data: dict[str, Any]) -> Rule:
    """A rule from its JSON form."""
    unknown = sorted(set(data["features"]) - set(FEATURES))
    if unknown:
        raise ValueError(f"the rule was fitted on {', '.join(unknown)}, which is no longer measured: fit it again")
    return Rule(
        tuple(FEATURES.index(name) for name in data["features"]),
        np.array(data["centre"]),
        np.array(data["scale"]),
        tuple((np.array(layer["weights"]), np.array(layer["bias"])) for layer in data["layers"]),
        np.array([data["eyed"].get(name, 0.0) for name in WITH_EYE]),
        np.array([data["company"][name] for name in ("own", *NAMES, "bias")]),
    )
