"""The live loop is measured on the real command line, in a process of its own."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from livespot.bench import clips
from livespot.bench.speed import liverun
from livespot.errors import LivespotError


@pytest.fixture
def clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> clips.Clip:
    """A second and a half of the demo as a video file."""
    monkeypatch.setattr("livespot.startup.cache_dir", lambda: tmp_path)
    return clips.rendered((640, 360), seconds=1.5, scenario="desk")


@pytest.mark.slow
def test_a_clip_holds_every_frame_with_its_truth_and_is_rendered_once(clip: clips.Clip) -> None:
    frames = list(clip.frames())
    assert len(frames) == clip.length == 45
    assert frames[0].image.shape == (360, 640, 3)
    assert clip.labels(44).differences
    before = clip.path.stat().st_mtime_ns
    assert clips.rendered((640, 360), seconds=1.5, scenario="desk").path.stat().st_mtime_ns == before


@pytest.mark.slow
@pytest.mark.parametrize("window", [False, True], ids=["headless", "window"])
def test_playing_a_clip_says_what_became_of_its_frames(clip: clips.Clip, window: bool) -> None:
    with liverun.screen() as display:
        if window and display is None:
            pytest.skip("no Xvfb for a window")
        run = liverun.play(clip, display if window else None, record=True)
    assert 0 < run.shown_share <= 1
    assert run.dropped == round(clip.length * (1 - run.shown_share))
    assert 0 < run.latency_ms[0] <= run.latency_ms[1] <= run.latency_ms[2]
    assert run.age_ms[0] >= run.latency_ms[0]
    assert 0 < run.first_frame_s < 60
    assert run.peak_mb > 50


def test_a_measured_program_that_fails_is_no_measurement(clip: clips.Clip) -> None:
    with pytest.raises(LivespotError, match=r"failed: livespot: .*sensitivity"):
        liverun.play(clip, None, environment={"LIVESPOT_SENSITIVITY": "much"})


PEAK = "from livespot.cli import measured; print(measured._peak_mb())"


def test_the_peak_is_of_the_measured_process_not_of_the_one_that_started_it() -> None:
    ours = np.ones(300_000_000, np.uint8)  # the benchmark itself has measured large things before
    said = subprocess.run([sys.executable, "-P", "-c", PEAK], capture_output=True, text=True, check=True).stdout
    assert 30 < float(said) < ours.nbytes / 1e6
