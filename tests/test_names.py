"""File names that are not UTF-8 (Linux takes any bytes) and characters the terminal lacks: in titles, films, pages."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from kit.screen.xscreen import XScreen

from livespot.annotate import drawing
from livespot.calibration.__main__ import main as alone
from livespot.capture import documents
from livespot.cli import main
from livespot.demo import page_picture
from livespot.saying import shown
from livespot.spotting.classify import eye

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode here")
NAME = os.fsdecode(b"caf\xe9")


@pytest.mark.parametrize(
    ("text", "becomes"),
    [("plain", "plain"), ("Büro 🎉", "Büro 🎉"), (NAME, "caf\ufffd"), ("\ud83c\udf89", "🎉"), ("\ud83c!", "\ufffd!")],
    ids=["ascii", "unicode", "not UTF-8", "a pair", "half a pair"],
)
def test_text_as_it_can_be_shown(text: str, becomes: str) -> None:
    assert shown(text) == becomes
    image = np.zeros((40, 200, 3), np.uint8)
    assert drawing.text(image, text, 2, 20, 16) > 0  # OpenCV itself crashes on such a string
    assert image.any()


def test_a_page_is_explained_and_a_film_of_it_recorded(work: Path, capfd: pytest.CaptureFixture[str]) -> None:
    cv2.imwrite("page.png", page_picture(seed=1).image)
    os.rename("page.png", f"{NAME}.png")
    table = ["--json", "found.csv", "--format", "csv", "--report", "sheet"]
    assert main(["photo", f"{NAME}.png", "--explain", "why", "--output", f"{NAME}-o.png", *table]) == 0
    assert "caf\ufffd.png" in Path("why", "explain.html").read_text(encoding="utf-8")
    assert "caf?.png" in Path("sheet", "index.html").read_text(encoding="utf-8")
    assert "caf?.png" in Path("found.csv").read_text(encoding="utf-8")
    assert Path(f"{NAME}-o.png").exists()
    assert main(["live", f"{NAME}.png", "--headless", "--record", f"{NAME}.mp4"]) == 0
    with av.open(f"{NAME}.mp4") as film:
        assert film.metadata["title"] == "livespot: caf\ufffd.png"


def test_every_page_of_a_scan_is_read(work: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """OpenCV crashes on such a name."""
    plain = np.full((200, 300, 3), 90, np.uint8)
    cv2.imwritemulti("scan.tif", [plain, plain + 40, plain + 80])
    os.rename("scan.tif", f"{NAME}.tif")
    assert documents.page_count(Path(f"{NAME}.tif")) == 3
    assert [documents.read_page(Path(f"{NAME}.tif"), n)[0][0, 0, 0] for n in range(3)] == [90, 130, 170]
    assert alone(["lens", f"{NAME}.mp4", "--headless"]) == 1
    assert "its name is not UTF-8; rename it" in capfd.readouterr().err


def test_the_eye_is_read_from_any_folder(work: Path) -> None:
    folder = Path(NAME)
    folder.mkdir()
    shutil.copy(eye.WEIGHTS, folder / "eye.onnx")
    grey = np.full((96, 96, 3), 120, np.uint8)
    assert eye.Eye(folder / "eye.onnx").look(grey, grey).difference.max() < 0.5


@pytest.mark.parametrize(
    ("environment", "printed"),
    [({"PYTHONUTF8": "1"}, b"caf\xe9.mp4: "), ({"PYTHONIOENCODING": "ascii"}, b"caf\xe9.mp4: ")],
    ids=["UTF-8", "ASCII"],
)
def test_the_result_names_the_file_as_it_is(work: Path, environment: dict[str, str], printed: bytes) -> None:
    with av.open(f"{NAME}.writing.mp4", "w", "mp4") as out:
        stream = out.add_stream("libx264", 10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for i in range(20):
            noise = np.random.default_rng(i).integers(0, 255, (64, 64, 3), np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(noise, "bgr24")))
        out.mux(stream.encode(None))
    done = subprocess.run(
        [sys.executable, "-P", "-m", "livespot", "recover", "."], capture_output=True, env={**os.environ, **environment}
    )
    assert (done.returncode, done.stdout.count(printed)) == (0, 1), done


@pytest.mark.window
def test_the_windows_title(work: Path) -> None:
    if missing := XScreen.missing():
        pytest.skip(f"needs {missing}")
    cv2.imwrite("page.png", page_picture(seed=1).image)
    os.rename("page.png", f"{NAME}.png")
    with XScreen(800, 600) as screen:
        code = (
            "import sys, time; from livespot.live.window.window import Window; w = Window(sys.argv[1], (320, 240));"
            "[(w.pressed(), time.sleep(0.02)) for _ in range(50)]; print(w.open)"
        )
        done = subprocess.run(
            [sys.executable, "-P", "-c", code, NAME], capture_output=True, text=True,
            env={**os.environ, "DISPLAY": screen.name},
        )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr
