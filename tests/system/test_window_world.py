"""What the world does to a session in a window: another one beside it, a suspend, the end of the X server."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kit.patience import until
from kit.screen.pixels import near
from kit.screen.sitting import Sit, saved
from kit.screen.xscreen import Person, XScreen, desktop

from livespot.annotate import drawing
from livespot.capture.opening import open_source
from livespot.settings import Settings

pytestmark = pytest.mark.window
ASLEEP = 15.0  # s, more than a recording takes for a jump of the clock


def shown(screen: XScreen) -> set[str]:
    """The windows of livespot."""
    return set(screen.hands("search", "--name", "livespot").split())


def test_two_live_windows_obey_each_its_own_person(tmp_path: Path) -> None:
    with desktop(1366, 768) as screen:
        folders, people, windows = [tmp_path / "one", tmp_path / "two"], [], list[str]()
        try:
            for folder in folders:
                folder.mkdir()
                people.append(Person(screen, folder, placed=True))
                until(lambda: len(shown(screen)) >= len(people), "a window", 60)
                windows += shown(screen) - set(windows)
            for person, folder, window in zip(people, folders, windows, strict=True):
                screen.hands("windowactivate", "--sync", window)
                until(lambda: near(screen.pixels(), drawing.ACCENT).sum() > 3000, "boxes", 60)
                person.keys("s")
                saved(folder, "livespot-*.json", 20)
                assert len(list(folder.glob("livespot-*.json"))) == 1
            for person, window in zip(people, windows, strict=True):
                screen.hands("windowactivate", "--sync", window)
                assert person.leave("q") == 0
                assert "Traceback" not in person.said
        finally:
            for person in people:
                if person.process.poll() is None:
                    person.leave(signal.SIGKILL)


def test_a_suspend_while_recording_has_its_time_in_the_film(
    sit: Sit, tmp_path: Path, play: Callable[[Path], Any]
) -> None:
    film = tmp_path / "film.mp4"
    started = time.monotonic()
    person = sit(record=str(film), frames=None)
    before = time.monotonic()
    time.sleep(2.0)
    person.process.send_signal(signal.SIGSTOP)
    time.sleep(ASLEEP)
    person.process.send_signal(signal.SIGCONT)
    time.sleep(2.0)
    after = time.monotonic()
    assert person.leave("q") == 0
    ended = time.monotonic()
    assert "Traceback" not in person.said
    watched = play(film)
    assert not watched.complaints
    assert after - before - 1.0 < watched.seconds < ended - started + 1.0
    assert max(b - a for a, b in zip(watched.times, watched.times[1:], strict=False)) > ASLEEP - 1.0


def test_the_end_of_the_x_server_is_one_line_and_files_are_closed(work: Path) -> None:
    if missing := XScreen.missing():
        pytest.skip(f"needs {missing}")
    with XScreen(1366, 768) as screen:
        program = subprocess.Popen(
            [sys.executable, "-P", "-m", "livespot", "demo", "--record", "film.mp4", "--events", "seen.jsonl"],
            env=os.environ | {"DISPLAY": screen.name}, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            seen = Path("seen.jsonl")
            until(lambda: seen.exists() and seen.read_text().count("\n") > 20, "events", 120, program)
            screen.close()
            said = program.communicate(timeout=60)[1].strip().splitlines()
        finally:
            program.kill()
            program.communicate()
    assert program.returncode == 1
    assert said[-1] == ("livespot: the screen went away (the X server ended): livespot has closed its files and ends")
    assert not any("Traceback" in line or "XIO" in line for line in said)
    events = [json.loads(line) for line in Path("seen.jsonl").read_text().splitlines()]
    assert len(events) >= 20
    with open_source("film.mp4", Settings()) as film:
        assert sum(1 for _ in iter(film.read, None)) > 5
    assert {path.name for path in work.iterdir()} == {"film.mp4", "seen.jsonl"}
