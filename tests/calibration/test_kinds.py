"""`calibrate kinds`: regions in, thresholds with their provenance out, through livespot and by itself."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibration import kinds
from calibration.__main__ import main as alone
from calibration.kinds import Regions
from livespot.bench import kinds as collecting
from livespot.bench.kinds import Labelled
from livespot.cli import main
from livespot.live.calibrating import Lent
from livespot.spotting.kinds import TOLD, Thresholds, measured, thresholds_from

TRIED = {"low": (0.1, 0.2, 0.3, 0.4), "high": (0.5, 0.6, 0.7, 0.8)}


def three(values: dict[str, float], region: float) -> str:
    return "small" if region < values["low"] else "large" if region > values["high"] else "middle"


def made_up(count: int = 400) -> Regions[float]:
    """Small up to 0.3, large from 0.6 on; now and then somebody errs."""
    rng = np.random.default_rng(5)
    numbers = [float(v) for v in rng.uniform(0, 1, count)]
    told = [
        three({"low": 0.3, "high": 0.6}, v + float(e)) for v, e in zip(numbers, rng.normal(0, 0.02, count), strict=True)
    ]
    return Regions(
        numbers, told, [f"p{i % 20}" for i in range(count)], three, TRIED, ("small", "middle", "large"), "fun"
    )


def test_fit_finds_the_thresholds_and_says_how_well_they_do() -> None:
    found = made_up()
    one, two = (kinds.fit(found, {"data": found.origin}) for _ in range(2))
    assert (one.thresholds, one.held_out) == (two.thresholds, two.held_out)
    assert one.thresholds["thresholds"] == {"low": 0.3, "high": 0.6}
    right = float(np.mean([said == kind for said, kind in zip(one.held_out, found.kinds, strict=True)]))
    assert right > 0.9
    made = one.thresholds["provenance"]
    assert (made["data"], made["regions"], made["puzzles"]) == ("fun", 400, 20)
    assert made["held_out_right"] == pytest.approx(right, abs=1e-4)


def test_among_equals_the_one_in_the_middle_is_taken() -> None:
    found = replace(made_up(), tried={"low": (0.3,), "high": tuple(0.6 + 0.0001 * i for i in range(5))})
    assert kinds.fit(found, {}).thresholds["thresholds"]["high"] == pytest.approx(0.6002)


def test_fit_refuses_data_without_one_of_the_kinds() -> None:
    found = made_up()
    some = [i for i, kind in enumerate(found.kinds) if kind != "middle"]
    fewer = replace(
        found, measured=[found.measured[i] for i in some], kinds=[found.kinds[i] for i in some],
        groups=[found.groups[i] for i in some],
    )  # fmt: skip
    with pytest.raises(ValueError, match="no region is middle: give more data"):
        kinds.fit(fewer, {})


def test_write_replaces_the_thresholds_with_some_that_livespot_reads(
    work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    true, rng = Thresholds(0.7, 0.25, 0.85, 0.45, 1.1), np.random.default_rng(1)
    regions = [tuple(float(v) for v in rng.uniform(0, 1, 5)) for _ in range(900)]
    asked = []

    def collect(clips: int, seed: int) -> Iterator[Labelled]:
        asked.append((clips, seed))
        for i in range(0, 900, 30):
            part = tuple(regions[i : i + 30])
            yield Labelled(part, tuple(true.tell(measured(r)) for r in part), f"p{i}")

    monkeypatch.setattr(collecting, "collect", collect)
    monkeypatch.setattr(Lent, "kinds", lambda self: work / "kinds.json")
    assert main(["calibrate", "kinds", "--clips", "20", "--seed", "3"]) == 0
    assert not (work / "kinds.json").exists()
    assert main(["calibrate", "kinds", "--clips", "20", "--seed", "3", "--write"]) == 0
    assert asked == [(20, 3)] * 2
    said = capsys.readouterr().out
    assert "written to kinds.json" in said
    data = json.loads((work / "kinds.json").read_text())
    assert data["provenance"]["date"] == datetime.date.today().isoformat()
    assert "20 clips of the simulated webcam (seed 3)" in data["provenance"]["data"]
    assert thresholds_from(data) == true


def test_what_it_needs(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert alone(["kinds"]) == 2
    assert "livespot calibrate kinds" in capsys.readouterr().err
    assert main(["calibrate", "kinds", "--clips", "0"]) == 2
    assert "more --clips than 0" in capsys.readouterr().err
    assert main(["calibrate", "kinds", "--data", str(work)]) == 2
    assert "--data means nothing" in capsys.readouterr().err


def test_regions_of_a_filmed_puzzle_are_measured() -> None:
    views = list(collecting.collect(1, 3))
    assert len(views) == 2
    assert len(views[0].told) == len(views[0].measured) >= 4
    assert set(views[0].told) <= set(TOLD)
    # two correlations, three shares
    assert all(-1.0 <= v <= 1.0 + 1e-6 for region in views[0].measured for v in region)
