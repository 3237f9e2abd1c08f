"""Every source keeps the contract of livespot.frame."""

from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from livespot.capture.opening import DemoOptions, open_source
from livespot.capture.pacing import Paced
from livespot.frame import Source
from livespot.settings import Settings, changed

SETTINGS = changed(Settings(), {"size": "320x240", "fps": 60})
COUNT = 4


def _video(folder: Path) -> Source:
    with av.open(str(folder / "clip.mp4"), "w") as out:
        stream = out.add_stream("libx264", rate=60)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for n in range(COUNT):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((240, 320, 3), 50 * n, np.uint8), "bgr24")))
        out.mux(stream.encode(None))
    return open_source(str(folder / "clip.mp4"), SETTINGS)


def _folder(folder: Path) -> Source:
    for n in range(COUNT):
        cv2.imwrite(str(folder / f"{n}.png"), np.full((240, 320, 3), 50 * n, np.uint8))
    return open_source(str(folder), SETTINGS)


def _demo(folder: Path) -> Source:
    return open_source("demo", SETTINGS, DemoOptions(seconds=COUNT / 60))


def _turned(folder: Path) -> Source:
    _video(folder).close()
    return open_source(str(folder / "clip.mp4"), changed(SETTINGS, {"rotate": 180}))


def _paced(folder: Path) -> Source:
    return Paced(_video(folder))


@pytest.mark.parametrize("make", [_video, _folder, _demo, _turned, _paced], ids=lambda make: make.__name__[1:])
def test_the_contract(make: Callable[[Path], Source], tmp_path: Path) -> None:
    with make(tmp_path) as source:
        assert source.name
        assert source.fps == pytest.approx(60)
        assert source.length in (COUNT, None)
        frames = []
        while (frame := source.read()) is not None:
            frames.append(frame)
        assert source.read() is None
    assert len(frames) == COUNT
    assert [f.index for f in frames] == list(range(COUNT))
    assert np.diff([f.time for f in frames]).min() > 0
    assert np.diff([f.captured for f in frames]).min() >= 0
    for frame in frames:
        assert frame.image.shape == (240, 320, 3)
        assert frame.image.dtype == np.uint8
        assert frame.image.flags.c_contiguous
    source.close()
    source.close()
