"""The examples under scripts/examples, run as a reader would run them."""

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

import livespot
from livespot.demo import page_picture

HERE = Path(livespot.__file__).parents[1]
EXAMPLES = HERE / "scripts" / "examples"
pytestmark = pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the examples are in the repository and the sdist")


@pytest.fixture
def pages(work: Path) -> Path:
    drawn = page_picture(seed=1).image
    small = cv2.resize(drawn, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    (work / "pages").mkdir()
    cv2.imwrite("pages/1.png", small)
    cv2.imwrite("pages/2.png", np.full((300, 400, 3), 200, np.uint8))
    changed = small.copy()
    cv2.circle(changed, (150, 150), 14, (0, 0, 255), -1)
    cv2.imwrite("changed.png", changed)
    return work


def run(name: str, *words: str) -> str:
    path = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / name), *words], capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": path}, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_example_is_tested() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert all(f'"{path.name}"' in text for path in EXAMPLES.glob("*.py"))


def test_two_pictures(pages: Path) -> None:
    (line,) = run("two_pictures.py", "pages/1.png", "changed.png", "boxes.png").splitlines()
    assert "% sure" in line
    assert Path("boxes.png").stat().st_size > 1000


def test_own_loop(work: Path) -> None:
    assert " differences" in run("own_loop.py", "demo", "0.4")


def test_folder_to_csv(pages: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("folder_to_csv.py", "pages"))))
    assert [row["file"] for row in rows] == ["1.png", "2.png"]
    assert int(rows[0]["differences"]) > 0
    assert rows[1]["reason"]


def test_two_workers_of_a_cluster_find_what_one_process_finds(pages: Path) -> None:
    pytest.importorskip("distributed")
    Path("pages/3.png").write_bytes(b"torn")
    first, second, third = run("cluster.py", "pages").splitlines()
    alone = livespot.find_differences(cv2.imread("pages/1.png"))  # type: ignore[arg-type]
    assert first == f"1.png: {len(alone.differences)} differences"
    assert second.startswith("2.png: 0 differences (")
    assert third == "3.png: 0 differences (cannot be read)"


def test_own_data(pages: Path) -> None:
    Path("data").mkdir()
    for name in ("pages/1.png", "changed.png"):
        (Path("data") / Path(name).name).write_bytes(Path(name).read_bytes())
    Path("data/pairs.csv").write_text(
        "a,b,x,y,width,height\n1.png,changed.png,136,136,29,29\nchanged.png,changed.png,,,,\n"
    )
    assert run("own_data.py", "data").splitlines() == ["1: 1 labelled, 1 found", "changed: 0 labelled, 0 found"]
