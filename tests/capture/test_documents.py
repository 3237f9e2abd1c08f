"""Files that hold more than one picture: how many, and which."""

import struct
from pathlib import Path

import pytest

from livespot.capture.documents import page_count
from livespot.errors import SourceError


def tiff(order: str, big: bool, nexts: list[int]) -> bytes:
    """The directories of a TIFF and nothing else; nexts: which one follows each, from 1; 0: none."""
    place, count, head, size = ("Q", "Q", 16, 16) if big else ("I", "H", 8, 6)
    start = [0, *(head + size * n for n in range(len(nexts)))]
    kind = struct.pack(f"{order}HHH", 43, 8, 0) if big else struct.pack(f"{order}H", 42)
    data = (b"II" if order == "<" else b"MM") + kind + struct.pack(order + place, start[1])
    return data + b"".join(struct.pack(order + count, 0) + struct.pack(order + place, start[n]) for n in nexts)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True], ids=["TIFF", "BigTIFF"])
def test_pages_of_a_tiff(tmp_path: Path, order: str, big: bool) -> None:
    path = tmp_path / "scan.tif"
    for nexts, pages in (([0], 1), ([2, 3, 0], 3), ([2, 3, 1], 3)):  # the last one goes round in a circle
        path.write_bytes(tiff(order, big, nexts))
        assert page_count(path) == pages
    path.write_bytes(tiff(order, big, [2, 0])[:-3])
    assert page_count(path) == 2
    path.write_bytes(b"not a TIFF")
    assert page_count(path) == 1


def test_a_pdf_that_asks_for_a_password(tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2")
    canvas, encryption = pytest.importorskip("reportlab.pdfgen.canvas"), pytest.importorskip("reportlab.lib.pdfencrypt")
    page = canvas.Canvas(str(tmp_path / "locked.pdf"), encrypt=encryption.StandardEncryption("secret", "owner"))
    page.showPage()
    page.save()
    with pytest.raises(SourceError, match="asks for a password: save it without one"):
        page_count(tmp_path / "locked.pdf")
