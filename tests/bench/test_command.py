"""`livespot bench`: wrong words are one clear line, and a short run prints its tables and writes its numbers."""

import argparse
import json
from pathlib import Path

import cv2
import pytest

from livespot.bench import command, report
from livespot.bench.speed import timing
from livespot.demo import page_picture
from livespot.errors import UsageError
from livespot.settings import Settings


def words(*given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(given)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["speed", "--parts", "stills"], "unknown part 'stills'; bench speed has kernels"),
        (["accuracy", "--parts", "kernels"], "unknown part 'kernels'; bench accuracy has stills"),
        (["accuracy", "--scenarios", "storm"], "storm"),
        (["accuracy", "--data", "nowhere"], "no labelled pictures in nowhere"),
        (["speed", "--json", "nowhere/numbers.json"], "nowhere"),
    ],
    ids=["part of the other", "and round", "scenario", "data", "json"],
)
def test_wrong_words(given: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=says) as caught:
        command.run(words(*given), Settings())
    assert "\n" not in str(caught.value)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """A folder with one page of the demo."""
    page = page_picture(seed=3, differences=4)
    cv2.imwrite(str(tmp_path / "page.png"), page.image)
    entry = {
        "id": "own", "kind": "page", "part": "check", "files": ["page.png"],
        "boxes": [list(d.box) for d in page.differences],
        "boxes_page": [d.a.tolist() for d in page.differences], "panel_a": page.a.tolist(), "panel_b": page.b.tolist(),
    }  # fmt: skip
    (tmp_path / "manifest.json").write_text(json.dumps([entry]))
    return tmp_path


@pytest.mark.slow
def test_a_short_run_prints_tables_and_writes_numbers(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = labelled / "numbers.json"
    given = ["accuracy", "--quick", "--parts", "stills", "classic", "--data", str(labelled)]
    assert command.run(words(*given, "--json", str(target)), Settings()) == 0
    numbers = json.loads(target.read_text())
    assert {"stills_page_f1", "stills_page_published_f1", "stills_all_recall"} <= numbers.keys()
    assert all(isinstance(value, float) for value in numbers.values())
    assert numbers["stills_page_recall"] >= 0.5
    printed = capsys.readouterr().out
    assert "| own" in printed
    assert "published F1" in printed


def test_tables_line_up() -> None:
    text = report.table(["name", "F1"], [["a", 0.5], ["longer", float("nan")], ["x", 123.4]])
    lines = text.splitlines()
    assert len({len(line) for line in lines}) == 1
    assert "0.500" in lines[2]
    assert "–" in lines[3]
    assert report.table(["name"], []).count("\n") == 1


def test_json_leaves_out_what_was_not_measured(tmp_path: Path) -> None:
    path = tmp_path / "n.json"
    report.write_json(path, {"a": 1.5, "b": float("nan"), "c": float("inf")})
    assert json.loads(path.read_text()) == {"a": 1.5}


def test_timing_takes_turns() -> None:
    calls: list[str] = []
    took = timing.interleaved(
        {"x": lambda: calls.append("x"), "y": lambda: calls.append("y")}, seconds=0.0, least=3, most=3
    )
    assert calls == ["x", "y"] * 4
    assert took["x"].low <= took["x"].median <= took["x"].high
