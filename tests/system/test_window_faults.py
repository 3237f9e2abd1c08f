"""A camera that fails in front of a person: said over the last picture, keys obeyed meanwhile, everything kept."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kit.screen.pixels import PICTURE, STRIP, boxed, near
from kit.screen.sitting import QUADS, Sit

from livespot.annotate import drawing
from livespot.frame import Image

pytestmark = pytest.mark.window

QUICK = 0.5  # s without a picture that are a lost camera: the tests need not wait for the usual two


def brightness(seen: Image) -> float:
    return float(seen[: PICTURE[1] - 20].mean())


def told(lit: float) -> Callable[[Image], bool]:
    """Whether words stand over a picture that is darker than this one was."""

    def is_so(seen: Image) -> bool:
        words = near(seen[320:400, 300:980], drawing.PAPER, 60).sum()
        return brightness(seen) < 0.75 * lit and bool(words > 300)

    return is_so


@pytest.mark.parametrize("fault", ["block", "junk"])
def test_a_camera_that_is_lost_is_said_and_comes_back_with_all_there_was(
    sit: Sit, tmp_path: Path, play: Callable[[Path], Any], fault: str
) -> None:
    film, sign = tmp_path / "film.mp4", tmp_path / "fault"
    person = sit(record=str(film), stall_timeout=QUICK, camera={"fault": fault, "while_there": str(sign)})
    lit = brightness(person.see())
    sign.touch()
    seen = person.wait(told(lit), "the words over the last picture")
    # A key is obeyed during the loss.
    person.keys("question")
    person.wait(lambda s: float(np.abs(s.astype(int) - seen.astype(int)).mean()) > 8, "the help")
    person.keys("question")
    sign.unlink()
    person.wait(lambda s: brightness(s) > 0.9 * lit and boxed(QUADS)(s), "the page and its boxes again")
    assert person.leave("q") == 0
    assert "Traceback" not in person.said
    watched = play(film)
    assert not watched.complaints
    assert max(np.diff(watched.times)) > QUICK  # the loss has its time in the film


def test_a_key_keeps_the_focus_of_the_camera_that_is_there_now(sit: Sit, tmp_path: Path) -> None:
    sign = tmp_path / "fault"
    person = sit(stall_timeout=QUICK, camera={"fault": "raise", "while_there": str(sign)})
    person.keys("k")
    lit = brightness(person.see())
    sign.touch()
    person.wait(told(lit), "the words over the last picture")
    sign.unlink()
    person.wait(lambda s: brightness(s) > 0.9 * lit and boxed(QUADS)(s), "the page and its boxes again")
    person.keys("k", "t")  # with the counters, and the camera's modes among them
    assert person.leave("q") == 0
    assert [line for line in person.said.splitlines() if "keep focus" in line] == [
        "keep focus: True",
        "keep focus: False",
    ]
    assert "Traceback" not in person.said


def test_quitting_while_a_read_is_blocked_for_good_is_done_at_once(
    sit: Sit, tmp_path: Path, play: Callable[[Path], Any]
) -> None:
    film, sign = tmp_path / "film.mp4", tmp_path / "fault"
    person = sit(record=str(film), stall_timeout=QUICK, camera={"fault": "block", "while_there": str(sign)})
    lit = brightness(person.see())
    sign.touch()
    person.wait(told(lit), "the words over the last picture")
    assert person.leave("q", seconds=3.5) == 0  # and not after the seconds that a thread is waited for
    assert "Traceback" not in person.said
    assert not play(film).complaints


def test_pictures_of_another_size_in_between_leave_the_window_and_the_films_whole(
    sit: Sit, tmp_path: Path, play: Callable[[Path], Any]
) -> None:
    sign = tmp_path / "fault"
    person = sit(record=str(tmp_path / "film.mp4"), camera={"fault": "resize", "while_there": str(sign)})
    sign.touch()
    person.wait(lambda s: not boxed(QUADS)(s), "the smaller page")
    sign.unlink()
    person.wait(boxed(QUADS), "the page and its boxes again")
    time.sleep(0.3)
    strip = person.see()[PICTURE[1] : PICTURE[1] + STRIP]
    assert near(strip[:, :300], drawing.PAPER).sum() > 150
    assert person.leave("q") == 0
    films = sorted(tmp_path.glob("film*.mp4"))
    assert len(films) == 3
    assert not any(play(path).complaints for path in films)
