"""The page to look at: complete, in its order, and in need of nothing but its own folder."""

import re
from html.parser import HTMLParser

import cv2
import numpy as np
import pytest
from kit.puzzles import changed, scene

from livespot.report import page
from livespot.settings import Settings
from livespot.spotting.explain import explain_still
from livespot.spotting.still import StillTrace, spot_page, spot_pair


def files(method: str = "robust", title: str = "a & b") -> dict[str, bytes]:
    pictures, trail, settings = (scene(), changed(scene())), StillTrace(), Settings(method=method)
    spot_pair(*pictures, settings, trail)
    return page.files_of(explain_still(pictures, trail, settings), title)


class Reader(HTMLParser):
    """What a browser would ask for, and whether every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.wants: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.wants |= {str(value) for name, value in attrs if name in ("src", "href")}
        if tag not in ("meta", "img", "line", "rect"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("line", "rect"):
            assert self.open.pop() == tag


@pytest.mark.parametrize("method", ["robust", "classic"])
def test_the_page_needs_its_own_folder_and_nothing_else(method: str) -> None:
    written = files(method)
    reader = Reader()
    reader.feed(written[page.PAGE].decode())
    assert not reader.open
    named = {want for want in reader.wants if not want.startswith("data:image/png;base64,")}
    assert named == set(written) - {page.PAGE}
    for name in named:
        assert cv2.imdecode(np.frombuffer(written[name], np.uint8), cv2.IMREAD_COLOR) is not None


@pytest.mark.parametrize("method", ["robust", "classic"])
def test_every_step_is_there_in_its_order(method: str) -> None:
    titles = re.findall(r"<h2>(.*?)</h2>", files(method)[page.PAGE].decode())
    wanted = ["pictures", "aligned", "residual", "normalised", "difference map", "binary", "regions", "result"]
    assert len(titles) == len(wanted)
    for number, (title, word) in enumerate(zip(titles, wanted, strict=True), 1):
        assert title.startswith(f"{number}. ")
        assert word in title


def test_kept_regions_are_numbered_and_all_rows_say_why() -> None:
    text = files()[page.PAGE].decode()
    rows = re.findall(r"<tr class=.(kept|dropped).>(.*?)</tr>", text, re.S)
    assert [kind for kind, _ in rows].count("kept") == 4
    for kind, row in rows:
        assert ("kept: difference" in row) == (kind == "kept")
        assert "<li>" in row
    assert "low " in text
    assert "high " in text  # both thresholds stand in the histogram


def test_the_title_cannot_break_the_page() -> None:
    text = files(title="<b>.png")[page.PAGE].decode()
    assert "<h1>&lt;b&gt;.png</h1>" in text


def test_without_a_puzzle_the_page_shows_what_was_seen_and_says_why() -> None:
    picture, trail = scene(size=(640, 480)), StillTrace()
    spot_page(picture, Settings(), trail)
    written = page.files_of(explain_still([picture], trail, Settings()), "table.jpg")
    assert set(written) == {page.PAGE, "explain-1-page.png"}
    assert "no puzzle in view" in written[page.PAGE].decode()
