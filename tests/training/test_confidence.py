"""`calibrate thresholds`: candidates in, a rule with its provenance out, through livespot and by itself."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import numpy as np
import pytest

from livespot.cli import main
from livespot.spotting.classify.confidence import EYED, FEATURES
from livespot.training import candidates, confidence, rule_fitting
from livespot.training.confidence import Candidates


@pytest.fixture(autouse=True)
def _few_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mean of twelve is for real candidates."""
    monkeypatch.setattr(rule_fitting, "MEMBERS", 3)


def made_up(seed: int, names: tuple[str, ...] = ("size", "noise"), count: int = 300) -> Candidates:
    """The first measure alone tells true from false."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(count, len(names)))
    labels = (features[:, 0] > 0).astype(np.int64)
    groups = np.array([f"puzzle{seed}-{i % 12}" for i in range(count)])
    return Candidates(
        features, labels, groups, np.arange(count) % 3 == 0, np.arange(count) // 6, names, f"puzzles {seed}"
    )


def test_what_was_measured_is_fitted_and_the_figures_are_said(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for seed in (1, 2):
        confidence.keep(made_up(seed), work / f"{seed}.npz")
    assert main(["calibrate", "thresholds", "--measured", "1.npz", "2.npz", "--keep", "both.npz"]) == 0
    said = json.loads(capsys.readouterr().out.partition("given")[0])
    assert (said["candidates"], said["puzzles"]) == (600, 24)
    assert said["held_out_recall"] > 0.8
    assert said["held_out_false_accepted"] < 0.2
    assert said["data"] == "puzzles 1; puzzles 2"
    assert said["date"] == datetime.date.today().isoformat()
    both = confidence.kept([work / "both.npz"])
    assert both.names == ("size", "noise")
    assert np.array_equal(both.features, np.vstack([made_up(1).features, made_up(2).features]))
    # the comparisons of one file are none of the other's
    assert np.array_equal(both.views, np.arange(600) // 6)


def test_write_replaces_the_rule_with_one_that_tells_where_it_is_from(
    work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    measured = made_up(3, FEATURES + EYED)
    asked = []

    def collect(data: Path | None, clips: int, seed: int, kept: Path | None) -> list[candidates.Labelled]:
        asked.append((data, clips, seed, kept))
        return [
            candidates.Labelled(measured.features[still], measured.labels[still], f"puzzle{n}", bool(n % 2))
            for n, still in enumerate(np.array_split(np.arange(300), 10))
        ]

    rule = work / "acceptance.json"
    monkeypatch.setattr(candidates, "collect", collect)
    monkeypatch.setattr(confidence, "rule_file", lambda: rule)
    words = ["calibrate", "thresholds", "--data", str(work), "--clips", "4", "--seed", "9"]
    assert main(words) == 0
    assert not rule.exists()
    assert main([*words, "--write"]) == 0
    assert asked == [(work, 4, 9, None)] * 2
    written = json.loads(rule.read_text())
    assert written["features"] == list(FEATURES)
    assert written["provenance"]["made_by"] == "livespot calibrate thresholds"
    assert "4 clips of the simulated webcam (seed 9)" in written["provenance"]["data"]
    assert work.name in written["provenance"]["data"]
    assert str(work) not in written["provenance"]["data"]
    assert written["provenance"]["candidates"] == 300
    # what the eye and company add is fitted again, the layers stay
    (work / "held").mkdir()
    assert main([*words, "--last", "--work", str(work), "--write"]) == 0
    again = json.loads(rule.read_text())
    assert again["layers"] == written["layers"]
    assert again["provenance"]["candidates"] == 300
    assert again["provenance"]["eyed"]["made_by"].endswith("--last")
    assert "0 samples of the eye's" in again["provenance"]["eyed"]["data"]


def test_nothing_to_measure_is_refused_in_one_line(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "thresholds", "--clips", "0"]) == 2
    assert "nothing to measure" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--measured", "nothing.npz"], "holds no measured candidates"),
        (["--measured", "one.npz", "other.npz"], "different measures"),
        (["--measured", "one-sided.npz"], "true and false candidates are both needed"),
        (["--out", "."], "means nothing"),
    ],
    ids=["no file", "mixed", "one kind", "an option of another command"],
)
def test_refused_in_one_line(work: Path, capsys: pytest.CaptureFixture[str], words: list[str], says: str) -> None:
    confidence.keep(made_up(1), work / "one.npz")
    confidence.keep(made_up(1, ("other", "noise")), work / "other.npz")
    only = made_up(1)
    confidence.keep(
        Candidates(only.features, np.ones_like(only.labels), only.groups, only.stills, only.views, only.names, ""),
        work / "one-sided.npz",
    )
    assert main(["calibrate", "thresholds", *words]) in (1, 2)
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1
