"""Video files: true times, all frames, and one clear line for every way a file can be broken."""

import gc
import os
import weakref
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from livespot.capture.video import VideoSource
from livespot.errors import SourceError
from livespot.frame import Frame
from livespot.record.video_writer import TICKS, VideoFile

WIDTH, HEIGHT = 160, 120


def film(
    path: Path, stamps: list[float], *, codec: str = "libx264", options: dict[str, str] | None = None, keys: int = 10
) -> Path:
    """A video at these times in seconds; frame n has its number written in it (see `number_in`)."""
    with av.open(str(path), "w", options=options or {}) as out:
        stream = out.add_stream(codec, rate=30)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        if path.suffix != ".avi":  # an AVI's clock ticks once a frame
            stream.codec_context.time_base = Fraction(1, 90000)
        stream.gop_size = keys
        noise = np.random.default_rng(0).integers(0, 30, (HEIGHT, WIDTH, 3), dtype=np.uint8)
        for n, at in enumerate(stamps):
            image = noise.copy()
            for bit in range(8):
                image[:20, 20 * bit : 20 * bit + 20] = 255 * (n >> bit & 1)
            picture = av.VideoFrame.from_ndarray(image, "bgr24")
            picture.pts, picture.time_base = round(at * 90000), Fraction(1, 90000)
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
    return path


def number_in(frame: Frame) -> int:
    """The number written into a frame: eight black or white squares along its upper edge."""
    return sum(1 << bit for bit in range(8) if frame.image[10, 20 * bit + 10].mean() > 127)


def all_of(source: VideoSource) -> tuple[list[Frame], str]:
    """Every frame, and what was complained about at the end."""
    frames = []
    try:
        while (frame := source.read()) is not None:
            frames.append(frame)
    except SourceError as error:
        return frames, str(error)
    return frames, ""


EVEN = [n / 30 for n in range(90)]


def test_a_last_picture_that_is_seen_for_long_is_no_early_end(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path / "film.mp4", os.O_CREAT | os.O_RDWR)
    out = VideoFile(
        tmp_path / "film.mp4", descriptor, (WIDTH, HEIGHT), quality=20, fps=30.0, title="", date=datetime.now(UTC)
    )
    for n in range(30):
        out.add(np.zeros((HEIGHT, WIDTH, 3), np.uint8), n * TICKS // 10, TICKS // 10 if n < 29 else 6 * TICKS)
    out.finish(0, [])
    out.release()
    with VideoSource(tmp_path / "film.mp4") as source:
        frames, complaint = all_of(source)
    assert (len(frames), complaint) == (30, "")


def test_what_was_read_goes_without_being_looked_for(tmp_path: Path) -> None:
    """A film's decoder has a dozen threads, and each picture some megabytes."""
    path = film(tmp_path / "film.mp4", EVEN)
    gc.collect()
    gc.disable()
    try:
        before = sum(type(thing) is av.VideoFrame for thing in gc.get_objects())
        with VideoSource(path) as source:
            assert len(all_of(source)[0]) == len(EVEN)
        gone = weakref.ref(source)
        del source
        assert gone() is None
        assert sum(type(thing) is av.VideoFrame for thing in gc.get_objects()) <= before + 1
    finally:
        gc.enable()


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".avi", ".ts", ".mov"])
def test_every_frame_once_in_order(tmp_path: Path, suffix: str) -> None:
    with VideoSource(film(tmp_path / f"clip{suffix}", EVEN)) as source:
        assert source.name == f"clip{suffix}"
        assert not source.live
        assert source.fps == pytest.approx(30, abs=0.1)
        frames, complaint = all_of(source)
    assert complaint == ""
    assert [f.index for f in frames] == list(range(90))
    assert [number_in(f) for f in frames] == list(range(90))
    assert frames[0].image.shape == (HEIGHT, WIDTH, 3)


def test_times_are_the_files_own(tmp_path: Path) -> None:
    uneven = [0.5, 0.6, 1.1, 1.15, 3.0, 3.04]
    with VideoSource(film(tmp_path / "clip.mp4", uneven)) as source:
        frames, complaint = all_of(source)
    assert complaint == ""
    assert [f.time for f in frames] == pytest.approx([0.0, 0.1, 0.6, 0.65, 2.5, 2.54], abs=1e-3)


@pytest.mark.parametrize(
    ("name", "options", "share"),
    [
        ("clip.mp4", {"movflags": "faststart"}, 0.6),
        ("clip.mp4", {"movflags": "frag_keyframe+empty_moov"}, 0.0),  # a fragmented file may not know its own length
        ("clip.mkv", {}, 0.6),
        ("clip.avi", {}, 0.6),
    ],
    ids=["mp4", "fragmented", "mkv", "avi"],
)
def test_cut_short_gives_what_reads_then_says_so(
    tmp_path: Path, name: str, options: dict[str, str], share: float
) -> None:
    whole = film(tmp_path / name, EVEN, options=options)
    size = whole.stat().st_size
    with whole.open("r+b") as file:
        file.truncate(size // 2)
    with VideoSource(whole) as source:
        frames, complaint = all_of(source)
        assert source.read() is None  # said once
    assert 20 < len(frames) < 80
    assert "\n" not in complaint
    if share:
        assert "ended early" in complaint


def test_damage_in_the_middle_is_passed_over_and_said(tmp_path: Path) -> None:
    path = film(tmp_path / "clip.mp4", EVEN, keys=10)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000] = np.random.default_rng(1).integers(0, 256, 3000, dtype=np.uint8).tobytes()
    path.write_bytes(data)
    with VideoSource(path) as source:
        frames, complaint = all_of(source)
    assert len(frames) > 60
    assert np.diff([f.time for f in frames]).min() > 0
    assert "\n" not in complaint


def test_pictures_read_only_in_part_are_said(tmp_path: Path) -> None:
    path = film(tmp_path / "clip.mp4", EVEN, keys=10)
    data = bytearray(path.read_bytes())
    random = np.random.default_rng(0)
    for at in random.integers(len(data) // 3, 2 * len(data) // 3, 10):
        data[at] ^= 0x40
    path.write_bytes(data)
    with VideoSource(path) as source:
        frames, complaint = all_of(source)
    assert len(frames) > 60
    assert "only in part" in complaint


def test_damage_that_looks_like_another_stream_is_passed_over(tmp_path: Path) -> None:
    path = film(tmp_path / "clip.ts", EVEN, keys=10)
    data = bytearray(path.read_bytes())
    for packet in range(
        40 * 188, len(data) - 188, 31 * 188
    ):  # another number of the stream: one the tables do not name
        data[packet + 1 : packet + 3] = b"\x40\x11"
        data[packet + 4 : packet + 17] = b"\x00\x00\x01\xc0\x00\x00\x80\x80\x05!\x00\x01\x00"
    path.write_bytes(data)
    with VideoSource(path) as source:
        frames, complaint = all_of(source)
    assert len(frames) > 30
    assert "damaged" in complaint


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.mp4", b"", "is empty"),
        ("letter.mp4", b"Dear reader, this is no video.\n" * 50, "not a video"),
        ("noise.mkv", np.random.default_rng(0).integers(0, 256, 50000, dtype=np.uint8).tobytes(), "not a video"),
    ],
    ids=["empty", "text", "noise"],
)
def test_not_a_video(tmp_path: Path, name: str, data: bytes, says: str, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError, match=says):
        VideoSource(tmp_path / name)
    assert capfd.readouterr().err == ""


def test_an_mp4_without_its_index_says_that(tmp_path: Path) -> None:
    path = film(tmp_path / "clip.mp4", EVEN)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    with pytest.raises(SourceError, match="its index is missing"):
        VideoSource(path)


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "song.wav"), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=8000, layout="mono")
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.int16), format="s16", layout="mono")
        sound.sample_rate = 8000
        out.mux(stream.encode(sound))
    with pytest.raises(SourceError, match="no video in it"):
        VideoSource(tmp_path / "song.wav")


def test_too_small_for_a_puzzle(tmp_path: Path) -> None:
    global WIDTH, HEIGHT
    before = WIDTH, HEIGHT
    WIDTH, HEIGHT = 48, 32
    try:
        path = film(tmp_path / "small.mp4", EVEN[:5])
    finally:
        WIDTH, HEIGHT = before
    with VideoSource(path) as source, pytest.raises(SourceError, match="too small"):
        source.read()


@pytest.mark.parametrize(
    ("shape", "size"), [((4, 3), (213, 120)), ((3, 4), (160, 160)), ((1000, 1001), (160, 120)), ((99, 1), (160, 120))]
)
def test_pixels_that_are_not_square(tmp_path: Path, shape: tuple[int, int], size: tuple[int, int]) -> None:
    path = film(tmp_path / "clip.mp4", EVEN[:5])
    with av.open(str(path)) as given, av.open(str(tmp_path / "wide.mp4"), "w") as out:
        stream = out.add_stream_from_template(given.streams.video[0])
        stream.codec_context.sample_aspect_ratio = Fraction(*shape)
        for packet in given.demux():
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    with VideoSource(tmp_path / "wide.mp4") as source:
        frame = source.read()
        assert frame is not None
        assert frame.image.shape[1::-1] == size


def test_agrees_with_opencv_on_the_pixels(tmp_path: Path) -> None:
    path = film(tmp_path / "clip.mp4", EVEN[:5])
    theirs = cv2.VideoCapture(str(path))
    with VideoSource(path) as source:
        for _ in range(5):
            ours, (good, other) = source.read(), theirs.read()
            assert good
            # Colour conversions round differently by a level or two.
            assert np.abs(ours.image.astype(int) - other).max() <= 3
    theirs.release()


def test_closed_twice_and_read_after(tmp_path: Path) -> None:
    source = VideoSource(film(tmp_path / "clip.mp4", EVEN[:5]))
    source.close()
    source.close()
    assert source.read() is None
