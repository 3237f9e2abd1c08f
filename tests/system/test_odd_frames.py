"""Frames as cameras and files really send them, through the whole program: 4K, portrait, grey, 16-bit, slow, fast."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from kit.puzzles import film, page
from kit.sources import Misbehaving

from livespot.capture.newest import NewestFrame
from livespot.capture.opening import open_source
from livespot.errors import SourceError
from livespot.frame import Frame, Image, Source
from livespot.live.loop.session import SessionOptions, run
from livespot.settings import Settings, changed


def on_paper(size: tuple[int, int], kind: str = "side") -> Image:
    """The page on a table, as large as it fits into (width, height) px."""
    sheet, (width, height) = page(kind).image, size
    scale = 0.92 * min(width / sheet.shape[1], height / sheet.shape[0])
    sheet = np.asarray(cv2.resize(sheet, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
    frame = np.full((height, width, 3), (70, 90, 110), np.uint8)
    top, left = (height - sheet.shape[0]) // 2, (width - sheet.shape[1]) // 2
    frame[top : top + sheet.shape[0], left : left + sheet.shape[1]] = sheet
    return frame


class Pictures(Source):
    """These pictures, `fps` a second, each with a sensor's noise."""

    name = "pictures"

    def __init__(self, pictures: list[Image], fps: float) -> None:
        super().__init__()
        self.fps = fps
        self._noise = np.random.default_rng(0)
        self._frames = iter(list(enumerate(pictures)))

    def _next(self) -> Frame | None:
        for index, picture in self._frames:
            assert self.fps is not None
            noise = self._noise.integers(-3, 4, picture.shape, np.int16)
            return Frame(np.clip(picture + noise, 0, 255).astype(np.uint8), index / self.fps, index, 0.0)
        return None


def watched(source: Any, folder: Path, **more: Any) -> list[dict[str, Any]]:
    """The events of a session on this source."""
    path = folder / "events.jsonl"
    options = SessionOptions(headless=True, events=path, **more)
    assert run(source, Settings(), options) == 0
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize(
    ("size", "kind"),
    [((3840, 2160), "side"), ((720, 1280), "stacked"), ((1081, 607), "side")],
    ids=["4K", "portrait", "odd"],
)
def test_the_page_is_found_whatever_the_size(tmp_path: Path, size: tuple[int, int], kind: str) -> None:
    events = watched(Pictures([on_paper(size, kind)] * 6, 5.0), tmp_path)
    assert len(events) == 6
    assert events[-1]["state"] == "locked"
    assert len(events[-1]["differences"]) == 4
    corners = np.array(events[-1]["panels"]).reshape(-1, 2)
    assert ((corners >= 0) & (corners <= np.array(size))).all()
    # In px of the frame as it came: both pictures fill most of it.
    assert np.ptp(corners, axis=0).max() > 0.6 * max(size)


@pytest.mark.parametrize("fps", [1.0, 120.0])
def test_the_page_is_found_whatever_the_rate(tmp_path: Path, fps: float) -> None:
    frames = max(6, round(1.2 * fps))
    events = watched(film(page(), "desk", seconds=frames / fps, fps=fps), tmp_path)
    assert [event["frame"] for event in events] == list(range(frames))
    assert events[-1]["time"] == pytest.approx((frames - 1) / fps, abs=0.001)
    assert events[-1]["state"] == "locked"
    assert len(events[-1]["differences"]) >= 3


def test_a_size_that_changes_in_the_middle_is_searched_anew(tmp_path: Path) -> None:
    small, large = on_paper((640, 480)), on_paper((1280, 720))
    events = watched(Pictures([small] * 6 + [large] * 8, 5.0), tmp_path)
    assert len(events) == 14
    assert [events[n]["state"] for n in (5, 13)] == ["locked", "locked"]
    assert len(events[13]["differences"]) == 4
    assert np.array(events[13]["panels"])[..., 0].max() > 640


def test_every_odd_frame_of_a_camera_is_shown_or_refused_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = ["frame", "grey", "deep", "empty", "zeros", "junk", "resize", "crumb", "frame", "notime", "back", "frame"]
    events = watched(Misbehaving(odd, then="none", pause=0.05), tmp_path)
    assert len(events) == 7
    said = capsys.readouterr().err
    assert "7 frames, 7 shown" in said
    assert "5 refused (broken, or out of time)" in said


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """written(pictures, fps, codec, form): a video file of them, as ordinary cameras and telephones write."""
    import av

    def write(pictures: list[Image], fps: int, codec: str, form: str) -> Path:
        path = tmp_path / "film.mkv"
        with av.open(str(path), "w") as out:
            stream: Any = out.add_stream(codec, rate=fps)
            stream.height, stream.width = pictures[0].shape[:2]
            stream.pix_fmt = form
            for picture in pictures:
                out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "bgr24")))
            out.mux(stream.encode(None))
        return path

    return write


@pytest.mark.parametrize(
    ("codec", "form", "fps", "size"),
    [
        ("ffv1", "gray", 30, (160, 120)),
        ("ffv1", "gray16le", 30, (160, 120)),
        ("ffv1", "yuv420p10le", 30, (160, 120)),
        ("mjpeg", "yuvj420p", 120, (160, 120)),
        ("mjpeg", "yuvj420p", 1, (160, 120)),
        ("mjpeg", "yuvj420p", 30, (3840, 2160)),
        ("mjpeg", "yuvj420p", 30, (120, 160)),
    ],
    ids=["grey", "16-bit", "10-bit", "120-fps", "1-fps", "4K", "portrait"],
)
def test_a_film_of_any_form_is_read_as_it_is(
    written: Callable[..., Path], codec: str, form: str, fps: int, size: tuple[int, int]
) -> None:
    ramp = np.linspace(0, 255, size[0]).astype(np.uint8)
    picture: Image = np.ascontiguousarray(np.broadcast_to(ramp[None, :, None], (size[1], size[0], 3)))
    with open_source(str(written([picture] * 4, fps, codec, form)), Settings()) as source:
        assert source.fps == fps
        frames = list(iter(source.read, None))
    assert [frame.time for frame in frames] == pytest.approx([n / fps for n in range(4)], abs=0.001)  # it counts in ms
    assert all(frame.image.shape == picture.shape and frame.image.dtype == np.uint8 for frame in frames)
    # Limited range, and JPEG.
    assert np.abs(frames[-1].image.astype(int) - picture).max() <= 6


def test_a_stream_that_changes_its_size_goes_on() -> None:
    from kit.network.mjpeg import MjpegServer

    class Changing(MjpegServer):
        def picture(self) -> bytes:
            self._size = (120, 160) if self._size == (240, 320) else (240, 320)
            return super().picture()

    with Changing() as server, open_source(server.url, changed(Settings(), {"capture.open_timeout": 5})) as source:
        shapes = [frame.image.shape for frame in _some(source, 6)]
    assert {(120, 160, 3), (240, 320, 3)} == set(shapes)


def _some(source: Any, count: int) -> Iterator[Frame]:
    for _ in range(count):
        frame = source.read()
        assert frame is not None
        yield frame


def test_a_frame_of_no_bytes_is_a_line_where_it_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "page.jpg").touch()
    with open_source(str(tmp_path / "page.jpg"), Settings()) as source, pytest.raises(SourceError, match="is empty"):
        source.read()
    with NewestFrame(Misbehaving(["empty"], then="none", live=False)) as newest:
        while newest.status.running:
            assert newest.take(0.05) is None
        assert newest.status.refused == 1
