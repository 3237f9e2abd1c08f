"""Cameras that are not there: a list for the enumeration, and a stand-in for cv2.VideoCapture with their pictures.

plug(monkeypatch, Device(0, "Integrated Camera"), Device(2, "HD Pro Webcam C920", sizes=[(640, 480)]))
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import cv2_enumerate_cameras
import numpy as np
import pytest

from livespot.capture import devices


@dataclass
class Device:
    """One camera. sizes: what it can send; it takes the nearest below what is asked. opens: False when it is in use.

    pictures: how many it sends before its reads fail; None for ever. hangs: opening never comes back. asked: what was
    set, in order; values: what it was set to last. focus, exposure: where they stand by themselves, -1 for none.
    refuses: what it cannot be set to. form: "GREY" or "Y16 " for pictures as such sensors send them.
    """

    index: int
    name: str = "Camera"
    path: str = ""
    vid: int | None = 0x046D
    pid: int | None = 0x0825
    sizes: Sequence[tuple[int, int]] = ((640, 480), (1280, 720))
    fps: float = 30.0
    opens: bool = True
    hangs: bool = False
    pictures: int | None = None
    focus: float = 120.0
    exposure: float = 250.0
    refuses: Sequence[int] = ()
    form: str = ""
    asked: list[int] = field(default_factory=list)
    values: dict[int, float] = field(default_factory=dict)
    openings: int = 0
    released: int = 0
    backend: int = 0


class FakeCapture:
    """cv2.VideoCapture for the devices that are plugged in."""

    plugged: Sequence[Device] = ()
    never = threading.Event()

    def __init__(self, index: int, backend: int = 0) -> None:
        self.device = next((d for d in self.plugged if d.index == index), None)
        self._values: dict[int, float] = {}
        self._random = np.random.default_rng(0)
        if self.device is not None:
            self.device.openings += 1
            if self.device.hangs:
                self.never.wait(30)

    def isOpened(self) -> bool:
        return self.device is not None and self.device.opens

    def set(self, what: int, value: float) -> bool:
        self.device.asked.append(what)
        if what in self.device.refuses:
            return False
        self.device.values[what] = value
        self._values[what] = value
        return True

    def get(self, what: int) -> float:
        width, height = self._size()
        return {
            cv2.CAP_PROP_FRAME_WIDTH: width,
            cv2.CAP_PROP_FRAME_HEIGHT: height,
            cv2.CAP_PROP_FPS: self.device.fps,
            cv2.CAP_PROP_FOURCC: self._fourcc(),
            cv2.CAP_PROP_AUTOFOCUS: self.device.values.get(what, 1.0),  # a driver keeps these when it is closed
            cv2.CAP_PROP_AUTO_EXPOSURE: self.device.values.get(what, 3.0),
            cv2.CAP_PROP_FOCUS: self._values.get(what, self.device.focus),
            cv2.CAP_PROP_EXPOSURE: self._values.get(what, self.device.exposure),
        }.get(what, 0.0)

    def _fourcc(self) -> float:
        form = self.device.form
        return float(cv2.VideoWriter.fourcc(*form)) if form else self._values.get(cv2.CAP_PROP_FOURCC, 0.0)

    def _size(self) -> tuple[int, int]:
        wanted = self._values.get(cv2.CAP_PROP_FRAME_WIDTH, 640)
        fitting = [size for size in self.device.sizes if size[0] <= wanted]
        return max(fitting) if fitting else min(self.device.sizes)

    def grab(self) -> bool:
        assert self.device is not None
        if self.device.pictures is None:
            return True
        self.device.pictures -= 1
        return self.device.pictures >= 0

    def retrieve(self) -> tuple[bool, Any]:
        width, height = self._size()
        if self.device.form:
            deep = self.device.form == "Y16 "
            return True, self._random.integers(
                0, 65536 if deep else 256, (height, width), np.uint16 if deep else np.uint8
            )
        return True, self._random.integers(0, 256, (height, width, 3), dtype=np.uint8)

    def release(self) -> None:
        if self.device is not None:
            self.device.released += 1


def plug(monkeypatch: pytest.MonkeyPatch, *plugged: Device) -> None:
    """From here on these are the cameras of this machine."""
    monkeypatch.setattr(FakeCapture, "plugged", plugged)
    monkeypatch.setattr(cv2, "VideoCapture", FakeCapture)
    monkeypatch.setattr(cv2_enumerate_cameras, "enumerate_cameras", lambda backend=0: list(plugged))
    monkeypatch.setattr(devices, "_serial_links", dict)
    monkeypatch.setattr(devices, "_NODES", Path("/nowhere"))


def sysfs(root: Path, node: str, interface: str, *, serial: str = "", index: int = 0) -> None:
    """Add to `root`, which stands for /sys/class/video4linux, what Linux shows of a node ("video2") of a USB camera.

    interface: the plug and the interface, "1-2:1.0". index: of the node among those of the interface.
    """
    device = root / "devices" / interface.partition(":")[0]
    (device / interface).mkdir(parents=True, exist_ok=True)
    if serial:
        (device / "serial").write_text(f"{serial}\n")
    (root / node).mkdir()
    (root / node / "index").write_text(f"{index}\n")
    (root / node / "device").symlink_to(device / interface)
