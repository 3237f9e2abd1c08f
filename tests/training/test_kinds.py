"""`calibrate kinds`: regions in, thresholds with their provenance out, through livespot and by itself."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from livespot.cli import main
from livespot.spotting.classify.kind import TOLD, Thresholds, measured, thresholds_from
from livespot.training import kinds
from livespot.training.kinds import Labelled

TRUE = Thresholds(0.7, 0.25, 0.85, 0.45, 1.1)


def made_up(wrong: float = 0.0) -> list[Labelled]:
    """900 regions of 30 puzzles, told by TRUE; now and then somebody errs."""
    rng = np.random.default_rng(1)
    regions = [tuple(float(v) for v in rng.uniform(0, 1, 5)) for _ in range(900)]
    told = [str(rng.choice(TOLD)) if rng.random() < wrong else TRUE.tell(measured(region)) for region in regions]
    return [Labelled(tuple(regions[i : i + 30]), tuple(told[i : i + 30]), f"p{i}") for i in range(0, 900, 30)]


def test_fit_finds_the_thresholds_and_says_how_well_they_do() -> None:
    found = made_up(wrong=0.05)
    one, two = (kinds.fit(found, {"data": "fun"}) for _ in range(2))
    assert (one.thresholds, one.held_out) == (two.thresholds, two.held_out)
    assert thresholds_from(one.thresholds) == TRUE
    told = [kind for view in found for kind in view.told]
    right = float(np.mean([said == kind for said, kind in zip(one.held_out, told, strict=True)]))
    assert right > 0.9
    made = one.thresholds["provenance"]
    assert (made["data"], made["regions"], made["puzzles"]) == ("fun", 900, 30)
    assert made["held_out_right"] == pytest.approx(right, abs=1e-4)


def test_among_equals_the_one_in_the_middle_is_taken() -> None:
    alike = kinds.TRIED | {"pattern": tuple(0.7 + 1e-7 * i for i in range(5))}
    assert kinds.fit(made_up(), {}, alike).thresholds["thresholds"]["pattern"] == pytest.approx(0.7 + 2e-7, abs=1e-9)


def test_fit_refuses_data_without_one_of_the_kinds() -> None:
    fewer = [replace(view, told=("changed",) * len(view.told)) for view in made_up()]
    with pytest.raises(ValueError, match=r"no region is .*: give more data"):
        kinds.fit(fewer, {})


def test_write_replaces_the_thresholds_with_some_that_livespot_reads(
    work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def collect(clips: int, seed: int) -> list[Labelled]:
        asked.append((clips, seed))
        return made_up() if clips else []

    monkeypatch.setattr(kinds, "collect", collect)
    monkeypatch.setattr(kinds, "kept", lambda: work / "kinds.json")
    assert main(["calibrate", "kinds", "--clips", "20", "--seed", "3"]) == 0
    assert not (work / "kinds.json").exists()
    assert main(["calibrate", "kinds", "--clips", "20", "--seed", "3", "--write"]) == 0
    assert asked == [(20, 3)] * 2
    said = capsys.readouterr().out
    assert "written to kinds.json" in said
    data = json.loads((work / "kinds.json").read_text())
    assert data["provenance"]["date"] == datetime.date.today().isoformat()
    assert "20 clips of the simulated webcam (seed 3)" in data["provenance"]["data"]
    assert thresholds_from(data) == TRUE


def test_what_it_needs(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "kinds", "--clips", "0"]) == 2
    assert "more --clips than 0" in capsys.readouterr().err
    assert main(["calibrate", "kinds", "--data", str(work)]) == 2
    assert "--data means nothing" in capsys.readouterr().err


def test_regions_of_a_filmed_puzzle_are_measured() -> None:
    views = list(kinds.collect(1, 3))
    assert len(views) == 2
    # how many are measured is what the vision sees of them: no promise of this one
    assert len(views[0].told) == len(views[0].measured) >= 2
    assert set(views[0].told) <= set(TOLD)
    # two correlations, three shares
    assert all(-1.0 <= v <= 1.0 + 1e-6 for region in views[0].measured for v in region)
