"""What the others of a comparison say of a candidate."""

from __future__ import annotations

import numpy as np
import pytest

from livespot.spotting.classify.context import context, context_by
from livespot.training import rule_fitting
from livespot.training.rule_fitting import Truth


def chance(logit: float) -> float:
    return float(1.0 / (1.0 + np.exp(-logit)))


def test_company_is_the_two_surest_of_the_others() -> None:
    told = context(np.array([0.0, 3.0, -2.0, 1.0]))
    expected = [[3.0, 1.0], [1.0, 0.0], [3.0, 1.0], [3.0, 0.0]]
    assert told == pytest.approx(np.array([[chance(v) for v in row] for row in expected]))


def test_equals_are_each_other_s_company() -> None:
    assert context(np.array([2.0, 2.0])) == pytest.approx(np.array([[chance(2.0), 0.0]] * 2))


@pytest.mark.parametrize("count", [0, 1])
def test_who_is_alone_has_none(count: int) -> None:
    assert np.array_equal(context(np.full(count, 9.0)), np.zeros((count, 2)))


def test_comparisons_are_kept_apart() -> None:
    told = context_by(np.array([1, 0, 1, 0]), np.array([4.0, -1.0, 0.0, 2.0]))
    assert told[:, 0] == pytest.approx([chance(v) for v in (0.0, 2.0, 4.0, -1.0)])


def test_a_rule_learns_to_doubt_what_has_no_sure_company(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the pages hold nothing; what is left of their light looks like a faint difference."""
    monkeypatch.setattr(rule_fitting, "MEMBERS", 2)
    rng = np.random.default_rng(5)
    pages, each = 400, 5
    views = np.repeat(np.arange(pages), each)
    puzzle = np.repeat(rng.random(pages) < 0.5, each)
    labels = (puzzle & (rng.random(pages * each) < 0.6)).astype(np.int64)
    size = rng.normal(2.0 * labels, 1.0)
    groups = np.array([f"page{v}" for v in views])
    fit = rule_fitting.fit(size[:, None], Truth(labels, groups, views), ("size",), {})
    alone = rule_fitting.fit(size[:, None], Truth(labels, groups, np.arange(len(views))), ("size",), {})
    assert fit.rule["company"]["surest"] > 0.5
    assert abs(alone.rule["company"]["surest"]) < 1e-6
    losses = [f.rule["provenance"]["held_out_log_loss"] for f in (fit, alone)]
    assert losses[0] < 0.9 * losses[1]
