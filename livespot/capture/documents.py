"""Files that hold more than one picture, or one that OpenCV does not read: PDF, multi-page TIFF, HEIC.

In: a path and a page, counted from 0. Out: (H, W, 3) uint8 BGR, upright. PDF and HEIC need an extra of the package.
"""

import contextlib
import os
import struct
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np

from livespot import packages
from livespot.capture.base import as_bgr, check_size
from livespot.capture.stills import HEIC, SUFFIXES, TIFF, read_what_there_is
from livespot.errors import SourceError
from livespot.frame import Image

PDF = ".pdf"
DPI = 200.0  # a page of A4 becomes 1654 x 2339 px
READABLE = SUFFIXES | HEIC | {PDF}


def page_count(path: Path) -> int:
    """How many pages a file has. Raises SourceError (a PDF that cannot be read); 1 for any other file."""
    suffix = path.suffix.lower()
    if suffix == PDF:
        with _opened(path) as document:
            return len(document)
    return max(1, _directories(path)) if suffix in TIFF and path.is_file() else 1


def read_page(path: Path, page: int) -> tuple[Image, str]:
    """A page of a file, and "" or what is wrong with it. Raises SourceError when it cannot be read."""
    suffix = path.suffix.lower()
    if suffix == PDF:
        with _opened(path) as document:
            width, height = document[page].get_size()
            scale = min(DPI / 72, 16000 / max(width, height, 1))
            picture = as_bgr(document[page].render(scale=scale).to_numpy())
        check_size(picture.shape[1], picture.shape[0], f"{path.name}, page {page + 1}")
        return picture, ""
    if suffix in TIFF and page > 0:
        # Not by its name: OpenCV crashes on one that is not UTF-8.
        data = np.memmap(path, np.uint8, mode="r")
        good, pictures = cv2.imdecodemulti(data, cv2.IMREAD_UNCHANGED, range=(page, page + 1))
        if not good or not pictures:
            raise SourceError(f"{path.name}: page {page + 1} is damaged; save it again")
        return as_bgr(np.asarray(pictures[0])), ""
    return read_what_there_is(path)


def _directories(path: Path) -> int:
    """How many pages a TIFF says that it has: its chain of directories (TIFF 6.0, section 2; BigTIFF likewise)."""
    offsets: set[int] = set()
    with contextlib.suppress(OSError, struct.error), path.open("rb") as file:
        order = "<" if file.read(2) == b"II" else ">"
        (kind,) = struct.unpack(f"{order}H", file.read(2))
        place, count, entry = ("Q", "Q", 20) if kind == 43 else ("I", "H", 12)
        file.seek(8 if kind == 43 else 4)
        while kind in (42, 43) and (at := _number(file, order + place)) not in {0, *offsets}:
            offsets.add(at)
            file.seek(at)
            file.seek(_number(file, order + count) * entry, os.SEEK_CUR)
    return len(offsets)


def _number(file: BinaryIO, form: str) -> int:
    return int(struct.unpack(form, file.read(struct.calcsize(form)))[0])


def _opened(path: Path):  # type: ignore[no-untyped-def]  # pypdfium2 has no types
    packages.need("pypdfium2", "pypdfium2", "pdf", f"reading {path.name}")
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(path)
    except FileNotFoundError:
        raise SourceError(f"there is no file {path}: is the name right?") from None
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise SourceError(f"{path.name} asks for a password: save it without one") from None
        raise SourceError(f"{path.name} is not a PDF that can be read ({error}): save it again") from None
