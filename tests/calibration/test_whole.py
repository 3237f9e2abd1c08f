"""Files that are written whole or not at all."""

import os
import stat
import sys
from pathlib import Path

import pytest

from livespot.calibration import whole


def test_what_was_there_stays_until_the_new_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kept"
    whole.write(path, "old")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(OSError, match="No space left"):
            whole.write(path, "new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["kept"]
    whole.write(path, b"new")
    assert path.read_text() == "new"


def test_any_name_and_any_text(tmp_path: Path) -> None:
    path = tmp_path / "folder" / ("n" * 250 + ".json")  # as long as names can be
    whole.write(path, "caf\udce9.png")
    assert path.read_bytes() == b"caf?.png"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there, and modes mean nothing")
def test_a_link_stays_one_and_others_may_read(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("target")
    whole.write(tmp_path / "link", "text")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "text"
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((tmp_path / "target").stat().st_mode) == 0o666 & ~umask
