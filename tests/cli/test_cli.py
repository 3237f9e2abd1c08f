"""The commands as a user meets them: what they say, their exit status, and what is on the disk afterwards."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from kit.cameras import Device, plug
from kit.patience import until
from kit.streams import KEYS, said

from livespot import saying, startup
from livespot.cli import COMMANDS, main
from livespot.cli import files as cli_files
from livespot.errors import UsageError
from livespot.settings import tunables


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    text = capsys.readouterr().out
    for name in COMMANDS:
        assert re.search(rf"^ +{name} ", text, re.MULTILINE)
    assert all(len(line) <= 100 for line in text.splitlines())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert f"usage: livespot {name}" in text
    options, words = text.partition("\n\n")[0] + text.partition("options:")[2], "see `livespot settings`"
    assert words in " ".join(text.split())
    for t in tunables():  # of its own options only
        assert f"  --{t.key.replace('_', '-')} " not in options.replace(words, "")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert re.fullmatch(r"livespot \d+\.\d+\.\d+\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["--hedless"], 2, "unknown option --hedless; did you mean --headless?"),
        (["live", "--colour"], 2, "unknown option --colour"),
        (["--head"], 2, "unknown option --head"),  # no guessing at shortened options
        (["clip.mp4", "more.mp4"], 2, "one word too many: 'more.mp4'"),
        (["clip.mp4", "  "], 2, "one word too many: ' '"),  # found by scripts/fuzz
        (["--seconds", "0"], 2, "not a number of seconds above 0"),
        (["--seconds", "nan"], 2, "not a number of seconds above 0"),
        (["--sensitivity", "99"], 2, "sensitivity: '99' is not a number from 0.25 to 4"),
        (["--rotate", "45"], 2, "rotate: '45' is not one of 0, 90, 180, 270"),
        (["--size", "0x0"], 2, "size: '0x0' is not text (px, WIDTHxHEIGHT) such as 1280x720"),
        (["demo", "--size", "20000x20000", "--headless"], 2, "too large; use 7680 px a side at most"),
        (["--seed", "-1"], 2, "'-1' is not a whole number from 0 up"),
        (["clip.mp4", "--scenario", "glare"], 2, "--scenario is for the demo"),
        (["9" * 20, "--headless"], 1, "there is no camera 9"),
        (["--set", "classic.quantile"], 2, "write it as NAME=VALUE"),
        (["--set", "classic.colour=1"], 2, "unknown setting 'classic.colour'"),
        (["--config", "nothing.toml"], 2, "cannot use settings file nothing.toml"),
        (["photo"], 2, "missing: FILE"),
        (["demo", "nothing", "--headless"], 2, "unknown demo 'nothing'"),
        (["nothing.mp4", "--headless"], 1, "there is no file nothing.mp4"),
        (["doctr", "--headless"], 2, "no such command: doctr; did you mean doctor?"),
        (["--quiet", "phto", "page.jpg"], 2, "no such command: phto; did you mean photo?"),
        (["kitchentable", "--headless"], 1, "not a file, a camera's name or a command"),
        (["photo", "nothing.jpg"], 1, "there is no file nothing.jpg"),
        (["photo", "n" * 300], 2, "file name too long"),
        (["http://me:s3cret@127.0.0.1:1/", "--headless"], 1, "connection refused"),
        (["http://me:s3/cret@127.0.0.1:1/", "--headless"], 1, "in the password %2F for /"),
        (
            ["me:s3cret@127.0.0.1/stream", "--headless"],
            1,
            "me:***@127.0.0.1/stream is no file: a network camera begins",
        ),
        (["clip.mp4", "http://me:s3cret@127.0.0.1/"], 2, "one word too many: 'http://me:***@127.0.0.1/'"),
        (["photo", "http://me:s3cret@127.0.0.1/"], 1, "there is no file http:***@127.0.0.1"),
        (["~nobody-of-this-name/clip.mp4", "--headless"], 1, "nobody of that name"),
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


def test_a_folder_that_was_removed_around_it_is_said(
    work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "gone").mkdir()
    monkeypatch.chdir(work / "gone")
    (work / "gone").rmdir()
    assert main(["demo", "--headless", "--events", "e.jsonl"]) == 2
    assert said(capsys) == "livespot: the folder that livespot was started in is gone: change to another one"


def test_a_mistake_in_a_settings_file_names_the_file(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("s.toml").write_text("colour = 3\n")
    assert main(["settings", "--config", "s.toml"]) == 2
    assert said(capsys).startswith("livespot: settings file s.toml: unknown setting 'colour'")


def test_what_is_said_nearest_wins(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("s.toml").write_text("sensitivity = 2.0\nfps = 10\nrotate = 90\n")
    words = ["settings", "--config", "s.toml", "--set", "sensitivity=3", "--set", "fps=11", "--fps", "12", "--mirror"]
    assert main([*words, "--toml"]) == 0
    out = capsys.readouterr().out
    for line in ("sensitivity = 3.0", "fps = 12.0", "rotate = 90", "mirror = true"):
        assert re.search(rf"^{re.escape(line)} ", out, re.MULTILINE), line


def test_the_line_wins_over_variables_and_they_over_the_users_file(
    work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = startup.config_dir()
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("sensitivity = 2.0\nfps = 10\nrotate = 90\n[classic]\nboxes = 3\n")
    monkeypatch.setenv("LIVESPOT_FPS", "11")
    monkeypatch.setenv("LIVESPOT_CLASSIC_BOXES", "4")
    monkeypatch.setenv("LIVESPOT_SENSITIVTY", "3")
    assert main(["settings", "--rotate", "180", "--toml"]) == 0
    said = capsys.readouterr()
    for line in ("sensitivity = 2.0", "fps = 11.0", "rotate = 180", "boxes = 4"):
        assert re.search(rf"^{re.escape(line)} ", said.out, re.MULTILINE), line
    assert said.err == "livespot: LIVESPOT_SENSITIVTY is not a setting; did you mean LIVESPOT_SENSITIVITY?\n"
    monkeypatch.setenv("LIVESPOT_FPS", "fast")
    assert main(["settings", "--quiet"]) == 2
    assert "livespot: LIVESPOT_FPS: fps: 'fast' is not a number" in capsys.readouterr().err


def test_quiet_and_verbose(work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LIVESPOT_NOTHING", "1")
    assert main(["--quiet", "settings"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["settings", "--verbose"]) == 0
    assert "settings with Settings(method='robust'" in capsys.readouterr().err
    assert main(["settings"]) == 0
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_colours_only_where_a_terminal_shows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saying.sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("NO_COLOR", "")  # no-color.org: when it is present and not empty
    monkeypatch.setenv("TERM", "xterm")
    assert saying.coloured("bad", "red") == "\x1b[31mbad\x1b[0m"
    assert main(["settings", "--no-color"]) == 0
    assert saying.coloured("bad", "red") == "bad"


@pytest.mark.parametrize(("shell", "check"), [("bash", "bash -n"), ("zsh", "zsh -n"), ("fish", "fish --no-execute")])
def test_completion_for_a_shell(work: Path, capsys: pytest.CaptureFixture[str], shell: str, check: str) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--print-completion", shell])
    script = capsys.readouterr().out
    assert all(name in script for name in COMMANDS)
    assert "record-raw" in script
    if not shutil.which(shell):
        pytest.skip(f"no {shell} to try it with")
    Path("completion").write_text(script)
    assert subprocess.run([*check.split(), "completion"]).returncode == 0
    if shell == "bash":  # as the shell does it when Tab is pressed
        ask = "source ./completion; COMP_WORDS=(livespot pho); COMP_CWORD=1; _shtab_livespot; echo ${COMPREPLY[@]}"
        assert subprocess.run(["bash", "-c", ask], capture_output=True, text=True).stdout == "photo\n"


def test_settings_lists_every_tunable(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings"]) == 0
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines()] == [t.key for t in tunables()]


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


def test_a_report_of_a_failure_holds_no_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def break_down(text: str | None, *_: Any) -> None:
        raise RuntimeError(f"the library fell over {text}")

    monkeypatch.setattr("livespot.startup.cache_dir", lambda: tmp_path)
    monkeypatch.setattr("livespot.cli.live.open_source", break_down)
    assert main(["http://me:s3cret@host/", "--headless", "--traceback"]) == 1
    said_all = capsys.readouterr().err
    (report,) = (tmp_path / "failures").iterdir()
    for text in (said_all, report.read_text()):
        assert "http://me:***@host/" in text
        assert "s3cret" not in text


def test_ctrl_c_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(args: Any, settings: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("livespot.cli.settings.run", interrupted)
    assert main(["settings"]) == 130
    assert said(capsys) == "livespot: stopped"


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
        seen = Path("e.jsonl")
        until(lambda: seen.exists() and seen.stat().st_size > 2000, "events", 60, process)
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
    assert min(image.shape[:2]) > 400
    assert main(["demo", "--page", "page.txt"]) == 2
    with pytest.raises(UsageError):
        cli_files.check_picture_name(Path("page"), "--page")


def test_demo_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--list"]) == 0
    out = capsys.readouterr().out
    assert "puzzles:" in out
    assert "handheld" in out
