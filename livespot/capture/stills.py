"""Still pictures: one file as it should be seen, and a folder of them as a source.

In: a path. Out: (H, W, 3) uint8 BGR, upright by its EXIF orientation (CIPA DC-008, tag 0x0112), 8 bits, alpha laid on
white. A file that ends half-way gives what could be read, and says so.
"""

from __future__ import annotations

import re
import struct
import time
import zlib
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from livespot.capture.base import BaseSource, as_bgr, check_size
from livespot.errors import SourceError
from livespot.frame import Frame, Image

SUFFIXES = frozenset({".jpg", ".jpeg", ".jpe", ".jp2", ".png", ".bmp", ".dib", ".webp", ".avif"}) | frozenset(
    {".tif", ".tiff", ".ppm", ".pgm", ".pbm", ".pnm", ".sr", ".ras", ".exr", ".hdr"}
)
_UNREADABLE = {".heic": "HEIC", ".heif": "HEIC", ".pdf": "PDF", ".svg": "SVG", ".psd": "Photoshop", ".dng": "raw"}
_PNG = b"\x89PNG\r\n\x1a\n"
_TURNS = {  # EXIF orientation: (mirror first, then turn)
    2: (True, None),
    3: (False, cv2.ROTATE_180),
    4: (True, cv2.ROTATE_180),
    5: (True, cv2.ROTATE_90_COUNTERCLOCKWISE),
    6: (False, cv2.ROTATE_90_CLOCKWISE),
    7: (True, cv2.ROTATE_90_CLOCKWISE),
    8: (False, cv2.ROTATE_90_COUNTERCLOCKWISE),
}


def read_picture(path: Path) -> Image:
    """The picture in a file, upright. Raises SourceError when there is none, or only a part of one."""
    picture, complaint = read_what_there_is(path)
    if complaint:
        raise SourceError(complaint)
    return picture


def read_what_there_is(path: Path) -> tuple[Image, str]:
    """The picture in a file, and "" or what is wrong with it (its end is missing).

    Raises SourceError when nothing can be read, or when the picture is too small or too large to be used.
    """
    refuse_unreadable(path)
    try:
        if path.exists() and not path.is_file():
            raise SourceError(f"{path} is not a file with a picture in it: name a JPEG or PNG")
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror}") from None
    if not data:
        raise SourceError(f"{path} is empty: copy or save it again")
    if data.startswith(_PNG) and (problem := _png_problem(data)):
        raise SourceError(f"{path.name} is {problem}")
    picture, complaint = _decode(data), ""
    if picture is None and data.startswith(b"\xff\xd8"):
        # libjpeg shows what it has when the end marker comes early.
        picture = _decode(data + b"\xff\xd9")
        complaint = f"{path.name} ended early: the lower part of the picture is missing"
    if picture is None:
        raise SourceError(
            f"{path.name} is not a picture livespot can read: it is damaged, or of another kind; save it as JPEG or PNG"
        )
    check_size(picture.shape[1], picture.shape[0], path.name)
    return picture, complaint


def refuse_unreadable(path: Path) -> None:
    """Raises SourceError for kinds of picture that people have and livespot cannot read."""
    kind = _UNREADABLE.get(path.suffix.lower())
    if kind:
        raise SourceError(f"{path.name} is a {kind} file, which livespot does not read: save it as JPEG or PNG")


def _decode(data: bytes) -> Image | None:
    try:
        picture, kinds, metadata = cv2.imdecodeWithMetadata(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        if picture is None:
            return None
        image = as_bgr(picture)
    except (cv2.error, ValueError, MemoryError):
        return None
    turn = 1
    for kind, chunk in zip(kinds, metadata, strict=False):
        if int(kind) == cv2.IMAGE_METADATA_EXIF:
            turn = _orientation(np.asarray(chunk).tobytes())
    mirror, rotation = _TURNS.get(turn, (False, None))
    if mirror:
        image = np.asarray(cv2.flip(image, 1), np.uint8)
    return image if rotation is None else np.asarray(cv2.rotate(image, rotation), np.uint8)


def _orientation(exif: bytes) -> int:
    """The orientation tag of an EXIF block, 1 (upright) when there is none."""
    exif = exif.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    try:
        if order is None:
            return 1
        (at,) = struct.unpack_from(order + "I", exif, 4)
        (count,) = struct.unpack_from(order + "H", exif, at)
        for i in range(count):
            tag, _, _, value = struct.unpack_from(order + "HHIH", exif, at + 2 + 12 * i)
            if tag == 0x0112:
                return int(value)
    except struct.error:
        pass
    return 1


def _png_problem(data: bytes) -> str:
    """What is wrong with a PNG, or "". Asked first, because libpng writes its own lines to standard error."""
    at = len(_PNG)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 8 + length
        if end + 4 > len(data):
            break
        if struct.unpack_from(">I", data, end)[0] != zlib.crc32(data[at + 4 : end]):
            return "damaged: a checksum does not fit"
        if data[at + 4 : at + 8] == b"IEND":
            return ""
        at = end + 4
    return "cut short: its end is missing"


class StillsSource(BaseSource):
    """Pictures one after the other, at a rate of their own (frame n at n / fps seconds).

    One picture is one frame. What cannot be read is passed over, and named at the end.
    """

    def __init__(self, paths: Sequence[Path], name: str, fps: float) -> None:
        super().__init__()
        self.name = name
        self.fps = fps
        self.length = len(paths)
        self._paths = list(paths)
        self._at = 0
        self._read = 0
        self._complaints: list[str] = []

    def _next(self) -> Frame | None:
        assert self.fps is not None
        while self._at < len(self._paths):
            index = self._at
            self._at += 1
            try:
                image, complaint = read_what_there_is(self._paths[index])
            except SourceError as error:
                if self.length == 1:
                    raise
                self._complaints.append(str(error))
                continue
            if complaint:
                self._complaints.append(complaint)
            self._read += 1
            return Frame(image=image, time=index / self.fps, index=index, captured=time.monotonic())
        if self._complaints:
            first, rest = self._complaints[0], len(self._complaints) - 1
            self._complaints = []
            more = f", and {rest} more picture{'s' if rest > 1 else ''} like it" if rest else ""
            raise SourceError(first + more if self._read else f"{self.name}: no picture could be read: {first}{more}")
        return None


def folder_of_stills(folder: Path, fps: float) -> StillsSource:
    """All pictures of a folder in the order of their names, numbers counted as numbers. Raises SourceError for none."""
    try:
        paths = [p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file() and p.name[0] != "."]
    except OSError as error:
        raise SourceError(f"cannot read folder {folder}: {error.strerror}") from None
    if not paths:
        raise SourceError(f"no picture in folder {folder}: livespot reads JPEG, PNG, WebP, TIFF, BMP and PNM files")
    return StillsSource(sorted(paths, key=_natural), folder.resolve().name or str(folder), fps)


def _natural(path: Path) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part.lower()) for part in re.split(r"(\d+)", path.name)]
