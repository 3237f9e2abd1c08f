"""`livespot puzzle` as people type it."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from livespot.cli import main
from livespot.reference import key


def test_a_scene_becomes_a_page_with_its_key(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["puzzle", "harbour", "--differences", "5", "--seed", "2", "--out", "page.pdf"]) == 0
    assert (work / "page.pdf").read_bytes().startswith(b"%PDF")
    answer = key.read(work / "page-answers.json")
    assert len(answer.differences) == 5
    assert list(key.known()) == [answer.mark]
    assert f"5 differences, page {answer.mark}" in capsys.readouterr().out


def test_ones_own_photograph_becomes_a_page(work: Path) -> None:
    rng = np.random.default_rng(2)
    picture = np.full((300, 400, 3), (150, 170, 180), np.uint8)
    for n in range(12):
        x, y = 50 + 100 * (n % 4), 50 + 90 * (n // 4)
        cv2.circle(picture, (x, y), 16, [int(v) for v in rng.integers(0, 120, 3)], -1, cv2.LINE_AA)
    cv2.imwrite("mine.jpg", picture)
    assert main(["puzzle", "mine.jpg", "--differences", "3", "--paper", "Letter", "--out", "page.pdf"]) == 0
    assert len(key.read(work / "page-answers.json").differences) == 3


def test_fewer_than_asked_is_said_in_one_line(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = np.full((300, 400, 3), (150, 170, 180), np.uint8)
    cv2.circle(picture, (200, 150), 20, (40, 60, 120), -1, cv2.LINE_AA)
    cv2.imwrite("ball.png", picture)
    assert main(["puzzle", "ball.png", "--differences", "30", "--out", "page.pdf"]) == 0
    said = [line for line in capsys.readouterr().err.splitlines() if "without a trace" in line]
    assert len(said) == 1
    assert f"only {len(key.read(work / 'page-answers.json').differences)} of 30" in said[0]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["harbour"], 2, "--out"),
        (["harbour", "--out", "page.png"], 2, "end it in .pdf"),
        (["harbour", "--out", "no/page.pdf"], 2, "no folder no"),
        (["harbour", "--differences", "99", "--out", "p.pdf"], 2, "0 to 30"),
        (["nothing.jpg", "--out", "p.pdf"], 2, "there is no photograph nothing.jpg"),
        (["grey.png", "--out", "p.pdf"], 1, "choose one with more in it"),
        (["tiny.png", "--out", "p.pdf"], 1, "too small"),
    ],
    ids=["no out", "not a pdf", "no folder", "too many", "no picture", "empty picture", "tiny picture"],
)
def test_what_cannot_be_made_is_said_in_one_line_and_leaves_nothing(
    work: Path, capsys: pytest.CaptureFixture[str], words: list[str], status: int, said: str
) -> None:
    cv2.imwrite("grey.png", np.full((300, 400, 3), 128, np.uint8))
    cv2.imwrite("tiny.png", np.full((80, 90, 3), 128, np.uint8))
    assert main(["puzzle", *words]) == status
    assert said in capsys.readouterr().err.strip().splitlines()[-1]
    assert {p.name for p in work.iterdir()} == {"grey.png", "tiny.png"}
    assert key.known() == {}
