"""The judge that ships with livespot: what is measured of candidates, how sure that makes, and why.

In: candidates in their context. Out: for each its measures, and the chance that it is a difference. What another judge
must answer is livespot.spotting.vision.CandidateJudge.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from livespot.spotting.classify.confidence import EYED, FEATURES, CandidateContext, fitted_rule, measure
from livespot.spotting.classify.context import context
from livespot.spotting.classify.decision import Reason
from livespot.spotting.difference.comparison import Measured
from livespot.spotting.difference.regions import Candidate

SENSITIVITY_LOGIT = 1.0  # log-odds that doubling the sensitivity adds


class FittedJudge:
    """Judges by the rule of confidence.py."""

    def measure(
        self, scene: CandidateContext, found: Sequence[Candidate], known: Sequence[Measured | None] = ()
    ) -> NDArray[np.float64]:
        """As of confidence.measure."""
        return measure(scene, found, known)

    def confidence(self, features: NDArray[np.float64], sensitivity: float) -> NDArray[np.float64]:
        """(N,) the chance of each measured candidate (N, F) to be a difference, 0 to 1."""
        logit = fitted_rule().logit(features) + SENSITIVITY_LOGIT * np.log2(sensitivity)
        return np.asarray(1.0 / (1.0 + np.exp(-logit)), np.float64)

    def reasons(self, features: NDArray[np.float64]) -> list[tuple[Reason, ...]]:
        """For each measured candidate (N, F) how much each measure counted, by the rule's weights, strongest first.

        A measure counts for the log-odds, less what they would be were it an average one; the eye and company for what
        they add.
        """
        if not len(features):
            return []
        rule = fitted_rule()
        own, among = rule.alone(features), rule.logit(features)
        result = []
        for values, alone, beside, surest in zip(features, own, among, context(own)[:, 0], strict=True):
            averaged = np.repeat(values[None], len(rule.columns), axis=0)
            averaged[np.arange(len(rule.columns)), rule.columns] = rule.centre
            weight = alone - rule.alone(averaged)
            found = [Reason(FEATURES[c], float(values[c]), float(w)) for c, w in zip(rule.columns, weight, strict=True)]
            eyed = zip(EYED, values[len(FEATURES) :], rule.eyed[1:], strict=False)
            found += [Reason(name, float(value), float(w * value)) for name, value, w in eyed]
            found.append(Reason("company", float(surest), float(beside - alone)))
            result.append(tuple(sorted(found, key=lambda r: -abs(r.weight))))
        return result
