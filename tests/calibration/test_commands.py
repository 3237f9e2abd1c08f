"""The commands as people type them, through livespot and by themselves."""

import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml

import livespot.calibration
from livespot.calibration import profile
from livespot.calibration.__main__ import main as alone
from livespot.capture.opening import open_source
from livespot.cli import main
from livespot.demo.board import BoardCamera
from livespot.demo.scenario import SCENARIOS
from livespot.errors import SourceError
from livespot.live.loop.straight import profile_for
from livespot.settings import Settings, changed


def photographs(folder: Path, count: int = 9) -> BoardCamera:
    camera = BoardCamera(SCENARIOS["strong_distortion"], (800, 450), 4)
    for n in range(count):
        tilt = 30 * np.array([np.sin(2.4 * n), np.cos(2.4 * n)])
        pose = camera.pose(0.2 * np.sin(1.7 * n), 0.15 * np.cos(2.9 * n), 0.6, tilt[0], tilt[1], 5.0)
        cv2.imwrite(str(folder / f"photo{n}.png"), camera.view(pose, n))
    return camera


def test_board_writes_both_papers_in_both_forms(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "board"]) == 0
    names = {"livespot-board-A4.pdf", "livespot-board-A4.svg", "livespot-board-Letter.pdf", "livespot-board-Letter.svg"}
    assert {p.name for p in work.iterdir()} == names
    assert "100 %" in capsys.readouterr().out


def test_images_give_a_profile_for_the_camera_and_live_finds_it(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    camera = photographs(work)
    cv2.imwrite(str(work / "cat.png"), np.full((450, 800, 3), 120, np.uint8))
    cv2.imwrite(str(work / "small.png"), cv2.resize(cv2.imread(str(work / "photo0.png")), (720, 405)))  # type: ignore[arg-type]
    (work / "broken.jpg").write_bytes(b"no picture")
    assert main(["calibrate", "lens", "--images", ".", "--camera", "id:mine", "--verbose"]) == 0
    said = capsys.readouterr().out
    for words in ("cat.png: no board found", "broken.jpg: cannot be read", "small.png: left out", "photo3.png: 0."):
        assert words in said
    found = profile.load("id:mine", (800, 450))
    assert isinstance(found, profile.Profile)
    assert found.matrix[0, 0] == pytest.approx(camera.focal, rel=0.005)
    assert found.rms <= 0.3
    assert {p.suffix for p in profile.folder().iterdir()} == {".yaml", ".png"}
    assert len(list(profile.folder().iterdir())) == 3
    assert main(["calibrate", "list"]) == 0
    assert "id:mine at 800x450: error 0." in capsys.readouterr().out


def test_calibrating_again_keeps_what_the_self_check_found(work: Path) -> None:
    photographs(work)
    profile.save(profile.Profile("id:mine", (800, 450), check={"sensitivity": 1.4}))
    assert main(["calibrate", "lens", "--images", ".", "--camera", "id:mine"]) == 0
    found = profile.load("id:mine", (800, 450))
    assert isinstance(found, profile.Profile)
    assert (found.has_lens, found.sensitivity) == (True, 1.4)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["board", "--out", "nowhere"], 2, "no such folder"),
        (["board", "0"], 2, "source means nothing"),
        (["board", "--images", "."], 2, "--images means nothing"),
        (["lens", "--images", "."], 2, "--camera NAME"),
        (["lens", "--images", "nowhere", "--camera", "x"], 1, "no folder nowhere"),
        (["lens", "--images", ".", "--camera", "x"], 1, "no pictures in"),
        (["lens", "0", "--images", ".", "--camera", "x"], 2, "not both"),
        (["lens", "--images", ".", "--profile", "no/where.yaml"], 2, "cannot write the profile"),
        (["lens", "nosuchfile.mp4"], 1, "no file nosuchfile.mp4"),
        (["lens", "demo:nothing"], 2, "unknown demo scenario"),
        (["lens", "demo", "--seconds", "0.2", "--headless", "--size", "320x180"], 1, "views of the board were taken"),
        (["wall"], 2, "invalid choice"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_use_and_failures_are_one_line(
    work: Path, capsys: pytest.CaptureFixture[str], words: list[str], status: int, said: str
) -> None:
    assert main(["calibrate", *words]) == status
    error = capsys.readouterr().err.strip().splitlines()
    assert said in error[-1]
    assert not profile.folder().exists()


def test_it_works_without_livespot(work: Path) -> None:
    photographs(work, 7)
    script = (
        "import sys; from calibration.__main__ import main; "
        "status = main(['lens', '--images', '.', '--profile', 'mine.yaml']); "
        "assert not [m for m in sys.modules if m.split('.')[0] == 'livespot']; sys.exit(status)"
    )
    root = Path(livespot.calibration.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=work, env=os.environ | {"PYTHONPATH": str(root)}, capture_output=True,
        text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "reprojection error" in done.stdout
    assert yaml.safe_load((work / "mine.yaml").read_text())["image_width"] == 800


def test_alone_it_fails_in_one_line_too(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert alone(["board", "--paper", "A4"]) == 0
    assert sorted(p.name for p in work.iterdir()) == ["livespot-board-A4.pdf", "livespot-board-A4.svg"]
    assert alone(["lens", "nothing.mp4", "--headless"]) == 1
    assert capsys.readouterr().err.strip() == (
        "calibration: cannot open nothing.mp4: give a camera's number or a video file"
    )


@pytest.mark.parametrize("rotate", ["0", "90"])
def test_a_source_gets_the_profile_of_its_camera_turned_as_its_frames_are(rotate: str) -> None:
    matrix = np.array([[304.0, 0, 150.0], [0, 304.0, 95.0], [0, 0, 1]])
    kept = profile.Profile("demo:k1=-0.3,k2=0.08", (320, 180), matrix, np.array([-0.3, 0.08, 0, 0, 0]))
    profile.save(kept)
    settings = changed(Settings(), {"size": "320x180", "rotate": rotate})
    with open_source("demo:harbour/strong_distortion", settings) as source:
        frame = source.read()
        size = (frame.image.shape[1], frame.image.shape[0])
        found = profile_for(source, size, settings)
        assert isinstance(found, profile.Profile)
        assert found.size == size
        off = changed(settings, {"capture.profile": "none"})
        assert not isinstance(profile_for(source, size, off), profile.Profile)
        missing = changed(settings, {"capture.profile": "nowhere.yaml"})
        with pytest.raises(SourceError, match=r"nowhere\.yaml"):
            profile_for(source, size, missing)
