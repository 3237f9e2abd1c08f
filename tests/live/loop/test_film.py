"""A recording is what is on the screen: frozen and blinking views too, at true times, unless it is to stay live."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kit.screen.desk import Sitting
from kit.screen.pixels import PICTURE, differs

from livespot.frame import Frame
from livespot.live.interaction.keys import Action
from livespot.live.loop.film import Film
from livespot.record.outputs import Filmed, Outputs
from livespot.record.recorder import RecordingStatus

ON = RecordingStatus(True, 1.0, 30, 0, False, None, None, ())
SIZE = (1280, 768)


@pytest.fixture
def sitting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sitting]:
    monkeypatch.setattr(Outputs, "status", property(lambda self: ON))
    there = Sitting(tmp_path)
    with there.engine:
        there.settle()
        there.desk.welcome_until = 0.0  # which is no part of the picture
        yield there


def filming(sitting: Sitting, live_only: bool = False) -> Film:
    return Film(sitting.desk, sitting.desk.outputs, lambda: sitting.screen.drawings, live_only)


def shot(sitting: Sitting, film: Film) -> Any:
    """What is recorded of one frame, as it looks."""
    sitting.screen.draw(SIZE)
    made = film.of(sitting.frame, sitting.desk.live, replace(sitting.desk.marking, selected=None))
    picture = made.image.copy()
    if made.draw is not None:
        made.draw(picture)
    return picture


def test_what_is_recorded_is_what_the_window_shows(sitting: Sitting) -> None:
    film = filming(sitting)
    for step in ((), (Action.FREEZE,), (Action.VIEW,), (Action.ZOOM_IN,), (Action.HEAT,)):
        sitting.do(*step)
        picture = shot(sitting, film)
        on_screen = sitting.screen.draw(SIZE)[: PICTURE[1]]
        assert picture.shape == on_screen.shape
        assert differs(picture, on_screen) < 0.04  # it has no strip, so its lines are a little thinner
    sitting.do(Action.HEAT, Action.WHOLE, Action.BLINK)
    sitting.screen.draw(SIZE)
    one = shot(sitting, film)
    sitting.now += 1 / 1.5  # the rate of blinking
    two = shot(sitting, film)
    assert differs(one, two) > 0.01
    assert np.array_equal(shot(sitting, film), two)


def test_a_mirrored_window_is_recorded_as_the_page_is(sitting: Sitting) -> None:
    film = filming(sitting)
    sitting.do(Action.FREEZE)
    plain = shot(sitting, film)
    sitting.do(Action.MIRROR)
    assert differs(shot(sitting, film), plain) == 0.0


def test_record_live_goes_on_with_the_live_view(sitting: Sitting) -> None:
    film = filming(sitting, live_only=True)
    before = shot(sitting, film)
    sitting.do(Action.FREEZE, Action.VIEW)
    assert differs(shot(sitting, film), before) == 0.0


def test_the_time_a_file_was_held_for_is_in_the_recording(sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    filmed: list[float] = []
    monkeypatch.setattr(Outputs, "film", lambda self, shot: filmed.append(shot.time))
    film, first = filming(sitting), sitting.frame
    sitting.do(Action.FREEZE)
    for i in range(31):
        film.hold(first, True, 50.0 + 0.1 * i)
    film.hold(first, False, 53.05)
    assert len(filmed) > 25
    assert filmed == sorted(filmed)
    assert filmed[-1] == pytest.approx(first.time + 3.0, abs=0.01)
    sitting.do(Action.FREEZE)
    later: Filmed = film.of(Frame(first.image, first.time + 1 / 30, 1, 0.0), sitting.desk.live, sitting.desk.marking)
    assert later.time == pytest.approx(first.time + 1 / 30 + 3.0, abs=0.01)


def test_what_stops_a_recording_is_always_there(sitting: Sitting) -> None:
    for size in (SIZE, (640, 480), (320, 480)):
        for actions in ((), (Action.FREEZE,), (Action.CORNERS,), (Action.CORNERS, Action.HINT), (Action.REVEAL,)):
            sitting.do(*actions)
            sitting.screen.draw(size)
            assert Action.RECORD in [action for _, action in sitting.desk.chips]
        sitting.do(Action.FREEZE)
