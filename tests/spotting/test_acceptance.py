"""Is a candidate a difference? The learned score."""

from __future__ import annotations

import numpy as np
import pytest
from kit.puzzles import BOXES, changed, covers, everywhere, scene

from livespot.frame import Image
from livespot.spotting.acceptance import FEATURES, fitted_rule, measure, rule_from
from livespot.spotting.regions import Candidate
from livespot.spotting.robust import candidates_of
from livespot.spotting.stills import asked_of


def scored(a: Image, b: Image) -> list[tuple[Candidate, float]]:
    error = np.full((30, 40), 0.2, np.float32)
    scene_, found, _ = candidates_of(a, b, everywhere(a), error, 1.0)
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
    assert all(p < asked_of(c.mask) for c, p in inner)


def test_measures_are_numbers_and_the_same_both_ways_round() -> None:
    a = scene(2)
    b = changed(a)
    error = np.full((30, 40), 0.2, np.float32)
    one, found, _ = candidates_of(a, b, everywhere(a), error, 1.0)
    other, again, _ = candidates_of(b, a, everywhere(a), error, 1.0)
    assert [c.box for c in found] == [c.box for c in again]
    assert measure(one, found).shape == (len(found), len(FEATURES))
    assert np.isfinite(measure(one, found)).all()
    assert np.allclose(measure(one, found), measure(other, again), atol=1e-3)


def test_no_candidates_no_measures() -> None:
    a = scene(3)
    one, found, _ = candidates_of(a, a, everywhere(a), np.zeros((30, 40), np.float32), 1.0)
    assert found == []
    assert measure(one, []).shape == (0, len(FEATURES))
    assert fitted_rule().logit(measure(one, [])).shape == (0,)


def test_a_rule_fitted_on_other_measures_is_refused() -> None:
    with pytest.raises(ValueError, match="smell, which is no longer measured: fit it again"):
        rule_from({"features": ["peak", "smell"], "centre": [0.0, 0.0], "scale": [1.0, 1.0], "layers": []})


def test_a_rule_looks_at_the_measures_it_was_fitted_on_wherever_they_stand() -> None:
    layers = [{"weights": [[1.0], [-2.0]], "bias": [0.5]}]
    names = [FEATURES[3], FEATURES[0]]
    rule = rule_from({"features": names, "centre": [0.0, 0.0], "scale": [1.0, 1.0], "layers": layers})
    measured = np.zeros((1, len(FEATURES)))
    measured[0, 3], measured[0, 0] = 2.0, 1.0
    assert rule.logit(measured) == pytest.approx([2.0 - 2.0 + 0.5])
