"""File names that are not UTF-8 (Linux takes any bytes) and characters the terminal lacks: in titles, films, pages."""

import os
import subprocess
import sys
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from kit.screen.xscreen import XScreen

from livespot.annotate import drawing
from livespot.cli import main
from livespot.demo import page_picture
from livespot.saying import shown

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
