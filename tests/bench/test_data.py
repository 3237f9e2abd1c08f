"""Labelled folders: what comes out of a manifest, and what is said of a bad one."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from livespot.bench.data import load
from livespot.errors import LivespotError, UsageError

PAIR = {"id": "p", "kind": "pair", "files": ["a.png", "b.png"], "boxes": [[3, 4, 5, 6]], "part": "tune"}
PHOTO = {
    "id": "q", "kind": "photo", "files": ["page.png"], "part": "check",
    "panel_a": [[10, 10], [30, 10], [30, 30], [10, 30]], "panel_b": [[40, 10], [60, 10], [60, 30], [40, 30]],
    "size_panel_a": [40, 40], "boxes": [[4, 8, 10, 10]], "ignore_boxes": [[0, 0, 8, 8]],
}  # fmt: skip


def folder(at: Path, entries: Any) -> Path:
    for name, (height, width) in {"a.png": (40, 50), "b.png": (20, 25), "page.png": (50, 70)}.items():
        cv2.imwrite(str(at / name), np.full((height, width, 3), 128, np.uint8))
    (at / "manifest.json").write_text(json.dumps(entries))
    return at


def test_pair_is_in_the_pixels_of_a(tmp_path: Path) -> None:
    (puzzle,) = load(folder(tmp_path, [PAIR]))
    assert puzzle.labels.differences[0].tolist() == [[3, 4], [8, 4], [8, 10], [3, 10]]
    assert puzzle.labels.panel[2].tolist() == [50, 40]
    assert [p.shape for p in puzzle.pictures()] == [(40, 50, 3), (20, 25, 3)]
    assert [p.shape for p in puzzle.true_panels()] == [(40, 50, 3), (40, 50, 3)]


def test_photo_is_in_the_pixels_of_the_page(tmp_path: Path) -> None:
    """Panel A is half its rectified size on the page and starts at (10, 10)."""
    (puzzle,) = load(folder(tmp_path, [PHOTO]))
    assert puzzle.labels.differences[0] == pytest.approx(np.array([[12, 14], [17, 14], [17, 19], [12, 19]]))
    assert puzzle.labels.ignored[0] == pytest.approx(np.array([[10, 10], [14, 10], [14, 14], [10, 14]]))
    assert [p.shape for p in puzzle.true_panels()] == [(20, 20, 3), (20, 20, 3)]


def test_part_selects(tmp_path: Path) -> None:
    assert [p.id for p in load(folder(tmp_path, [PAIR, PHOTO]), part="check")] == ["q"]


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ({}, "must be a list"),
        ([{**PAIR, "kind": "poster"}], "poster"),
        ([{**PAIR, "files": ["a.png"]}], "1 files"),
        ([{k: v for k, v in PHOTO.items() if k != "panel_b"}], "panel_b"),
        ([{**PHOTO, "panel_a": [[0, 0], [1, 1]]}], "4 corners"),
        ([{**PAIR, "boxes": [[1, 2]]}], "entry 0"),
    ],
    ids=["not a list", "kind", "files", "panel missing", "panel with two corners", "box with two numbers"],
)
def test_bad_manifest_is_one_clear_line(tmp_path: Path, entries: Any, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        load(folder(tmp_path, entries))
    assert "\n" not in str(caught.value)


def test_missing_things_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"manifest\.json"):
        load(tmp_path)
    with pytest.raises(LivespotError, match=r"gone\.png"):
        load(folder(tmp_path, [{**PAIR, "files": ["gone.png", "b.png"]}]))
