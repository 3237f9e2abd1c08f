"""The fit of the acceptance rule learns what is there to learn, and gives probabilities that mean what they say."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from livespot.training import rule_fitting
from livespot.training.rule_fitting import Truth

NAMES = ("size", "noise", "corner")


@pytest.fixture(autouse=True)
def _few_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mean of twelve is for real candidates."""
    monkeypatch.setattr(rule_fitting, "MEMBERS", 3)


def candidates(seed: int, count: int) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.str_]]:
    """True when size and corner agree: no straight line tells them apart."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(count, 3)) * [2.0, 1.0, 0.1] + [5.0, 0.0, -3.0]
    odds = 4.0 * ((features[:, 0] - 5.0) / 2.0) * ((features[:, 2] + 3.0) / 0.1)
    labels = (rng.random(count) < 1.0 / (1.0 + np.exp(-odds))).astype(np.int64)
    return features, labels, np.array([f"puzzle{i % 40}" for i in range(count)])


def test_fit_learns_a_rule_that_needs_both_measures_and_its_probabilities_hold() -> None:
    features, labels, groups = candidates(1, 1500)
    fit = rule_fitting.fit(features, Truth(labels, groups, np.arange(len(labels))), NAMES, {"data": "made up"})
    # the labels are noisy: knowing the very rule that made them is the best anybody could do
    best = float((((features[:, 0] - 5.0) * (features[:, 2] + 3.0) > 0) == labels).mean())
    assert float(((fit.held_out > 0.5) == labels).mean()) > best - 0.03
    for given, true, count in rule_fitting.reliability(fit.held_out, labels):
        # four standard errors of a share, and 6 % for the rule's own error
        assert abs(given - true) < 0.06 + 4.0 * np.sqrt(0.25 / count), (given, true, count)
    assert fit.rule["features"] == list(NAMES)
    assert fit.rule["provenance"]["candidates"] == 1500


def test_fit_is_the_same_each_time() -> None:
    features, labels, groups = candidates(2, 400)
    one = rule_fitting.fit(features, Truth(labels, groups, np.arange(len(labels))), NAMES, {})
    two = rule_fitting.fit(features, Truth(labels, groups, np.arange(len(labels))), NAMES, {})
    assert one.rule == two.rule


@pytest.mark.parametrize("value", [0, 1], ids=["none true", "all true"])
def test_fit_refuses_candidates_of_one_kind(value: int) -> None:
    features, labels, groups = candidates(3, 50)
    with pytest.raises(ValueError, match="true and false candidates are both needed"):
        rule_fitting.fit(features, Truth(np.full_like(labels, value), groups, np.arange(50)), NAMES, {})


def test_fit_refuses_features_that_do_not_match_their_names() -> None:
    features, labels, groups = candidates(3, 50)
    with pytest.raises(ValueError, match="features are"):
        rule_fitting.fit(features[:, :2], Truth(labels, groups, np.arange(50)), NAMES, {})
