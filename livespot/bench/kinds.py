"""Labelled regions, for fitting what tells kinds: how each was measured, and what truly happened there.

In: nothing but a seed: the project's own puzzles, drawn, printed and filmed by the simulated webcam, know the kind of
every difference. Out: the measures of livespot.spotting.kinds. `calibration/kinds.py` fits the thresholds to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from livespot.bench import filming, pages
from livespot.bench.filmed import true_on
from livespot.demo import opening, page
from livespot.spotting import acceptance
from livespot.spotting.findings import Kind
from livespot.spotting.kinds import ONE_SIDED, measure
from livespot.spotting.robust import confidence_of

FRAMES = 7  # of a filmed clip
LOOKED_AT = (0, 5)  # which frames are kept, from the one in which the page was found
SHOWN = 0.5  # confidence: what is less likely is not shown, whatever it is
TRIED = {  # values of the thresholds, by their names in livespot.spotting.kinds
    "pattern": (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8),
    "one_sided": (0.1, 0.15, 0.2, 0.25, 0.3, 0.35),
    "outline": (0.8, 0.85, 0.9, 0.95),
    "move": (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6),
    "resizing": (0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.5),
}


@dataclass(frozen=True, eq=False)
class Labelled:
    """measured: as of livespot.spotting.kinds.measure. told: what each is, of TOLD. group: their puzzle."""

    measured: tuple[tuple[float, ...], ...]
    told: tuple[str, ...]
    group: str


def collect(clips: int, seed: int) -> Iterator[Labelled]:
    """The regions of so many filmed pages, twice each: as first seen, and half a second later."""
    rng = np.random.default_rng([seed, 7])
    names = list(opening.demo_names())
    for number in range(clips):
        drawn = opening.page_picture(
            names[number % len(names)], seed=int(rng.integers(1000, 1 << 30)), layout=str(rng.choice(page.LAYOUTS)),
            differences=int(rng.integers(5, 11)),
        )  # fmt: skip
        camera = filming.camera_of(pages.pressed(drawn, rng), pages.scenario_of(rng), int(rng.integers(1 << 30)))
        for found, scene, candidates in filming.proposed(camera, FRAMES, LOOKED_AT):
            shown = confidence_of(acceptance.measure(scene, candidates), 1.0) >= SHOWN
            visible = [d for d in camera.truth(found.key.index).differences if not d.hidden]
            known = []
            for candidate, likely in zip(candidates, shown, strict=True):
                true = true_on(found.registration.box_on_a(candidate.box), visible) if likely else None
                values = None if true is None else measure(scene.lit, candidate.box, candidate.mask)
                if true is not None and values is not None:
                    known.append((values, ONE_SIDED if true.kind in (Kind.ADDED, Kind.REMOVED) else str(true.kind)))
            yield Labelled(
                tuple(values for values, _ in known), tuple(told for _, told in known), f"{drawn.name}:{number}"
            )
