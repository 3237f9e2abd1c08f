"""Pictures of every kind people have come out upright, in 8 bits and three channels, or are refused in one line."""

import io
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageCms

from livespot.capture.stills import folder_of_stills, natural, read_picture, read_what_there_is
from livespot.errors import SourceError


def _scene(height: int = 120, width: int = 200) -> np.ndarray:
    """Red at the top left, blue elsewhere, with something for a JPEG to do."""
    image = np.full((height, width, 3), (200, 40, 40), np.uint8)
    image[: height // 2, : width // 2] = (30, 30, 220)
    return image


def _jpeg_with_orientation(turn: int, order: str = "II") -> bytes:
    end = "<" if order == "II" else ">"
    ifd = struct.pack(end + "H", 1) + struct.pack(end + "HHIHH", 0x0112, 3, 1, turn, 0) + b"\0" * 4
    exif = b"Exif\0\0" + order.encode() + struct.pack(end + "HI", 42, 8) + ifd
    data = cv2.imencode(".jpg", _scene())[1].tobytes()
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:]


# Where the red corner is once the picture is upright, by EXIF orientation (CIPA DC-008).
CORNERS = {1: "tl", 2: "tr", 3: "br", 4: "bl", 5: "tl", 6: "tr", 7: "br", 8: "bl"}


@pytest.mark.parametrize("order", ["II", "MM"])
@pytest.mark.parametrize("turn", CORNERS, ids=str)
def test_upright_by_exif(tmp_path: Path, turn: int, order: str) -> None:
    path = tmp_path / "page.jpg"
    path.write_bytes(_jpeg_with_orientation(turn, order))
    image = read_picture(path)
    assert image.shape == ((120, 200, 3) if turn < 5 else (200, 120, 3))
    row = 10 if CORNERS[turn][0] == "t" else -10
    column = 10 if CORNERS[turn][1] == "l" else -10
    red = image[row, column].astype(int)
    assert red[2] > 180
    assert red[0] < 90
    assert image[-row, -column, 0] > 150  # the opposite corner is blue


@pytest.mark.parametrize(
    ("name", "picture"),
    [
        ("grey.png", np.full((100, 100), 90, np.uint8)),
        ("deep.png", np.full((100, 100, 3), 90 * 257, np.uint16)),
        ("deep-grey.tif", np.full((100, 100), 90 * 257, np.uint16)),
        ("page.webp", np.full((100, 100, 3), 90, np.uint8)),
        ("page.bmp", np.full((100, 100, 3), 90, np.uint8)),
        ("clear.png", np.full((100, 100, 4), (90, 90, 90, 255), np.uint8)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_kinds(tmp_path: Path, name: str, picture: np.ndarray) -> None:
    assert cv2.imwrite(str(tmp_path / name), picture)
    image = read_picture(tmp_path / name)
    assert image.shape == (100, 100, 3)
    assert np.all(np.abs(image.astype(int) - 90) <= 2)  # WebP and JPEG are lossy


def test_alpha_lies_on_white(tmp_path: Path) -> None:
    picture = np.zeros((100, 100, 4), np.uint8)
    picture[:, 50:, 3] = 255
    cv2.imwrite(str(tmp_path / "a.png"), picture)
    image = read_picture(tmp_path / "a.png")
    assert image[50, 10].tolist() == [255, 255, 255]
    assert image[50, 90].tolist() == [0, 0, 0]


def test_jpeg_cut_short_gives_what_reads_and_says_so(tmp_path: Path) -> None:
    rows = np.linspace(0, 255, 400, dtype=np.uint8)[:, None, None]
    noise = np.random.default_rng(0).integers(0, 40, (400, 400, 3), dtype=np.uint8)
    whole = np.broadcast_to(rows, (400, 400, 3)) // 2 + noise
    data = cv2.imencode(".jpg", whole)[1].tobytes()
    path = tmp_path / "page.jpg"
    path.write_bytes(data[: len(data) // 2])
    image, complaint = read_what_there_is(path)
    assert "ended early" in complaint
    assert np.mean(np.abs(image[:100].astype(int) - whole[:100])) < 15
    with pytest.raises(SourceError, match="ended early"):
        read_picture(path)


def _png(picture: np.ndarray) -> bytes:
    return bytes(cv2.imencode(".png", picture)[1].tobytes())


def _png_of_size(width: int, height: int) -> bytes:
    """Its head and its end."""
    chunks = (b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0), b"IEND")
    pieces = (struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(pieces)


def _flipped(data: bytes) -> bytes:
    at = len(data) // 2
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.png", b"", "is empty"),
        ("text.png", b"hello, I am a letter", "not a picture"),
        ("text.jpg", b"\xff\xd8\xff\xe0 hello", "not a picture"),
        ("short.png", _png(_scene())[:200], "cut short"),
        ("bad.png", _flipped(_png(_scene())), "damaged"),
        ("small.png", _png(_scene(20, 30)), "30 x 20 px, too small"),
        ("huge.png", _png_of_size(60000, 60000), "60000 x 60000 px: at most"),
        ("page.heic", b"whatever", "HEIC|damaged"),
        ("page.pdf", b"%PDF", "PDF"),
        ("renamed.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "not a picture|heic"),
        ("scan.png", b"%PDF-1.4", "is a PDF file"),
        ("saved.jpg", b"<!DOCTYPE html><html>", "is a HTML file"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_refused(tmp_path: Path, name: str, data: bytes, says: str, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError, match=says) as caught:
        read_what_there_is(tmp_path / name)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr().err == ""  # the decoders' own lines would make more than one


def test_png_checksums_are_those_of_the_format() -> None:
    data = _png(_scene())
    assert data.endswith(struct.pack(">I", zlib.crc32(b"IEND")))


def test_12000_px_wide_is_read(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "wide.jpg"), np.full((80, 12000, 3), 128, np.uint8))
    assert read_picture(tmp_path / "wide.jpg").shape == (80, 12000, 3)


def test_a_tiff_of_measured_values_is_not_all_white(tmp_path: Path) -> None:
    values = np.linspace(0, 4000, 10000, dtype=np.float32).reshape(100, 100)
    cv2.imwrite(str(tmp_path / "measured.tif"), values)
    image = read_picture(tmp_path / "measured.tif")
    assert image[50, 50, 0] == pytest.approx(255 * values[50, 50] / 4000, abs=3)


def test_folder_in_the_order_of_its_numbers(tmp_path: Path) -> None:
    for n in (10, 9, 1):
        cv2.imwrite(str(tmp_path / f"page{n}.png"), np.full((80, 80, 3), n, np.uint8))
    assert natural(Path("5²3.png")) < natural(Path("5³3.png"))  # digits, and no numbers
    (tmp_path / "notes.txt").write_text("not a picture")
    with folder_of_stills(tmp_path, fps=10.0) as source:
        assert source.length == 3
        assert not source.live
        frames = [source.read() for _ in range(3)]
        assert source.read() is None
    assert [int(f.image[0, 0, 0]) for f in frames if f] == [1, 9, 10]
    assert [f.time for f in frames if f] == pytest.approx([0.0, 0.1, 0.2])
    assert [f.index for f in frames if f] == [0, 1, 2]


def test_folder_passes_over_what_cannot_be_read_and_names_it_at_the_end(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), _scene())
    (tmp_path / "b.png").write_bytes(b"broken")
    cv2.imwrite(str(tmp_path / "c.png"), _scene())
    with folder_of_stills(tmp_path, fps=10.0) as source:
        first, second = source.read(), source.read()
        assert (first.index, second.index) == (0, 2)
        with pytest.raises(SourceError, match=r"b\.png"):
            source.read()


def test_a_jpeg_with_a_scratch_is_read_in_silence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """libjpeg writes its own line to standard error, which nobody asked for."""
    data = cv2.imencode(".jpg", _scene())[1].tobytes()
    (tmp_path / "page.jpg").write_bytes(data[:-2] + b"padding" + data[-2:])
    assert read_what_there_is(tmp_path / "page.jpg")[1] == ""
    assert capfd.readouterr().err == ""


def test_folder_of_what_cameras_and_telephones_name_their_pictures(tmp_path: Path) -> None:
    for name, kind in (("a.jfif", ".jpg"), ("b.GIF", ".gif"), ("c.JPG", ".jpg")):
        (tmp_path / name).write_bytes(cv2.imencode(kind, _scene())[1].tobytes())
    (tmp_path / "d.SVG").write_bytes(b"not read")
    with folder_of_stills(tmp_path, fps=10.0) as source:
        assert [frame.index for frame in (source.read() for _ in range(3)) if frame] == [0, 1, 2]
        with pytest.raises(SourceError, match=r"d\.SVG is a SVG file"):
            source.read()


def test_folder_without_pictures(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no picture in folder"):
        folder_of_stills(tmp_path, fps=10.0)


def _display_p3() -> bytes:
    """An ICC profile with the primaries of Display P3 (SMPTE EG 432-1, D50) and the tone curve of sRGB."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    primaries = {
        b"rXYZ": (0.51512, 0.24120, -0.00105),
        b"gXYZ": (0.29198, 0.69225, 0.04189),
        b"bXYZ": (0.15710, 0.06657, 0.78407),
    }
    for entry in range(struct.unpack_from(">I", profile, 128)[0]):
        tag, at, _ = struct.unpack_from(">4sII", profile, 132 + 12 * entry)
        if tag in primaries:
            struct.pack_into(">3i", profile, at + 8, *(round(v * 65536) for v in primaries[tag]))
    return bytes(profile)


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp"])
def test_a_picture_in_another_colour_space_is_shown_as_its_profile_says(tmp_path: Path, suffix: str) -> None:
    picture = cv2.GaussianBlur(_scene(), (0, 0), 8)
    profile = _display_p3()
    wide = ImageCms.profileToProfile(
        Pillow.fromarray(picture[..., ::-1]), ImageCms.createProfile("sRGB"), io.BytesIO(profile)
    )
    wide.save(tmp_path / f"p3.{suffix}", icc_profile=profile, quality=100, lossless=True)
    plain = np.asarray(wide)[..., ::-1]
    assert cv2.absdiff(plain, picture).max() > 12
    assert np.abs(read_picture(tmp_path / f"p3.{suffix}").astype(int) - picture).mean() < 1.5


def test_a_damaged_profile_is_passed_over(tmp_path: Path) -> None:
    Pillow.fromarray(_scene()[..., ::-1]).save(tmp_path / "odd.png", icc_profile=_display_p3()[:200])
    assert np.array_equal(read_picture(tmp_path / "odd.png"), _scene())
