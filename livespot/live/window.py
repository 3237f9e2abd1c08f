"""The OpenCV window: shows a canvas of exactly its own size, and hands on keys and the mouse.

Main thread only. The traps of the library are met here: which flags, asking whether it is still open before every
picture (showing one would silently open it again), and the zoom of its own that Qt does on the wheel.
"""

from __future__ import annotations

import contextlib
from collections import deque
from dataclasses import dataclass

import cv2

from livespot.frame import Image
from livespot.live import display

_DOWN = {cv2.EVENT_LBUTTONDOWN, cv2.EVENT_LBUTTONDBLCLK}
_SMALLEST = (320, 240)


@dataclass(frozen=True)
class Mouse:
    """kind: "down", "up", "move" (left button), "right" (its button went down). x, y: canvas px. held: left is down."""

    kind: str
    x: int
    y: int
    held: bool = False


class Window:
    """One window. `display.probe()` must have said that it can open."""

    def __init__(self, title: str, size: tuple[int, int], *, full_screen: bool = False) -> None:
        display.prepare()
        self._name = "livespot"
        self._events: deque[Mouse] = deque(maxlen=256)
        self._magnified = 1.0
        self._full = full_screen
        # Free ratio: the picture is letterboxed by us, so that the canvas is the window, pixel for pixel.
        cv2.namedWindow(self._name, cv2.WINDOW_NORMAL | cv2.WINDOW_FREERATIO | cv2.WINDOW_GUI_NORMAL)
        cv2.resizeWindow(self._name, *size)
        cv2.setMouseCallback(self._name, self._mouse)
        self._size = self._asked = size
        self.title(title)
        self._shown: Image | None = None
        self._mender = display.mender(self._name)
        if full_screen:
            self._set_full(True)

    def title(self, words: str) -> None:
        """What the title bar says."""
        with contextlib.suppress(cv2.error):
            cv2.setWindowTitle(self._name, words)

    @property
    def open(self) -> bool:
        """False once it was closed by its title bar, or by `close`."""
        try:
            return cv2.getWindowProperty(self._name, cv2.WND_PROP_VISIBLE) >= 1
        except cv2.error:
            return False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the canvas to draw, px."""
        try:
            _, _, width, height = cv2.getWindowImageRect(self._name)
        except cv2.error:
            return self._size
        if width > 0 and height > 0:
            self._size = (max(width, _SMALLEST[0]), max(height, _SMALLEST[1]))
        return self._size

    def show(self, canvas: Image) -> None:
        """Put a canvas on screen; nothing when the window is closed."""
        if self.open:
            with contextlib.suppress(cv2.error):
                cv2.imshow(self._name, canvas)
            self._shown = canvas

    def fit(self, size: tuple[int, int]) -> None:
        """Give it another size, unless the user or the screen has already changed it."""
        if not self._full and self._size == self._asked and size != self._asked:
            self._asked = size
            with contextlib.suppress(cv2.error):
                cv2.resizeWindow(self._name, *size)

    def pressed(self) -> list[int]:
        """Codes of the keys pressed since the last call; lets the window live (call it often)."""
        codes = []
        for _ in range(8):
            try:
                code = cv2.pollKey()
            except cv2.error:
                break
            if code < 0:
                break
            codes.append(code)
        if self._mender is not None and self._shown is not None:
            self._mender.look_after(self._shown)
            if self._mender.done:
                self._mender = None
        return codes

    def mouse(self) -> list[Mouse]:
        """What the mouse did since the last call."""
        events = list(self._events)
        self._events.clear()
        return events

    def toggle_full_screen(self) -> None:
        self._set_full(not self._full)

    def close(self) -> None:
        """Close it; harmless when it is closed already."""
        if self._mender is not None:
            self._mender.close()
        if self.open:
            with contextlib.suppress(cv2.error):
                cv2.destroyWindow(self._name)
                cv2.pollKey()

    def _set_full(self, full: bool) -> None:
        self._full = full
        with contextlib.suppress(cv2.error):
            cv2.setWindowProperty(
                self._name, cv2.WND_PROP_FULLSCREEN, cv2.WINDOW_FULLSCREEN if full else cv2.WINDOW_NORMAL
            )

    def _mouse(self, event: int, x: int, y: int, flags: int, _: object) -> None:
        held = bool(flags & cv2.EVENT_FLAG_LBUTTON)
        if event == cv2.EVENT_MOUSEWHEEL:
            # Qt has its own magnifier on the wheel, a tenth a notch and never below 1, and drags the picture while it
            # is on. It cannot be switched off; what the mouse drags then is the magnifier, not ours.
            notches = (flags >> 16) / 240.0 / 5.0 if flags < 1 << 31 else ((flags >> 16) - (1 << 16)) / 240.0 / 5.0
            self._magnified = max(1.0, self._magnified * (1.0 + notches))
        elif event in _DOWN:
            self._events.append(Mouse("down", x, y, True))
        elif event == cv2.EVENT_LBUTTONUP:
            self._events.append(Mouse("up", x, y))
        elif event == cv2.EVENT_RBUTTONDOWN:
            self._events.append(Mouse("right", x, y))
        elif event == cv2.EVENT_MOUSEMOVE and not (held and self._magnified > 1.0):
            self._events.append(Mouse("move", x, y, held))
