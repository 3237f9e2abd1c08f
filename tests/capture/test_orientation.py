"""Films and stills that say how they are to be seen: all eight ways (ISO/IEC 14496-12, 23008-12; EXIF 0x0112)."""

from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from livespot.capture.stills import read_picture
from livespot.capture.video import VideoSource
from livespot.frame import Image

# EXIF's number; the display matrix a, b, c, d; how the picture as stored is to be turned and mirrored.
WAYS = [
    (1, (1, 0, 0, 1), lambda p: p),
    (2, (-1, 0, 0, 1), np.fliplr),
    (3, (-1, 0, 0, -1), lambda p: np.rot90(p, 2)),
    (4, (1, 0, 0, -1), np.flipud),
    (5, (0, 1, 1, 0), lambda p: p.transpose(1, 0, 2)),
    (6, (0, 1, -1, 0), lambda p: np.rot90(p, -1)),
    (7, (0, -1, -1, 0), lambda p: np.rot90(p, 2).transpose(1, 0, 2)),
    (8, (0, -1, 1, 0), lambda p: np.rot90(p)),
]


@pytest.fixture
def stored() -> Image:
    """Dark, but for one bright corner and a grey one beside it: every way looks different."""
    picture = np.full((96, 128, 3), 20, np.uint8)
    picture[:32, :48] = 240
    picture[:32, 80:] = 120
    return picture


def same(a: Image, b: Image) -> bool:
    return a.shape == b.shape and float(np.abs(a.astype(int) - b).mean()) < 4


@pytest.mark.parametrize(("exif", "matrix", "seen"), WAYS, ids=[str(way[0]) for way in WAYS])
def test_eight_ways(tmp_path: Path, stored: Image, exif: int, matrix: tuple[int, ...], seen) -> None:  # type: ignore[no-untyped-def]
    with av.open(str(tmp_path / "film.mp4"), "w") as out:
        stream = out.add_stream("libx264", 10)
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        for _ in range(3):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(stored, "bgr24")))
        out.mux(stream.encode(None))
    film = bytearray((tmp_path / "film.mp4").read_bytes())
    at = film.index(b"tkhd") + 44
    a, b, c, d = matrix
    values = np.array([a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30], ">i4")
    film[at : at + 36] = values.tobytes()
    (tmp_path / "film.mp4").write_bytes(film)
    with VideoSource(tmp_path / "film.mp4") as source:
        frame = source.read()
    assert same(frame.image, seen(stored))
    for name in ("still.jpg", "still.avif", "still.png", "still.webp"):
        data = Pillow.Exif()
        data[0x0112] = exif
        Pillow.fromarray(cv2.cvtColor(stored, cv2.COLOR_BGR2RGB)).save(tmp_path / name, exif=data)
        assert same(read_picture(tmp_path / name), seen(stored)), name
