"""Recordings never overwrite anything, and leftovers are told from recordings that still run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from livespot.errors import UsageError
from livespot.live import naming


def test_a_temporary_name_says_what_it_is_and_leads_back(tmp_path: Path) -> None:
    path, descriptor = naming.create_writing(tmp_path / "holiday.v2.mp4")
    second, other = naming.create_writing(tmp_path / "holiday.v2.mp4")
    os.close(descriptor)
    os.close(other)
    assert path.name == "holiday.v2.writing.mp4"
    assert second.name == "holiday.v2.writing-2.mp4"
    assert naming.target_of(path) == naming.target_of(second) == tmp_path / "holiday.v2.mp4"


@pytest.mark.parametrize("name", ["clip.mp4", "writing.mp4", ".writing.mp4", "clip.writing.txt", "clip.writing-x.mp4"])
def test_other_names_are_not_leftovers(name: str) -> None:
    assert naming.target_of(Path(name)) is None


def test_a_file_is_being_written_until_it_is_closed(tmp_path: Path) -> None:
    path, descriptor = naming.create_writing(tmp_path / "clip.mp4")
    assert naming.is_being_written(path)
    os.close(descriptor)
    assert not naming.is_being_written(path)


def test_publishing_takes_a_number_when_the_name_was_taken_meanwhile(tmp_path: Path) -> None:
    for name in ("clip.mp4", "clip-2.mp4"):
        (tmp_path / name).write_text("precious")
    (tmp_path / "clip.writing.mp4").write_text("new")
    assert naming.publish(tmp_path / "clip.writing.mp4", tmp_path / "clip.mp4") == tmp_path / "clip-3.mp4"
    assert (tmp_path / "clip.mp4").read_text() == (tmp_path / "clip-2.mp4").read_text() == "precious"
    assert (tmp_path / "clip-3.mp4").read_text() == "new"
    assert not (tmp_path / "clip.writing.mp4").exists()


def test_publishing_works_where_there_are_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    (tmp_path / "clip.writing.mp4").write_text("new")
    assert naming.publish(tmp_path / "clip.writing.mp4", tmp_path / "clip.mp4").read_text() == "new"


def test_an_empty_file_may_be_replaced_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "full.mp4").write_text("precious")
    (tmp_path / "dangling.mp4").symlink_to(tmp_path / "nowhere")
    naming.check_target(tmp_path / "new.mp4", "a recording")
    naming.check_target(tmp_path / "empty.mp4", "a recording")
    for name in ("full.mp4", "dangling.mp4"):
        with pytest.raises(UsageError, match="exists and is not overwritten"):
            naming.check_target(tmp_path / name, "a recording")
