"""The page on paper: its mark, its panels and its differences are where the key says, in mm."""

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from livespot import geometry
from livespot.calibration.errors import WrongUse
from livespot.calibration.sheet import as_image
from livespot.errors import LivespotError
from livespot.reference import key, making, printing
from livespot.reference.making import Made


@lru_cache(maxsize=2)
def made(paper: str = "A4") -> Made:
    return making.make("harbour", 6, 3, paper, "Harbour")


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_mark_on_the_page_is_the_keys(paper: str) -> None:
    answer = made(paper).printed.key
    image = as_image(made(paper).printed.page, 4.0)
    corners, ids, _ = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(key.DICTIONARY)).detectMarkers(image)
    assert ids.ravel().tolist() == [answer.mark]
    assert np.abs((np.asarray(corners[0]).reshape(4, 2) + 0.5) / 4.0 - answer.mark_quad).max() < 0.3


def test_the_panels_differ_exactly_where_the_key_says() -> None:
    answer = made().printed.key
    page = as_image(made().printed.page, 8.0)
    size = [round(v * 8) for v in geometry.side_lengths(answer.a)]
    (ax, ay), (bx, by) = np.rint(answer.a[0] * 8).astype(int), np.rint(answer.b[0] * 8).astype(int)
    a, b = page[ay : ay + size[1], ax : ax + size[0]], page[by : by + size[1], bx : bx + size[0]]
    change = cv2.absdiff(a, b).max(axis=2)
    seen = change >= 25
    for d in answer.differences:
        low, high = (
            np.floor((d.a[0] - answer.a[0]) * 8).astype(int) - 6,
            np.ceil((d.a[2] - answer.a[0]) * 8).astype(int) + 6,
        )
        part = np.s_[max(0, low[1]) : high[1], max(0, low[0]) : high[0]]
        assert seen[part].mean() > 0.05
        seen[part] = False
        assert np.allclose(d.b - answer.b[0], d.a - answer.a[0])
    assert seen.sum() == 0
    assert len(answer.differences) == 6


@pytest.mark.parametrize("aspect", [0.5, 1.0, 1.5, 2.6])
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_pictures_of_any_shape_stay_on_the_paper_and_clear_of_the_mark(aspect: float, paper: str) -> None:
    from livespot.demo.puzzle import Puzzle

    picture = np.full((200, round(200 * aspect), 3), 90, np.uint8)
    answer = printing.lay_out(Puzzle("p", "", picture, picture, ()), paper, "t", f"{aspect}").key
    width, height = answer.size
    for quad in (answer.a, answer.b, answer.mark_quad):
        assert quad.min() >= 8
        assert (quad.max(axis=0) <= [width - 8, height - 8]).all()
    assert geometry.side_lengths(answer.a)[0] / geometry.side_lengths(answer.a)[1] == pytest.approx(aspect, rel=0.01)
    for quad in (answer.a, answer.b):
        gap = np.maximum(answer.mark_quad[0] - quad[2], quad[0] - answer.mark_quad[2])
        assert gap.max() >= 1.5
    assert np.maximum(answer.b[0] - answer.a[2], 0).max() >= 5


def test_the_key_comes_back_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "page-answers.json"
    path.write_text(made().answers)
    back, answer = key.read(path), made().printed.key
    assert (back.mark, back.name, back.size) == (answer.mark, answer.name, answer.size)
    assert np.abs(back.a - answer.a).max() < 1e-3
    assert [d.kind for d in back.differences] == [d.kind for d in answer.differences]
    assert (back.picture == answer.picture).all()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"mark": 3, "size_mm": [1, 2], "picture_png": "AAAA"}'])
def test_a_file_that_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "k.json"
    path.write_text(text)
    with pytest.raises(LivespotError, match="not an answer key"):
        key.read(path)


def test_two_pages_never_share_a_mark() -> None:
    making.keep(made())
    taken = made().printed.key.mark
    assert key.free_mark(taken - 1, "another page") != taken
    assert key.free_mark(taken - 1, made().printed.key.name) == taken


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(WrongUse, match="Letter"):
        made("A3")
