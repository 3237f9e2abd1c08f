"""What is kept of compiled kernels is a convenience: damaged, unwritable or full, the program goes on."""

import errno
import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import pytest

from livespot import compiling
from livespot.cli import doctor
from livespot.cli.doctor import examine

Damage = Callable[[bytes], bytes]
MODULE = "from livespot.compiling import kept\n\n@kept\ndef add(a, b):\n    return a + b\n"


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[int, int]]:
    """A start of the program: what 40 + 2 is, and how many kernels it found compiled."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    file = tmp_path / "some_kernels.py"
    file.write_text(MODULE)

    def once() -> tuple[int, int]:
        spec = importlib.util.spec_from_file_location("some_kernels", file)
        module: Any = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return int(module.add(40, 2)), sum(module.add.stats.cache_hits.values())

    return once


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-20] + bytes([data[-20] ^ 4]) + data[-19:],
        lambda data: os.urandom(len(data)),
    ],
    ids=["empty", "cut", "a bit flipped", "garbage"],
)
def test_a_damaged_file_is_made_anew(
    start: Callable[[], tuple[int, int]], tmp_path: Path, ending: str, damage: Damage
) -> None:
    assert start() == (42, 0)
    assert start() == (42, 1)
    (file,) = (tmp_path / "cache").rglob(f"*.{ending}")
    file.write_bytes(damage(file.read_bytes()))
    assert start() == (42, 0)
    assert start() == (42, 1)


def test_a_full_disk_keeps_nothing_and_stops_nothing(
    start: Callable[[], tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(compiling, "_lost", set())
    monkeypatch.setattr("numba.core.caching.os.replace", full)
    assert compiling.all_kept()
    assert start() == start() == (42, 0)
    assert not compiling.all_kept()
    found = examine(next(check for check in doctor.CHECKS if check.name == "cache"))
    assert not found.works
    assert "every start compiles" in found.says


def test_a_filled_folder_that_cannot_be_written_is_read(
    start: Callable[[], tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    assert start() == (42, 0)
    monkeypatch.setattr("numba.core.caching.tempfile.TemporaryFile", read_only)  # root may write whatever its mode
    assert start() == (42, 1)


def test_no_folder_to_write_in(start: Callable[[], tuple[int, int]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling._Places, "_locator_classes", [])
    assert start() == start() == (42, 0)
