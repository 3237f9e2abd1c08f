"""`livespot photo`: one page or two pictures, and what is written."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from kit.puzzles import changed, scene
from kit.streams import KEYS, said

from livespot.api.finding import enlarged
from livespot.cli import files as cli_files
from livespot.cli import main
from livespot.demo import page_picture
from livespot.errors import LivespotError
from livespot.spotting.results import Difference, FrameResult, Kind, State


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


def test_photo_of_a_page(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["photo", "page.png", "--json", "page.json"]) == 0
    out = capsys.readouterr().out
    result = json.loads(Path("page.json").read_text())
    assert set(result) > KEYS
    assert result["state"] == "locked"
    assert len(result["panels"]) == 2
    assert result["differences"]
    assert f"{len(result['differences'])} differences" in out
    annotated = cv2.imread("page-differences.png")
    original = cv2.imread("page.png")
    assert annotated.shape == original.shape
    assert np.any(annotated != original)
    assert "wrote page-differences.png" in out


def test_json_on_standard_output_is_all_there_is(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["photo", "page.png", "--json", "-", "--no-picture"]) == 0
    said = capsys.readouterr()
    assert set(json.loads(said.out)) > KEYS
    assert "page.png: " in said.err
    assert not Path("-").exists()


def test_photo_never_overwrites_what_it_wrote(page: Path) -> None:
    for _ in range(3):
        assert main(["photo", "page.png"]) == 0
    names = sorted(p.name for p in page.iterdir() if "differences" in p.name)
    assert names == ["page-differences-2.png", "page-differences-3.png", "page-differences.png"]


def test_a_second_picture_that_is_turned_is_compared_and_it_is_said(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    b = cv2.imread("b.png")
    assert b is not None
    cv2.imwrite("b.png", cv2.rotate(b, cv2.ROTATE_90_CLOCKWISE))
    assert main(["photo", "a.png", "b.png", "--no-picture", "--json", "r.json"]) == 0
    assert capsys.readouterr().out.strip().endswith("; picture B is turned to the right")
    assert json.loads(Path("r.json").read_text())["b_is"] == "turned to the right"


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
    monkeypatch.setattr("livespot.cli.photo.look", lambda *_: pytest.fail("the work had begun"))
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
        assert re.search(r"dropped: \d+\xa0% sure, and \d+\xa0% is asked for", text)
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
    monkeypatch.setattr("livespot.cli.photo.look", lambda *_: pytest.fail("the work had begun"))
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
    spotting = FrameResult(0, 0.0, State.LOCKED, panels=(quad, quad), differences=(found,))
    full = enlarged(spotting, 0.25, 0.5)
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


def test_several_puzzles_on_one_page_have_a_result_each(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = np.full((600, 740, 3), 238, np.uint8)
    for seed, top in (5, 40), (6, 320):
        sheet[top : top + 240, 40:360], sheet[top : top + 240, 380:700] = scene(seed), changed(scene(seed))
    cv2.imwrite("two.png", sheet)
    assert main(["photo", "two.png", "--json", "r.json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["two.png, puzzle 1", "two.png, puzzle 2"]
    first, second = json.loads(Path("r.json").read_text())
    assert first["panels"][0][0][1] < second["panels"][0][0][1]
    assert first["differences"]
    assert second["differences"]
    assert (first["puzzle"], second["puzzle"]) == (1, 2)
    assert Path("two-differences.png").exists()
    cv2.imwrite("none.png", np.full((60, 80, 3), 90, np.uint8))
    assert main(["photo", "two.png", "none.png", "--each", "--json", "r.csv", "--format", "csv", "--report", "s"]) == 1
    assert re.search(r"^2 pages: 1 with \d+ differences, 1 failed", capsys.readouterr().out, re.MULTILINE)
    assert "<h1>2 pages, " in Path("s/index.html").read_text()
    rows = list(csv.DictReader(Path("r.csv").read_text().splitlines()))
    assert list(dict.fromkeys((row["file"], row["puzzle"]) for row in rows)) == [
        ("two.png", "1"), ("two.png", "2"), ("none.png", "1"),
    ]  # fmt: skip
