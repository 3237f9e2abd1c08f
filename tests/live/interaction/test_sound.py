"""The sound: when it comes, that it is off unless asked for, and that the system's own player gets a real file."""

import time
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from kit.patience import until
from kit.truth_page import PageSource, TruthSpotter

from livespot import startup
from livespot.live.interaction import sound
from livespot.live.interaction.sound import Sound
from livespot.settings import Settings
from livespot.spotting.results import FrameResult, State


@pytest.fixture
def seen() -> FrameResult:
    frame = PageSource(still=True).read()
    spotter = TruthSpotter(still=True)
    assert frame is not None
    spotter.analyse(frame)
    return spotter.spotting(frame)


def test_a_page_sounds_once_and_a_difference_that_becomes_sure_later(seen: FrameResult) -> None:
    heard = Sound(False)
    few = replace(seen, differences=seen.differences[:2])
    unsure = replace(seen, differences=(*few.differences, replace(seen.differences[2], confidence=0.5)))
    assert heard.hear(few, 10.0) == "found"
    assert heard.hear(few, 10.1) == ""
    assert heard.hear(replace(few, state=State.LOST, differences=()), 11.0) == ""
    assert heard.hear(few, 12.0) == ""  # the same page came back
    assert heard.hear(unsure, 13.0) == ""
    assert heard.hear(replace(seen, differences=seen.differences[:3]), 14.0) == "new"
    assert heard.hear(replace(seen, differences=seen.differences[:3]), 16.0) == ""
    assert heard.hear(replace(few, page=2), 17.0) == "found"


def test_it_is_off_unless_asked_for_and_the_players_file_is_one(
    seen: FrameResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Settings().sound is False
    player = tmp_path / "aplay"
    player.write_text(f'#!/bin/sh\ncp "$2" {tmp_path}/played.wav\n')
    player.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(sound, "_PLAYERS", (["aplay", "-q"],))
    monkeypatch.setattr(startup, "cache_dir", lambda: tmp_path / "cache")
    Sound(False).hear(seen, 1.0)
    time.sleep(0.1)
    assert not (tmp_path / "played.wav").exists()
    Sound(True).hear(seen, 1.0)
    until((tmp_path / "played.wav").exists)
    time.sleep(0.05)
    with wave.open(str(tmp_path / "played.wav")) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        assert 0.1 < file.getnframes() / file.getframerate() < 0.5
    assert np.abs(samples).max() > 5000
