"""The loop without a window: in step, at its own pace, and how it ends."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from kit.puzzles import page
from kit.sources import Misbehaving
from kit.truth_page import PageSource, TruthSpotter

from livespot.capture.newest import Status
from livespot.capture.opening import open_source
from livespot.errors import LivespotError, SourceError, UsageError
from livespot.live.loop.session import SessionOptions, run
from livespot.live.loop.tally import Tally, summary
from livespot.live.window import display
from livespot.settings import Settings

QUIET = SessionOptions(headless=True)


def events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_frame_of_a_file_gives_one_event_in_order(tmp_path: Path) -> None:
    spotter = TruthSpotter()
    path = tmp_path / "out.jsonl"
    assert run(PageSource(frames=60), Settings(), replace(QUIET, events=path), spotter=spotter) == 0
    lines = events(path)
    assert [line["frame"] for line in lines] == list(range(60))
    assert all(len(line["differences"]) == 5 for line in lines)
    # On the first frame, and five times a second of source time after it.
    assert spotter.analysed == [0, 6, 12, 18, 24, 30, 36, 42, 48, 54]
    assert spotter.diary[0] == "warm_up"


@pytest.mark.parametrize(
    ("rate", "fps", "expected"),
    [(5.0, 24.0, [0, 5, 10, 15, 20]), (10.0, 5.0, list(range(24))), (0.5, 30.0, [0])],
    ids=["uneven", "more often than frames come", "once in two seconds"],
)
def test_the_analysis_rate_is_kept_in_source_time(rate: float, fps: float, expected: list[int]) -> None:
    spotter = TruthSpotter()
    run(PageSource(frames=24, fps=fps), replace(Settings(), analysis_rate=rate), QUIET, spotter=spotter)
    assert spotter.analysed == expected


def test_two_identical_pictures_on_one_still_page_are_said_to_be_the_same(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    picture = tmp_path / "page.png"
    cv2.imwrite(str(picture), page("side", differs=False).image)
    settings = Settings()
    assert run(open_source(str(picture), settings), settings, replace(QUIET, events=path)) == 0
    (line,) = events(path)
    assert (line["state"], line["reason"], line["differences"]) == ("locked", "no difference found", [])


def test_the_same_file_gives_the_same_events(tmp_path: Path) -> None:
    def once(name: str) -> list[dict[str, Any]]:
        path = tmp_path / name
        run(PageSource(frames=30), Settings(), replace(QUIET, events=path), spotter=TruthSpotter())
        return [{k: v for k, v in line.items() if k != "latency_ms"} for line in events(path)]

    assert once("a.jsonl") == once("b.jsonl")


@pytest.mark.parametrize(
    ("paced", "cores", "given", "used"),
    [(True, 2, 2, 1), (True, 8, 4, 4), (True, 1, 2, 1), (False, 2, 2, 2)],
    ids=["a core is left to the display", "cores enough", "one core", "in step"],
)
def test_what_is_paced_leaves_a_core_alone(
    monkeypatch: pytest.MonkeyPatch, paced: bool, cores: int, given: int, used: int
) -> None:
    seen: list[tuple[int, int]] = []

    def spotter(settings: Settings) -> TruthSpotter:
        seen.append((settings.threads, cv2.getNumThreads()))
        return TruthSpotter()

    monkeypatch.setattr("livespot.spotting.spotter.Spotter", spotter)
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    before = cv2.getNumThreads()
    run(PageSource(frames=2), replace(Settings(), threads=given), replace(QUIET, realtime=paced))
    assert seen == [(used, 1 if paced else before)]
    assert cv2.getNumThreads() == before


def test_seconds_end_it_by_the_source_s_own_clock(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    run(PageSource(frames=None), Settings(), replace(QUIET, events=path, seconds=1.0), spotter=TruthSpotter())
    assert len(events(path)) == 30


def test_a_recording_has_every_frame_and_the_right_length(tmp_path: Path, play: Callable[[Path], Any]) -> None:
    path = tmp_path / "out.mp4"
    run(PageSource(frames=45), Settings(), replace(QUIET, record=path), spotter=TruthSpotter())
    watched = play(path)
    assert watched.frames == 45
    assert watched.seconds == pytest.approx(1.5, abs=0.05)


@pytest.mark.parametrize("live", [True, False], ids=["a camera", "a file in real time"])
def test_at_its_own_pace_frames_may_drop_but_time_goes_on(
    live: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "out.jsonl"
    options = replace(QUIET, events=path, realtime=not live)
    spotter = TruthSpotter(slow=0.2)
    assert run(PageSource(frames=30, live=live), Settings(), options, spotter=spotter) == 0
    frames = [line["frame"] for line in events(path)]
    assert frames == sorted(set(frames))
    assert len(frames) >= 10
    # The slow analyser holds up nobody: it takes the newest frame and passes the others over.
    assert 1 <= len(spotter.analysed) <= 8
    assert "shown" in capsys.readouterr().err


def test_the_line_at_the_end_says_what_came_and_why_the_rest_fell() -> None:
    tally = Tally(Status(captured=90, dropped=10, refused=3, missed=4, losses=1), shown=80, analysed=7)
    assert summary("C920", tally, []) == (
        "C920: 90 frames, 80 shown, 7 analysed, 10 dropped (a newer one had come), "
        "3 refused (broken, or out of time), 4 missed (not read in time), source lost 1 time"
    )
    assert summary("page.png", Tally(Status(captured=1), analysed=6), []) == "page.png: 1 frame, 6 analysed"


def test_a_camera_that_was_lost_and_came_back_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    capture = replace(Settings().capture, retry_first=0.05, stall_timeout=0.5)
    source = Misbehaving(["frame"] * 5 + ["raise"], reopened=[["frame"]], pause=0.02)
    options = replace(QUIET, seconds=0.5)
    assert run(source, replace(Settings(), capture=capture), options, spotter=TruthSpotter(empty=True)) == 0
    last = capsys.readouterr().err.splitlines()[-1]
    assert "lost 1 time" in last
    assert "analysed" in last


def test_an_analyser_that_fails_is_told_once_and_the_rest_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "out.jsonl"
    spotter = TruthSpotter(fail=True)
    assert run(PageSource(frames=30, live=True), Settings(), replace(QUIET, events=path), spotter=spotter) == 0
    assert capsys.readouterr().err.count("the analyser broke") == 1
    assert len(events(path)) >= 10


@pytest.mark.parametrize("live", [True, False], ids=["live", "file"])
def test_a_source_that_fails_raises_after_everything_is_closed(
    live: bool, tmp_path: Path, play: Callable[[Path], Any]
) -> None:
    path = tmp_path / "out.mp4"
    source = PageSource(frames=None, live=live, fault="fail", fps=60)
    with pytest.raises(SourceError, match="pulled away"):
        run(source, Settings(), replace(QUIET, record=path), spotter=TruthSpotter())
    assert source.closed
    assert play(path).frames > 10


def test_an_empty_source_is_an_error() -> None:
    with pytest.raises(LivespotError, match="holds no pictures"):
        run(PageSource(frames=0), Settings(), QUIET, spotter=TruthSpotter())


def test_an_output_that_exists_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("keep me\n")
    source = PageSource(frames=5)
    with pytest.raises(UsageError):
        run(source, Settings(), replace(QUIET, events=path), spotter=TruthSpotter())
    assert path.read_text() == "keep me\n"
    assert source.closed


def test_a_display_that_does_not_answer_is_not_usable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":987")
    found = display.probe()
    assert not found.usable
    assert ":987" in found.reason
    assert found.remedy


def test_a_size_that_changes_starts_a_numbered_part_and_stretches_nothing(
    tmp_path: Path, play: Callable[[Path], Any], capsys: pytest.CaptureFixture[str]
) -> None:
    album = tmp_path / "album"
    album.mkdir()
    for n in range(6):
        size = (240, 320, 3) if n < 4 else (360, 480, 3)
        cv2.imwrite(str(album / f"{n}.png"), np.full(size, 40 * n, np.uint8))
    source = open_source(str(album), replace(Settings(), fps=2.0))
    films = {name: tmp_path / f"{name}.mp4" for name in ("film", "raw")}
    options = replace(QUIET, record=films["film"], record_raw=films["raw"])
    run(source, Settings(), options, spotter=TruthSpotter(empty=True))
    for film in films.values():
        parts = [play(film), play(film.with_name(f"{film.stem}-2.mp4"))]
        assert [part.size for part in parts] == [(320, 240), (480, 360)]
        assert [part.frames for part in parts] == [4, 2]
        assert [part.seconds for part in parts] == pytest.approx([2.0, 1.0], rel=0.01)
    said = capsys.readouterr().err
    assert f"wrote {films['film']} and {tmp_path / 'film-2.mp4'} (3.0 s in all)" in said


def test_of_many_parts_the_last_line_names_the_first_and_the_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    album = tmp_path / "album"
    album.mkdir()
    for n in range(5):
        cv2.imwrite(str(album / f"{n}.png"), np.full((240 + 48 * (n % 2), 320, 3), 40 * n, np.uint8))
    film = tmp_path / "film.mp4"
    source = open_source(str(album), replace(Settings(), fps=2.0))
    run(source, Settings(), replace(QUIET, record=film), spotter=TruthSpotter(empty=True))
    assert f"wrote {film} and 4 more parts, up to {tmp_path / 'film-5.mp4'} (" in capsys.readouterr().err


@pytest.mark.parametrize("live", [False, True], ids=["in step", "at its own pace"])
def test_a_session_whose_files_have_all_stopped_is_over_and_failed(
    live: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    source = PageSource(frames=300, live=live)
    options = replace(QUIET, events=Path("/dev/full"), seconds=9.0)
    assert run(source, Settings(), options, spotter=TruthSpotter()) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("livespot: events stopped: the disk is full")
    assert len(lines) == 2
    assert int(lines[1].split(": ")[2].split()[0]) < 100  # frames


def test_one_file_that_stopped_leaves_the_others_whole_and_status_1(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    path = tmp_path / "out.mp4"
    options = replace(QUIET, events=Path("/dev/full"), record=path)
    assert run(PageSource(frames=20), Settings(), options, spotter=TruthSpotter()) == 1
    with open_source(str(path), Settings()) as film:
        assert len(list(iter(film.read, None))) == 20


def test_a_camera_that_gives_nothing_usable_ends_after_its_time_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = replace(Settings(), capture=replace(Settings().capture, open_timeout=0.5, stall_timeout=0.5))
    source = Misbehaving(["junk"], reopened=[["junk"]] * 20, pause=0.01)
    options = replace(QUIET, events=tmp_path / "e.jsonl", seconds=0.5)
    with pytest.raises(SourceError, match=r"gave no picture that can be used, \d+ were refused"):
        run(source, settings, options, spotter=TruthSpotter())
    assert "camera lost, trying again (no picture that can be used for 0.5 s)" in capsys.readouterr().err


def test_a_reference_stands_beside_every_frame(tmp_path: Path, play: Callable[[Path], Any]) -> None:
    film, spotter = tmp_path / "film.mp4", TruthSpotter()
    options = replace(QUIET, record_raw=film, reference=np.zeros((200, 100, 3), np.uint8))
    assert run(PageSource(frames=10, size=(640, 400)), Settings(), options, spotter=spotter) == 0
    assert play(film).size == (640 + 200, 400)
    assert "reference" in spotter.diary
