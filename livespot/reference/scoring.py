"""The match rule: reported quads against labelled ones, as counts, precision, recall and F1.

Comes in: quads in one common px (panel A's, or the page's, or a frame's). Goes out: a Score, which adds up. A picture
is exact when all is found, nothing is false, and there are as many boxes as differences: the number on screen is right.
A labelled difference is found when a reported quad covers at least 25 % of it, or lies on it with at least half of
itself, and is no larger than 8 times it (or 1.5 % of the panel). A reported quad is false when less than 10 % of it
lies on any one labelled or ignored quad grown by 1 % of the panel's width. By the letter of the rule a large report may
find a tiny label and be false as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import ArrayLike

from livespot import geometry
from livespot.geometry import Points, Quad

COVERED = 0.25  # share of the label under the report
INSIDE = 0.5  # or: share of the report on the label
LARGEST = 8.0  # a report may be this many times its label
LARGEST_OF_PANEL = 0.015  # or this share of the panel
FALSE_BELOW = 0.10  # a report with less of itself than this on any label is false
GROWN = 0.01  # labels are grown by this share of the panel's width for that


@dataclass(frozen=True, eq=False)
class Labels:
    """What is true of one picture, all in the same px.

    differences: the labelled differences. ignored: visible but not meant, neither a hit nor a false alarm.
    panel: panel A, for its width and area.
    """

    differences: tuple[Quad, ...]
    ignored: tuple[Quad, ...]
    panel: Quad


@dataclass(frozen=True)
class Score:
    """Counts over one or more pictures. `a + b` adds the counts; `hits` and `falses` (indices) are of one picture.

    boxes: reported, without those that lie on what is ignored alone. exact: pictures whose count is right.
    """

    found: int = 0
    missed: int = 0
    false: int = 0
    hits: tuple[int, ...] = field(default=(), compare=False)
    falses: tuple[int, ...] = field(default=(), compare=False)
    boxes: int = field(default=0, compare=False)
    exact: int = field(default=0, compare=False)

    def __add__(self, other: Score) -> Score:
        counts = ("found", "missed", "false", "boxes", "exact")
        return Score(**{name: getattr(self, name) + getattr(other, name) for name in counts})

    @property
    def boxes_a_difference(self) -> float:
        """Boxes over labelled differences; 1 is what a person counts, NaN when nothing is labelled."""
        labelled = self.found + self.missed
        return self.boxes / labelled if labelled else float("nan")

    @property
    def precision(self) -> float:
        """found / (found + false); 1 when nothing was reported."""
        reported = self.found + self.false
        return self.found / reported if reported else 1.0

    @property
    def recall(self) -> float:
        """found / labelled; 1 when nothing is labelled."""
        labelled = self.found + self.missed
        return self.found / labelled if labelled else 1.0

    @property
    def f1(self) -> float:
        """2 found / (2 found + missed + false); 1 when nothing is labelled and nothing reported."""
        total = 2 * self.found + self.missed + self.false
        return 2 * self.found / total if total else 1.0


def score(reported: Sequence[ArrayLike], labels: Labels) -> Score:
    """Score reported quads, (N, 4, 2) px, against the labels. `hits` indexes labels, `falses` indexes the reports."""
    reports = [_hull(quad) for quad in reported]
    truths = [_hull(quad) for quad in labels.differences]
    panel_area = abs(geometry.area(labels.panel))
    hits = tuple(i for i, truth in enumerate(truths) if any(_finds(report, truth, panel_area) for report in reports))
    margin = GROWN * geometry.side_lengths(labels.panel)[0]
    allowed = [_hull(grown(quad, margin)) for quad in (*labels.differences, *labels.ignored)]
    falses = tuple(
        i
        for i, report in enumerate(reports)
        if all(overlap(report, region) < FALSE_BELOW * max(_area(report), 1e-9) for region in allowed)
    )
    true = allowed[: len(truths)]
    counted = [i in falses or any(overlap(report, one) > 0 for one in true) for i, report in enumerate(reports)]
    boxes = sum(counted)
    exact = len(hits) == len(truths) == boxes and not falses
    return Score(len(hits), len(truths) - len(hits), len(falses), hits, falses, boxes, int(exact))


def mean_f1(scores: Iterable[Score]) -> float:
    """Mean F1 over pictures (not over the summed counts); NaN for none."""
    values = [s.f1 for s in scores]
    return float(np.mean(values)) if values else float("nan")


def grown(quad: ArrayLike, margin: float) -> Quad:
    """`quad` moved outwards by `margin` px on each side, along its own axes."""
    corners = np.asarray(quad, np.float64)
    width, height = geometry.side_lengths(corners)
    if width < 1e-6 or height < 1e-6:
        x, y = corners.mean(axis=0)
        return geometry.box_quad((x - margin, y - margin, 2 * margin, 2 * margin))
    to_quad = geometry.between(geometry.rectangle(width, height), corners)
    return geometry.apply(to_quad, geometry.box_quad((-margin, -margin, width + 2 * margin, height + 2 * margin)))


def overlap(a: ArrayLike, b: ArrayLike) -> float:
    """Area shared by two convex polygons, (N, 2), px².

    Sutherland-Hodgman clipping (doi:10.1145/360767.360802); cv2.intersectConvexConvex loses most of the area once in a
    few hundred pairs of nearly parallel quads.
    """
    p, q = _hull(a), _hull(b)
    low, high = np.maximum(p.min(axis=0), q.min(axis=0)), np.minimum(p.max(axis=0), q.max(axis=0))
    if np.any(high <= low):
        return 0.0
    shared = [(float(x), float(y)) for x, y in p]
    for (ax, ay), (bx, by) in zip(q.tolist(), np.roll(q, -1, axis=0).tolist(), strict=True):
        depth = [(bx - ax) * (y - ay) - (by - ay) * (x - ax) for x, y in shared]
        clipped: list[tuple[float, float]] = []
        for i, (x, y) in enumerate(shared):
            j = (i + 1) % len(shared)
            if depth[i] >= 0:
                clipped.append((x, y))
            if depth[i] * depth[j] < 0:
                t = depth[i] / (depth[i] - depth[j])
                clipped.append((x + t * (shared[j][0] - x), y + t * (shared[j][1] - y)))
        shared = clipped
        if len(shared) < 3:
            return 0.0
    return max(0.0, geometry.area(shared))


def _finds(report: Points, truth: Points, panel_area: float) -> bool:
    size, wanted = _area(report), _area(truth)
    if size > max(LARGEST * wanted, LARGEST_OF_PANEL * panel_area):
        return False
    shared = overlap(report, truth)
    return shared > 0 and (shared >= COVERED * wanted or shared >= INSIDE * size)


def _hull(points: ArrayLike) -> Points:
    """The convex hull, clockwise on screen, (N, 2)."""
    hull = cv2.convexHull(np.asarray(points, np.float32).reshape(-1, 2))
    corners = np.asarray(hull, np.float64).reshape(-1, 2)
    return corners if len(corners) < 3 or geometry.area(corners) >= 0 else corners[::-1]


def _area(hull: Points) -> float:
    return abs(geometry.area(hull)) if len(hull) >= 3 else 0.0
