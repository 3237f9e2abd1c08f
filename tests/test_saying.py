"""Nobody listens any more, or never did: what was asked for is done all the same."""

import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from livespot import saying

unix = pytest.mark.skipif(sys.platform == "win32", reason="no shell")


def by_shell(words: str) -> subprocess.CompletedProcess[str]:
    """`livespot` with these words and redirections."""
    shell = f"{sys.executable} -m livespot {words}"
    return subprocess.run(["bash", "-c", shell], capture_output=True, text=True, timeout=60)


@unix
def test_started_without_streams_it_does_its_work(work: Path) -> None:
    """As from a desktop; and no complaint of a library lands in what is written."""
    cv2.imwrite("page.png", np.zeros((120, 160, 3), np.uint8))
    done = by_shell("live page.png --headless --events e.jsonl --record r.mp4 <&- >&- 2>&-")
    assert done.returncode == 0
    assert len(Path("e.jsonl").read_text().splitlines()) == 1
    assert Path("r.mp4").read_bytes()[4:8] == b"ftyp"


@unix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_an_output_that_is_full_is_one_line(work: Path) -> None:
    done = by_shell("settings >/dev/full")
    assert (done.returncode, done.stderr) == (1, "livespot: the disk is full: make room, or choose another place\n")


def test_a_name_does_not_command_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    saying.talk()
    saying.say("a\x1b[2J\x9b1A\r\nb.png: it is \x1b[31mcut short\x1b[0m")
    assert capfd.readouterr().err == "livespot: a?[2J?1A b.png: it is \x1b[31mcut short\x1b[0m\n"


def test_what_others_say_while_pictures_are_decoded_comes_after(capfd: pytest.CaptureFixture[str]) -> None:
    """Two threads at once; libjpeg's own lines alone go nowhere."""
    with saying.quiet_jpeg:
        os.write(2, b"before\n")
        with saying.quiet_jpeg:
            os.write(2, b"Corrupt JPEG data: 7 extraneous bytes before marker 0xd9\n")
        os.write(2, b"after\n")
        assert capfd.readouterr().err == ""
    os.write(2, b"then\n")
    with saying.quiet_jpeg:
        pass
    assert capfd.readouterr().err == "before\nafter\nthen\n"


def test_where_nothing_can_be_put_aside_nothing_is_hidden(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A container without a folder for temporary files."""

    def nowhere() -> None:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(saying.tempfile, "TemporaryFile", nowhere)
    with saying.quiet_jpeg.__class__():
        os.write(2, b"said\n")
    assert capfd.readouterr().err == "said\n"


@unix
def test_a_line_to_nobody_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal was closed, the reader of the pipe went away."""
    out, into = os.pipe()
    os.close(out)
    with open(into, "w", buffering=1, encoding="utf-8", closefd=False) as deaf:
        monkeypatch.setattr(sys, "stderr", deaf)
        saying.say("still here")
        bar = saying.Forgiving()
        assert bar.write("12 frames\n") == 10
        bar.flush()
        monkeypatch.undo()
        os.dup2(os.open(os.devnull, os.O_WRONLY), into)  # what the file still holds has somewhere to go
    os.close(into)
