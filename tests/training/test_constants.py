"""`calibrate constants`: a better value is found, one that may be chance is not taken, what is written is read back."""

from __future__ import annotations

import argparse
import datetime
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from livespot.cli import main
from livespot.errors import LivespotError
from livespot.spotting import params
from livespot.training import constants, trials
from livespot.training.constants import MARGIN, Constant, Outcome

FACTORS = (0.8, 1.25)
ENTRIES: dict[str, dict[str, Any]] = {
    "one.size": {"value": 10.0, "unit": "px", "meaning": "how large", "low": 5.0, "high": 20.0, "factors": FACTORS},
    "one.share": {"value": 0.5, "unit": "share", "meaning": "how much", "low": 0.0, "high": 1.0, "factors": FACTORS},
    "two.noise": {"value": 4.0, "unit": "grey", "meaning": "how bad", "low": 1.0, "high": 9.0, "factors": FACTORS},
}


class MadeUp:
    """Best with size 12.5 and, with that size only, share 0.4; noise says nothing."""

    origin, seed = "made up", 7

    def __init__(self, gain: float = 0.1) -> None:
        self.gain = gain
        self.asked: list[tuple[str, dict[str, float]]] = []

    def score(self, name: str, values: Mapping[str, float]) -> float:
        self.asked.append((name, dict(values)))
        large = values.get("one.size") == 12.5
        return 0.5 + self.gain * large + self.gain * (large and values.get("one.share") == 0.4)


@pytest.fixture
def kept(work: Path) -> Path:
    file = work / "fitted.json"
    file.write_text(json.dumps(ENTRIES))
    return file


def words(data: Path | None = Path("."), only: list[str] | None = None, write: bool = False) -> argparse.Namespace:
    return argparse.Namespace(data=data, only=only, write=write)


def test_a_better_value_is_found_and_the_next_is_searched_beside_it(kept: Path) -> None:
    made_up = MadeUp()
    outcomes = constants.search(constants.load(kept), made_up.score)
    assert [o.chosen for o in outcomes] == [12.5, 0.4, 4.0]
    assert [o.score for o in outcomes] == pytest.approx([0.5, 0.6, 0.7])
    assert ("one.share", {"one.size": 12.5, "one.share": 0.625}) in made_up.asked


@pytest.mark.parametrize(("gain", "moved"), [(0.9 * MARGIN, False), (1.1 * MARGIN, True)], ids=["chance", "more"])
def test_the_value_in_use_stays_unless_another_is_better_by_more_than_the_margin(
    kept: Path, gain: float, moved: bool
) -> None:
    outcomes = constants.search(constants.load(kept), MadeUp(gain).score)
    assert outcomes[0].moved is moved


def test_of_values_equally_good_the_nearest_is_taken() -> None:
    constant = Constant("x", 10.0, "px", "", 1.0, 90.0, (0.25, 0.5, 0.8, 2.0))
    (outcome,) = constants.search([constant], lambda name, values: float(values.get("x", 10.0) < 9.0))
    assert outcome.chosen == 8.0


def test_what_is_tried_stays_in_its_range_and_is_tried_once() -> None:
    wide = (0.1, 0.2, 0.8, 1.0, 1.25, 3.0, 4.0)
    assert Constant("x", 10.0, "px", "", 5.0, 20.0, wide).neighbours() == [5.0, 8.0, 12.5, 20.0]


def test_a_false_box_on_an_unchanged_picture_has_its_price() -> None:
    assert constants.score([1.0, 0.5], []) == 0.75
    assert constants.score([1.0, 0.5], [0.0, 1.0]) == 0.75 - 0.5 * constants.PRICE


def test_the_table_tells_what_was_tried_and_only_write_writes(kept: Path) -> None:
    before, said = kept.read_text(), list[str]()
    assert constants.run(words(), MadeUp, kept, said.append) == 0
    assert kept.read_text() == before
    size, noise = said[1].split(), said[3].split()
    assert size == ["one.size", "px", "10", "(0.5000)", "8", "(0.5000)", "12.5", "(0.6000)", "12.5", "*"]
    assert (noise[-1], "2 of 3" in said[5]) == ("4", True)


def test_what_is_written_says_where_it_is_from_and_is_read_back(kept: Path) -> None:
    assert constants.run(words(only=["one.size"], write=True), MadeUp, kept, lambda line: None) == 0
    size, share, _ = constants.load(kept)
    assert (size.value, share.value) == (12.5, 0.5)
    entries = json.loads(kept.read_text())
    assert "provenance" not in entries["one.share"]
    assert entries["one.size"]["provenance"] == {
        "data": "made up", "made_by": "livespot calibrate constants", "date": datetime.date.today().isoformat(),
        "seed": 7, "score": 0.6, "margin": MARGIN, "others": {"10": 0.5, "8": 0.5},
    }  # fmt: skip
    assert sorted(p.name for p in kept.parent.iterdir()) == ["fitted.json"]


def test_livespot_measures_on_its_own_constants_and_reads_them_back(
    work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Better(MadeUp):
        def __init__(self, folder: Path, seed: int) -> None:
            super().__init__()
            self.origin, self.seed = f"{folder}", seed

        def score(self, name: str, values: Mapping[str, float]) -> float:
            return values.get("regions.trim", 0.0)

    shipped = constants.kept()
    file = work / "fitted.json"
    file.write_bytes(shipped.read_bytes())
    monkeypatch.setattr(trials, "Trials", Better)
    monkeypatch.setattr(constants, "kept", lambda: file)
    assert main(["calibrate", "constants", "--data", "puzzles", "--only", "regions", "--seed", "3", "--write"]) == 0
    assert "1 of 10 have a neighbour better" in capsys.readouterr().out
    (trim,) = constants.named(constants.load(file), ["regions.trim"])
    assert params.read(file.read_text()).regions.trim == trim.value == 0.3125
    assert json.loads(file.read_text())["regions.trim"]["provenance"]["seed"] == 3


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        (
            ["--data", ".", "--only", "regions.trim", "regions.tirm"],
            "no fitted constant regions.tirm; there are difference",
        ),
        ([], "give --data DIR"),
        (["--data", "nowhere"], "no labelled pictures in nowhere"),
        (["--data", "checked"], "no puzzle in checked is of part tune"),
        (["--data", ".", "--clips", "3"], "--clips means nothing to `calibrate constants`"),
    ],
    ids=["unknown name", "no data", "no folder", "no tune part", "an option of another command"],
)
def test_refused_in_one_line(work: Path, capsys: pytest.CaptureFixture[str], extra: list[str], says: str) -> None:
    (work / "checked").mkdir()
    (work / "checked" / "manifest.json").write_text("[]")
    assert main(["calibrate", "constants", *extra]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1


def test_what_cannot_be_written_is_one_line(kept: Path) -> None:
    outcomes = [Outcome(constant, 0.5, (), constant.value) for constant in constants.load(kept)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", _full)
        with pytest.raises(LivespotError, match=r"cannot write .*fitted\.json: no space left on device"):
            constants.write(kept, outcomes, MadeUp())
    assert json.loads(kept.read_text()) == json.loads(json.dumps(ENTRIES))
    assert not list(kept.parent.glob("*.json.*.part"))


def test_a_file_that_cannot_be_written_is_told_before_anything_is_measured(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_up = MadeUp()
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(LivespotError, match=r"cannot write .*fitted\.json: no permission"):
        constants.run(words(write=True), lambda: made_up, kept, lambda line: None)
    assert not made_up.asked


def _full(self: Path, target: Path) -> None:
    raise OSError(28, "No space left on device")


def test_a_broken_file_is_one_line(kept: Path) -> None:
    kept.write_text('{"one.size": {"value": 3}}')
    with pytest.raises(LivespotError, match="does not hold constants"):
        constants.run(words(), MadeUp, kept, lambda line: None)
