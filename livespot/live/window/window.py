"""The OpenCV window: shows a canvas of exactly its own size, and hands on keys and the mouse.

Main thread only. The traps of the library are met here: which flags, asking whether it is still open before every
picture (showing one would silently open it again), and the zoom of its own that Qt does on the wheel.
"""

import contextlib
import time
from collections import deque

import cv2

from livespot.frame import Image
from livespot.live.interaction import keys
from livespot.live.interaction.events import Mouse
from livespot.live.window import display
from livespot.saying import shown

_SMALLEST = (320, 240)
_SETTLED = 1.0  # s, after which a window manager has put a window where it wants it
_FRAMED, _FRAME = 0.3, 64  # s, after which it has put a frame around it, and px of the widest one


class Window:
    """One window. `display.probe()` must have said that it can open."""

    def __init__(self, title: str, size: tuple[int, int], *, at: tuple[int, int] | None = None) -> None:
        """size: of the canvas, px. at: where it was left, px; None: in the middle of the monitor, and inside it."""
        display.prepare()
        self._name = "livespot"
        if at is None:
            room = display.room()
            size = min(size[0], room[0]), min(size[1], room[1])
        self._events: deque[Mouse] = deque(maxlen=256)
        self._magnified = 1.0
        self._full = False
        # Free ratio: the picture is letterboxed by us, so that the canvas is the window, pixel for pixel.
        cv2.namedWindow(self._name, cv2.WINDOW_NORMAL | cv2.WINDOW_FREERATIO | cv2.WINDOW_GUI_NORMAL)
        cv2.resizeWindow(self._name, *size)
        cv2.setMouseCallback(self._name, self._mouse)
        self._size = self._asked = size
        self.title(title)
        self._shown: Image | None = None
        self._mender = display.mender(self._name)
        self._x11 = display.x11_input(self._name)
        self._rect = self._home = (0, 0, 0, 0)  # where it is, and where it came to be when it was moved last
        self._moved = time.monotonic()
        self._restored = at is not None
        self._put_at = at  # until the frame is known
        if at is None:
            self._centre(size)
        else:
            self._move(at)
        self._keyboard = display.keyboard()

    def title(self, words: str) -> None:
        """What the title bar says."""
        with contextlib.suppress(cv2.error):
            cv2.setWindowTitle(self._name, shown(words))

    def _centre(self, size: tuple[int, int]) -> None:
        left, top, width, height = display.monitor()
        x, y = max(0, (width - size[0]) // 2), max(0, (height - size[1] - display.TITLE_BAR) // 2)
        self._move((left + x, top + y))

    def _move(self, at: tuple[int, int]) -> None:
        self._moved = time.monotonic()
        with contextlib.suppress(cv2.error):
            cv2.moveWindow(self._name, *at)

    def _take_off_frame(self) -> None:
        """Move the window back by its frame, if it had one already when it was put where it was left."""
        if self._put_at is None or time.monotonic() - self._moved < _FRAMED:
            return
        off = tuple(is_at - was_at for is_at, was_at in zip(self._rect[:2], self._put_at, strict=True))
        if any(off) and all(0 <= far <= _FRAME for far in off):
            self._move((self._put_at[0] - off[0], self._put_at[1] - off[1]))
        self._put_at = None

    @property
    def left_at(self) -> tuple[int, int, int, int] | None:
        """Left, top, width and height as the person has made them, px: `at` and `size` for the next time.

        None when nobody changed them.
        """
        if self._home[2] == 0 or self._rect == self._home:
            return None
        return self._rect

    @property
    def full(self) -> bool:
        """Whether it fills the screen."""
        return self._full

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
            left, top, width, height = cv2.getWindowImageRect(self._name)
        except cv2.error:
            return self._size
        if width > 0 and height > 0 and not self._full:
            self._rect = (left, top, width, height)
            self._take_off_frame()
            if time.monotonic() - self._moved < _SETTLED:
                self._home = self._rect
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
        if not self._full and not self._restored and self._size == self._asked and size != self._asked:
            self._asked = size
            with contextlib.suppress(cv2.error):
                cv2.resizeWindow(self._name, *size)
            self._centre(size)

    def pressed(self, *, typing: bool = False) -> list[int]:
        """Codes of the keys pressed since the last call; lets the window live (call it often).

        typing: characters are meant, capitals and all, and not the keys of livespot.live.interaction.keys.
        """
        codes: list[int] = []
        if self._keyboard is not None:
            self._keyboard.end_if_lost()
        for _ in range(8):
            try:
                code = cv2.pollKey()
            except cv2.error:
                break
            if code < 0:
                break
            codes.append(code)
        typed: list[int] | None = None
        if self._x11 is not None:
            heard = self._x11.taken  # else Qt is the only one that tells
            self._events += [Mouse("wheel", x, y, notches=notches) for x, y, notches in self._x11.turns()]
            if heard:
                codes, typed = self._x11.keys, self._x11.typed
        if self._keyboard is not None:
            codes = self._keyboard.heard(codes, keys.may_repeat)
        if self._x11 is not None:
            codes += [keys.UNDO_CODE] * self._x11.undo
            self._x11.undo = 0
        if self._mender is not None and self._shown is not None:
            self._mender.look_after(self._shown)
            if self._mender.done:
                self._mender = None
        return typed if typing and typed is not None else codes

    def mouse(self) -> list[Mouse]:
        """What the mouse did since the last call."""
        events = list(self._events)
        self._events.clear()
        return events

    def toggle_full_screen(self) -> None:
        self._full = not self._full
        look = cv2.WINDOW_FULLSCREEN if self._full else cv2.WINDOW_NORMAL
        with contextlib.suppress(cv2.error):
            cv2.setWindowProperty(self._name, cv2.WND_PROP_FULLSCREEN, look)

    def close(self) -> None:
        """Close it; harmless when it is closed already."""
        if self._mender is not None:
            self._mender.close()
        if self._x11 is not None:
            self._x11.close()
        if self._keyboard is not None:
            self._keyboard.close()
        if self.open:
            with contextlib.suppress(cv2.error):
                cv2.destroyWindow(self._name)
                cv2.pollKey()

    def _mouse(self, event: int, x: int, y: int, flags: int, _: object) -> None:
        held = bool(flags & cv2.EVENT_FLAG_LBUTTON)
        if event == cv2.EVENT_MOUSEWHEEL:
            turned = (flags >> 16 if flags < 1 << 31 else (flags >> 16) - (1 << 16)) / 120.0
            if self._x11 is None:
                self._events.append(Mouse("wheel", x, y, notches=turned))
            else:
                # It came past X11Input: Qt has its own magnifier on it, a tenth a notch and never below 1, and drags
                # the picture while it is on. What the mouse drags then is the magnifier, not ours.
                self._magnified = max(1.0, self._magnified * (1.0 + turned / 10.0))
        elif event == cv2.EVENT_LBUTTONDBLCLK:
            self._events.append(Mouse("twice", x, y, True))
        elif event == cv2.EVENT_LBUTTONDOWN:
            self._events.append(Mouse("down", x, y, True))
        elif event == cv2.EVENT_LBUTTONUP:
            self._events.append(Mouse("up", x, y))
        elif event == cv2.EVENT_RBUTTONDOWN:
            self._events.append(Mouse("right", x, y))
        elif event == cv2.EVENT_MOUSEMOVE and not (held and self._magnified > 1.0):
            self._events.append(Mouse("move", x, y, held))
