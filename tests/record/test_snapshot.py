"""Snapshots and cards: what lands in the folder."""

import errno
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from kit import truth_page
from kit.screen.pixels import boxed, near

from livespot.annotate.boxes import Marking
from livespot.annotate.difference_card import TILE, card
from livespot.errors import LivespotError
from livespot.record import snapshot
from livespot.spotting.results import FrameResult, State

RED, SKY = (60, 70, 200), (214, 196, 168)


def test_a_snapshot_is_a_page_a_card_and_the_data(tmp_path: Path) -> None:
    image, spotting = truth_page.looked_at()
    before = image.copy()
    saved = snapshot.save(tmp_path, image, spotting, marking=Marking(ticked=frozenset({2}), dismissed=frozenset({5})))
    assert np.array_equal(image, before)
    page = cv2.imread(str(saved.page))
    assert page is not None
    assert boxed([truth_page.quads((1280, 720))[0]])(np.asarray(page, np.uint8))
    assert saved.card is not None
    assert cv2.imread(str(saved.card)) is not None
    data = json.loads(saved.data.read_text())
    assert [d["ticked"] for d in data["differences"]] == [False, True, False, False, False]
    assert [d["dismissed"] for d in data["differences"]] == [False, False, False, False, True]


def test_names_carry_date_and_time_and_never_overwrite(tmp_path: Path) -> None:
    image, spotting = truth_page.looked_at()
    saved = [snapshot.save(tmp_path, image, spotting, when=1_000_000_000.0) for _ in range(3)]
    assert len({s.page.stem for s in saved}) == 3
    assert all(s.page.stem.startswith("livespot-20010909-") for s in saved)
    assert len(list(tmp_path.iterdir())) == 9


def test_without_differences_there_is_no_card(tmp_path: Path) -> None:
    image, _ = truth_page.looked_at()
    saved = snapshot.save(tmp_path, image, FrameResult(3, 0.1, State.SEARCHING, "hold still"))
    assert saved.card is None
    assert json.loads(saved.data.read_text())["reason"] == "hold still"


def test_a_folder_is_made_and_one_that_cannot_be_is_one_line(tmp_path: Path) -> None:
    image, spotting = truth_page.looked_at()
    assert snapshot.save(tmp_path / "new" / "folder", image, spotting).page.exists()
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(LivespotError, match="was not saved"):
        snapshot.save(blocked, image, spotting)


def test_a_disk_that_is_full_when_a_file_is_closed_leaves_no_empty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.BytesIO):
        def close(self) -> None:
            super().close()
            raise OSError(errno.ENOSPC, "No space left on device")

    opened = Path.open

    def open_path(path: Path, mode: str = "r", **more: Any) -> Any:
        file = opened(path, mode, **more)
        if path.suffix != ".json":
            return file
        file.close()
        return Full()

    monkeypatch.setattr(Path, "open", open_path)
    with pytest.raises(LivespotError, match="the disk is full"):
        snapshot.save(tmp_path, *truth_page.looked_at())
    assert not list(tmp_path.glob("*.json"))


def test_the_card_shows_each_difference_from_a_beside_b() -> None:
    image, spotting = truth_page.looked_at()
    one = card(replace(spotting, differences=spotting.differences[:1]), image)
    # Removed: red in the middle of A's crop, and not in B's.
    top = 96 + TILE // 2
    left = 36 + 10 + TILE // 2
    a, b = one[top, left], one[top, left + TILE + 10]
    assert np.abs(a.astype(int) - RED).max() < 30
    assert np.abs(b.astype(int) - SKY).max() < 30


@pytest.mark.parametrize("count", [1, 2, 5, 12, 40])
def test_the_card_is_a_page_and_not_a_strip(count: int) -> None:
    image, spotting = truth_page.looked_at()
    many = tuple(replace(spotting.differences[i % 5], id=i + 1) for i in range(count))
    sheet = card(replace(spotting, differences=many), image)
    assert 0.3 < sheet.shape[1] / sheet.shape[0] < 2.6


def test_dismissed_differences_are_left_out_of_the_card() -> None:
    image, spotting = truth_page.looked_at()
    assert card(spotting, image, marking=Marking(dismissed=frozenset({1, 2, 3, 4, 5}))) is None


def test_a_card_shows_nothing_of_what_stands_beside_the_pictures() -> None:
    image, spotting = truth_page.looked_at()
    assert spotting.panels is not None
    inside = np.zeros(image.shape[:2], np.uint8)
    for quad in spotting.panels:
        cv2.fillConvexPoly(inside, np.rint(quad).astype(np.int32), 1)
    green = image.copy()
    green[inside == 0] = (0, 255, 0)
    corner = replace(spotting.differences[0], a=spotting.panels[0] * 0.1 + 0.9 * spotting.panels[0][0])
    sheet = card(replace(spotting, differences=(corner, *spotting.differences[1:])), green)
    assert near(sheet, (0, 255, 0), 60).sum() < 0.001 * sheet.shape[0] * sheet.shape[1]  # a pixel at a rim
