"""Is a candidate a difference? The learned score."""

from __future__ import annotations

import numpy as np
import pytest
from kit.puzzles import BOXES, changed, covers, everywhere, scene

from livespot.frame import Image
from livespot.settings import Settings
from livespot.spotting.classify.confidence import (
    EYED,
    FEATURES,
    CandidateContext,
    fitted_rule,
    measure,
    rule_from,
    with_eye,
)
from livespot.spotting.difference.regions import Candidate, Thresholds
from livespot.spotting.difference.seen import Seen
from livespot.spotting.methods.comparison import AlignedPanels
from livespot.spotting.methods.robust import candidates_of
from livespot.spotting.params import fitted_params
from livespot.spotting.photometry.gain import GainCorrectedPair
from livespot.spotting.still import min_confidence
from livespot.spotting.vision import Vision

ERROR = np.full((30, 40), 0.2, np.float32)
HALF = np.full((120, 160), 0.5, np.float32)
UNSURE = Seen(HALF, HALF, HALF, HALF, np.full((5, 120, 160), 0.2, np.float32), (2.0, 2.0))


def scored(a: Image, b: Image) -> list[tuple[Candidate, float]]:
    scene_, found, _ = candidates_of(AlignedPanels(a, b, everywhere(a), ERROR), Settings(), Vision())
    logit = fitted_rule().logit(measure(scene_, found))
    return list(zip(found, 1 / (1 + np.exp(-logit)), strict=True))


def test_objects_are_accepted() -> None:
    a = scene(0)
    result = scored(a, changed(a))
    for box in BOXES:
        assert max(p for c, p in result if covers(c.box, box)) > 0.9


def test_half_a_pixel_of_misregistration_is_not() -> None:
    a = scene(1)
    b = ((a.astype(np.uint16) + np.roll(a, 1, axis=1)) // 2).astype(np.uint8)
    inner = [(c, p) for c, p in scored(a, b) if c.box[0] > 3 and c.box[0] + c.box[2] < 317]
    assert all(p < min_confidence(c.mask, fitted_params().stills) for c, p in inner)


def test_measures_are_numbers_and_the_same_both_ways_round() -> None:
    a = scene(2)
    b = changed(a)
    one, found, _ = candidates_of(AlignedPanels(a, b, everywhere(a), ERROR), Settings(), Vision())
    other, again, _ = candidates_of(AlignedPanels(b, a, everywhere(a), ERROR), Settings(), Vision())
    assert [c.box for c in found] == [c.box for c in again]
    assert measure(one, found).shape == (len(found), len(FEATURES) + len(EYED))
    assert np.isfinite(measure(one, found)).all()
    assert np.allclose(measure(one, found), measure(other, again), atol=1e-3)


def test_no_candidates_no_measures() -> None:
    a = scene(3)
    one, found, _ = candidates_of(AlignedPanels(a, a, everywhere(a), ERROR), Settings(), Vision())
    assert found == []
    assert measure(one, []).shape == (0, len(FEATURES) + len(EYED))
    assert fitted_rule().logit(measure(one, [])).shape == (0,)


@pytest.mark.parametrize(("shift", "least", "most"), [(0, 0.9, 1.0), (2, -1.0, 0.5)], ids=["in place", "2 px off"])
def test_the_finest_print_around_a_candidate_tells_whether_the_panels_fit_there(
    shift: int, least: float, most: float
) -> None:
    a = np.random.default_rng(4).integers(60, 200, (240, 320, 3), dtype=np.uint8)
    b = np.roll(a, shift, axis=1)
    b[100:130, 150:190] = 0
    lit = GainCorrectedPair(a, b)
    level = np.full((60, 80), 14.0, np.float32)
    one = CandidateContext(
        lit, np.zeros((240, 320), np.float32), Thresholds(level, level, 4), np.zeros((30, 40), np.float32),
        everywhere(a), np.zeros((30, 40), np.float32), UNSURE,
    )  # fmt: skip
    thing = Candidate((150, 100, 40, 30), np.ones((30, 40), np.bool_), 5.0)
    fine = measure(one, [thing])[0, FEATURES.index("fine")]
    assert least <= fine <= most


def test_where_all_around_is_out_of_sight_the_finest_print_speaks_for_nothing() -> None:
    a = scene(1)
    seen = np.zeros(a.shape[:2], np.bool_)
    seen[100:130, 150:190] = True
    level = np.full((60, 80), 14.0, np.float32)
    grid = np.zeros((30, 40), np.float32)
    one = CandidateContext(
        GainCorrectedPair(a, a),
        np.zeros(a.shape[:2], np.float32),
        Thresholds(level, level, 4),
        grid,
        seen,
        grid,
        UNSURE,
    )
    thing = Candidate((150, 100, 40, 30), np.ones((30, 40), np.bool_), 5.0)
    assert measure(one, [thing])[0, FEATURES.index("fine")] == 1.0
    seen_by_the_eye_alone = Candidate(thing.box, thing.mask, 0.0)
    assert np.isfinite(measure(one, [seen_by_the_eye_alone])).all()


def test_a_rule_fitted_on_other_measures_is_refused() -> None:
    with pytest.raises(ValueError, match="smell, which is no longer measured: fit it again"):
        rule_from({"features": ["peak", "smell"], "centre": [0.0, 0.0], "scale": [1.0, 1.0], "layers": []})


def test_a_rule_looks_at_the_measures_it_was_fitted_on_wherever_they_stand() -> None:
    layers = [{"weights": [[1.0], [-2.0]], "bias": [0.5]}]
    names = [FEATURES[3], FEATURES[0]]
    eyed = {"own": 1.0, "eye": 0.0, "eye_peak": 0.5, "belongs": 0.0, "bias": 0.0}
    company = {"own": 2.0, "surest": 3.0, "second": 0.0, "bias": -1.0}
    given = {"features": names, "centre": [0.0, 0.0], "scale": [1.0, 1.0], "layers": layers}
    rule = rule_from({**given, "eyed": eyed, "company": company})
    measured = np.zeros((2, len(FEATURES) + len(EYED)))
    measured[0, 3], measured[0, 0] = 2.0, 1.0
    assert rule.alone(measured) == pytest.approx([0.5, 0.5])
    beside = 3.0 / (1.0 + np.exp(-0.5))
    assert rule.logit(measured) == pytest.approx([2.0 * 0.5 + beside - 1.0] * 2)
    assert rule.logit(measured[:1]) == pytest.approx([0.0])
    # of a compact thing at the rim the eye is not asked
    measured[:, len(FEATURES) + EYED.index("eye_peak")] = 4.0
    measured[:, FEATURES.index("fill")] = 0.6
    measured[1, FEATURES.index("clear")] = 1.0
    assert rule.alone(measured) == pytest.approx([0.5, 2.5])
    measured[0, FEATURES.index("fill")] = 0.1  # no one thing
    assert rule.alone(measured) == pytest.approx([2.5, 2.5])


@pytest.mark.parametrize(("area", "asked"), [(6.4, True), (4.0, False)], ids=["a chair", "a mark"])
def test_the_eye_is_asked_of_what_the_rim_cuts_when_it_is_large(area: float, asked: bool) -> None:
    at_rim = {"fill": 0.8, "elongation": 0.7, "clear": 0.0, "area": area, "texture": 3.0}
    features = np.array([[at_rim.get(name, 0.0) for name in FEATURES] + [1.0, 4.8, 4.5]])
    said = with_eye(np.zeros(1), features)[0, 1 : 1 + len(EYED)]
    assert said == pytest.approx([1.0, 4.8, 4.5] if asked else [0.0, 0.0, 0.0])


@pytest.mark.parametrize(
    ("other", "asked"),
    [({}, False), ({"edge": 0.6}, True), ({"texture": 2.0}, True), ({"coherence": 0.5}, True), ({"fill": 0.3}, True)],
    ids=["a pale shape", "light that fades out", "something printed on it", "both brighter and darker", "a frame"],
)
def test_the_eye_is_not_asked_of_a_pale_shape_with_a_printed_edge(other: dict[str, float], asked: bool) -> None:
    pale = {"texture": 0.4, "coherence": 0.95, "edge": 0.14, "fill": 0.78, "thickness": 4.0, "clear": 1.0} | other
    features = np.array([[pale.get(name, 0.0) for name in FEATURES] + [-6.9, -6.9, 5.0]])
    said = with_eye(np.zeros(1), features)[0, 1 : 1 + len(EYED)]
    assert said == pytest.approx([-6.9, -6.9, 5.0] if asked else [0.0, 0.0, 0.0])
