"""The virtual camera: what arrives there, and what is said where there is none. The device itself is a fake here."""

import dataclasses
import time
from typing import Any

import numpy as np
import pytest
from kit.truth_page import PageSource, TruthSpotter

from livespot.annotate.boxes import NOTHING_MARKED
from livespot.annotate.viewport import letterboxed
from livespot.errors import LivespotError
from livespot.frame import Frame
from livespot.record.outputs import Outputs
from livespot.record.virtual_camera import VirtualCamera
from livespot.settings import Settings

pyvirtualcam = pytest.importorskip("pyvirtualcam")


class Device:
    """A camera that keeps what it is sent. broken: sending fails."""

    device = "/dev/video9"
    broken = False

    def __init__(self, width: int, height: int, fps: float, fmt: object) -> None:
        self.size, self.fps, self.format = (width, height), fps, fmt
        self.sent: list[Any] = []
        self.closed = False

    def send(self, picture: Any) -> None:
        if self.broken:
            raise RuntimeError("the device went away")
        self.sent.append(picture)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def camera(monkeypatch: pytest.MonkeyPatch) -> VirtualCamera:
    monkeypatch.setattr(pyvirtualcam, "Camera", Device)
    return VirtualCamera(dataclasses.replace(Settings(), size="640x480"))


def test_the_boxes_are_in_it_and_the_frame_is_as_it_was(camera: VirtualCamera) -> None:
    spotter = TruthSpotter(still=True)
    frame = PageSource(size=(1280, 720), still=True).read()
    before = frame.image.copy()
    spotter.analyse(frame)
    with Outputs(Settings(), sinks=[camera]) as outputs:
        outputs.write(frame, spotter.spotting(frame))
    (sent,) = camera._camera.sent
    assert sent.shape == (480, 640, 3)
    assert camera._camera.format is pyvirtualcam.PixelFormat.BGR
    assert sent[:50].max() == 0  # 16:9 in 4:3: black above
    plain = letterboxed(before, (640, 480), (0, 0, 0))
    assert (np.abs(sent.astype(int) - plain).max(axis=2) > 60).sum() > 500  # the boxes
    assert np.array_equal(frame.image, before)


def test_one_that_fails_is_said_once_and_the_session_goes_on(
    camera: VirtualCamera, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Device, "broken", True)
    spotter = TruthSpotter(still=True)
    frame = Frame(np.zeros((100, 100, 3), np.uint8), 0.0, 0, time.monotonic())
    for _ in range(3):
        camera(frame, spotter.spotting(frame), NOTHING_MARKED)
    assert capsys.readouterr().err.count("the virtual camera failed: the device went away") == 1


def test_without_a_device_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> None:
        raise RuntimeError("'v4l2loopback' backend: No virtual camera device found.\nDid you load it?")

    monkeypatch.setattr(pyvirtualcam, "Camera", none)
    with pytest.raises(LivespotError, match=r"there is no virtual camera .*modprobe v4l2loopback") as told:
        VirtualCamera(Settings())
    assert "\n" not in str(told.value)
