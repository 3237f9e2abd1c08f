"""What Qt keeps to itself on X11: the wheel and Ctrl+Z, which zoom for it, and every key, of which it tells the last.

And how large the screen is.
"""

import ctypes
import os
from collections.abc import Callable
from pathlib import Path

import cv2

from livespot.live.interaction.keys import UNDO_CODE, UNICODE
from livespot.live.window import x11

_KEY_PRESS, _BUTTON_PRESS, _MAPPING = 2, 4, 34  # types of events
_KEY_PRESSES, _PRESSES = 1 << 0, 1 << 2  # masks of events
_CONTROL, _ALT, _ANY = 1 << 2, 1 << 3, 1 << 15  # masks of modifiers
_DELETE, _MODIFIERS = 0xFFFF, range(0xFFE1, 0xFFEF)  # keysyms


class _ButtonEvent(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("sent", ctypes.c_int), ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong), ("root", ctypes.c_ulong), ("below", ctypes.c_ulong), ("time", ctypes.c_ulong),
        ("x", ctypes.c_int), ("y", ctypes.c_int), ("x_root", ctypes.c_int), ("y_root", ctypes.c_int),
        ("state", ctypes.c_uint), ("button", ctypes.c_uint), ("rest", ctypes.c_long * 24),
    )  # fmt: skip


class _Monitor(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_ulong), ("primary", ctypes.c_int), ("automatic", ctypes.c_int), ("outputs", ctypes.c_int),
        ("x", ctypes.c_int), ("y", ctypes.c_int), ("width", ctypes.c_int), ("height", ctypes.c_int),
        ("mm_width", ctypes.c_int), ("mm_height", ctypes.c_int), ("list", ctypes.c_void_p),
    )  # fmt: skip


def monitor() -> tuple[int, int, int, int] | None:
    """Left, top, width, height of the monitor that the mouse pointer is on, px; None without a display."""
    try:
        x = x11.library()
    except OSError:
        return None
    display = x.XOpenDisplay(None)
    if not display:
        return None
    try:
        whole = (0, 0, int(x.XDisplayWidth(display, 0)), int(x.XDisplayHeight(display, 0)))
        root = x.XDefaultRootWindow(display)
        unused, at = (ctypes.c_ulong * 8)(), (ctypes.c_int * 2)()
        places = [ctypes.byref(unused, 8 * i) for i in range(5)]
        x.XQueryPointer(display, root, *places[:2], ctypes.byref(at), ctypes.byref(at, 4), *places[2:])
        try:
            randr = ctypes.CDLL("libXrandr.so.2")
        except OSError:
            return whole
        randr.XRRGetMonitors.restype = ctypes.POINTER(_Monitor)
        randr.XRRGetMonitors.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.POINTER(ctypes.c_int)]
        count = ctypes.c_int(0)
        monitors = randr.XRRGetMonitors(display, root, 1, ctypes.byref(count))
        for m in (monitors[i] for i in range(count.value)):
            if m.x <= at[0] < m.x + m.width and m.y <= at[1] < m.y + m.height:
                return m.x, m.y, m.width, m.height
        return whole
    finally:
        x.XCloseDisplay(display)


def _characters() -> Callable[[int], int]:
    """From a keysym to its character's number, 0 for none: by the libxkbcommon that Qt brought, or the system's.

    Without either: Latin ones and those whose keysym holds the number.
    """
    brought = Path(cv2.__file__).parents[1].glob("opencv*.libs/libxkbcommon-[!x]*")
    try:
        ask = ctypes.CDLL(str(next(brought, "libxkbcommon.so.0"))).xkb_keysym_to_utf32
    except OSError:
        return lambda symbol: symbol - UNICODE if symbol >= UNICODE else symbol if symbol < 0x100 else 0
    ask.argtypes, ask.restype = [ctypes.c_uint32], ctypes.c_uint32
    return ask


class X11Input(x11.Connection):
    """The mouse wheel over a window, and Ctrl+Z, taken before Qt gets them: Qt would magnify the picture, and hide the
    keys that it uses for that. Keys are heard beside Qt, which tells neither capitals nor all letters, and of those
    pressed while a picture was drawn the last alone.

    Only the button that a wheel turn counts as can be taken: Qt must be told to ask for no finer events
    (QT_XCB_NO_XI2, see display.prepare).
    """

    def __init__(self, title: str) -> None:
        """title: how the window's title begins, in ASCII."""
        super().__init__()
        self._title = title.encode()
        self._window = 0
        self.undo = 0  # times that Ctrl+Z was pressed
        self.keys: list[int] = []  # pressed since the last turns(), by the codes of interaction.keys
        self.typed: list[int] = []  # the same as they were typed: a character beyond ASCII is UNICODE more
        self._tries = 50
        self._character = _characters()

    @property
    def taken(self) -> bool:
        """Whether Qt gets nothing of the wheel."""
        return bool(self._window)

    def turns(self) -> list[tuple[int, int, float]]:
        """x, y in the window, px, and notches, above 0 away from the person, since the last call."""
        if not self._display:
            return []
        if not self._window:
            if self._tries:
                self._tries -= 1
                self._window = self._take(self._x.XDefaultRootWindow(self._display))
            return []
        found, event = [], _ButtonEvent()  # a key's event is the same, its keycode in the button's place
        self.keys, self.typed = [], []
        while self._x.XPending(self._display):
            self._x.XNextEvent(self._display, ctypes.byref(event))
            if event.type == _MAPPING:
                self._x.XRefreshKeyboardMapping(ctypes.byref(event))
            if event.type == _KEY_PRESS:
                self._heard(event)
            if event.type == _BUTTON_PRESS and event.button in (4, 5):
                found.append((event.x, event.y, 1.0 if event.button == 4 else -1.0))
        return found

    def close(self) -> None:
        """Let the wheel and the display go; harmless when they were let go already."""
        super().close()
        self._window = 0

    def _heard(self, event: _ButtonEvent) -> None:
        held = ctypes.c_ulong()
        self._x.XLookupString(ctypes.byref(event), None, 0, ctypes.byref(held), None)
        symbol, character = held.value, int(self._character(held.value))
        if event.state & _CONTROL:
            self.typed.append(character & 0x1F)
            self.undo += character & 0x1F == UNDO_CODE
            return
        self.typed.append(character + UNICODE if character >= 0x80 else character or symbol)
        if not event.state & _ALT and symbol not in _MODIFIERS:
            self.keys.append(character if 0 < character < 0x80 and symbol != _DELETE else symbol)

    def _take(self, window: int) -> int:
        """Our window at or below `window`, with its wheel taken; 0 when it is not there yet."""
        ours = x11.title_of(self._x, self._display, window).startswith(self._title)
        if ours and self._process_of(window) == os.getpid():
            for button in (4, 5, 6, 7):
                self._x.XGrabButton(self._display, button, _ANY, window, 0, _PRESSES, 1, 1, 0, 0)
            key = self._x.XKeysymToKeycode(self._display, ord("z"))
            for locks in (0, 2, 16, 18):  # caps and number lock are modifiers, too
                self._x.XGrabKey(self._display, key, 4 | locks, window, 0, 1, 1)
            self._x.XSelectInput(self._display, window, _KEY_PRESSES)
            self._x.XSync(self._display, 0)
            return window
        return next(filter(None, map(self._take, x11.children(self._x, self._display, window))), 0)

    def _process_of(self, window: int) -> int:
        atom = self._x.XInternAtom(self._display, b"_NET_WM_PID", 0)
        unused, value = (ctypes.c_ulong * 4)(), ctypes.POINTER(ctypes.c_ulong)()
        places = [ctypes.byref(unused, 8 * i) for i in range(4)]
        self._x.XGetWindowProperty(self._display, window, atom, 0, 1, 0, 0, *places, ctypes.byref(value))
        if not value:
            return 0
        number = int(value[0])
        self._x.XFree(ctypes.cast(value, ctypes.c_void_p))
        return number
