"""A virtual display with a person at it: Xvfb, xdotool for the hands, and eyes that read the X server's own pixels."""

from __future__ import annotations

import contextlib
import ctypes
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from livespot import startup
from livespot.frame import Image
from livespot.live.window.x11 import XImage


class XScreen:
    """One Xvfb. A context manager. `missing()` says what it needs and this machine has not."""

    def __init__(self, width: int = 1920, height: int = 1200) -> None:
        read, write = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
            pass_fds=(write,),
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        self.name = f":{number}"
        self.size = (width, height)
        self._x = ctypes.CDLL("libX11.so.6")
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XOpenDisplay.argtypes = [ctypes.c_char_p]
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        self._x.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
        self._x.XGetImage.restype = ctypes.POINTER(XImage)
        self._x.XGetImage.argtypes = [
            ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_int, ctypes.c_uint, ctypes.c_uint, ctypes.c_ulong,
            ctypes.c_int,
        ]  # fmt: skip
        self._x.XFree.argtypes = [ctypes.c_void_p]
        self._x.XInternAtom.restype = ctypes.c_ulong
        self._x.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
        self._x.XSendEvent.argtypes = [
            ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_long, ctypes.c_void_p,
        ]  # fmt: skip
        self._x.XFlush.argtypes = self._x.XCloseDisplay.argtypes = [ctypes.c_void_p]
        integers = ctypes.POINTER(ctypes.c_int)
        self._x.XTranslateCoordinates.argtypes = [
            ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_int, ctypes.c_int, integers, integers,
            ctypes.POINTER(ctypes.c_ulong),
        ]  # fmt: skip
        self._display = self._x.XOpenDisplay(self.name.encode())
        self._root = self._x.XDefaultRootWindow(self._display)

    @staticmethod
    def missing() -> str:
        """What is not here, or ""."""
        absent = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]
        return " and ".join(absent)

    def close(self) -> None:
        # while the server lives: Xlib ends this process when a connection breaks
        if self._display is not None:
            self._x.XCloseDisplay(self._display)
            self._display = None
        self._server.terminate()
        self._server.wait(5)

    def __enter__(self) -> XScreen:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def pixels(self, width: int | None = None, height: int | None = None) -> Image:
        """What is on the screen, (H, W, 3) BGR, from its upper left corner."""
        w, h = width or self.size[0], height or self.size[1]
        image = self._x.XGetImage(self._display, self._root, 0, 0, w, h, 0xFFFFFFFF, 2)
        held = image.contents
        shape = (held.height, held.bytes_per_line)
        lines = np.ctypeslib.as_array(held.data, (shape[0] * shape[1],)).reshape(shape).copy()
        self._x.XFree(ctypes.cast(held.data, ctypes.c_void_p))
        self._x.XFree(ctypes.cast(image, ctypes.c_void_p))
        return np.ascontiguousarray(lines[:, : w * 4].reshape(h, w, 4)[:, :, :3])

    def hands(self, *words: str) -> str:
        """xdotool with these words."""
        done = subprocess.run(
            ["xdotool", *words], env=os.environ | {"DISPLAY": self.name}, capture_output=True, text=True, timeout=20
        )
        return done.stdout

    def place(self, window: int) -> tuple[int, int]:
        """Left and top of a window's inside on the screen (xdotool counts a manager's frame twice)."""
        x, y, child = ctypes.c_int(), ctypes.c_int(), ctypes.c_ulong()
        self._x.XTranslateCoordinates(
            self._display, window, self._root, 0, 0, ctypes.byref(x), ctypes.byref(y), ctypes.byref(child)
        )
        return x.value, y.value

    def ask_to_close(self, title: str = "livespot") -> None:
        """What a window manager does when the title bar's cross is clicked."""
        for number in self.hands("search", "--name", title).split():
            event = (ctypes.c_long * 24)()
            protocols = self._x.XInternAtom(self._display, b"WM_PROTOCOLS", 0)
            delete = self._x.XInternAtom(self._display, b"WM_DELETE_WINDOW", 0)
            message = _ClientMessage.from_buffer(event)
            message.type, message.window, message.message_type, message.format = 33, int(number), protocols, 32
            message.data[0] = delete
            self._x.XSendEvent(self._display, int(number), 0, 0, ctypes.byref(event))
        self._x.XFlush(self._display)


@contextlib.contextmanager
def desktop(width: int, height: int) -> Iterator[XScreen]:
    """A screen with a window manager on it; without one here, the test is skipped."""
    if missing := XScreen.missing() or ("" if shutil.which("openbox") else "openbox"):
        pytest.skip(f"needs {missing}")
    with XScreen(width, height) as screen:
        manager = subprocess.Popen(
            ["openbox", "--sm-disable"], env=os.environ | {"DISPLAY": screen.name}, stderr=subprocess.DEVNULL
        )
        try:
            yield screen
        finally:
            manager.terminate()
            manager.wait(5)


class _ClientMessage(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
    )


class Forked:
    """A process forked off one that has imported everything: its window is there in a tenth of a second, not in two."""

    _server = multiprocessing.get_context("forkserver")
    _server.set_forkserver_preload(["kit.screen.window_session"])

    def __init__(self, wishes: dict[str, Any], environment: dict[str, str], said: Path) -> None:
        from kit.screen import window_session

        self.said = said
        said.touch()
        self._process = self._server.Process(target=window_session.begin, args=(wishes, environment, said), daemon=True)
        self._process.start()

    def poll(self) -> int | None:
        """The exit status, once it has ended."""
        return self._process.exitcode

    def wait(self, seconds: float) -> int | None:
        """The exit status, or None when it has not ended by then."""
        self._process.join(seconds)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self._process.pid, number)


class Person:
    """Somebody at a livespot window that runs in a process of its own (kit.screen.window_session)."""

    def __init__(self, screen: XScreen, folder: Path, **wishes: Any) -> None:
        self.screen = screen
        self.folder = folder
        self._diary = folder / "diary.json"
        wishes = {"folder": str(folder), "diary": str(self._diary)} | wishes
        environment = os.environ | {
            "DISPLAY": screen.name,
            "XDG_CACHE_HOME": str(folder / "cache"),
            "NUMBA_CACHE_DIR": str(startup.kernel_folder()),  # E looks for itself: not with kernels compiled anew
        }
        self.process = Forked(wishes, environment, folder / "said")

    def wait(self, is_so: Callable[[Image], bool], what: str, seconds: float = 12.0) -> Image:
        """The screen, as soon as something is so on it."""
        until = time.monotonic() + seconds
        while True:
            seen = self.screen.pixels(1280, 768)
            if is_so(seen):
                return seen
            ended = self.process.poll() is not None
            if ended or time.monotonic() > until:
                cv2.imwrite(str(self.folder / "seen.png"), seen)
                if not ended:
                    self.process.send_signal(signal.SIGUSR1)
                    time.sleep(0.3)
                self.leave(signal.SIGKILL)
                why = "the session ended" if ended else f"not within {seconds:g} s"
                raise AssertionError(f"{what}: {why} (see {self.folder / 'seen.png'})\n{self.said}")
            time.sleep(0.05)

    def see(self) -> Image:
        """What is in the window now, after what was done last has come to the screen."""
        time.sleep(0.25)
        return self.screen.pixels(1280, 768)

    def keys(self, *names: str) -> None:
        """Press keys, one after the other."""
        for name in names:
            self.screen.hands("key", name)
            time.sleep(0.06)

    def point(self, x: float, y: float) -> None:
        self.screen.hands("mousemove", str(round(x)), str(round(y)))

    def click(self, x: float, y: float, button: int = 1) -> None:
        self.point(x, y)
        time.sleep(0.05)
        self.screen.hands("click", str(button))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.point(*start)
        self.screen.hands("mousedown", "1")
        for share in (0.3, 0.7, 1.0):
            self.point(*(s + (e - s) * share for s, e in zip(start, end, strict=True)))
            time.sleep(0.06)
        self.screen.hands("mouseup", "1")

    def leave(self, how: str | int = "q", seconds: float = 15.0) -> int:
        """End the session by a key, the "cross" or a signal; its exit status."""
        if self.process.poll() is None:
            if how == "cross":
                self.screen.ask_to_close()
            elif isinstance(how, int):
                self.process.send_signal(how)
            else:
                self.keys(how)
        status = self.process.wait(seconds)
        if status is None:
            self.process.send_signal(signal.SIGKILL)
            raise AssertionError(f"the session did not end\n{self.said}")
        return status

    @property
    def said(self) -> str:
        """On standard error."""
        return self.process.said.read_text()

    @property
    def diary(self) -> list[str]:
        """What the spotter was asked, after the end."""
        return list(json.loads(self._diary.read_text()))
