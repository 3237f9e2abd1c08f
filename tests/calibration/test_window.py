"""The guided calibration in a real window: real keys on a virtual display."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from kit.screen.pixels import near
from kit.screen.xscreen import XScreen

from livespot.frame import Image

pytestmark = pytest.mark.window

ACCENT, DONE = (20, 186, 255), (240, 190, 92)  # BGR, of calibration.pictures


class Sitting:
    """`livespot calibrate lens demo` in a process of its own, on that screen."""

    def __init__(self, screen: XScreen, folder: Path) -> None:
        self.screen = screen
        self.process = subprocess.Popen(
            [sys.executable, "-m", "livespot", "calibrate", "lens", "demo", "--size", "640x360", "--fps", "12"],
            env=os.environ | {"DISPLAY": screen.name, "PYTHONPATH": str(Path(__file__).parents[2])}, cwd=folder,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def wait(self, what: str, colour: tuple[int, int, int], more: int, seconds: float = 60.0) -> Image:
        """The screen, as soon as it shows more than that many px of a colour."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            seen = self.screen.pixels()
            if near(seen, colour, 13).sum() > more:
                return seen
            time.sleep(0.1)
        self.end()
        raise AssertionError(f"{what} never came: {self.said}")

    def press(self, *keys: str) -> None:
        for name in keys:
            self.screen.hands("key", name)
            time.sleep(0.3)

    def end(self, seconds: float = 60.0) -> int:
        """Its exit status; `said` is then what it said."""
        try:
            self.said, _ = self.process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.said, _ = self.process.communicate()
            raise AssertionError(f"it did not end: {self.said}") from None
        return self.process.returncode


@pytest.fixture
def sitting(screen: XScreen, work: Path) -> Iterator[Sitting]:
    sat = Sitting(screen, work)
    screen.hands("mousemove", "400", "300")
    yield sat
    if sat.process.poll() is None:
        sat.process.kill()
        sat.process.communicate()


def test_views_are_taken_enter_finishes_and_the_result_is_shown(sitting: Sitting) -> None:
    sitting.wait("the corners", ACCENT, 200)
    for _ in range(6):
        sitting.press("space")
        time.sleep(1.2)  # the board goes on to its next place
    seen = sitting.wait("a bar or an outline of what is done", DONE, 100)
    assert seen.std() > 20
    sitting.press("Return")
    sitting.wait("the picture of the distortion or of the coverage", DONE, 300)
    time.sleep(1.0)
    sitting.press("n", "n", "n")
    assert sitting.end() == 0
    assert "reprojection error" in sitting.said
    assert "wrote" in sitting.said
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "livespot" / "cameras"
    assert sorted(p.suffix for p in folder.iterdir()) == [".png", ".png", ".yaml"]


@pytest.mark.parametrize("how", ["q", "Escape", "cross"])
def test_leaving_early_keeps_nothing_and_says_so(sitting: Sitting, how: str) -> None:
    sitting.wait("the corners", ACCENT, 200)
    if how == "cross":
        sitting.screen.ask_to_close("livespot")
    else:
        sitting.press(how)
    assert sitting.end() == 1
    assert "nothing was kept" in sitting.said
    assert not (Path(os.environ["XDG_CONFIG_HOME"]) / "livespot" / "cameras").exists()
