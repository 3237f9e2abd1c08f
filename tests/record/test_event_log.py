"""The event log: one whole line a frame, on the disk at once, and the live view outlives it."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from livespot.errors import UsageError
from livespot.record import event_log
from livespot.record.event_log import EventLog
from livespot.spotting.results import Difference, FrameResult, Kind, State

QUAD = np.array([[0, 0], [10, 0], [10, 10], [0, 10]], np.float64)


def spotting(frame: int) -> FrameResult:
    found = Difference(3, Kind.REMOVED, 0.97, (1, 2, 3, 4), QUAD, QUAD + 20)
    return FrameResult(frame, frame / 30, State.LOCKED, panels=(QUAD, QUAD + 20), differences=(found,), latency_ms=8.1)


def test_a_line_is_the_contract_and_is_there_before_the_next(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with EventLog(path) as log:
        for n in range(3):
            log.write(spotting(n))
            lines = path.read_text(encoding="utf-8").splitlines()
            assert [json.loads(line)["frame"] for line in lines] == list(range(n + 1))
        log.write(FrameResult(3, 0.1, State.SEARCHING, "no puzzle in view: show both pictures"))
    events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert events[1] == json.loads(json.dumps(spotting(1).as_json()))
    assert events[3]["reason"] == "no puzzle in view: show both pictures"
    assert events[3]["panels"] == []


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("full.jsonl", "exists and is not overwritten"),
        ("missing/out.jsonl", "no folder"),
        (".", "it is a folder"),
        ("x" * 300 + ".jsonl", "cannot write events"),
        ("full.jsonl/out.jsonl", "no folder"),
    ],
    ids=["exists", "no-folder", "is-a-folder", "name-too-long", "below-a-file"],
)
def test_a_target_that_cannot_be_written_is_refused_in_one_line(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "full.jsonl").write_text("precious\n")
    with pytest.raises(UsageError, match=why) as refused:
        EventLog(tmp_path / name)
    assert "\n" not in str(refused.value)
    assert (tmp_path / "full.jsonl").read_text() == "precious\n"


def test_an_empty_file_and_a_device_are_welcome(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    for path in (tmp_path / "empty.jsonl", Path("/dev/null")):
        with EventLog(path) as log:
            log.write(spotting(0))
            assert log.error is None


def test_a_pipe_that_nobody_reads_is_refused_and_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="nobody reads this pipe"):
        EventLog(tmp_path / "pipe")


def test_where_there_are_no_such_pipes_a_device_is_welcome_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(event_log, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.delattr(os, "O_NONBLOCK")
    monkeypatch.delattr(os, "set_blocking")
    for path in (tmp_path / "out.jsonl", Path("/dev/null")):
        with EventLog(path) as log:
            log.write(spotting(0))
            assert log.error is None


def test_a_deleted_file_ends_the_log_with_one_line(tmp_path: Path) -> None:
    said: list[str] = []
    with EventLog(tmp_path / "out.jsonl", notify=said.append) as log:
        log.write(spotting(0))
        (tmp_path / "out.jsonl").unlink()
        for n in range(1, 4):
            log.write(spotting(n))
    assert said == [log.error]
    assert "events stopped: the file was deleted" in said[0]


def test_a_device_that_is_full_ends_the_log_with_one_line() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    said: list[str] = []
    with EventLog("/dev/full", notify=said.append) as log:
        log.write(spotting(0))
        log.write(spotting(1))
    assert len(said) == 1
    assert "the disk is full" in said[0]


def test_standard_output_whose_reader_is_gone_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        with EventLog("-", notify=said.append) as log:
            assert not log.over
            log.write(spotting(0))
            log.write(spotting(1))
            assert log.over
    assert (said, log.error) == ([], None)


def test_a_file_behind_standard_output_keeps_what_was_in_it_when_the_disk_is_full(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "all.jsonl"
    path.write_text("of yesterday\n")
    said: list[str] = []
    with path.open("a", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        with EventLog("-", notify=said.append) as log:
            log.write(spotting(0))
            with monkeypatch.context() as patch:
                patch.setattr(os, "write", full)
                log.write(spotting(1))
            log.write(spotting(2))
    first, second = path.read_text().splitlines()
    assert (first, json.loads(second)["frame"]) == ("of yesterday", 0)
    assert said == ["events stopped: the disk is full"]


LIMITED = """
import resource, sys
from livespot.record.event_log import EventLog
from livespot.spotting.results import FrameResult, State
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
log = EventLog(sys.argv[1])
for n in range(200):
    log.write(FrameResult(n, n / 30, State.SEARCHING, "too dark"))
print("went on")
"""


def test_a_size_limit_leaves_only_whole_lines_and_the_process_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    result = subprocess.run([sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, timeout=60)
    assert result.stdout == "went on\n"
    assert result.stderr.count("\n") == 1
    assert "largest size" in result.stderr
    text = path.read_text()
    assert text.endswith("\n")
    frames = [json.loads(line)["frame"] for line in text.splitlines()]
    assert frames == list(range(len(frames)))
    assert 9_000 < os.path.getsize(path) <= 10_000


KILLED = """
import os, signal, sys
from livespot.record.event_log import EventLog
from livespot.spotting.results import FrameResult, State
log = EventLog(sys.argv[1])
for n in range(50):
    log.write(FrameResult(n, n / 30, State.SEARCHING))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_every_line_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    assert subprocess.run([sys.executable, "-c", KILLED, str(path)], timeout=60).returncode == -9
    assert [json.loads(line)["frame"] for line in path.read_text().splitlines()] == list(range(50))
