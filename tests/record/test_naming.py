"""Recordings never overwrite anything, and leftovers are told from recordings that still run."""

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from kit.patience import until

from livespot.errors import UsageError
from livespot.record import naming
from livespot.record.recorder import Recorder
from livespot.settings import RecordingSettings


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


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files behave as on Windows: one that is open can be linked, but neither renamed, replaced nor removed."""

    def held(path: object) -> bool:
        return any(
            os.path.realpath(f"/proc/self/fd/{n}") == os.path.realpath(str(path)) for n in os.listdir("/proc/self/fd")
        )

    def refusing(name: str) -> None:
        real: Callable[..., None] = getattr(os, name)

        def call(path: object, *rest: object, **more: object) -> None:
            if held(path) or (rest and held(rest[0])):
                raise PermissionError(13, "The process cannot access the file: it is being used by another process")
            real(path, *rest, **more)

        monkeypatch.setattr(os, name, call)

    if not Path("/proc/self/fd").exists():
        pytest.skip("no /proc here")
    for name in ("rename", "replace", "unlink"):
        refusing(name)
    monkeypatch.setattr(naming, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr(naming, "RENAMES_OPEN_FILES", False)


def test_recordings_are_finished_where_an_open_file_cannot_be_renamed(windows: None, tmp_path: Path) -> None:
    with Recorder(tmp_path / "clip.mp4", RecordingSettings()) as recorder:
        for n in range(5):
            recorder.write(np.full((90, 120, 3), 40 * n, np.uint8), n / 30, wait=True)
        until(lambda: recorder.status.written)
        assert naming.is_being_written(tmp_path / "clip.writing.mp4")
        recorder.write(np.full((60, 80, 3), 9, np.uint8), 1.0, wait=True)  # another size: another part
    assert recorder.status.error is None
    assert recorder.status.files == (tmp_path / "clip.mp4", tmp_path / "clip-2.mp4")
    assert sorted(os.listdir(tmp_path)) == ["clip-2.mp4", "clip.mp4"]


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
