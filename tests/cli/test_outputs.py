"""Where a session writes: pipes, standard output, no other place; and never a password."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from kit.network.mjpeg import MjpegServer
from kit.streams import KEYS

from livespot import startup
from livespot.capture.opening import open_source
from livespot.cli import main
from livespot.record import snapshot
from livespot.settings import Settings
from livespot.spotting.results import FrameResult, State


def test_events_go_into_a_pipe(work: Path) -> None:
    cv2.imwrite("page.png", np.zeros((120, 160, 3), np.uint8))
    done = subprocess.run(
        [sys.executable, "-m", "livespot", "page.png", "--headless", "--events", "/dev/stdout"],
        stdout=subprocess.PIPE,
    )
    assert done.returncode == 0
    assert json.loads(done.stdout).keys() == KEYS


STREAMED = [sys.executable, "-m", "livespot", "live", "pages", "--headless", "--events", "-"]


@pytest.fixture
def pages(work: Path) -> Path:
    """A folder with a film of 40 pictures."""
    (work / "pages").mkdir()
    for n in range(40):
        cv2.imwrite(f"pages/{n}.png", np.full((90, 120, 3), 6 * n, np.uint8))
    return work / "pages"


def test_events_go_to_standard_output(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = subprocess.run(STREAMED, capture_output=True, text=True)
    assert done.returncode == 0
    assert [json.loads(line)["frame"] for line in done.stdout.splitlines()] == list(range(40))
    assert done.stderr.count("\n") == 1  # the line at the end
    assert [path.name for path in pages.parent.iterdir()] == ["pages"]
    with pytest.raises(SystemExit):
        main(["live", "--help"])
    assert "standard output" in " ".join(capsys.readouterr().out.split())


def test_a_reader_of_events_that_goes_away_ends_it_quietly(pages: Path) -> None:
    with subprocess.Popen(STREAMED, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert json.loads(process.stdout.readline())["frame"] == 0
        process.stdout.close()
        process.stdout = None
        errors = process.communicate(timeout=60)[1]
    assert process.returncode == 0
    (line,) = errors.splitlines()
    assert re.match(r"livespot: pages: \d+ frames", line)


def test_what_a_session_on_an_address_leaves_holds_no_password(work: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with MjpegServer("frame " * 15 + "drop") as server:
        url = server.url.replace("//", "//me:s3cret@") + "?token=s3cret"
        words = [
            url,
            "--headless",
            "--seconds",
            "1.5",
            "--events",
            "e.jsonl",
            "--record",
            "o.mp4",
            "--record-raw",
            "r.mkv",
        ]
        assert main(words) == 0
        snapshot.save(
            work, np.zeros((90, 120, 3), np.uint8), FrameResult(0, 0.0, State.SEARCHING), source=open_name(url)
        )
    said_all = "".join(capfd.readouterr())
    assert "me:***@" in said_all
    assert "camera lost" in said_all
    kept = [path for place in (work, startup.config_dir()) for path in place.rglob("*") if path.is_file()]
    assert len(kept) >= 5
    for path in kept:
        assert b"s3cret" not in path.read_bytes() + str(path).encode(), path
    assert "s3cret" not in said_all


def open_name(url: str) -> str:
    """What the source behind an address is called, in the window as well."""
    with open_source(url, Settings()) as source:
        return source.name


WATCHED = """
import os, sys
wrote = open(sys.argv.pop(1), "w", buffering=1)
def watch(event, args):
    if event == "open" and isinstance(args[0], str | bytes | os.PathLike) and args[2] is not None:
        if args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            wrote.write(os.path.abspath(os.fsdecode(args[0])) + "\\n")
    elif event in ("os.mkdir", "os.rename", "os.link", "os.symlink", "os.remove"):
        wrote.write(os.path.abspath(os.fsdecode(args[event in ("os.rename", "os.link", "os.symlink")])) + "\\n")
    elif event in ("socket.bind", "socket.connect"):
        wrote.write(f"/network/{event}\\n")
sys.dont_write_bytecode = True
sys.addaudithook(watch)
from livespot.cli import main
sys.exit(main())
"""


@pytest.mark.parametrize(
    "words",
    [
        ["live", "pages", "--headless", "--events", "e.jsonl", "--record", "o.mp4"],
        ["photo", "pages/1.png", "--output", "p.png"],
        ["cameras"],
        ["doctor"],
    ],
    ids=lambda words: words[0],
)
def test_nothing_is_written_but_where_the_user_said_and_nobody_is_called(
    pages: Path, tmp_path_factory: pytest.TempPathFactory, words: list[str]
) -> None:
    """As far as Python sees it; the libraries write nothing but through it."""
    log = tmp_path_factory.mktemp("log") / "wrote"
    done = subprocess.run([sys.executable, "-c", WATCHED, str(log), *words], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    allowed = (pages.parent, startup.config_dir(), startup.cache_dir(), Path(os.devnull))
    strangers = [
        path for path in log.read_text().splitlines() if not any(Path(path).is_relative_to(place) for place in allowed)
    ]
    assert strangers == []


def test_a_path_after_an_equals_sign_has_its_home(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No shell has seen to the ~ there; a file that is really called so is meant all the same."""
    monkeypatch.setenv("HOME", str(work / "home"))
    (work / "home").mkdir()
    (work / "~odd").mkdir()
    page = cv2.imwrite("page.png", np.zeros((120, 160, 3), np.uint8))
    assert page
    assert main(["live", "page.png", "--headless", "--events=~/e.jsonl"]) == 0
    assert (work / "home" / "e.jsonl").exists()
    assert main(["live", "page.png", "--headless", "--events=~odd/e.jsonl"]) == 0
    assert (work / "~odd" / "e.jsonl").exists()
