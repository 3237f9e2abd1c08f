"""What the other candidates of one comparison say of a candidate.

A puzzle holds several differences, an unchanged page none: beside a sure one a doubtful one is more easily believed,
and where nothing is sure, what looks a little like a difference is what is left of light and registration.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NAMES = ("surest", "second")  # the highest and the next probability among the others, 0 where there are none


def context(logit: Floats) -> Floats:
    """(N, len(NAMES)) for the N candidates of one comparison; logit: (N,) log-odds of each by itself."""
    probability = 1.0 / (1.0 + np.exp(-np.clip(logit, -50.0, 50.0)))
    order = np.argsort(-probability, kind="stable")
    ranked = np.concatenate([probability[order], np.zeros(len(NAMES) + 1)])
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    # of the others, those before a candidate keep their place, those after it move up by one
    return np.stack([np.where(rank > k, ranked[k], ranked[k + 1]) for k in range(len(NAMES))], axis=1)


def context_by(views: NDArray[np.int64], logit: Floats) -> Floats:
    """The same for the candidates of many comparisons; views: (N,) the comparison of each."""
    result = np.zeros((len(logit), len(NAMES)))
    for view in np.unique(views):
        own = views == view
        result[own] = context(logit[own])
    return result
