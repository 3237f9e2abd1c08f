"""`livespot photo` over many pages: what is looked at, what comes out, and that one bad page never ends the run."""

import csv
import errno
import io
import json
import re
import shutil
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import cv2
import jsonschema
import numpy as np
import pytest
from kit.deadly_worker import killed_by_deadly

from livespot import saying
from livespot.batch import run as batch_run
from livespot.batch.pages import pages_of
from livespot.batch.run import Task, look_at_all
from livespot.cli import main
from livespot.demo import page_picture
from livespot.errors import LivespotError, UsageError
from livespot.frame import Image
from livespot.settings import Settings


@pytest.fixture(scope="module")
def drawn() -> Image:
    image = page_picture(seed=1).image
    return np.asarray(cv2.resize(image, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA), np.uint8)


@pytest.fixture
def pages(work: Path, drawn: Image) -> Path:
    """A page with differences, one without a puzzle, one that is damaged."""
    folder = work / "pages"
    folder.mkdir()
    cv2.imwrite(str(folder / "good.png"), drawn)
    cv2.imwrite(str(folder / "sky.png"), np.full((400, 600, 3), (230, 180, 120), np.uint8))
    (folder / "torn.png").write_bytes((folder / "good.png").read_bytes()[:5000])
    return folder


def schema() -> dict[str, Any]:
    text = resources.files("livespot.batch").joinpath("result.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_folder_each_page_by_itself(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (pages / "good-differences.png").write_bytes(b"an earlier result")
    assert main(["photo", "pages", "--json", "r.json"]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    assert re.search(r"^pages/good.png +\d+ differences", out, re.MULTILINE)
    assert re.search(r"^pages/sky.png +nothing to see", out, re.MULTILINE)
    assert re.search(r"^pages/torn.png +torn.png is cut short", out, re.MULTILINE)
    assert re.search(r"^3 pages: 1 with \d+ differences, 2 failed; [\d.]+ pages/s$", out, re.MULTILINE)
    results = json.loads(Path("r.json").read_text())
    for result in results:
        jsonschema.validate(result, schema())
    assert [Path(result["file"]).name for result in results] == ["good.png", "sky.png", "torn.png"]
    assert results[0]["schema"] == 1
    assert (results[0]["width"], results[0]["height"]) == cv2.imread("pages/good.png").shape[1::-1]  # type: ignore[union-attr]
    assert {p.name for p in pages.iterdir()} == {"good.png", "sky.png", "torn.png", "good-differences.png"}


def test_progress_has_the_time_left(
    pages: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saying, "heard", lambda: True)
    assert main(["photo", "pages"]) == 1
    assert re.search(r" 1/3 \[\d\d:\d\d<\d\d:\d\d, .*pages", capsys.readouterr().err)
    assert main(["photo", "pages", "--quiet"]) == 1
    assert capsys.readouterr().err == ""


def test_two_processes_give_the_same(pages: Path, drawn: Image) -> None:
    for name in ("again", "once more"):
        cv2.imwrite(str(pages / f"{name}.png"), drawn[:, ::-1])
    task, found = Task(Settings(), report=True), pages_of(["pages"])
    one, two = list(look_at_all(found, task)), list(look_at_all(found, task, jobs=2))
    for a, b in zip(one, two, strict=True):
        left, right = a.as_json(), b.as_json()
        left.pop("latency_ms"), right.pop("latency_ms")
        assert left == right
        assert (a.drawn, a.crops) == (b.drawn, b.crops)


def test_where_processes_have_nowhere_for_their_locks_one_does_it(
    pages: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def read_only(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("multiprocessing.synchronize._multiprocessing.SemLock", read_only)
    assert main(["photo", "pages", "--jobs", "2"]) == 1
    out, err = capsys.readouterr()
    assert "3 pages: 1 with" in out
    assert (
        err == "livespot: this system has no room for 2 processes (read-only file system): one page after the other\n"
    )


def test_a_process_that_dies_takes_only_its_page(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The workers import this module anew: what kills one is in the file it reads."""
    (pages / "deadly.png").write_bytes(b"")
    (pages / "also.png").write_bytes((pages / "good.png").read_bytes())
    monkeypatch.setattr(batch_run, "_begin", killed_by_deadly)
    results = {looked.page.path.name: looked for looked in look_at_all(pages_of(["pages"]), Task(Settings()), jobs=2)}
    assert set(results) == {"also.png", "deadly.png", "good.png", "sky.png", "torn.png"}
    assert "its process was killed" in results["deadly.png"].result.reason
    assert results["good.png"].result
    assert results["also.png"].result


def test_a_fault_of_ours_fails_that_page_alone(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = batch_run.read_page
    monkeypatch.setattr(
        batch_run, "read_page", lambda path, page: 1 // 0 if path.name == "sky.png" else read(path, page)
    )
    results = list(look_at_all(pages_of(["pages"]), Task(Settings())))
    assert [bool(looked.result) for looked in results] == [True, False, False]
    assert results[1].result.reason == "unexpected failure: ZeroDivisionError: integer division or modulo by zero"


@pytest.mark.parametrize("name", ["jsonl", "csv", "coco"])
def test_formats_on_standard_output(pages: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main(["photo", "pages", "--json", "-", "--format", name]) == 1
    said = capsys.readouterr()
    assert "3 pages: 1 with" in said.err
    if name == "jsonl":
        lines = [json.loads(line) for line in said.out.splitlines()]
        assert len(lines) == 3
        count = len(lines[0]["differences"])
        for line in lines:
            jsonschema.validate(line, schema())
    elif name == "csv":
        rows = list(csv.DictReader(io.StringIO(said.out)))
        count = sum(row["file"] == "pages/good.png" for row in rows)
        assert all(float(row["a_x1"]) > float(row["a_x0"]) for row in rows[:count])
        assert [row["file"] for row in rows[count:]] == ["pages/sky.png", "pages/torn.png"]
    else:
        data = json.loads(said.out)
        count = len(data["annotations"]) // 2
        width, height = data["images"][0]["width"], data["images"][0]["height"]
        for mark in data["annotations"]:
            x, y, w, h = mark["bbox"]
            assert -2 <= x < x + w <= width + 2
            assert -2 <= y < y + h <= height + 2
            assert 0 < mark["area"] <= w * h * 1.01
            assert len(mark["segmentation"][0]) == 8
        assert {mark["category_id"] for mark in data["annotations"]} <= {c["id"] for c in data["categories"]}
    assert count > 0


def test_labelme_files_point_at_their_pictures(pages: Path) -> None:
    assert main(["photo", "pages", "--json", "labels", "--format", "labelme"]) == 1
    data = json.loads(Path("labels/good.json").read_text())
    assert (Path("labels") / data["imagePath"]).resolve() == (pages / "good.png").resolve()
    assert len(data["shapes"]) % 2 == 0
    assert data["shapes"]
    assert all(len(shape["points"]) == 4 for shape in data["shapes"])


def test_a_report_is_one_file_that_needs_nothing_else(work: Path, drawn: Image) -> None:
    evil = work / "<script>alert(1)"
    evil.mkdir()
    cv2.imwrite(str(evil / "a.png"), drawn)
    cv2.imwrite(str(evil / "b.png"), np.full((400, 600, 3), 120, np.uint8))
    assert main(["photo", str(evil.name), "--report", "sheet"]) == 1
    assert [p.name for p in Path("sheet").iterdir()] == ["index.html"]
    text = Path("sheet/index.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert set(re.findall(r'(?:src|href)="([^"]{10})', text)) == {"data:image"}
    result = next(iter(look_at_all(pages_of([evil.name]), Task(Settings()))))
    assert text.count("<li>") == len(result.result.differences) > 0
    assert "nothing to see" in text


def test_pictures_of_many_pages_go_into_a_folder(pages: Path) -> None:
    assert main(["photo", "pages/good.png", "pages/sky.png", "pages/good.png", "--output", "out"]) == 1
    assert sorted(p.name for p in Path("out").iterdir()) == ["good-differences-2.png", "good-differences.png"]


def test_a_tiff_with_several_pages(work: Path, drawn: Image, capsys: pytest.CaptureFixture[str]) -> None:
    cv2.imwritemulti("scan.tif", [drawn, np.full((300, 400, 3), 90, np.uint8), drawn[:, ::-1]])
    assert main(["photo", "scan.tif", "--json", "r.json"]) == 1
    results = json.loads(Path("r.json").read_text())
    assert [(r["page"], r["state"]) for r in results] == [(1, "locked"), (2, "searching"), (3, "locked")]
    assert "scan.tif, page 3" in capsys.readouterr().out


def test_two_tiffs_with_several_pages_are_pages_and_no_pair(work: Path) -> None:
    for name in ("a.tif", "b.tif"):
        cv2.imwritemulti(name, [np.full((60, 80, 3), grey, np.uint8) for grey in (90, 120)])
    assert main(["photo", "a.tif", "b.tif", "--json", "r.json"]) == 1
    found = [(result["file"], result["page"]) for result in json.loads(Path("r.json").read_text())]
    assert found == [("a.tif", 1), ("a.tif", 2), ("b.tif", 1), ("b.tif", 2)]


def test_a_pdf_and_what_it_needs(
    work: Path, drawn: Image, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pypdfium2")
    from PIL import Image as Pillow

    one = Pillow.fromarray(np.ascontiguousarray(drawn[:, :, ::-1]))
    one.save("book.pdf", save_all=True, append_images=[one], resolution=100)
    assert main(["photo", "book.pdf", "--json", "r.json"]) == 0
    results = json.loads(Path("r.json").read_text())
    assert [(r["page"], bool(r["differences"])) for r in results] == [(1, True), (2, True)]
    assert results[0]["width"] == pytest.approx(2 * drawn.shape[1], abs=2)  # 100 dpi seen at 200
    capsys.readouterr()
    Path("broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    assert main(["photo", "broken.pdf"]) == 1
    assert "broken.pdf is not a PDF that can be read" in capsys.readouterr().err
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["photo", "book.pdf"]) == 1
    assert capsys.readouterr().err == ("livespot: reading book.pdf needs pypdfium2: pip install 'livespot[pdf]'\n")


def test_heic(work: Path, drawn: Image, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    pillow_heif.from_bytes("BGR", drawn.shape[1::-1], drawn.tobytes()).save("page.heic", quality=95)
    assert main(["photo", "page.heic", "--no-picture"]) == 0
    assert "differences" in capsys.readouterr().out
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["photo", "page.heic"]) == 1
    assert "reading page.heic needs pillow-heif: pip install 'livespot[heic]'" in capsys.readouterr().err


def test_standard_input(pages: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    data = (pages / "good.png").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert main(["photo", "-"]) == 0
    assert re.match(r"standard input: \d+ differences", capsys.readouterr().out)
    assert [p.name for p in Path().iterdir()] == ["pages"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert main(["photo", "-"]) == 1
    assert "standard input is empty" in capsys.readouterr().err


def test_pairs_by_pattern_and_by_table(work: Path, drawn: Image, capsys: pytest.CaptureFixture[str]) -> None:
    Path("set").mkdir()
    changed = drawn.copy()
    cv2.circle(changed, (200, 200), 20, (0, 0, 255), -1)
    for name, image in (("1_a", drawn), ("1_b", changed), ("2_a", drawn), ("2_b", drawn), ("3_a", drawn)):
        cv2.imwrite(f"set/{name}.png", image)
    words = ["--pairs", "*_a.png,*_b.png", "--json", "r.json"]
    assert main(["photo", "set", *words]) == 1
    results = json.loads(Path("r.json").read_text())
    assert [(r["state"], len(r["differences"])) for r in results] == [("locked", 1), ("locked", 0), ("searching", 0)]
    assert results[2]["reason"] == "there is no picture B, set/3_b.png"
    assert (results[0]["width_b"], results[0]["height_b"]) == drawn.shape[1::-1]
    Path("set/pairs.csv").write_text("before,after\n1_a.png,1_b.png\n2_a.png, 2_b.png\n")
    assert main(["photo", "--pairs", "set/pairs.csv", "--fail-on-difference"]) == 3
    assert main(["photo", "--pairs", "set/pairs.csv"]) == 0
    for number, (text, encoding) in enumerate([("1_a.png;1_b.png", "utf-8-sig"), ("1_a.png\t1_b.png", "utf-16")]):
        Path("set/excel.csv").write_bytes(f"{text}\r\n".encode(encoding))  # as spreadsheets write one
        assert [page.name for page in pages_of([], "set/excel.csv")] == ["set/1_a.png and set/1_b.png"], number
    capsys.readouterr()
    assert main(["photo", "set", "--pairs", "*_x.png,*_b.png"]) == 2
    assert "no picture is named like *_x.png" in capsys.readouterr().err
    Path("one.csv").write_text("a.png\n")
    with pytest.raises(UsageError, match="two columns are needed"):
        pages_of([], "one.csv")


def test_what_is_ignored_is_left_out(work: Path, drawn: Image, capsys: pytest.CaptureFixture[str]) -> None:
    changed = drawn.copy()
    cv2.circle(changed, (200, 200), 20, (0, 0, 255), -1)
    cv2.imwrite("a.png", drawn)
    cv2.imwrite("b.png", changed)
    mask = np.zeros((drawn.shape[0] // 2, drawn.shape[1] // 2), np.uint8)
    mask[80:120, 80:120] = 255
    cv2.imwrite("mask.png", mask)
    words = ["photo", "a.png", "b.png", "--no-picture", "--fail-on-difference"]
    assert main(words) == 3
    assert main([*words, "--ignore", "170,170,60,60"]) == 0
    assert main([*words, "--ignore", "mask.png"]) == 0
    assert main([*words, "--ignore", "0,0,60,60"]) == 3
    capsys.readouterr()
    assert main([*words, "--ignore", "1,2,3"]) == 2
    assert "'1,2,3' is not x,y,width,height in px, nor a picture" in capsys.readouterr().err


def test_two_pictures_are_a_pair_unless_each(work: Path, drawn: Image, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("x.png", "y.png"):
        cv2.imwrite(name, drawn)
    assert main(["photo", "x.png", "y.png", "--no-picture"]) == 0
    assert "no difference found" in capsys.readouterr().out
    assert main(["photo", "x.png", "y.png", "--each"]) == 0
    assert "2 pages: 2 with" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["empty"], "no picture in folder empty"),
        (["a.png", "b.png", "c.png", "--show"], "--explain and --show are for one page"),
        (["a.png", "--format", "csv"], "say where with --json FILE"),
        (["a.png", "--format", "labelme"], "name a folder with --json DIR"),
        (["a.png", "--jobs", "0"], "'0' is not a number of processes"),
        (["a.png", "--pairs", "x,y"], "two patterns with one * each"),
        (["--pairs", "none.csv"], "cannot read --pairs none.csv: No such file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_said_before_the_work(
    work: Path, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    Path("empty").mkdir()
    assert main(["photo", *words]) in (1, 2)
    assert says in capsys.readouterr().err


def test_the_current_folder(pages: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(pages)
    shutil.copy("good.png", "other.png")
    (pages / "torn.png").unlink()
    (pages / "sky.png").unlink()
    assert main(["photo", "."]) == 0
    assert "2 pages: 2 with" in capsys.readouterr().out
    with pytest.raises(LivespotError):
        list(pages_of([str(pages / "..")]))
