"""The commands as a user meets them: what they say, their exit status, and what is on the disk afterwards."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from kit.cameras import Device, plug

from livespot.cli import COMMANDS, main
from livespot.cli import files as cli_files
from livespot.cli.photo import enlarged
from livespot.demo import page_picture
from livespot.errors import LivespotError, UsageError
from livespot.settings import tunables
from livespot.spotting.findings import Difference, Kind, Spotting, State


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on standard error."""
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("livespot: ")
    return lines[0]


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    for name in COMMANDS:
        assert re.search(rf"^  {name} ", text, re.MULTILINE)
    assert all(len(line) <= 100 for line in text.splitlines())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert f"usage: livespot {name}" in text
    for t in tunables():
        if "." not in t.key:
            assert f"--{t.key.replace('_', '-')}" in text


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert re.fullmatch(r"livespot \d+\.\d+\.\d+\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["--hedless"], 2, "unknown option --hedless; did you mean --headless?"),
        (["live", "--colour"], 2, "unknown option --colour"),
        (["--head"], 2, "unknown option --head"),  # no guessing at shortened options
        (["clip.mp4", "more.mp4"], 2, "one word too many: 'more.mp4'"),
        (["--seconds", "0"], 2, "not a number of seconds above 0"),
        (["--seconds", "nan"], 2, "not a number of seconds above 0"),
        (["--sensitivity", "99"], 2, "sensitivity: '99' is not a number from 0.25 to 4"),
        (["--rotate", "45"], 2, "rotate: '45' is not one of 0, 90, 180, 270"),
        (["--size", "big"], 2, "size: 'big' is not text"),
        (["--set", "classic.quantile"], 2, "write it as NAME=VALUE"),
        (["--set", "classic.colour=1"], 2, "unknown setting 'classic.colour'"),
        (["--config", "nothing.toml"], 2, "cannot use settings file nothing.toml"),
        (["photo"], 2, "missing: IMAGE"),
        (["demo", "nothing", "--headless"], 2, "unknown demo 'nothing'"),
        (["nothing.mp4", "--headless"], 1, "there is no file nothing.mp4"),
        (["doctr", "--headless"], 1, "no file, no camera's name and no command"),
        (["photo", "nothing.jpg"], 1, "there is no file nothing.jpg"),
        (["http://me:s3cret@127.0.0.1:1/", "--headless"], 1, "connection refused"),
        (["recover", "nothing"], 2, "nothing"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_one_line(
    work: Path, capsys: pytest.CaptureFixture[str], words: list[str], status: int, says: str
) -> None:
    assert main(words) == status
    line = said(capsys)
    assert says in line
    assert "s3cret" not in line
    assert list(work.iterdir()) == []


def test_what_is_said_nearest_wins(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("s.toml").write_text("sensitivity = 2.0\nfps = 10\nrotate = 90\n")
    words = ["settings", "--config", "s.toml", "--set", "sensitivity=3", "--set", "fps=11", "--fps", "12", "--mirror"]
    assert main([*words, "--toml"]) == 0
    out = capsys.readouterr().out
    for line in ("sensitivity = 3.0", "fps = 12.0", "rotate = 90", "mirror = true"):
        assert re.search(rf"^{re.escape(line)} ", out, re.MULTILINE), line


def test_settings_lists_every_tunable(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings"]) == 0
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines()] == [t.key for t in tunables()]


def test_cameras(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    plug(monkeypatch, Device(0, "Built-in", pid=1), Device(2, "C920", "/dev/video92", sizes=[(640, 480)], opens=True))
    assert main(["cameras"]) == 0
    out = capsys.readouterr().out
    assert "0: Built-in" in out
    assert "2: C920" in out
    assert "/dev/video92" in out
    assert "640x480 at 30/s MJPG" in out


def test_no_cameras(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    plug(monkeypatch)
    assert main(["cameras"]) == 0
    assert "no camera found" in capsys.readouterr().out


def test_an_unexpected_failure_is_one_line_and_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("livespot.startup.cache_dir", lambda: tmp_path)
    monkeypatch.setattr("livespot.cli.settings.run", lambda args, settings: 1 // 0)
    assert main(["settings", "--set", "size=640x480"]) == 1
    line = said(capsys)
    assert "ZeroDivisionError" in line
    (report,) = (tmp_path / "failures").iterdir()
    assert str(report) in line
    assert "Traceback" in report.read_text()
    assert main(["settings", "--traceback"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_ctrl_c_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(args: Any, settings: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("livespot.cli.settings.run", interrupted)
    assert main(["settings"]) == 130
    assert said(capsys) == "livespot: stopped"


# --- photo ---


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of the project's own with seven differences, and its two panels as pictures of their own."""
    folder = tmp_path_factory.mktemp("drawn")
    page = page_picture(seed=1)
    cv2.imwrite(str(folder / "page.png"), page.image)
    for name, quad in (("a", page.a), ("b", page.b)):
        (x0, y0), (x1, y1) = quad.min(axis=0).round().astype(int), quad.max(axis=0).round().astype(int)
        cv2.imwrite(str(folder / f"{name}.png"), page.image[y0:y1, x0:x1])
    return folder


@pytest.fixture
def page(drawn: Path, work: Path) -> Path:
    for name in ("page.png", "a.png", "b.png"):
        (work / name).write_bytes((drawn / name).read_bytes())
    return work


KEYS = {"frame", "time", "state", "reason", "latency_ms", "panels", "differences"}


def test_photo_of_a_page(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["photo", "page.png", "--json", "page.json"]) == 0
    out = capsys.readouterr().out
    result = json.loads(Path("page.json").read_text())
    assert set(result) == KEYS
    assert result["state"] == "locked"
    assert len(result["panels"]) == 2
    assert result["differences"]
    assert f"{len(result['differences'])} differences" in out
    annotated = cv2.imread("page-differences.png")
    original = cv2.imread("page.png")
    assert annotated is not None
    assert original is not None
    assert annotated.shape == original.shape
    assert np.any(annotated != original)
    assert "wrote page-differences.png" in out


def test_photo_never_overwrites_what_it_wrote(page: Path) -> None:
    for _ in range(3):
        assert main(["photo", "page.png"]) == 0
    names = sorted(p.name for p in page.iterdir() if "differences" in p.name)
    assert names == ["page-differences-2.png", "page-differences-3.png", "page-differences.png"]


def test_photo_of_two_pictures_uses_each_ones_own_px(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Picture B twice as large: its quads are twice as large too."""
    b = cv2.imread("b.png")
    assert b is not None
    cv2.imwrite("b.png", cv2.resize(b, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC))
    assert main(["photo", "a.png", "b.png", "--json", "r.json", "--no-picture"]) == 0
    result = json.loads(Path("r.json").read_text())
    a_panel, b_panel = (np.array(quad) for quad in result["panels"])
    assert np.ptp(b_panel[:, 0]) == pytest.approx(2 * np.ptp(a_panel[:, 0]), rel=0.03)
    assert sorted(p.name for p in page.iterdir()) == ["a.png", "b.png", "page.png", "r.json"]


def test_photo_of_identical_pictures_says_so(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["photo", "a.png", "a.png", "--json", "r.json", "--no-picture"]) == 0
    assert "no difference found" in capsys.readouterr().out
    assert json.loads(Path("r.json").read_text())["differences"] == []


def test_photo_without_a_puzzle_is_exit_status_1(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cv2.imwrite("sky.png", np.full((400, 600, 3), (230, 180, 120), np.uint8))
    assert main(["photo", "sky.png", "--json", "r.json"]) == 1
    assert "sky.png: " in said(capsys)
    assert json.loads(Path("r.json").read_text())["panels"] == []
    assert not Path("sky-differences.png").exists()


def test_photo_of_two_different_scenes_is_exit_status_1(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from skimage import data

    cv2.imwrite("cat.png", data.chelsea()[:, :, ::-1])
    cv2.imwrite("coffee.png", data.coffee()[:, :, ::-1])
    assert main(["photo", "cat.png", "coffee.png"]) == 1
    assert "cat.png and coffee.png: " in said(capsys)


def test_photo_of_a_cut_jpeg_uses_what_reads_and_says_so(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    image = cv2.imread("page.png")
    assert image is not None
    data = cv2.imencode(".jpg", image)[1].tobytes()
    Path("cut.jpg").write_bytes(data[: int(len(data) * 0.93)])
    assert main(["photo", "cut.jpg", "--no-picture"]) == 1
    assert "cut.jpg ended early" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--json", "nowhere/r.json"], "there is no folder nowhere"),
        (["--json", "folder"], "it is a folder"),
        (["--output", "r.gif"], "end it in one of"),
        (["--output", "nowhere/r.png"], "there is no folder nowhere"),
        (["--output", "page.png"], "is the picture itself"),
        (["--output", "r.png", "--json", "r.png"], "need different files"),
        (["--output", "r.png", "--no-picture"], "not allowed with"),
        (["--explain", "page.png"], "it is a file; give a folder"),
        (["--explain", "nowhere/steps"], "there is no folder nowhere"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_photo_refuses_before_it_works(
    page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: list[str], says: str
) -> None:
    Path("folder").mkdir()
    monkeypatch.setattr("livespot.cli.photo.spot", lambda *_: pytest.fail("the work had begun"))
    before = sorted(page.iterdir())
    assert main(["photo", "page.png", *words]) == 2
    assert says in said(capsys)
    assert sorted(page.iterdir()) == before


@pytest.mark.parametrize("method", ["robust", "classic"])
def test_photo_explains_every_step(page: Path, capsys: pytest.CaptureFixture[str], method: str) -> None:
    assert main(["photo", "page.png", "--no-picture", "--explain", "steps", "--method", method]) == 0
    assert f"wrote {Path('steps/explain.html')}" in capsys.readouterr().out
    text = Path("steps/explain.html").read_text(encoding="utf-8")
    pictures = set(re.findall(r'src="(explain-[^"]+)"', text))
    assert {f"explain-{n}" for n in range(1, 9)} == {name[:9] for name in pictures}
    assert {p.name for p in Path("steps").iterdir()} == pictures | {"explain.html"}
    assert "kept: difference 1" in text
    if method == "robust":
        assert re.search(r"dropped: \d+&nbsp;% sure, and 50&nbsp;% is asked for", text)
    # Once more into the same folder: the user named it.
    assert main(["photo", "page.png", "--no-picture", "--explain", "steps", "--method", method]) == 0


def test_photo_explains_why_there_is_no_puzzle(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cv2.imwrite("table.png", np.random.default_rng(0).integers(0, 255, (480, 640, 3), np.uint8))
    assert main(["photo", "table.png", "--explain", "steps"]) == 1
    assert f"no puzzle in view: show both pictures; {Path('steps/explain.html')} shows what was seen" in said(capsys)
    assert "no puzzle in view" in Path("steps/explain.html").read_text(encoding="utf-8")


def test_photo_whose_explanation_cannot_be_written(
    page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    Path("steps").mkdir()
    monkeypatch.setattr("livespot.cli.photo.spot", lambda *_: pytest.fail("the work had begun"))
    monkeypatch.setattr(cli_files.tempfile, "NamedTemporaryFile", refuse)
    assert main(["photo", "page.png", "--no-picture", "--explain", "steps"]) == 2
    assert "cannot write the explanation to steps: permission denied; choose another folder" in said(capsys)


def test_photo_beside_which_nothing_can_be_written(
    page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(cli_files.tempfile, "NamedTemporaryFile", refuse)
    assert main(["photo", "page.png"]) == 2
    assert "permission denied; choose another folder, with --output FILE" in said(capsys)


def test_results_of_a_reduced_picture_are_in_its_own_px() -> None:
    quad = np.array([[0, 0], [9, 0], [9, 9], [0, 9]], float)
    found = Difference(1, Kind.ADDED, 0.9, (0, 0, 9, 9), quad, quad)
    spotting = Spotting(0, 0.0, State.LOCKED, panels=(quad, quad), differences=(found,))
    full = enlarged(spotting, 0.25, 0.5)
    assert full.panels is not None
    # The reduced picture's first pixel covers the first four: its centre lies at 1.5.
    assert full.panels[0][0].tolist() == [1.5, 1.5]
    assert full.differences[0].a[2].tolist() == [37.5, 37.5]
    assert full.differences[0].b[2].tolist() == [18.5, 18.5]


def test_a_write_that_fails_leaves_nothing(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(LivespotError, match=r"cannot write r\.json: no space left on device"):
        cli_files.write_whole(Path("r.json"), b"{}")
    assert list(work.iterdir()) == []


# --- live ---


def test_live_refuses_outputs_before_it_opens_anything(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--headless", "--events", "nowhere/e.jsonl"]) == 2
    assert "nowhere" in said(capsys)
    assert main(["demo", "--headless", "--events", "x.mp4", "--record", "x.mp4"]) == 2
    assert "need different files" in said(capsys)
    assert main(["demo", "--headless", "--record", "x.avi"]) == 2
    assert "end the name in .mp4" in said(capsys)
    if Path("/proc/self").exists():
        assert main(["demo", "--headless", "--record", "/proc/x.mp4"]) == 2
        assert "cannot write the recording to /proc/x.mp4" in said(capsys)
    assert list(work.iterdir()) == []


def test_without_a_display_a_camera_alone_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    device = Device(0, "C270")
    plug(monkeypatch, device)
    assert main(["0"]) == 1
    line = said(capsys)
    assert "no window can be opened" in line
    assert "--events FILE" in line
    assert device.released == 1


def test_no_camera_opens_the_demo_and_says_so(
    work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    plug(monkeypatch)
    words = ["--seconds", "0.3", "--fps", "10", "--size", "320x240", "--events", "e.jsonl"]
    assert main(words) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "livespot: no camera found: showing the demo instead (name a SOURCE to use something else)"
    assert "no window" in lines[1]
    events = [json.loads(line) for line in Path("e.jsonl").read_text().splitlines()]
    assert [event["frame"] for event in events] == [0, 1, 2]
    assert all(set(event) == KEYS for event in events)


def test_a_video_cut_short_keeps_what_read_and_fails(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import av

    with av.open("clip.mkv", "w") as out:
        stream = out.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = 160, 120, "yuv420p", 5
        random = np.random.default_rng(0)
        for _ in range(40):
            image = random.integers(0, 256, (120, 160, 3), dtype=np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(image, "bgr24")))
        out.mux(stream.encode(None))
    data = Path("clip.mkv").read_bytes()
    Path("clip.mkv").write_bytes(data[: len(data) // 2])
    assert main(["clip.mkv", "--headless", "--events", "e.jsonl"]) == 1
    assert "clip.mkv ended early" in capsys.readouterr().err
    assert 10 < len(Path("e.jsonl").read_text().splitlines()) < 30


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
def test_stopped_in_the_middle_everything_is_whole(work: Path, number: signal.Signals) -> None:
    words = ["live", "demo", "--headless", "--seconds", "600", "--size", "320x240", "--events", "e.jsonl"]
    with subprocess.Popen(
        [sys.executable, "-m", "livespot", *words], stderr=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        limit = time.monotonic() + 60
        while not (Path("e.jsonl").exists() and Path("e.jsonl").stat().st_size > 2000):
            assert process.poll() is None
            assert time.monotonic() < limit
            time.sleep(0.05)
        process.send_signal(number)
        errors = process.communicate(timeout=60)[1]
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    lines = Path("e.jsonl").read_text().splitlines()
    assert [json.loads(line)["frame"] for line in lines] == list(range(len(lines)))


def test_the_reader_of_our_output_may_go_away() -> None:
    done = subprocess.run(
        f"{sys.executable} -m livespot settings | sleep 0; exit ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""


def test_demo_page_to_print(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--page", "page.png", "--seed", "2"]) == 0
    image = cv2.imread("page.png")
    assert image is not None
    assert min(image.shape[:2]) > 400
    assert main(["demo", "--page", "page.txt"]) == 2
    with pytest.raises(UsageError):
        cli_files.check_picture_name(Path("page"), "--page")


def test_demo_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--list"]) == 0
    out = capsys.readouterr().out
    assert "puzzles:" in out
    assert "handheld" in out
