"""The commands in a real window on a virtual display: they open, show, and close by key and by cross."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from kit.screen.xscreen import XScreen

from livespot.demo import page_picture

pytestmark = pytest.mark.window


class Running:
    """A command in a process of its own, on this screen."""

    def __init__(self, screen: XScreen, *words: str) -> None:
        self.screen = screen
        self.process = subprocess.Popen(
            [sys.executable, "-m", "livespot", *words],
            env=os.environ | {"DISPLAY": screen.name},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def wait(self, good: Callable[[], bool], what: str) -> None:
        limit = time.monotonic() + 60
        while not good():
            if self.process.poll() is not None or time.monotonic() > limit:
                self.process.kill()
                out, errors = self.process.communicate()
                raise AssertionError(f"{what} never came: {out}{errors}")
            time.sleep(0.05)

    def colours(self) -> int:
        """How many different colours are on the screen: a picture has many, an empty screen one."""
        pixels = self.screen.pixels()[::8, ::8].astype(np.uint32)
        return len(np.unique(pixels[..., 0] << 16 | pixels[..., 1] << 8 | pixels[..., 2]))

    def end(self) -> tuple[int, str]:
        errors = self.process.communicate(timeout=60)[1]
        return self.process.returncode, errors


@pytest.fixture
def start(screen: XScreen) -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def begin(*words: str) -> Running:
        started.append(Running(screen, *words))
        return started[-1]

    yield begin
    for running in started:
        if running.process.poll() is None:
            running.process.kill()
            running.process.communicate()


@pytest.fixture
def page(work: Path) -> Path:
    cv2.imwrite("page.png", page_picture(seed=1).image)
    return work / "page.png"


@pytest.mark.parametrize("how", ["key", "cross"])
def test_photo_show(page: Path, start: Callable[..., Running], screen: XScreen, how: str) -> None:
    running = start("photo", "page.png", "--show", "--no-picture")
    running.wait(lambda: running.colours() > 200, "the picture")
    if how == "key":
        screen.hands("key", "q")
    else:
        screen.ask_to_close()
    status, errors = running.end()
    assert (status, errors) == (0, "")


def test_a_still_stays_until_it_is_closed(page: Path, start: Callable[..., Running], screen: XScreen) -> None:
    running = start("page.png")
    running.wait(lambda: running.colours() > 200, "the picture")
    time.sleep(2)
    assert running.process.poll() is None
    screen.hands("key", "q")
    status, errors = running.end()
    assert status == 0
    assert "Traceback" not in errors


def test_the_demo_in_a_window_records_and_ends_by_itself(work: Path, start: Callable[..., Running]) -> None:
    from livespot.capture.video import VideoSource

    running = start("demo", "--seconds", "4", "--size", "640x480", "--record", "out.mp4")
    running.wait(lambda: running.colours() > 200, "the picture")
    status, errors = running.end()
    assert status == 0, errors
    last = 0.0
    with VideoSource(work / "out.mp4") as video:
        while (frame := video.read()) is not None:
            last = frame.time
    assert last == pytest.approx(4.0, abs=0.5)


def test_a_display_that_does_not_answer_is_said(work: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "livespot", "demo", "--seconds", "0.2", "--size", "320x240"],
        env=os.environ | {"DISPLAY": ":9753"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    assert "no window: the display :9753 does not answer; going on without one" in done.stderr
