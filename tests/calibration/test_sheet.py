"""What is printed is as large as it says, in both files, and as pixels."""

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest

from livespot.calibration import board, sheet
from livespot.calibration.errors import WrongUse
from livespot.calibration.sheet import Cells, Line, Picture, Sheet, Words

POINT = 25.4 / 72
PAPERS = [("A4", 297.0, 210.0), ("Letter", 279.4, 215.9)]


@pytest.mark.parametrize(("paper", "width", "height"), PAPERS, ids=[p[0] for p in PAPERS])
def test_the_pdf_page_is_the_paper_and_asks_not_to_be_fitted(paper: str, width: float, height: float) -> None:
    pdf = sheet.as_pdf([board.sheet(paper)])
    box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+)", pdf)
    assert float(box[1]) * POINT == pytest.approx(width, abs=0.01)
    assert float(box[2]) * POINT == pytest.approx(height, abs=0.01)
    assert b"/PrintScaling /None" in pdf


def test_the_same_sheet_gives_the_same_pdf() -> None:
    assert sheet.as_pdf([board.sheet()]) == sheet.as_pdf([board.sheet()])


def test_the_pdf_renders_to_a_board_of_the_right_size(tmp_path: Path) -> None:
    if shutil.which("gs") is None:
        pytest.skip("no gs here to render a PDF with")
    (tmp_path / "board.pdf").write_bytes(sheet.as_pdf([board.sheet("Letter")]))
    subprocess.run(
        ["gs", "-q", "-sDEVICE=pnggray", "-r127", "-o", str(tmp_path / "board.png"), str(tmp_path / "board.pdf")],
        check=True, timeout=60,
    )  # fmt: skip
    image = cv2.imread(str(tmp_path / "board.png"), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    view = board.detect(np.asarray(image, np.uint8))
    left, top = board.place_on_sheet("Letter")
    wanted = (view.board_points + np.array([left, top])) * 5.0 - 0.5  # 127 dots an inch are 5 a mm
    assert np.abs(view.corners - wanted).max() < 1.0  # ghostscript fills every pixel that a shape touches


@pytest.mark.parametrize(("paper", "width", "height"), PAPERS, ids=[p[0] for p in PAPERS])
def test_the_svg_is_in_millimetres_with_a_ruler_of_ten_centimetres(paper: str, width: float, height: float) -> None:
    root = ElementTree.fromstring(sheet.as_svg(board.sheet(paper)))
    name = "{http://www.w3.org/2000/svg}"
    assert root.get("width") == f"{width:g}mm"
    assert root.get("height") == f"{height:g}mm"
    assert root.get("viewBox") == f"0 0 {width:g} {height:g}"
    longest = max(abs(float(e.get("x2", 0)) - float(e.get("x1", 0))) for e in root.iter(f"{name}line"))
    assert longest == pytest.approx(100.0)
    texts = [e.text for e in root.iter(f"{name}text")]
    assert {"0", "50", "100"} <= set(texts)


def test_the_svg_and_the_pixels_show_the_same_squares() -> None:
    page = board.sheet("A4")
    root = ElementTree.fromstring(sheet.as_svg(page))
    path = next(e.get("d", "") for e in root.iter("{http://www.w3.org/2000/svg}path"))
    boxes = re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)", path)
    black = sum(float(w) * float(h) for _, _, w, h in boxes)
    only = Sheet(page.width, page.height, "", tuple(s for s in page.shapes if isinstance(s, Cells)))
    drawn = sheet.as_image(only, 2.0)[..., 0]
    assert black == pytest.approx(float((255 - drawn.astype(float)).sum() / 255 / 4), rel=1e-3)


def test_pictures_words_and_lines_come_through_in_every_form() -> None:
    picture = np.full((20, 30, 3), (10, 120, 240), np.uint8)
    page = Sheet(
        100, 50, "äöü & <>", (Picture(10, 10, 30, 20, picture), Line(0, 5, 100, 5, 1.0), Words(50, 40, "a & b <c>", 5))
    )
    assert sheet.as_pdf([page, page]).count(b"/Type /Page\n") == 2
    root = ElementTree.fromstring(sheet.as_svg(page))
    assert "a & b <c>" in [e.text for e in root.iter()]
    image = sheet.as_image(page, 4.0)
    assert image.shape == (200, 400, 3)
    assert image[80, 100].tolist() == [10, 120, 240]
    assert image[20, 300].tolist() == [0, 0, 0]
    assert image[190, 390].tolist() == [255, 255, 255]


def test_an_unknown_paper_is_refused_with_the_choices() -> None:
    with pytest.raises(WrongUse, match="A4, Letter"):
        board.sheet("A5")
