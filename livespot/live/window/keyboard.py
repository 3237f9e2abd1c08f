"""What pollKey does not tell on X11: which key it was, whether it is only held down, and that the X server is gone.

On a Cyrillic, Greek, Hebrew or Arabic layout a key comes as a letter of that script. It is taken for the letter that it
has in the user's own Latin layout, or for the one in its place on a US keyboard.
"""

import atexit
import ctypes
import os
import select
import sys
from collections.abc import Callable, Iterable

from livespot.live.window import x11
from livespot.saying import fail

# Keycodes of X11 for the rows of a PC's keyboard, the same wherever xkb's "evdev" or "xfree86" is used.
_ROWS = {24: "qwertyuiop[]", 38: "asdfghjkl;'", 52: "zxcvbnm,./", 10: "1234567890-="}
_PLACES = {first + i: ord(face) for first, faces in _ROWS.items() for i, face in enumerate(faces)}
_GROUPS = 4
_SYMBOLS = {27: 0xFF1B, 13: 0xFF0D}  # the keysyms of codes that are none: Escape and Return
_SPECIAL = range(0xFD00, 0x10000)  # arrows, Delete, F1: no letters


class Keyboard(x11.Connection):
    """A connection of its own to the X server, for as long as the window lives. Main thread."""

    def __init__(self) -> None:
        super().__init__()
        self._down: set[int] = set()  # keys that were heard and not let go since
        if sys.platform != "win32" and self._display:
            self._ending = _Ending()
            self._line = select.poll()
            self._line.register(self._x.XConnectionNumber(self._display), 0)  # only whether it was cut

    def end_if_lost(self) -> None:
        """End the program well when the X server is gone: whatever Qt does next ends it badly."""
        if sys.platform != "win32" and self._display and self._line.poll(0):
            self._ending.now()

    def heard(self, codes: Iterable[int], may_repeat: Callable[[int], bool]) -> list[int]:
        """The codes as a Latin layout has them, without those of a held key that must not act again."""
        codes = list(codes)
        if not self._display or not (codes or self._down):
            return codes
        state = ctypes.create_string_buffer(32)
        self._x.XQueryKeymap(self._display, state)
        held = {key for key in range(256) if state.raw[key // 8] >> key % 8 & 1}
        meant: list[int] = []
        pressed: set[int] = set()
        for code in codes:
            key = int(self._x.XKeysymToKeycode(self._display, _SYMBOLS.get(code, code)))
            latin = self._latin(code, key)
            if key not in self._down | pressed & held or may_repeat(latin):
                meant.append(latin)
            pressed.add(key)
        self._down = (self._down | pressed) & held  # after: what was repeated last may come when the key is up again
        return meant

    def _latin(self, code: int, key: int) -> int:
        if code < 0x80 or code in _SPECIAL or not key:
            return code
        for group in range(_GROUPS):
            symbol = int(self._x.XkbKeycodeToKeysym(self._display, key, group, 0))
            if ord("a") <= symbol <= ord("z"):
                return symbol
        return _PLACES.get(key, code)


class _Ending:
    """When the X server dies Qt calls exit() from within, and the C library then takes the program apart while its
    threads run. What was registered last runs first: this, which closes the files and says what happened.
    """

    def __init__(self) -> None:
        self._over = False
        self._handle = ctypes.c_int()  # its address tells our entry from others
        self._call = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(lambda _: None if self._over else self.now())
        self._c = ctypes.CDLL(None)
        self._c["__cxa_atexit"](self._call, None, ctypes.byref(self._handle))
        atexit.register(self._normally)

    def now(self) -> None:
        self._over = True
        fail("the screen went away (the X server ended): livespot has closed its files and ends")
        atexit._run_exitfuncs()  # recordings are finished there
        os._exit(1)

    def _normally(self) -> None:
        """Python ends first; a call into it after that would crash."""
        if not self._over:
            self._over = True
            self._c["__cxa_finalize"](ctypes.byref(self._handle))
