"""Fit the rule that tells a difference from what is left of misregistration, light, blur and the rim.

In: measured candidates (N, F), which of them are true, the puzzle each comes from. Out: the rule as JSON: centre and
scale of each measure, one hidden layer of tanh, a logistic output (the mean of a few small multilayer perceptrons,
fitted by L-BFGS), then what the other candidates of the same comparison add (context), and its provenance. Puzzles,
not candidates, are held out in the cross-validation, and each has about the same voice. The output's slope is then set
on the held-out scores, so that of those given 0.9 nine in ten are true; so is what company adds.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from livespot.spotting.classify import context

MEMBERS = 12  # rules fitted from different starts and averaged: their own whims cancel
HIDDEN = 14  # units of each
RIDGE = 1.5e-3
SLIGHT = 1e-4  # the ridge of the few weights that come after: only what tells all apart by itself needs one
FOLDS = 6
CLIP = 4.0  # standard deviations: what lies further out says no more

Floats = NDArray[np.float64]
Layers = list[tuple[Floats, Floats]]


@dataclass(frozen=True)
class Last:
    """What the last layer looks at: names, and (what the layers say (N,), features (N, F)) -> (N, names)."""

    names: tuple[str, ...]
    told: Callable[[Floats, Floats], Floats]
    eyed: tuple[str, ...] = ()  # features that the layers do not see


ALONE = Last(("own", "bias"), lambda own, features: np.column_stack([own, np.ones(len(own))]))


@dataclass(frozen=True, eq=False)
class Fit:
    """rule: ready for json.dump. held_out: (N,) probability from a rule that had not seen its puzzle."""

    rule: dict[str, Any]
    held_out: Floats


@dataclass(frozen=True, eq=False)
class Truth:
    """What is known of N candidates. labels: 1 true, 0 false. groups: the puzzle of each. views: the comparison it is
    from. emphasis: what each one's voice is multiplied by.
    """

    labels: NDArray[np.int64]
    groups: NDArray[np.str_]
    views: NDArray[np.int64]
    emphasis: Floats | float = 1.0

    @functools.cached_property
    def weight(self) -> Floats:
        """(N,) the voice of each, 1 in the mean."""
        weight = _voices(self.groups) * self.emphasis
        return np.asarray(weight / weight.mean(), np.float64)


def fit(features: Floats, truth: Truth, names: Sequence[str], provenance: dict[str, Any], last: Last = ALONE) -> Fit:
    """Fit and cross-validate. names: of the columns of `features` (N, F). last: what is added to what the layers say.

    Raises ValueError when one of the two kinds of candidate is missing.
    """
    labels, weight = truth.labels, truth.weight
    if features.shape != (len(labels), len(names)):
        raise ValueError(f"features are {features.shape}, expected {(len(labels), len(names))}")
    if not 0 < labels.sum() < len(labels):
        raise ValueError("true and false candidates are both needed: give more data")
    measured, names = features, [name for name in names if name not in last.eyed]
    features = features[:, : len(names)]
    centre, scale = features.mean(axis=0), features.std(axis=0) + 1e-6
    z = np.clip((features - centre) / scale, -CLIP, CLIP)
    sign = np.where(labels > 0, 1.0, -1.0)
    held_out = np.zeros(len(labels))
    fold = folds(truth.groups)
    for k in range(FOLDS):
        learn = fold != k
        if learn.all() or len(set(labels[learn])) < 2:
            continue
        held_out[~learn] = _output(_layers(z[learn], sign[learn], weight[learn]), z[~learn])
    slope, offset = _calibrated(held_out, sign, weight)
    layers = _layers(z, sign, weight)
    layers[-1] = (layers[-1][0] * slope, layers[-1][1] * slope + offset)
    rule = {
        "provenance": provenance,
        "features": list(names),
        "centre": centre.round(6).tolist(),
        "scale": scale.round(6).tolist(),
        "layers": [{"weights": w.round(6).tolist(), "bias": b.round(6).tolist()} for w, b in layers],
    }
    return _with_last(rule, slope * held_out + offset, measured, truth, last)


def fit_last(
    rule: dict[str, Any], own: Floats, features: Floats, truth: Truth, last: Last, provenance: dict[str, Any]
) -> Fit:
    """Fit again only what the eye and the other candidates add to a rule: its layers stay.

    own: (N,) what the layers say, log-odds; the rest as of `fit`.
    """
    told = {**rule, "provenance": {**rule["provenance"], "eyed": provenance}}
    return _with_last(told, own, features, truth, last, "eyed")


def _with_last(rule: dict[str, Any], own: Floats, features: Floats, truth: Truth, last: Last, where: str = "") -> Fit:
    """The rule with the layers for the eye and for company, and in its provenance how well all of it does.

    where: the part of the provenance that is told; "" for the whole.
    """
    labels, weight, fold = truth.labels, truth.weight, folds(truth.groups)
    sign, ones = np.where(labels > 0, 1.0, -1.0), np.ones(len(labels))
    own, by_eye = _last(last.told(own, features), sign, weight, fold)
    told = np.column_stack([own, context.context_by(truth.views, own), ones])
    among, by_company = _last(told, sign, weight, fold)
    probability = 1.0 / (1.0 + np.exp(-among))
    figures = {
        "candidates": len(labels),
        "true": int(labels.sum()),
        "puzzles": len(set(truth.groups.tolist())),
        "held_out_log_loss": round(float(np.average(np.logaddexp(0.0, -sign * among), weights=weight)), 4),
        "held_out_recall": round(float((probability[labels > 0] >= 0.5).mean()), 4),
        "held_out_false_accepted": round(float((probability[labels == 0] >= 0.5).mean()), 4),
    }
    provenance = dict(rule["provenance"])
    if where:
        provenance[where] = {**provenance[where], **figures}
    else:
        provenance |= figures
    layers = {"eyed": _named(last.names, by_eye), "company": _named(("own", *context.NAMES, "bias"), by_company)}
    return Fit({**rule, **layers, "provenance": provenance}, probability)


def reliability(probability: Floats, labels: NDArray[np.int64], bins: int = 10) -> list[tuple[float, float, int]]:
    """Mean probability given, share that was true, and how many, for each bin of the probability."""
    which = np.minimum((probability * bins).astype(int), bins - 1)
    return [
        (float(probability[which == i].mean()), float(labels[which == i].mean()), int((which == i).sum()))
        for i in range(bins)
        if (which == i).any()
    ]


def _voices(groups: NDArray[np.str_]) -> Floats:
    """A weight a candidate: a puzzle with four times the candidates has twice the voice."""
    _, inverse, count = np.unique(groups, return_inverse=True, return_counts=True)
    weight = 1.0 / np.sqrt(count[inverse])
    return np.asarray(weight / weight.mean(), np.float64)


def folds(groups: NDArray[np.str_]) -> NDArray[np.int64]:
    """(N,) the fold of each, 0 to FOLDS - 1: all of a group in one."""
    names, inverse = np.unique(groups, return_inverse=True)
    order = np.random.default_rng(0).permutation(len(names))
    return np.asarray(order[inverse] % FOLDS, np.int64)


def _layers(z: Floats, sign: Floats, weight: Floats) -> Layers:
    """The mean of MEMBERS rules, which is one rule with all their hidden units."""
    members = [_member(z, sign, weight, seed) for seed in range(MEMBERS)]
    first, bias, second = (np.concatenate([m[i] for m in members], axis=-1) for i in range(3))
    last = float(np.mean([m[3] for m in members]))
    return [(first, bias), (second[:, None] / MEMBERS, np.array([last]))]


def _member(z: Floats, sign: Floats, weight: Floats, seed: int) -> tuple[Floats, Floats, Floats, float]:
    n = z.shape[1]
    split = np.cumsum([n * HIDDEN, HIDDEN, HIDDEN])

    def parts(w: Floats) -> tuple[Floats, Floats, Floats, float]:
        first, bias, second, last = np.split(w, split)
        return first.reshape(n, HIDDEN), bias, second, float(last[0])

    def loss(w: Floats) -> tuple[float, Floats]:
        first, bias, second, last = parts(w)
        hidden = np.tanh(z @ first + bias)
        margin = sign * (hidden @ second + last)
        slope = -sign / (1.0 + np.exp(np.clip(margin, -50, 50))) * weight / len(sign)
        back = np.outer(slope, second) * (1.0 - hidden * hidden)
        value = float((weight * np.logaddexp(0.0, -margin)).mean() + RIDGE * ((first**2).sum() + (second**2).sum()))
        down, up = (z.T @ back + 2 * RIDGE * first).ravel(), hidden.T @ slope + 2 * RIDGE * second
        return value, np.concatenate([down, back.sum(0), up, [slope.sum()]])

    start = np.random.default_rng(seed).normal(0.0, 0.3, int(split[-1]) + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return parts(np.asarray(found, np.float64))


def _output(layers: Layers, z: Floats) -> Floats:
    (first, bias), (second, last) = layers
    return np.asarray(np.tanh(z @ first + bias) @ second[:, 0] + last[0], np.float64)


def _last(told: Floats, sign: Floats, weight: Floats, fold: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """A logistic rule on `told` (N, K): (N,) its held-out log-odds, and its (K,) weights over all."""
    held_out = told[:, 0].copy()
    for k in range(FOLDS):
        learn = fold != k
        if not learn.all():
            held_out[~learn] = told[~learn] @ _weights(told[learn], sign[learn], weight[learn])
    return held_out, _weights(told, sign, weight)


def _named(names: Sequence[str], weights: Floats) -> dict[str, float]:
    return {name: round(float(w), 6) for name, w in zip(names, weights, strict=True)}


def _weights(told: Floats, sign: Floats, weight: Floats) -> Floats:
    """Weights (K,) of a logistic rule on `told` (N, K)."""

    def loss(w: Floats) -> tuple[float, Floats]:
        margin = sign * (told @ w)
        slope = -sign / (1.0 + np.exp(np.clip(margin, -50, 50))) * weight / len(sign)
        value = float((weight * np.logaddexp(0.0, -margin)).mean() + SLIGHT * (w**2).sum())
        return value, told.T @ slope + 2 * SLIGHT * w

    return np.asarray(minimize(loss, np.eye(told.shape[1])[0], jac=True, method="L-BFGS-B").x, np.float64)


def _calibrated(score: Floats, sign: Floats, weight: Floats) -> tuple[float, float]:
    """Slope and offset that make held-out scores log-odds (Platt 1999)."""
    slope, offset = _weights(np.column_stack([score, np.ones(len(score))]), sign, weight)
    return float(np.clip(slope, 0.2, 2.0)), float(np.clip(offset, -2.0, 2.0))
