"""Trying constants on labelled puzzles: a value that loses differences scores less, whatever is kept between trials."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from kit.puzzles import BOXES, changed, page, scene

from livespot.demo.scenario import SCENARIOS
from livespot.settings import Settings
from livespot.spotting.classify.judge import FittedJudge
from livespot.spotting.vision import Vision
from livespot.training import replays, trials
from livespot.training.trials import CLIPS, PICTURES, Trials, part_of

SCENE = scene(0, (640, 480))  # large enough to be found in any clip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One drawn pair of part tune, and one of part check whose pictures must not be read for a score."""
    folder = tmp_path_factory.mktemp("puzzles")
    cv2.imwrite(str(folder / "a.png"), SCENE)
    cv2.imwrite(str(folder / "b.png"), changed(SCENE))
    entry = {"id": "drawn", "kind": "pair", "files": ["a.png", "b.png"], "boxes": BOXES, "part": "tune"}
    other = {**entry, "id": "other", "part": "check", "boxes": []}
    (folder / "manifest.json").write_text(json.dumps([entry, other]))
    return folder


@pytest.fixture(scope="module")
def measured(folder: Path) -> Iterator[Trials]:
    """Few views of the pair; each is made once."""
    with pytest.MonkeyPatch.context() as patch:
        for name, count in (("FILMED", 1), ("WORN", 1), ("SAME", 1)):
            patch.setattr(trials, name, count)
        yield Trials(folder, 0)


@pytest.mark.slow
def test_what_loses_differences_scores_less_in_each_part(measured: Trials) -> None:
    for name, worse in (
        ("stills.shown", 0.9999),
        ("identity.appear", 0.9999),
    ):
        used = measured.score(name, {})
        assert used > 0.5  # two of the frames it is filmed in show little of it
        assert measured.score(name, {name: worse}) < used - 0.3
        assert measured.score(name, {}) == used


@pytest.mark.slow
def test_what_invents_differences_scores_less(measured: Trials, monkeypatch: pytest.MonkeyPatch) -> None:
    used = measured.score("stills.shown", {})
    # a judge that believes every candidate; thresholds alone invent nothing that it would keep
    monkeypatch.setattr(FittedJudge, "confidence", lambda self, features, sensitivity: np.full(len(features), 0.99))
    assert measured.score("stills.shown", {"regions.high_floor": 2.0, "regions.low_floor": 1.0}) < used


def test_a_clip_told_again_shows_what_it_showed() -> None:
    told = replays.film(page(), SCENARIOS["desk"], 1, Settings(), Vision())
    assert told is not None
    seen = told.look(Vision())
    assert seen.f1 > 0.8
    assert seen.false == 0.0
    assert told.last.look(Vision()).f1 == 1.0
    strict = frozenset({("identity.appear", 0.9999), ("identity.small_appear", 0.9999)})
    assert told.look(trials.vision_with(strict)).f1 < 0.2


def test_each_constant_is_tried_where_it_acts() -> None:
    assert part_of("identity.sure") == CLIPS
    assert (part_of("regions.trim"), part_of("stills.shown")) == (PICTURES, PICTURES)
