"""Still pictures: one file as it should be seen, and a folder of them as a source.

In: a path. Out: (H, W, 3) uint8 BGR, upright by its EXIF orientation (CIPA DC-008, tag 0x0112), in sRGB by its
ICC profile, 8 bits, alpha laid on white. A file that ends half-way gives what could be read, and says so.
"""

import contextlib
import io
import re
import struct
import time
import warnings
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from livespot import packages
from livespot.capture.base import as_bgr, check_size
from livespot.errors import SourceError
from livespot.frame import Frame, Image, Source
from livespot.saying import quiet_jpeg

SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".jp2", ".png", ".gif", ".bmp", ".dib", ".webp", ".avif"}
) | frozenset({".tif", ".tiff", ".ppm", ".pgm", ".pbm", ".pnm", ".sr", ".ras", ".exr", ".hdr"})
TIFF = frozenset({".tif", ".tiff"})
HEIC = frozenset({".heic", ".heif"})
_UNREADABLE = {".svg": "SVG", ".psd": "Photoshop", ".dng": "raw"}
_HEADS = {b"%PDF": "PDF", b"8BPS": "Photoshop", b"<svg": "SVG", b"<!DOCTYPE html": "HTML", b"<html": "HTML"}
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
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
    if path.suffix.lower() in HEIC:
        packages.need("pillow_heif", "pillow-heif", "heic", f"reading {path.name}")
    try:
        if path.exists() and not path.is_file():
            raise SourceError(f"{path} is not a file with a picture in it: name a JPEG or PNG")
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror}") from None
    if not data:
        raise SourceError(f"{path} is empty: copy or save it again")
    if data.startswith(_PNG):
        if problem := _png_problem(data):
            raise SourceError(f"{path.name} is {problem}")
        # OpenCV refuses a very large one without saying so.
        check_size(int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big"), path.name)
    if kind := next((kind for head, kind in _HEADS.items() if data.startswith(head)), ""):
        raise SourceError(f"{path.name} is a {kind} file, which livespot does not read: save it as JPEG or PNG")
    heic = data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS and b"avif" not in data[8:64]
    if heic:  # whatever its name says
        packages.need("pillow_heif", "pillow-heif", "heic", f"reading {path.name}")
    picture, complaint = _decode_heic(data) if heic or path.suffix.lower() in HEIC else _decode(data), ""
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
    if path.suffix.lower() == ".pdf":
        raise SourceError(f"{path.name} is a PDF: `livespot photo {path.name}` reads its pages")
    if kind:
        raise SourceError(f"{path.name} is a {kind} file, which livespot does not read: save it as JPEG or PNG")


def _decode(data: bytes) -> Image | None:
    if not data.startswith(b"\xff\xd8"):
        return _decoded(data)
    with quiet_jpeg:
        return _decoded(data)


def _decoded(data: bytes) -> Image | None:
    try:
        picture, kinds, metadata = cv2.imdecodeWithMetadata(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        if picture is None:
            return None
        if picture.dtype.kind == "f" and data[:2] in (b"II", b"MM"):
            picture = _within_one(picture)
        image = as_bgr(picture)
    except (cv2.error, ValueError, MemoryError):
        return None
    turn = 1
    for kind, chunk in zip(kinds, metadata, strict=False):
        if int(kind) == cv2.IMAGE_METADATA_EXIF:
            turn = _orientation(np.asarray(chunk).tobytes())
        elif int(kind) == cv2.IMAGE_METADATA_ICCP:
            image = as_srgb(image, np.asarray(chunk).tobytes())
    if data[4:8] == b"ftyp":
        turn = _orientation_of_avif(data) or turn
    mirror, rotation = _TURNS.get(turn, (False, None))
    if mirror:
        image = np.asarray(cv2.flip(image, 1), np.uint8)
    return image if rotation is None else np.asarray(cv2.rotate(image, rotation), np.uint8)


def _within_one(picture: NDArray[Any]) -> NDArray[Any]:
    """Floats are taken as 0 to 1, and in a TIFF of a measuring program may be anything."""
    high = float(np.nanpercentile(picture, 99))
    return picture / high if 1 < high < np.inf else picture


def _decode_heic(data: bytes) -> Image | None:
    """A HEIC picture; its decoder turns it upright."""
    import pillow_heif

    try:
        return as_bgr(np.asarray(pillow_heif.open_heif(data, bgr_mode=True)))
    except (ValueError, OSError, RuntimeError, SyntaxError):
        return None


def as_srgb(image: Image, profile: bytes) -> Image:
    """A picture (H, W, 3) BGR in the colours of its ICC profile as sRGB; unchanged where that says nothing."""
    from PIL import Image as Pillow
    from PIL import ImageCms

    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if own.profile.xcolor_space.strip() != "RGB":
            return image
        target = ImageCms.createProfile("sRGB")
        rgb = Pillow.fromarray(np.ascontiguousarray(image[..., ::-1]))
        shown = ImageCms.profileToProfile(rgb, own, target, ImageCms.Intent.RELATIVE_COLORIMETRIC)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return np.ascontiguousarray(np.asarray(shown, np.uint8)[..., ::-1])


def _orientation(exif: bytes) -> int:
    """The orientation tag of an EXIF block, 1 (upright) when there is none."""
    from PIL import Image as Pillow

    tags = Pillow.Exif()
    with contextlib.suppress(Exception), warnings.catch_warnings():  # a damaged block fails in many ways
        warnings.simplefilter("ignore")
        tags.load(exif)
        return int(tags.get(0x0112, 1))
    return 1


def _orientation_of_avif(data: bytes) -> int:
    """The same from the boxes of an AVIF (ISO/IEC 23008-12, 6.5.10 and 6.5.12), which OpenCV leaves out; 0: none."""
    angle, axis = (_property(data, box) for box in (b"irot", b"imir"))
    if angle is None and axis is None:
        return 0
    # first turned anticlockwise, then mirrored: over its rows (0) or its columns (1)
    return {None: (1, 8, 3, 6), 0: (4, 5, 2, 7), 1: (2, 7, 4, 5)}[axis][angle or 0]


def _property(data: bytes, box: bytes) -> int | None:
    at = data.find(b"\0\0\0\x09" + box, 0, 1 << 16)
    return data[at + 8] & 3 if at >= 0 else None


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


class StillsSource(Source):
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
        files = [p for p in folder.iterdir() if p.is_file() and p.name[0] != "."]
    except OSError as error:
        raise SourceError(f"cannot read folder {folder}: {error.strerror}") from None
    paths = [p for p in files if p.suffix.lower() in SUFFIXES | HEIC | set(_UNREADABLE)]  # these are told at the end
    if all(p.suffix.lower() in _UNREADABLE for p in paths):
        raise SourceError(f"no picture in folder {folder}: livespot reads JPEG, PNG, WebP, TIFF, BMP and PNM files")
    return StillsSource(sorted(paths, key=natural), folder.resolve().name or str(folder), fps)


def natural(path: Path) -> list[tuple[int, str]]:
    """A path's place among others by name, numbers counted as numbers."""
    return [(int(part), "") if part.isdecimal() else (-1, part.lower()) for part in re.split(r"(\d+)", path.name)]
