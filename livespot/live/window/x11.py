"""The little of Xlib that is needed beside OpenCV, through ctypes: is there a display, and is our window painted?

The second question exists because of Qt. On X11 without a window manager (a kiosk, a virtual display) it loses the map
event of its first window about once in eight starts, and then never paints it, whatever happens to it later: resizing,
moving, more pictures. Mapping the window once more always helps. With a window manager the event comes later and is
not lost.
"""

import contextlib
import ctypes
import time
from typing import Any

import numpy as np

from livespot.frame import Image

_PATIENCE = 0.5  # s that a window may take to be painted
_TRIES = 5
_ZPIXMAP, _ALL_PLANES = 2, 0xFFFFFFFF

# Asking a window that is not there yet is an X error, and Xlib's own handler ends the process for it.
_Handler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
_ignore = _Handler(lambda display, event: 0)
_LostHandler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
_say_nothing = _LostHandler(lambda display: 0)  # of a server that is gone: livespot.live.window.keyboard does


class XImage(ctypes.Structure):
    """Xlib's own, as far as anybody here looks."""

    _fields_ = (
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("xoffset", ctypes.c_int),
        ("format", ctypes.c_int),
        ("data", ctypes.POINTER(ctypes.c_uint8)),
        ("byte_order", ctypes.c_int),
        ("bitmap_unit", ctypes.c_int),
        ("bitmap_bit_order", ctypes.c_int),
        ("bitmap_pad", ctypes.c_int),
        ("depth", ctypes.c_int),
        ("bytes_per_line", ctypes.c_int),
        ("bits_per_pixel", ctypes.c_int),
    )


def library() -> Any:
    """Xlib with the signatures used here. Raises OSError when there is none."""
    x = ctypes.CDLL("libX11.so.6")
    x.XSetErrorHandler(_ignore)
    x.XSetIOErrorHandler(_say_nothing)
    pointer, window = ctypes.c_void_p, ctypes.c_ulong
    integer, unsigned, long = ctypes.c_int, ctypes.c_uint, ctypes.c_long
    for name, result, arguments in (
        ("XOpenDisplay", pointer, [ctypes.c_char_p]),
        ("XCloseDisplay", integer, [pointer]),
        ("XDefaultRootWindow", window, [pointer]),
        ("XInternAtom", ctypes.c_ulong, [pointer, ctypes.c_char_p, integer]),
        ("XListProperties", ctypes.POINTER(ctypes.c_ulong), [pointer, window, ctypes.POINTER(integer)]),
        ("XFree", integer, [pointer]),
        ("XFetchName", integer, [pointer, window, ctypes.POINTER(ctypes.c_char_p)]),
        ("XMapWindow", integer, [pointer, window]),
        ("XUnmapWindow", integer, [pointer, window]),
        ("XSync", integer, [pointer, integer]),
        ("XConnectionNumber", integer, [pointer]),
        ("XKeysymToKeycode", ctypes.c_ubyte, [pointer, ctypes.c_ulong]),
        ("XkbKeycodeToKeysym", ctypes.c_ulong, [pointer, ctypes.c_ubyte, ctypes.c_uint, ctypes.c_uint]),
        ("XQueryKeymap", integer, [pointer, ctypes.c_char_p]),
        ("XPending", integer, [pointer]),
        ("XNextEvent", integer, [pointer, pointer]),
        ("XDisplayWidth", integer, [pointer, integer]),
        ("XDisplayHeight", integer, [pointer, integer]),
        ("XLookupString", integer, [pointer, pointer, integer, pointer, pointer]),
        ("XRefreshKeyboardMapping", integer, [pointer]),
        ("XSelectInput", integer, [pointer, window, long]),
        ("XGrabKey", integer, [pointer, integer, unsigned, window, integer, integer, integer]),
        ("XGrabButton", integer, [pointer, *[unsigned] * 2, window, integer, unsigned, *[integer] * 2, *[window] * 2]),
        ("XQueryPointer", integer, [pointer, window, *[pointer] * 7]),
        ("XGetWindowProperty", integer, [pointer, window, window, long, long, integer, window, *[pointer] * 5]),
    ):
        function = getattr(x, name)
        function.restype, function.argtypes = result, arguments
    x.XQueryTree.argtypes = [
        pointer, window, ctypes.POINTER(window), ctypes.POINTER(window), ctypes.POINTER(ctypes.POINTER(window)),
        ctypes.POINTER(ctypes.c_uint),
    ]  # fmt: skip
    x.XGetImage.restype = ctypes.POINTER(XImage)
    x.XGetImage.argtypes = [pointer, window, integer, integer, ctypes.c_uint, ctypes.c_uint, ctypes.c_ulong, integer]
    return x


def answers() -> bool:
    """Whether the display that DISPLAY names lets us in; a few ms. Raises OSError when there is no Xlib."""
    x = library()
    connection = x.XOpenDisplay(None)
    if connection:
        x.XCloseDisplay(connection)
    return bool(connection)


def children(x: Any, display: Any, window: int) -> list[int]:
    """The windows inside a window."""
    root, parent, count = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_uint()
    listed = ctypes.POINTER(ctypes.c_ulong)()
    places = [ctypes.byref(place) for place in (root, parent, listed, count)]
    x.XQueryTree(display, window, *places)
    found = [int(listed[i]) for i in range(count.value)]
    if listed:
        x.XFree(ctypes.cast(listed, ctypes.c_void_p))
    return found


def title_of(x: Any, display: Any, window: int) -> bytes:
    """What a window is called; b"" when it is not."""
    name = ctypes.c_char_p()
    title = (name.value or b"") if x.XFetchName(display, window, ctypes.byref(name)) else b""
    if name:
        x.XFree(ctypes.cast(name, ctypes.c_void_p))
    return title


class Connection:
    """A connection of its own to the X server; where there is no Xlib or no display, `_display` is None."""

    def __init__(self) -> None:
        self._x: Any = None
        self._display: Any = None
        with contextlib.suppress(OSError):
            self._x = library()
            self._display = self._x.XOpenDisplay(None)

    def close(self) -> None:
        """Let the display go; harmless when it was let go already."""
        if self._display:
            self._x.XCloseDisplay(self._display)
            self._display = None


class Mender(Connection):
    """Makes sure that the first window is painted. Use it until `done`; it does nothing where it is not needed."""

    def __init__(self, title: str) -> None:
        """title: how the window's title begins, in ASCII."""
        super().__init__()
        self._title = title.encode()
        self._since: float | None = None
        self._tries = 0
        self.done = not self._display
        if not self.done and self._managed():
            self.close()

    def look_after(self, canvas: Image) -> None:
        """Call now and then after `canvas` was shown, until `done`."""
        if self.done:
            return
        now = time.monotonic()
        window = self._find()
        if window and self._painted(window, canvas):
            self.close()
            return
        if self._since is None:
            self._since = now
        elif now - self._since > _PATIENCE:
            self._since = now
            self._tries += 1
            if self._tries > _TRIES:
                self.close()
            elif window:
                self._x.XUnmapWindow(self._display, window)
                self._x.XMapWindow(self._display, window)
                self._x.XSync(self._display, 0)

    def close(self) -> None:
        """Let the display go; harmless when it was let go already."""
        self.done = True
        super().close()

    def _managed(self) -> bool:
        """Whether a window manager runs: today's all say so in a property of the root window."""
        announced = self._x.XInternAtom(self._display, b"_NET_SUPPORTING_WM_CHECK", 0)
        count = ctypes.c_int(0)
        root = self._x.XDefaultRootWindow(self._display)
        listed = self._x.XListProperties(self._display, root, ctypes.byref(count))
        found = any(listed[i] == announced for i in range(count.value))
        if listed:
            self._x.XFree(ctypes.cast(listed, ctypes.c_void_p))
        return found

    def _find(self) -> int:
        """Our window, by its title; without a window manager it is a child of the root. 0 when there is none yet."""
        listed = children(self._x, self._display, self._x.XDefaultRootWindow(self._display))
        return next((w for w in listed if title_of(self._x, self._display, w).startswith(self._title)), 0)

    def _painted(self, window: int, canvas: Image) -> bool:
        """Whether the window shows something at the canvas's brightest place (one that was not painted is black)."""
        small = canvas[::16, ::16].max(axis=2)
        row, column = np.unravel_index(int(np.argmax(small)), small.shape)
        if small[row, column] < 16:
            return False  # a black canvas proves nothing
        image = self._x.XGetImage(self._display, window, 16 * int(column), 16 * int(row), 1, 1, _ALL_PLANES, _ZPIXMAP)
        if not image:
            return False
        brightest = max(int(image.contents.data[i]) for i in range(3))
        self._x.XFree(ctypes.cast(image.contents.data, ctypes.c_void_p))
        self._x.XFree(ctypes.cast(image, ctypes.c_void_p))
        return brightest > 4
